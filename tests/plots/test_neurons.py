"""What the drawings of networks show: their arrows and events, their alternative text."""

from helpers import plots
from helpers.plots import neurons

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import FancyArrowPatch

pytestmark = pytest.mark.usefixtures("course_style")


def arrows(axis):
    return [patch for patch in axis.patches if isinstance(patch, FancyArrowPatch)]


def places(axis):
    """Where the neurons stand, by their number."""
    return {t.get_text(): t.get_position() for t in axis.texts if t.get_bbox_patch().get_ec()[3]}


def test_a_link_is_an_arrow_and_zero_is_none(shown):
    neurons.weight_graphs({"net": [[0, 2, 0], [0, 0, -0.5], [0, 0, 0]]}, "Two links")
    positive, negative = arrows(shown.axes[0])
    assert same_color(positive.get_edgecolor(), plots.COLOURS[0])
    assert same_color(negative.get_edgecolor(), plots.COLOURS[1])
    assert positive.get_linestyle() != negative.get_linestyle()
    assert "1 to 2: 2" in shown.alt
    assert "2 to 3: -0.5" in shown.alt


def test_a_single_graph_has_its_weights_written_in_and_several_do_not(shown):
    weights = [[0, -2.5], [0, 0]]
    neurons.weight_graphs({"one": weights}, "t")
    assert [t.get_text() for t in shown.axes[0].texts] == ["−2.5", "1", "2"]
    neurons.weight_graphs({"one": weights, "two": weights}, "t")
    assert [t.get_text() for t in shown.axes[1].texts] == ["1", "2"]
    assert [axis.get_title() or axis.get_title("left") for axis in shown.axes] == ["one", "two"]


def test_layers_put_neurons_into_columns(shown):
    neurons.weight_graphs({"net": np.eye(3, k=1)}, "t", layers={"net": [0, 0, 1]})
    where = places(shown.axes[0])
    assert where["1"][0] == where["2"][0] < where["3"][0]
    assert where["1"][1] > where["3"][1] > where["2"][1]


def test_constant_elements_are_squares(shown):
    neurons.weight_graphs({"net": np.eye(2, k=1)}, "t", constant=[2])
    boxes = [t.get_bbox_patch().get_boxstyle() for t in shown.axes[0].texts[1:]]
    assert [type(box).__name__ for box in boxes] == ["Circle", "Square"]


def test_links_both_ways_and_past_a_neuron_are_bent(shown):
    row = {"net": [0, 1, 2]}  # three neurons on one line
    weights = np.array([[0, 1, 1], [1, 0, 0], [0, 0, 0]])
    neurons.weight_graphs({"net": weights}, "t", layers=row)
    bends = [arrow.get_connectionstyle().rad for arrow in arrows(shown.axes[0])]
    assert bends == [0.16, 0.35, 0.16]  # 1 to 2, 1 past 2 to 3, 2 to 1


def test_a_neuron_can_send_to_itself(shown):
    neurons.weight_graphs({"net": np.eye(2)}, "t")
    assert len(arrows(shown.axes[0])) == 2
    assert "1 to 1: 1, 2 to 2: 1" in shown.alt


def test_weight_graphs_refuses_what_is_not_square():
    with pytest.raises(ValueError, match=r"'net' have shape \(2, 3\); give a square"):
        neurons.weight_graphs({"net": np.ones((2, 3))}, "t")


def test_weight_graphs_refuses_layers_for_another_number_of_neurons():
    with pytest.raises(ValueError, match="has 2 neurons, but layers were given for 3"):
        neurons.weight_graphs({"net": np.ones((2, 2))}, "t", layers={"net": [0, 0, 1]})


def test_timeline_stands_to_scale_with_texts_in_order(shown):
    neurons.timeline([(1986, "again"), (1943, "first"), (1944, "second")], "History")
    axis = shown.axes[0]
    dots = [line.get_ydata().item() for line in axis.lines if line.get_marker() == "o"]
    assert dots == [1943, 1944, 1986]
    assert [t.get_text() for t in axis.texts] == ["1943  first", "1944  second", "1986  again"]
    heights = [t.get_position()[1] for t in axis.texts]
    assert heights == [1943, 1964.5, 1986]  # evenly spaced, however crowded the years
    assert "1943: first; 1944: second; 1986: again" in shown.alt


def test_timeline_shades_spans_and_names_them(shown):
    neurons.timeline([(1943, "a"), (1986, "b")], "History", {"winter": (1970, 1980)})
    (band,) = shown.axes[0].patches
    assert (band.get_y(), band.get_y() + band.get_height()) == (1970, 1980)
    assert shown.axes[0].texts[-1].get_text() == "winter"
    assert shown.alt.endswith("1986: b; 1970–1980: winter.")


def test_timeline_needs_two_years():
    with pytest.raises(ValueError, match="at least two different years"):
        neurons.timeline([(1943, "a"), (1943, "b")], "t")


def test_functions_are_solid_and_derivatives_dotted(shown):
    functions = {"sine": (np.sin, np.cos), "square": (np.square, lambda s: 2 * s)}
    neurons.functions_with_derivatives(functions, "Two")
    function, derivative = shown.axes[0].lines
    assert (function.get_linestyle(), derivative.get_linestyle()) == ("-", ":")
    assert np.allclose(derivative.get_ydata(), np.cos(derivative.get_xdata()))
    assert "square: from 0 to 16, greatest slope 8" in shown.alt


def test_functions_keep_their_limits_where_they_are_not_finite(shown):
    functions = {"log": (lambda s: np.log(np.maximum(s, 0)), lambda s: 1 / np.maximum(s, 0))}
    with np.errstate(divide="ignore"):
        neurons.functions_with_derivatives(functions, "Infinite below 0")
    assert np.isfinite(shown.axes[0].axis()).all()
    assert "greatest slope 50" in shown.alt


def test_every_function_has_a_panel_and_one_legend_names_both_lines(shown):
    functions = {f"f{i}": (np.sin, np.cos) for i in range(9)}
    neurons.functions_with_derivatives(functions, "Nine")
    assert [axis.get_title("left") for axis in shown.axes] == list(functions)
    labels = [axis.get_legend() and len(axis.get_legend().get_texts()) for axis in shown.axes]
    assert labels == [None] * 8 + [2]


@pytest.mark.parametrize("layers", [None, {"net": [0, 0, 0, 1, 1, 2]}])
def test_every_neuron_lies_within_the_limits(shown, layers):
    neurons.weight_graphs({"net": np.eye(6, k=1)}, "t", layers=layers)
    axis = shown.axes[0]
    (left, right), (bottom, top) = axis.get_xlim(), axis.get_ylim()
    where = places(axis)
    assert set(where) == set("123456")
    assert all(left < x < right and bottom < y < top for x, y in where.values())


def test_a_graph_without_links_says_so(shown):
    neurons.weight_graphs({"net": np.zeros((2, 2))}, "t")
    assert "2 neurons, 0 links" in shown.alt


def test_every_graph_has_a_panel(shown):
    neurons.weight_graphs({f"net {i}": np.eye(2, k=1) for i in range(9)}, "Nine")
    assert sum(bool(arrows(axis)) for axis in shown.axes) == 9
