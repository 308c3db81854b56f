"""Drawings of tensors: their cells, how two meet in a product, arrows and points in the plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

from helpers.plots import COLOURS, show

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import ArrayLike


def tensors(arrays: Mapping[str, ArrayLike], title: str) -> None:
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


def vectors(arrows: Mapping[str, ArrayLike], title: str) -> None:
    """Draw arrows in the plane, one scale on both axes.

    Parameters
    ----------
    arrows
        By name, an end point of shape (2,), drawn from the origin, or start and end, shape (2, 2).
    title
        The message of the figure.
    """
    figure, axis = plt.subplots(figsize=(4.6, 4.2))
    ends = {name: np.vstack([np.zeros(2), np.atleast_2d(a)])[-2:] for name, a in arrows.items()}
    for (name, (start, end)), colour in zip(ends.items(), cycle(COLOURS), strict=False):
        props = {"arrowstyle": "-|>", "color": colour, "lw": 2, "shrinkA": 0, "shrinkB": 0}
        axis.annotate("", end, start, arrowprops=props)
        ahead = (end - start) / np.linalg.norm(end - start)
        # In points, to the left of the arrow; farther off if the name would reach across it.
        beside = np.array([-ahead[1], ahead[0]]) * (10 + 2.5 * len(name) * abs(ahead[1]))
        place = {"textcoords": "offset points", "ha": "center", "va": "center"}
        axis.annotate(name, (start + end) / 2, beside, color=colour, **place)
    corners = np.concatenate(list(ends.values()))
    low, high = corners.min(axis=0), corners.max(axis=0)
    pad = 0.12 * (high - low).max()
    axis.set(xlim=(low[0] - pad, high[0] + pad), ylim=(low[1] - pad, high[1] + pad))
    axis.set(aspect="equal", xlabel="first coordinate", ylabel="second coordinate", title=title)
    listed = "; ".join(f"{k} from {s.round(2)} to {e.round(2)}" for k, (s, e) in ends.items())
    show(figure, f"{title}. Arrows: {listed}.")


def point_clouds(
    clouds: Mapping[str, ArrayLike],
    title: str,
    labels: ArrayLike | None = None,
    lines: Mapping[str, ArrayLike] | None = None,
) -> None:
    """Draw the same points after each step of a chain of maps, a panel a step, on one scale.

    Parameters
    ----------
    clouds
        Points by the name of the step, each of shape (n, 2).
    title
        The message of the figure.
    labels
        A class number for each point, shape (n,), shown as colour and marker.
    lines
        By the name of a step, ``(a, b, c)``: the line a·x + b·y + c = 0, dashed in its panel.
    """
    drawn = {name: np.asarray(points) for name, points in clouds.items()}
    labels = np.zeros(len(next(iter(drawn.values()))), int) if labels is None else labels
    width = min(2.4, 11 / len(drawn))
    spans = np.ptp(np.concatenate(list(drawn.values())), axis=0)
    height = width * np.clip(spans[1] / spans[0], 0.4, 1.6)
    figure, axes = plt.subplots(
        1, len(drawn), figsize=(width * len(drawn), height + 0.6), sharex=True, sharey=True
    )
    for axis, (name, points) in zip(np.atleast_1d(axes), drawn.items(), strict=True):
        for label, marker in zip(np.unique(labels), cycle("ox^"), strict=False):
            part = points[np.asarray(labels) == label]
            axis.plot(*part.T, marker, ms=2, mew=0.5, color=COLOURS[int(label) % len(COLOURS)])
        axis.set(title=name, aspect="equal")
        axis.axhline(0, color="#888888", lw=0.6)
        axis.axvline(0, color="#888888", lw=0.6)
    limits = axis.axis()
    for name, (a, b, c) in (lines or {}).items():
        foot = -c * np.array([a, b]) / (a * a + b * b)
        axis = np.atleast_1d(axes)[list(drawn).index(name)]
        axis.axline(foot, foot + np.array([-b, a]), color="black", ls="--", lw=1.2)
    axis.axis(limits)
    figure.suptitle(title, x=0.01, ha="left")
    extents = "; ".join(
        f"{name}: {p[:, 0].min():.1f} to {p[:, 0].max():.1f} across, "
        f"{p[:, 1].min():.1f} to {p[:, 1].max():.1f} up"
        for name, p in drawn.items()
    )
    show(figure, f"{title}. The same {len(labels)} points in {len(drawn)} panels. {extents}.")
