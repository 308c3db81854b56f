"""What the figures of neurons draw and say."""

from helpers import plots

import numpy as np
import pytest

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
OR = [0, 1, 1, 1]

pytestmark = pytest.mark.usefixtures("course_style")


def answers(axis):
    """Pale colours of the plane, shape (201, 201): 0 or 1."""
    return axis.collections[0].get_array()


def test_functions_are_solid_and_derivatives_dotted(shown):
    functions = {"sine": (np.sin, np.cos), "square": (np.square, lambda s: 2 * s)}
    plots.neurons.functions_with_derivatives(functions, "Two")
    function, derivative = shown.axes[0].lines
    assert (function.get_linestyle(), derivative.get_linestyle()) == ("-", ":")
    assert np.allclose(derivative.get_ydata(), np.cos(derivative.get_xdata()))
    assert shown.alt.endswith("square: from 0 to 16, greatest slope 8.")


def test_curves_count_from_one_and_keep_their_lengths(shown):
    plots.lines({"a": [4, 2, 1], "b": [3]}, "Falling", "passes", "error", log=True)
    axis = shown.axes[0]
    assert [line.get_xdata().tolist() for line in axis.lines] == [[1, 2, 3], [1]]
    assert axis.get_yscale() == "log"
    assert [t.get_text() for t in axis.get_legend().get_texts()] == ["a", "b"]
    assert shown.alt == (
        "Falling. error over passes. a: from 4 to 1, 3 long. b: from 3 to 3, 1 long."
    )


def test_a_single_curve_needs_no_legend(shown):
    plots.lines({"a": [1, 2]}, "t", "x", "y")
    assert shown.axes[0].get_legend() is None


def test_decision_lines_run_from_pale_to_black_along_w_x_equal_b(shown):
    lines = [(1, 1, 1.5), (0, 0, 1), (1, 1, 0.5)]
    plots.decision_lines({"or": (lines, CORNERS, OR)}, "It settles")
    axis = shown.axes[0]
    drawn = [line for line in axis.lines if type(line).__name__ == "AxLine"]
    assert [line.get_color() for line in drawn] == ["0.8", "0.0"]  # no weights, no line
    for line, b in zip(drawn, (1.5, 0.5), strict=True):
        assert np.allclose([sum(line.get_xy1()), sum(line.get_xy2())], b)
    assert shown.alt == "It settles. or: 3 lines, the last one leaves 0 points wrong."


def test_decision_lines_shade_where_the_last_neuron_fires(shown):
    plots.decision_lines({"right half": ([(1, 0, 0.5)], CORNERS, OR)}, "t")
    assert answers(shown.axes[0])[:, [0, 90, 110, 200]].mean(axis=0).tolist() == [0, 0, 1, 1]
    assert "leaves 1 points wrong" in shown.alt


def test_decision_lines_always_show_the_origin(shown):
    plots.decision_lines({"far": ([(1, 1, 0)], CORNERS + 5, OR)}, "t")
    low, high = shown.axes[0].get_xlim()
    assert low < 0 < 6 < high


@pytest.mark.parametrize("lines", [[(1, 2)], np.zeros((0, 3)), (1, 2, 3)])
def test_decision_lines_refuse_other_shapes(lines):
    with pytest.raises(ValueError, match=r"The lines of 'or' have shape .* give \(steps, 3\)"):
        plots.decision_lines({"or": (lines, CORNERS, OR)}, "t")


def test_decision_regions_follow_the_prediction(shown):
    def above(x):
        return x[:, 1:]  # a column, as a network answers: 1 above one half

    plots.decision_regions({"net": (above, CORNERS, OR)}, "Above")
    assert answers(shown.axes[0])[[0, 90, 110, 200]].mean(axis=1).tolist() == [0, 0, 1, 1]
    assert shown.alt == "Above. net: 1 of 4 points wrong."


def test_decision_regions_draw_one_answer_everywhere_and_more_than_a_row(shown):
    panels = {f"net {i}": (lambda x: np.zeros(len(x)), CORNERS, OR) for i in range(5)}
    plots.decision_regions(panels, "t")
    drawn = [axis.get_title("left") for axis in shown.axes if axis.axison]
    assert drawn == list(panels)
    assert answers(shown.axes[0]).max() == 0
    assert shown.alt.count("3 of 4 points wrong") == 5


def test_classes_differ_in_colour_and_marker(shown):
    plots.decision_regions({"net": (lambda x: x[:, 0], CORNERS, OR)}, "t")
    zeros, ones = shown.axes[0].lines
    assert (len(zeros.get_xdata()), len(ones.get_xdata())) == (1, 3)
    assert zeros.get_marker() != ones.get_marker()
    assert zeros.get_color() != ones.get_color()
    legend = shown[-1][0].legends[0].get_texts()
    assert [t.get_text() for t in legend] == ["should be 0", "should be 1", "answer 0", "answer 1"]
