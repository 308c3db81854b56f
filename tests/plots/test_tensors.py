"""Drawings of tensors: what is drawn where, and what the alternative text says."""

from helpers import plots

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("course_style")


def test_tensors_names_every_tensor_with_its_shape_and_values(shown):
    plots.tensors.cells({"x": np.array(7), "y": np.array([1, 2])}, "Two")
    assert shown.alt == "Two. x, shape (): 7; y, shape (2,): [1, 2]."
    assert [text.get_text() for text in shown.axes[0].texts] == ["7", "x\n()", "1", "2", "y\n(2,)"]


def test_tensors_gives_equal_values_one_colour(shown):
    plots.tensors.cells(
        {"x": np.arange(4).reshape(2, 2), "x.T": np.arange(4).reshape(2, 2).T}, "Twice"
    )
    faces = [cell.get_facecolor() for cell in shown.axes[0].patches]
    assert len(set(faces)) == 4
    assert sorted(faces[:4]) == sorted(faces[4:])


def test_tensors_leaves_what_broadcasting_repeats_unfilled(shown):
    plots.tensors.cells({"y": np.broadcast_to(np.array([1, 2, 3]), (4, 3))}, "Repeated")
    white = [cell.get_facecolor()[:3] == (1, 1, 1) for cell in shown.axes[0].patches]
    assert white == [False] * 3 + [True] * 9


def test_tensors_puts_sheets_behind_each_other(shown):
    plots.tensors.cells({"cube": np.zeros((3, 2, 4))}, "Deep")
    assert len(shown.axes[0].patches) == 24
    assert len(shown.axes[0].texts) == 8 + 1, "only the front sheet has numbers"


def test_tensors_refuses_four_axes():
    with pytest.raises(ValueError, match="'x' has 4 axes"):
        plots.tensors.cells({"x": np.zeros((1, 1, 1, 1))}, "Too deep")


def test_matrix_product_says_which_row_meets_which_column(shown):
    plots.tensors.matrix_product(
        [[1, 2], [3, 4]], [[5, 6, 0], [7, 8, 1]], row=1, column=2, title="Meet"
    )
    assert "row 1 of x, [3, 4], and column 2 of y, [0, 1]" in shown.alt
    assert shown.alt.endswith("entry (1, 2) of the product, 4.")
    assert len(shown.axes[0].patches) == 4 + 6 + 6 + 3
