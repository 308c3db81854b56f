"""Tensors cell by cell, and how two meet in a product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpers.plots.style import COLOURS, show

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import ArrayLike


def cells(arrays: Mapping[str, ArrayLike], title: str) -> None:
    """Draw small tensors cell by cell, side by side, each with its name and shape.

    One value has one colour throughout, so a reader can follow where it goes. The sheets of a
    rank-3 tensor lie behind each other. A cell that broadcasting repeats without storing it again
    (stride 0, as ``np.broadcast_to`` makes it) is drawn with a dashed edge and no fill.

    Parameters
    ----------
    arrays
        Numbers of rank 0 to 3, by name.
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If a tensor has more than three axes.
    """
    drawn = {name: np.asarray(array) for name, array in arrays.items()}
    for name, array in drawn.items():
        if array.ndim > 3:
            raise ValueError(f"{name!r} has {array.ndim} axes; a drawing shows three at most.")
    shade = _shades(list(drawn.values()))
    figure, axis = plt.subplots()
    left = bottom = top = 0.0
    for name, array in drawn.items():
        right, highest = _draw_cells(axis, array, left, 0.0, shade)
        height = array.shape[-2] if array.ndim > 1 else 1
        axis.text(left, height + 0.2, f"{name}\n{array.shape}", va="top", fontsize=9)
        # Names are about five letters a cell wide; the next tensor starts clear of both.
        left = max(right, left + 0.22 * max(len(name), len(str(array.shape)))) + 0.8
        bottom, top = max(bottom, height + 1.4), min(top, highest)
    axis.set(xlim=(-0.1, left - 0.7), ylim=(bottom, top - 0.1), aspect="equal", title=title)
    axis.axis("off")
    figure.set_size_inches(0.42 * left, 0.42 * (bottom - top) + 0.4)
    listed = "; ".join(f"{k}, shape {v.shape}: {v.tolist()}" for k, v in drawn.items())
    show(figure, f"{title}. {listed}.")


def matrix_product(x: ArrayLike, y: ArrayLike, row: int, column: int, title: str) -> None:
    """Draw x to the left of the product and y above it, one row meeting one column.

    Parameters
    ----------
    x, y
        Shapes (a, b) and (b, c).
    row, column
        The entry of the product to outline, with the row of x and the column of y that make it.
    title
        The message of the figure.
    """
    x, y = np.asarray(x), np.asarray(y)
    z = x @ y
    shade = _shades((x, y, z))
    figure, axis = plt.subplots(figsize=(0.45 * sum(y.shape) + 2.2, 0.45 * (len(x) + len(y)) + 1))
    gap = 0.6
    places = {"x": (x, -x.shape[1] - gap, 0.0), "y": (y, 0.0, -len(y) - gap), "x·y": (z, 0.0, 0.0)}
    for name, (array, left, top) in places.items():
        right, _ = _draw_cells(axis, array, left, top, shade)
        label = f"{name} {array.shape}"
        if name == "x":
            axis.text(left, len(x) + 0.2, label, va="top", fontsize=9)
        else:
            axis.text(right + 0.2, top + len(array) / 2, label, va="center", fontsize=9)
    outlines = (
        (-x.shape[1] - gap, row, x.shape[1], 1),
        (column, -len(y) - gap, 1, len(y)),
        (column, row, 1, 1),
    )
    for left, top, width, height in outlines:
        axis.add_patch(plt.Rectangle((left, top), width, height, fill=False, ec=COLOURS[1], lw=2.5))
    axis.set(xlim=(-x.shape[1] - gap - 0.1, z.shape[1] + 2.6), aspect="equal", title=title)
    axis.set_ylim(len(x) + 0.9, -len(y) - gap - 0.1)
    axis.axis("off")
    show(
        figure,
        f"{title}. x {x.shape} stands left of the product, y {y.shape} above it; row {row} of x, "
        f"{x[row].tolist()}, and column {column} of y, {y[:, column].tolist()}, are outlined and "
        f"make entry ({row}, {column}) of the product, {z[row, column]:g}.",
    )


def _shades(arrays: Sequence[np.ndarray]) -> plt.cm.ScalarMappable:
    """A pale colour for each value in `arrays`; black numbers stay readable on it."""
    values = np.concatenate([np.ravel(array) for array in arrays])
    low, high = float(values.min()), float(values.max())
    scale = plt.Normalize(low, low + 1.7 * ((high - low) or 1.0))
    return plt.cm.ScalarMappable(scale, "Blues")


def _draw_cells(
    axis: plt.Axes, array: np.ndarray, left: float, top: float, shade: plt.cm.ScalarMappable
) -> tuple[float, float]:
    """Draw a tensor of rank 0 to 3 with y growing downwards; return its right and its top edge."""
    shift = 0.35
    sheets = array.reshape((1,) * (3 - array.ndim) + array.shape)
    repeated = [stride == 0 for stride in sheets.strides]
    for index in sorted(np.ndindex(sheets.shape), key=lambda index: -index[0]):
        sheet, i, j = index
        copy = any(r and k > 0 for r, k in zip(repeated, index, strict=True))
        corner = (left + j + shift * sheet, top + i - shift * sheet)
        fill = "white" if copy else shade.to_rgba(sheets[index])
        edge = {"ec": "#888888", "ls": ":"} if copy else {"ec": "#CCCCCC"}
        axis.add_patch(plt.Rectangle(corner, 1, 1, fc=fill, **edge))
        if sheet == 0:
            text = {"ha": "center", "va": "center", "fontsize": 9}
            colour = "#888888" if copy else "black"
            axis.text(corner[0] + 0.5, corner[1] + 0.5, f"{sheets[index]:g}", color=colour, **text)
    behind = shift * (len(sheets) - 1)
    return left + sheets.shape[2] + behind, top - behind
