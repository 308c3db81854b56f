"""The figures about validation: what they show, and what their alternative text says."""

from helpers import folds, plots

import numpy as np
import pandas as pd
import pytest


def drawn(shown):
    """The figure's axes and its alternative text."""
    ((figure, metadata),) = shown
    return figure.axes[0], metadata["image/png"]["alt"]


def test_division_colours_each_sample_by_its_role(shown):
    splits = [folds.Split(np.array([2, 3, 4]), np.array([0, 1])), folds.Split([0, 1], [4])]
    plots.folds.division(splits, 6, "Who validates")
    axis, alt = drawn(shown)
    roles = axis.collections[0].get_array().reshape(2, 6)
    assert roles.tolist() == [[2, 2, 1, 1, 1, 0], [1, 1, 0, 0, 2, 0]]
    assert alt == (
        "Who validates. 2 rows of 6 samples; training and validation samples of the first: "
        "3 and 2; 2 and 1."
    )


def test_error_curves_mark_the_lowest_mean(shown):
    errors = pd.DataFrame({"a": [3.0, 1, 2], "b": [5.0, 3, 6]}, index=[11, 12, 13])
    plots.error_curves(errors, "It turns", "error")
    axis, alt = drawn(shown)
    mean, dot = axis.lines[-2:]
    assert mean.get_ydata().tolist() == [4, 2, 4]
    assert dot.get_xydata().tolist() == [[12, 2]]
    assert alt.endswith("4 in epoch 11, lowest at 2 in epoch 12, and 4 in epoch 13.")
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["one fold", "mean"]


def test_a_single_curve_needs_no_legend(shown):
    plots.error_curves(pd.DataFrame({"mean": [2.0, 1]}), "Smooth", "error")
    axis, alt = drawn(shown)
    assert axis.get_legend() is None
    assert "error, mean of 1: 2 in epoch 0" in alt


PAIRS = [1, 2, 3, 4], [[2], [1], [4], [5]]


def test_dots_draw_the_pairs(shown):
    plots.dots(*PAIRS, "Pairs", "truth", "answer")
    axis, alt = drawn(shown)
    assert axis.lines[0].get_xydata().tolist() == [[1, 2], [2, 1], [3, 4], [4, 5]]
    assert alt == "Pairs. 4 dots: truth, 1 to 4, across; answer, 1 to 5, up."


def test_dots_by_a_diagonal_count_what_lies_above_it(shown):
    plots.dots(*PAIRS, "Pairs", "truth", "answer", diagonal=True)
    axis, alt = drawn(shown)
    assert (axis.lines[1].get_xy1(), axis.lines[1].get_xy2()) == ((1, 1), (5, 5))
    assert alt.endswith("answer, 1 to 5, up; 75% lie above the line of equal values.")


@pytest.mark.parametrize(("x", "y"), [([1, 2], [1]), ([], [])])
def test_dots_want_as_many_numbers_up_as_across(x, y):
    with pytest.raises(ValueError, match=f"{len(x)} numbers across and {len(y)} up"):
        plots.dots(x, y, "Pairs", "x", "y")
