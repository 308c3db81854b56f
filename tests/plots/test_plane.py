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
    legend = shown.figures[-1].legends[0].get_texts()
    assert [t.get_text() for t in legend] == ["should be 0", "should be 1", "answer 0", "answer 1"]


def test_vectors_start_at_the_origin_or_where_they_are_told(shown):
    plots.vectors({"a": (1, 2), "b": [(1, 2), (3, 3)]}, "Arrows")
    assert shown.alt == "Arrows. Arrows: a from [0. 0.] to [1. 2.]; b from [1. 2.] to [3. 3.]."


def test_point_clouds_share_one_scale_and_draw_the_line_where_it_is_asked_for(shown):
    points = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])
    steps = {"x": points, "3x": 3 * points}
    plots.point_clouds(steps, "Grown", labels=[0, 1, 1], lines={"3x": (1.0, 0.0, -1.5)})
    first, second = shown.axes
    assert first.get_xlim() == second.get_xlim()
    assert first.get_xlim()[1] > 6
    (line,) = [line for line in second.lines if line.get_linestyle() == "--"]
    assert line.get_xy1()[0] == pytest.approx(1.5)
    assert not any(line.get_linestyle() == "--" for line in first.lines)
    assert shown.alt.startswith("Grown. The same 3 points in 2 panels. x: 0.0 to 2.0 across")


def test_point_clouds_without_labels_have_one_colour(shown):
    plots.point_clouds({"x": np.eye(2)}, "One")
    dots = [line for line in shown.axes[0].lines if line.get_linestyle() == "None"]
    assert [len(line.get_xdata()) for line in dots] == [2]


PAIRS = [1, 2, 3, 4], [[2], [1], [4], [5]]


def test_dots_draw_the_pairs(shown):
    plots.dots(*PAIRS, "Pairs", "truth", "answer")
    axis, alt = shown.axes[0], shown.alt
    assert axis.lines[0].get_xydata().tolist() == [[1, 2], [2, 1], [3, 4], [4, 5]]
    assert alt == "Pairs. 4 dots: truth, 1 to 4, across; answer, 1 to 5, up."


def test_dots_by_a_diagonal_count_what_lies_above_it(shown):
    plots.dots(*PAIRS, "Pairs", "truth", "answer", diagonal=True)
    axis, alt = shown.axes[0], shown.alt
    assert (axis.lines[1].get_xy1(), axis.lines[1].get_xy2()) == ((1, 1), (5, 5))
    assert alt.endswith("answer, 1 to 5, up; 75% lie above the line of equal values.")


@pytest.mark.parametrize(("x", "y"), [([1, 2], [1]), ([], [])])
def test_dots_want_as_many_numbers_up_as_across(x, y):
    with pytest.raises(ValueError, match=f"{len(x)} numbers across and {len(y)} up"):
        plots.dots(x, y, "Pairs", "x", "y")
