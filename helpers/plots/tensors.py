"""Tensors cell by cell, and how two meet in a product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.plots.style import COLOURS, show
from helpers.record import number, say

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from numpy.typing import ArrayLike

__all__ = ["cells", "matrix_product"]


def cells(arrays: Mapping[str, ArrayLike], title: str) -> None:
    """Draw small tensors cell by cell, side by side, each with its name and shape.

    One value has one colour throughout, so a reader can follow where it goes. The sheets of a
    rank-3 tensor lie behind each other. A cell that broadcasting repeats without storing it again
    (stride 0, as ``np.broadcast_to`` makes it) is drawn with a dotted edge and no fill.

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
    figure, axis = plt.subplots()
    width, height = _draw_row(axis, drawn)
    axis.set(title=title)
    figure.set_size_inches(0.42 * width, 0.42 * height + 0.4)
    phrase = "{name}, shape {shape}: {values}"
    listed = "; ".join(
        say(phrase, name=name, shape=array.shape, values=_written(array.tolist()))
        for name, array in drawn.items()
    )
    show(figure, say("{title}. {tensors}.", title=title, tensors=listed))


def _draw_row(axis: Axes, arrays: Mapping[str, np.ndarray]) -> tuple[float, float]:
    """Draw tensors side by side, names below; return the width and the height, in cells."""
    shade = _shades(list(arrays.values()))
    left = bottom = top = 0.0
    for name, array in arrays.items():
        right, highest = _draw_cells(axis, array, left, 0.0, shade)
        height = array.shape[-2] if array.ndim > 1 else 1
        axis.text(left, height + 0.2, f"{name}\n{array.shape}", va="top", fontsize=9)
        # Names are about five letters a cell wide; the next tensor starts clear of both.
        left = max(right, left + 0.22 * max(len(name), len(str(array.shape)))) + 0.8
        bottom, top = max(bottom, height + 1.4), min(top, highest)
    axis.set(xlim=(-0.1, left - 0.7), ylim=(bottom, top - 0.1), aspect="equal")
    axis.axis("off")
    return left, bottom - top


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

    Raises
    ------
    ValueError
        If x and y have no product, or the product no such entry.
    """
    left, above = np.asarray(x), np.asarray(y)
    if left.ndim != 2 or above.ndim != 2 or left.shape[1] != above.shape[0]:
        raise ValueError(
            f"x {left.shape} and y {above.shape} have no product; give (a, b) and (b, c)."
        )
    if not (0 <= row < len(left) and 0 <= column < above.shape[1]):
        raise ValueError(
            f"Entry ({row}, {column}) was asked for; the product has {len(left)} rows and "
            f"{above.shape[1]} columns, counted from 0."
        )
    product = left @ above
    size = (0.45 * sum(above.shape) + 2.2, 0.45 * (len(left) + len(above)) + 1)
    figure, axis = plt.subplots(figsize=size)
    _draw_product(axis, left, above, product, row, column)
    axis.set(title=title)
    alt = say(
        "{title}. x {left} stands left of the product, y {above} above it; row {row} of x, "
        "{across}, and column {column} of y, {down}, are outlined and make entry ({row}, {column}) "
        "of the product, {entry}.",
        title=title,
        left=left.shape,
        above=above.shape,
        row=row,
        column=column,
        across=_written(left[row].tolist()),
        down=_written(above[:, column].tolist()),
        entry=number(product[row, column]),
    )
    show(figure, alt)


def _draw_product(
    axis: Axes, x: np.ndarray, y: np.ndarray, z: np.ndarray, row: int, column: int
) -> None:
    shade = _shades((x, y, z))
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
    axis.set(xlim=(-x.shape[1] - gap - 0.1, z.shape[1] + 2.6), aspect="equal")
    axis.set_ylim(len(x) + 0.9, -len(y) - gap - 0.1)
    axis.axis("off")


def _written(values: object) -> str:
    """A number, or lists of lists of numbers in their brackets.

    >>> _written([[1, 2.0], [1 / 3, 4]])
    '[[1, 2], [0.3333, 4]]'
    """
    if isinstance(values, list):
        return f"[{', '.join(map(_written, values))}]"
    return number(values)


def _shades(arrays: Sequence[np.ndarray]) -> ScalarMappable:
    """A pale colour for each value in `arrays`; black numbers stay readable on it."""
    values = np.concatenate([np.ravel(array).astype(float) for array in arrays])
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    scale = Normalize(low, low + 1.7 * ((high - low) or 1.0))
    return ScalarMappable(scale, "Blues")


def _draw_cells(
    axis: Axes, array: np.ndarray, left: float, top: float, shade: ScalarMappable
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
        edge: dict[str, Any] = {"ec": "#888888", "ls": ":"} if copy else {"ec": "#CCCCCC"}
        axis.add_patch(plt.Rectangle(corner, 1, 1, fc=fill, **edge))
        if sheet == 0:
            written = number(sheets[index])
            size = min(9, 36 / len(written))  # four letters fill a cell
            text: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": size}
            colour = "#888888" if copy else "black"
            axis.text(corner[0] + 0.5, corner[1] + 0.5, written, color=colour, **text)
    behind = shift * (len(sheets) - 1)
    return left + sheets.shape[2] + behind, top - behind
