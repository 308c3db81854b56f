"""Drawings of tensors: what is drawn where, and what the alternative text says."""

from helpers import plots

import numpy as np
import pytest
from matplotlib.colors import same_color

pytestmark = pytest.mark.usefixtures("course_style")


def test_tensors_names_every_tensor_with_its_shape_and_values(shown):
    plots.tensors.cells({"x": np.array(7), "y": np.array([1, 2])}, "Two")
    assert "x, shape (): 7" in shown.alt
    assert "y, shape (2,): [1, 2]" in shown.alt
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
    assert "entry (1, 2) of the product, 4" in shown.alt
    assert len(shown.axes[0].patches) == 4 + 6 + 6 + 3


def test_matrix_product_outlines_row_column_and_entry_in_one_colour(shown):
    plots.tensors.matrix_product(np.ones((2, 2)), np.ones((2, 3)), row=1, column=2, title="t")
    outlines = [patch for patch in shown.axes[0].patches if not patch.get_fill()]
    assert all(same_color(outline.get_edgecolor(), plots.COLOURS[1]) for outline in outlines)
    row, column, entry = (outline.get_bbox() for outline in outlines)
    assert (row.y0, row.y1, row.width) == (1, 2, 2)
    assert (column.x0, column.x1, column.height) == (2, 3, 2)
    assert (entry.x0, entry.x1, entry.y0, entry.y1) == (2, 3, 1, 2)


@pytest.mark.parametrize(
    ("x", "y", "row", "message"),
    [
        ((2, 3), (2, 3), 0, "have no product"),
        ((2,), (2, 3), 0, "have no product"),
        ((2, 3), (3, 4), 2, "the product has 2 rows and 4 columns, counted from 0"),
    ],
)
def test_matrix_product_refuses_what_it_cannot_outline(x, y, row, message):
    with pytest.raises(ValueError, match=message):
        plots.tensors.matrix_product(np.ones(x), np.ones(y), row=row, column=0, title="t")


def test_a_tensor_may_hold_nan_and_infinity(shown):
    plots.tensors.cells({"x": np.array([1.0, np.nan, np.inf])}, "t")
    assert [text.get_text() for text in shown.axes[0].texts][:3] == ["1", "nan", "inf"]
    assert np.isfinite(shown.axes[0].axis()).all()


def test_long_numbers_are_written_small_enough_for_their_cells(shown):
    plots.tensors.cells({"x": np.array([1, 1 / 3, 123456])}, "t")
    short, third, long = shown.axes[0].texts[:3]
    assert [text.get_text() for text in (third, long)] == ["0.3333", "123,456"]
    assert short.get_fontsize() > third.get_fontsize() > long.get_fontsize()


def test_many_tensors_stand_side_by_side(shown):
    plots.tensors.cells({f"x{i}": np.arange(3) for i in range(9)}, "Nine")
    corners = sorted({cell.get_x() for cell in shown.axes[0].patches})
    assert len(corners) == 27
    assert np.diff(corners).min() >= 1
