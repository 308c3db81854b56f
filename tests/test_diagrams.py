"""What the drawings of networks show: their arrows, borders and events, their alternative text."""

from helpers import diagrams, plots

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import FancyArrowPatch

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
OR = [0, 1, 1, 1]


pytestmark = pytest.mark.usefixtures("course_style")


def arrows(axis):
    return [patch for patch in axis.patches if isinstance(patch, FancyArrowPatch)]


def places(axis):
    """Where the neurons stand, by their number."""
    return {t.get_text(): t.get_position() for t in axis.texts if t.get_bbox_patch().get_ec()[3]}


def answers(axis):
    """Pale colours of the plane, shape (201, 201): 0 or 1."""
    return axis.collections[0].get_array()


def test_a_link_is_an_arrow_and_zero_is_none(shown):
    diagrams.weight_graphs({"net": [[0, 2, 0], [0, 0, -0.5], [0, 0, 0]]}, "Two links")
    positive, negative = arrows(shown.axes[0])
    assert same_color(positive.get_edgecolor(), plots.COLOURS[0])
    assert same_color(negative.get_edgecolor(), plots.COLOURS[1])
    assert positive.get_linestyle() != negative.get_linestyle()
    assert shown.alt == "Two links. net, 3 neurons, 2 links: 1 to 2: 2, 2 to 3: -0.5."


def test_a_single_graph_has_its_weights_written_in_and_several_do_not(shown):
    weights = [[0, -2.5], [0, 0]]
    diagrams.weight_graphs({"one": weights}, "t")
    assert [t.get_text() for t in shown.axes[0].texts] == ["−2.5", "1", "2"]
    diagrams.weight_graphs({"one": weights, "two": weights}, "t")
    assert [t.get_text() for t in shown.axes[1].texts] == ["1", "2"]
    assert [axis.get_title() or axis.get_title("left") for axis in shown.axes] == ["one", "two"]


def test_layers_put_neurons_into_columns(shown):
    diagrams.weight_graphs({"net": np.eye(3, k=1)}, "t", layers={"net": [0, 0, 1]})
    where = places(shown.axes[0])
    assert where["1"][0] == where["2"][0] < where["3"][0]
    assert where["1"][1] > where["3"][1] > where["2"][1]


def test_constant_elements_are_squares(shown):
    diagrams.weight_graphs({"net": np.eye(2, k=1)}, "t", constant=[2])
    boxes = [t.get_bbox_patch().get_boxstyle() for t in shown.axes[0].texts[1:]]
    assert [type(box).__name__ for box in boxes] == ["Circle", "Square"]


def test_links_both_ways_and_past_a_neuron_are_bent(shown):
    row = {"net": [0, 1, 2]}  # three neurons on one line
    weights = np.array([[0, 1, 1], [1, 0, 0], [0, 0, 0]])
    diagrams.weight_graphs({"net": weights}, "t", layers=row)
    bends = [arrow.get_connectionstyle().rad for arrow in arrows(shown.axes[0])]
    assert bends == [0.16, 0.35, 0.16]  # 1 to 2, 1 past 2 to 3, 2 to 1


def test_a_neuron_can_send_to_itself(shown):
    diagrams.weight_graphs({"net": np.eye(2)}, "t")
    assert len(arrows(shown.axes[0])) == 2
    assert "1 to 1: 1, 2 to 2: 1" in shown.alt


def test_weight_graphs_refuses_what_is_not_square():
    with pytest.raises(ValueError, match=r"'net' have shape \(2, 3\); give a square"):
        diagrams.weight_graphs({"net": np.ones((2, 3))}, "t")


def test_weight_graphs_refuses_layers_for_another_number_of_neurons():
    with pytest.raises(ValueError, match="has 2 neurons, but layers were given for 3"):
        diagrams.weight_graphs({"net": np.ones((2, 2))}, "t", layers={"net": [0, 0, 1]})


def test_functions_are_solid_and_derivatives_dotted(shown):
    functions = {"sine": (np.sin, np.cos), "square": (np.square, lambda s: 2 * s)}
    diagrams.functions_with_derivatives(functions, "Two")
    function, derivative = shown.axes[0].lines
    assert (function.get_linestyle(), derivative.get_linestyle()) == ("-", ":")
    assert np.allclose(derivative.get_ydata(), np.cos(derivative.get_xdata()))
    assert shown.alt.endswith("square: from 0 to 16, greatest slope 8.")


def test_curves_count_from_one_and_keep_their_lengths(shown):
    diagrams.curves({"a": [4, 2, 1], "b": [3]}, "Falling", "passes", "error", log=True)
    axis = shown.axes[0]
    assert [line.get_xdata().tolist() for line in axis.lines] == [[1, 2, 3], [1]]
    assert axis.get_yscale() == "log"
    assert [t.get_text() for t in axis.get_legend().get_texts()] == ["a", "b"]
    assert shown.alt == (
        "Falling. error over passes. a: from 4 to 1, 3 long. b: from 3 to 3, 1 long."
    )


def test_a_single_curve_needs_no_legend(shown):
    diagrams.curves({"a": [1, 2]}, "t", "x", "y")
    assert shown.axes[0].get_legend() is None


def test_decision_lines_run_from_pale_to_black_along_w_x_equal_b(shown):
    lines = [(1, 1, 1.5), (0, 0, 1), (1, 1, 0.5)]
    diagrams.decision_lines({"or": (lines, CORNERS, OR)}, "It settles")
    axis = shown.axes[0]
    drawn = [line for line in axis.lines if type(line).__name__ == "AxLine"]
    assert [line.get_color() for line in drawn] == ["0.8", "0.0"]  # no weights, no line
    for line, b in zip(drawn, (1.5, 0.5), strict=True):
        assert np.allclose([sum(line.get_xy1()), sum(line.get_xy2())], b)
    assert shown.alt == "It settles. or: 3 lines, the last one leaves 0 points wrong."


def test_decision_lines_shade_where_the_last_neuron_fires(shown):
    diagrams.decision_lines({"right half": ([(1, 0, 0.5)], CORNERS, OR)}, "t")
    assert answers(shown.axes[0])[:, [0, 90, 110, 200]].mean(axis=0).tolist() == [0, 0, 1, 1]
    assert "leaves 1 points wrong" in shown.alt


def test_decision_lines_always_show_the_origin(shown):
    diagrams.decision_lines({"far": ([(1, 1, 0)], CORNERS + 5, OR)}, "t")
    low, high = shown.axes[0].get_xlim()
    assert low < 0 < 6 < high


@pytest.mark.parametrize("lines", [[(1, 2)], np.zeros((0, 3)), (1, 2, 3)])
def test_decision_lines_refuse_other_shapes(lines):
    with pytest.raises(ValueError, match=r"The lines of 'or' have shape .* give \(steps, 3\)"):
        diagrams.decision_lines({"or": (lines, CORNERS, OR)}, "t")


def test_decision_regions_follow_the_prediction(shown):
    def above(x):
        return x[:, 1:]  # a column, as a network answers: 1 above one half

    diagrams.decision_regions({"net": (above, CORNERS, OR)}, "Above")
    assert answers(shown.axes[0])[[0, 90, 110, 200]].mean(axis=1).tolist() == [0, 0, 1, 1]
    assert shown.alt == "Above. net: 1 of 4 points wrong."


def test_decision_regions_draw_one_answer_everywhere_and_more_than_a_row(shown):
    panels = {f"net {i}": (lambda x: np.zeros(len(x)), CORNERS, OR) for i in range(5)}
    diagrams.decision_regions(panels, "t")
    drawn = [axis.get_title("left") for axis in shown.axes if axis.axison]
    assert drawn == list(panels)
    assert answers(shown.axes[0]).max() == 0
    assert shown.alt.count("3 of 4 points wrong") == 5


def test_classes_differ_in_colour_and_marker(shown):
    diagrams.decision_regions({"net": (lambda x: x[:, 0], CORNERS, OR)}, "t")
    zeros, ones = shown.axes[0].lines
    assert (len(zeros.get_xdata()), len(ones.get_xdata())) == (1, 3)
    assert zeros.get_marker() != ones.get_marker()
    assert zeros.get_color() != ones.get_color()
    legend = shown[-1][0].legends[0].get_texts()
    assert [t.get_text() for t in legend] == ["should be 0", "should be 1", "answer 0", "answer 1"]


def test_timeline_stands_to_scale_with_texts_in_order(shown):
    diagrams.timeline([(1986, "again"), (1943, "first"), (1944, "second")], "History")
    axis = shown.axes[0]
    dots = [line.get_ydata().item() for line in axis.lines if line.get_marker() == "o"]
    assert dots == [1943, 1944, 1986]
    assert [t.get_text() for t in axis.texts] == ["1943  first", "1944  second", "1986  again"]
    heights = [t.get_position()[1] for t in axis.texts]
    assert heights == [1943, 1964.5, 1986]  # evenly spaced, however crowded the years
    assert shown.alt == "History. 1943: first; 1944: second; 1986: again."


def test_timeline_needs_two_years():
    with pytest.raises(ValueError, match="at least two different years"):
        diagrams.timeline([(1943, "a"), (1943, "b")], "t")
