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


def test_decision_lines_run_from_pale_to_black_along_w_x_equal_b(shown):
    lines = [(1, 1, 1.5), (0, 0, 1), (1, 1, 0.5)]
    plots.decision_lines({"or": (lines, CORNERS, OR)}, "It settles")
    axis = shown.axes[0]
    drawn = [line for line in axis.lines if type(line).__name__ == "AxLine"]
    assert [line.get_color() for line in drawn] == ["0.8", "0.0"]  # no weights, no line
    for line, b in zip(drawn, (1.5, 0.5), strict=True):
        assert np.allclose([sum(line.get_xy1()), sum(line.get_xy2())], b)
    assert "or: 3 lines, the last one leaves 0 of 4 points wrong" in shown.alt


def test_decision_lines_shade_where_the_last_neuron_fires(shown):
    plots.decision_lines({"right half": ([(1, 0, 0.5)], CORNERS, OR)}, "t")
    assert answers(shown.axes[0])[:, [0, 90, 110, 200]].mean(axis=0).tolist() == [0, 0, 1, 1]
    assert "leaves 1 of 4 points wrong" in shown.alt


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
    assert "net: 1 of 4 points wrong" in shown.alt


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
    assert "a from (0, 0) to (1, 2)" in shown.alt
    assert "b from (1, 2) to (3, 3)" in shown.alt


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
    assert "truth, 1 to 4, across" in alt
    assert "answer, 1 to 5, up" in alt


def test_dots_by_a_diagonal_count_what_lies_above_it(shown):
    plots.dots(*PAIRS, "Pairs", "truth", "answer", diagonal=True)
    axis, alt = shown.axes[0], shown.alt
    assert (axis.lines[1].get_xy1(), axis.lines[1].get_slope()) == ((1, 1), 1)
    assert axis.get_xlim() == axis.get_ylim()
    assert "75% lie above the line of equal values" in alt


@pytest.mark.parametrize(("x", "y"), [([1, 2], [1]), ([], [])])
def test_dots_want_as_many_numbers_up_as_across(x, y):
    with pytest.raises(ValueError, match=f"{len(x)} numbers across and {len(y)} up"):
        plots.dots(x, y, "Pairs", "x", "y")


NAN = float("nan")


def points(axis):
    """What is drawn as markers only: numbers of points, and their looks."""
    dots = [line for line in axis.lines if line.get_linestyle() == "None"]
    return [len(line.get_xdata()) for line in dots], {
        (line.get_color(), line.get_marker()) for line in dots
    }


def test_a_point_on_the_border_is_answered_with_one(shown):
    plots.decision_lines({"right": ([(1, 0, 1)], CORNERS, [0, 0, 1, 1])}, "t")
    assert "leaves 0 of 4 points wrong" in shown.alt
    plots.decision_regions({"net": (lambda x: x[:, 0] / 2, CORNERS, [0, 0, 1, 1])}, "t")
    assert "0 of 4 points wrong" in shown.alt


def test_a_score_on_the_border_is_shaded_as_one(shown):
    plots.decision_regions({"net": (lambda x: np.full(len(x), 0.5), CORNERS, OR)}, "t")
    assert answers(shown.axes[0]).min() == 1


def test_a_network_that_has_diverged_answers_nothing_with_one(shown):
    plots.decision_regions({"net": (lambda x: np.full(len(x), NAN), CORNERS, OR)}, "t")
    assert answers(shown.axes[0]).max() == 0
    assert "3 of 4 points wrong" in shown.alt


@pytest.mark.parametrize("labels", [[0, 1, 1, 2], [0, 1, 1], [0.5, 1, 1, 0]])
def test_decisions_refuse_labels_that_they_would_not_draw(labels):
    with pytest.raises(ValueError, match=r"labels of 'net' are .* a 0 or a 1 for each of the 4"):
        plots.decision_regions({"net": (lambda x: x[:, 0], CORNERS, labels)}, "t")


def test_every_class_of_a_cloud_is_drawn_with_a_look_of_its_own(shown):
    labels = np.repeat(np.arange(9), 2)
    plots.point_clouds({"x": np.random.default_rng(0).normal(size=(18, 2))}, "Nine", labels=labels)
    counts, looks = points(shown.axes[0])
    assert counts == [2] * 9
    assert len(looks) == 9


def test_clouds_with_points_that_are_not_finite_keep_their_limits(shown):
    plots.point_clouds({"x": [[0, 0], [0, 1], [0, NAN], [np.inf, 2]]}, "A wall")
    assert np.isfinite(shown.axes[0].axis()).all()
    assert "0.0 to 0.0 across, 0.0 to 1.0 up" in shown.alt


def test_clouds_of_nothing_finite_are_refused():
    with pytest.raises(ValueError, match="No point is finite"):
        plots.point_clouds({"x": [[NAN, 0]]}, "t")


@pytest.mark.parametrize(
    ("lines", "message"),
    [({"y": (1, 0, 0)}, "A line is for 'y', but the panels are x"), ({"x": (0, 0, 1)}, "not 0")],
)
def test_clouds_refuse_lines_that_cannot_be_drawn(lines, message):
    with pytest.raises(ValueError, match=message):
        plots.point_clouds({"x": np.eye(2)}, "t", lines=lines)


def test_an_arrow_without_length_is_a_dot_at_its_place(shown):
    plots.vectors({"a": (1, 2), "still": [(3, 1), (3, 1)]}, "t")
    axis = shown.axes[0]
    assert [line.get_xydata().tolist() for line in axis.lines] == [[[3, 1]]]
    assert {text.get_text() for text in axis.texts} == {"", "a", "still"}
    assert "still from (3, 1) to (3, 1)" in shown.alt


def test_the_zero_vector_alone_has_limits(shown):
    plots.vectors({"zero": (0, 0)}, "t")
    left, right = shown.axes[0].get_xlim()
    assert left < 0 < right


def test_arrows_lie_within_the_limits(shown):
    plots.vectors({"a": (-3, 2), "b": (1, -5)}, "t")
    (left, right), (bottom, top) = shown.axes[0].get_xlim(), shown.axes[0].get_ylim()
    assert left < -3
    assert right > 1
    assert bottom < -5
    assert top > 2


def test_every_arrow_is_drawn_and_named(shown):
    names = [f"v{i}" for i in range(9)]
    plots.vectors({name: (i + 1, i) for i, name in enumerate(names)}, "Nine")
    arrows = [text for text in shown.axes[0].texts if not text.get_text()]
    assert len(arrows) == 9
    assert {text.get_text() for text in shown.axes[0].texts} == {"", *names}


@pytest.mark.parametrize("arrow", [(1, NAN), (1, 2, 3), [[1, 2]]])
def test_arrows_of_another_shape_or_without_an_end_are_refused(arrow):
    with pytest.raises(ValueError, match="The arrow 'a' "):
        plots.vectors({"a": arrow}, "t")


def test_pairs_that_are_not_finite_are_counted_not_drawn(shown):
    plots.dots([1, 2, NAN, 4], [1, np.inf, 3, 3], "t", "x", "y", diagonal=True)
    assert shown.axes[0].lines[0].get_xydata().tolist() == [[1, 1], [4, 3]]
    assert np.isfinite(shown.axes[0].axis()).all()
    assert "2 dots" in shown.alt
    assert shown.alt.endswith("2 more are not finite and not drawn.")


def test_dots_of_nothing_finite_are_refused():
    with pytest.raises(ValueError, match="None of the 2 pairs is finite"):
        plots.dots([NAN, 1], [1, NAN], "t", "x", "y")
