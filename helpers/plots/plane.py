"""The plane: points, arrows, and where a network decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpers.plots.style import COLOURS, looks, show
from helpers.record import number, say

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import ArrayLike

__all__ = ["decision_lines", "decision_regions", "dots", "point_clouds", "vectors"]

_Function = Callable[[np.ndarray], ArrayLike]
_Facts = dict[str, Any]

_MARKERS = ("o", "^")
# Blue and orange, pale enough for the points of the same colours to stand out on them.
_REGIONS = ListedColormap(["#E0EEF8", "#EDB891"])  # told apart in grey, too


def dots(
    x: ArrayLike, y: ArrayLike, title: str, xlabel: str, ylabel: str, diagonal: bool = False
) -> None:
    """Draw pairs of numbers as dots; a pair with a NaN or an infinite number is only counted.

    Parameters
    ----------
    x, y
        Shape (n,) or (n, 1).
    title
        The message of the figure.
    xlabel, ylabel
        What the numbers are, with their unit.
    diagonal
        Draw the line on which both are equal, for numbers in one unit.

    Raises
    ------
    ValueError
        If there are no numbers, or not as many across as up, or no pair is finite.
    """
    across, up, lost = _pairs(x, y)
    figure, axis = plt.subplots(figsize=(4.6, 4.4) if diagonal else None)
    facts = _draw_dots(axis, across, up, diagonal)
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    alt = say(
        "{title}. {count} dots: {xlabel}, {left} to {right}, across; {ylabel}, {bottom} to {top}, "
        "up.",
        title=title,
        xlabel=xlabel,
        ylabel=ylabel,
        **{name: number(fact) for name, fact in facts.items()},
    )
    if diagonal:
        alt += " " + say("{above:.0%} lie above the line of equal values.", **facts)
    if lost:
        alt += " " + say("{lost} more are not finite and not drawn.", lost=lost)
    show(figure, alt)


def _pairs(x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray, int]:
    """The finite pairs, across and up, and the number of others."""
    across, up = np.ravel(x).astype(float), np.ravel(y).astype(float)
    if len(across) != len(up) or not len(across):
        raise ValueError(f"{len(across)} numbers across and {len(up)} up make no pairs.")
    finite = np.isfinite(across) & np.isfinite(up)
    if not finite.any():
        raise ValueError(
            f"None of the {len(across)} pairs is finite, so there is nothing to draw; look for "
            "the step that makes NaN or infinite numbers."
        )
    return across[finite], up[finite], int((~finite).sum())


def _draw_dots(axis: Axes, across: np.ndarray, up: np.ndarray, diagonal: bool) -> _Facts:
    axis.plot(across, up, "o", ms=4, alpha=0.5, color=COLOURS[0])
    left, right, bottom, top = across.min(), across.max(), up.min(), up.max()
    if diagonal:
        low, high = min(left, bottom), max(right, top)
        axis.axline((low, low), slope=1, color="black", ls=":", lw=1.2)
        margin = 0.05 * ((high - low) or 1.0)
        limits = (low - margin, high + margin)
        axis.set(aspect="equal", xlim=limits, ylim=limits)
    above = float(np.mean(up > across))
    count = len(across)
    return {
        "count": count,
        "left": left,
        "right": right,
        "bottom": bottom,
        "top": top,
        "above": above,
    }


def vectors(arrows: Mapping[str, ArrayLike], title: str) -> None:
    """Draw arrows in the plane, one scale on both axes; an arrow without length is a dot.

    Parameters
    ----------
    arrows
        By name, an end point of shape (2,), drawn from the origin, or start and end, shape (2, 2).
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If there are no arrows, or one has another shape, or is not finite.
    """
    ends = {name: _ends(name, arrow) for name, arrow in arrows.items()}
    if not ends:
        raise ValueError("No arrows were given; give one at least, such as {'a': (1, 2)}.")
    figure, axis = plt.subplots(figsize=(4.6, 4.2))
    _draw_vectors(axis, ends)
    axis.set(xlabel=say("first coordinate"), ylabel=say("second coordinate"), title=title)
    listed = [
        say("{name} from ({start}) to ({end})", name=name, start=_at(start), end=_at(end))
        for name, (start, end) in ends.items()
    ]
    show(figure, say("{title}. Arrows: {arrows}.", title=title, arrows="; ".join(listed)))


def _ends(name: str, arrow: ArrayLike) -> np.ndarray:
    """Start and end of an arrow, shape (2, 2)."""
    points = np.asarray(arrow, dtype=float)
    if points.shape not in {(2,), (2, 2)}:
        raise ValueError(
            f"The arrow {name!r} has shape {points.shape}; give its end, (2,), or its start and "
            "its end, (2, 2)."
        )
    if not np.isfinite(points).all():
        raise ValueError(f"The arrow {name!r} is {points.tolist()}; give finite numbers.")
    return np.vstack([np.zeros(2), np.atleast_2d(points)])[-2:]


def _at(point: np.ndarray) -> str:
    """A point as a reader meets it; 0.0 makes a whole zero of -0.0."""
    return number((point.round(4) + 0.0).tolist())


def _draw_vectors(axis: Axes, ends: Mapping[str, np.ndarray]) -> None:
    for (name, (start, end)), (colour, marker, line) in zip(
        ends.items(), looks(len(ends)), strict=True
    ):
        length = np.linalg.norm(end - start)
        if length:
            props = {"arrowstyle": "-|>", "color": colour, "lw": 2, "shrinkA": 0, "shrinkB": 0}
            axis.annotate("", end, start, arrowprops=props | {"linestyle": line})
        else:
            axis.plot(*end, marker, color=colour)
        ahead = (end - start) / (length or 1.0)
        # In points, to the left of the arrow; farther off if the name would reach across it.
        away = 10 + 2.5 * len(name) * abs(ahead[1])
        beside = np.array([-ahead[1], ahead[0]]) * away if length else (0, -12)
        place: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "center"}
        axis.annotate(name, (start + end) / 2, beside, color=colour, **place)
    corners = np.concatenate(list(ends.values()))
    low, high = corners.min(axis=0), corners.max(axis=0)
    pad = 0.12 * ((high - low).max() or 1.0)
    axis.set(xlim=(low[0] - pad, high[0] + pad), ylim=(low[1] - pad, high[1] + pad))
    axis.set(aspect="equal")


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
        A class for each point, shape (n,), shown as colour and marker; three classes and more are
        named at their medians.
    lines
        By the name of a step, ``(a, b, c)``: the line a·x + b·y + c = 0, dashed in its panel.

    Raises
    ------
    ValueError
        If the clouds are not of one shape (n, 2), there is not a label for each point, no point is
        finite, or a line is in no panel or has no direction.
    """
    drawn = {name: np.asarray(points, dtype=float) for name, points in clouds.items()}
    shapes = {points.shape for points in drawn.values()}
    if len(shapes) != 1 or len(shape := shapes.pop()) != 2 or shape[1] != 2:
        given = ", ".join(f"{name!r} {points.shape}" for name, points in drawn.items())
        raise ValueError(f"The clouds are {given or 'none'}; give each the same shape (n, 2).")
    n = shape[0]
    classes = np.zeros(n, int) if labels is None else np.ravel(labels)
    if len(classes) != n:
        raise ValueError(f"{len(classes)} labels were given for {n} points.")
    together = np.concatenate(list(drawn.values()))
    together = together[np.isfinite(together).all(axis=1)]
    if not len(together):
        raise ValueError("No point is finite, so there is nothing to draw.")
    borders = {name: _border(name, line, drawn) for name, line in (lines or {}).items()}
    width = min(2.4, 11 / len(drawn))
    across, up = np.ptp(together, axis=0)
    height = width * float(np.clip(up / across, 0.4, 1.6) if across else 1.6)
    size = (width * len(drawn), height + 0.6)
    figure, axes = plt.subplots(
        1, len(drawn), figsize=size, sharex=True, sharey=True, squeeze=False
    )
    facts = [
        _draw_cloud(axis, points, classes) | {"name": name}
        for axis, (name, points) in zip(axes[0], drawn.items(), strict=True)
    ]
    limits = axes[0, 0].axis()
    for name, (foot, along) in borders.items():
        axis = axes[0, list(drawn).index(name)]
        axis.axline(foot, foot + along, color="black", ls="--", lw=1.2)
    for axis, name in zip(axes[0], drawn, strict=True):
        axis.set(title=name)
    axes[0, 0].axis(limits)
    figure.suptitle(title, x=0.01, ha="left")
    phrase = "{name}: {left} to {right} across, {bottom} to {top} up"
    panels = "; ".join(say(phrase, **fact) for fact in facts)
    whole = "{title}. The same {points} points in {count} panels. {panels}."
    show(figure, say(whole, title=title, points=n, count=len(drawn), panels=panels))


def _border(
    name: str, line: ArrayLike, panels: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """The point of a line that is next to the origin, and the line's direction."""
    if name not in panels:
        raise ValueError(f"A line is for {name!r}, but the panels are {', '.join(panels)}.")
    a, b, c = np.asarray(line, dtype=float)
    if not (a or b) or not np.isfinite([a, b, c]).all():
        raise ValueError(f"The line of {name!r} is {(a, b, c)}; give numbers, a or b not 0.")
    return -c * np.array([a, b]) / (a * a + b * b), np.array([-b, a])


def _draw_cloud(axis: Axes, points: np.ndarray, classes: np.ndarray) -> _Facts:
    names = np.unique(classes)
    for label, (colour, marker, _) in zip(names, looks(len(names)), strict=True):
        axis.plot(*points[classes == label].T, marker, ms=2.5, mew=0, color=colour)
    for label in names if len(names) > 2 else ():  # two classes are told in the title
        middle = np.median(points[classes == label], axis=0)
        halo = [patheffects.withStroke(linewidth=2, foreground="white")]
        axis.annotate(str(label), middle, ha="center", va="center", path_effects=halo)
    axis.set(aspect="equal")
    axis.axhline(0, color="#888888", lw=0.6)
    axis.axvline(0, color="#888888", lw=0.6)
    finite = points[np.isfinite(points).all(axis=1)]
    low, high = (finite.min(axis=0), finite.max(axis=0)) if len(finite) else ([np.nan] * 2,) * 2
    (left, bottom), (right, top) = np.round([low, high], 1) + 0.0  # no -0.0
    return {"left": left, "right": right, "bottom": bottom, "top": top}


def decision_lines(
    panels: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]], title: str
) -> None:
    """Draw how the border of a neuron moves: early lines pale, the last one black.

    Parameters
    ----------
    panels
        By name: lines, shape (steps, 3), each ``(w1, w2, b)`` for w1·x1 + w2·x2 = b; points,
        shape (n, 2); labels 0 or 1, shape (n,). The side on which the last neuron fires is orange.
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If there are no lines, or they do not have three numbers each, or labels are not 0 or 1.
    """
    checked = {}
    for name, (lines, points, labels) in panels.items():
        rows = np.asarray(lines, dtype=float)
        if rows.ndim != 2 or rows.shape[1] != 3 or not len(rows):
            raise ValueError(
                f"The lines of {name!r} have shape {rows.shape}; give (steps, 3), a row "
                "(w1, w2, b) for each line."
            )
        checked[name] = (rows, *_samples(name, points, labels))
    figure, axes = plt.subplots(1, len(panels), figsize=(3.0 * len(panels), 3.6), squeeze=False)
    alts = []
    for axis, (name, (rows, points, labels)) in zip(axes[0], checked.items(), strict=True):
        facts = _draw_lines(axis, rows, points, labels)
        axis.set(title=name)
        phrase = "{name}: {lines} lines, the last one leaves {wrong} of {count} points wrong."
        alts.append(say(phrase, name=name, **facts))
    _legend(figure, title)
    show(figure, say("{title}. {panels}", title=title, panels=" ".join(alts)))


def _draw_lines(axis: Axes, lines: np.ndarray, points: np.ndarray, labels: np.ndarray) -> _Facts:
    w, b = lines[-1, :2], lines[-1, 2]
    # The origin is shown too: a border without threshold passes through it.
    _draw_regions(axis, lambda x: x @ w - b, 0.0, np.vstack([points, np.zeros(2)]))
    axis.axhline(0, color="#888888", lw=0.6)
    axis.axvline(0, color="#888888", lw=0.6)
    for (w1, w2, c), grey in zip(lines, np.linspace(0.0, 0.8, len(lines))[::-1], strict=True):
        if (w1 or w2) and np.isfinite([w1, w2, c]).all():  # without weights there is no border
            foot = c * np.array([w1, w2]) / (w1**2 + w2**2)
            axis.axline(foot, foot + np.array([-w2, w1]), color=str(grey), lw=1)
    wrong = _draw_points(axis, points, labels, points @ w >= b)
    return {"lines": len(lines), "wrong": wrong, "count": len(points)}


def decision_regions(
    panels: Mapping[str, tuple[_Function, ArrayLike, ArrayLike]], title: str
) -> None:
    """Draw which points of the plane a network answers with 1, a panel a network.

    Parameters
    ----------
    panels
        By name: a function from points (n, 2) to answers (n,), 1 where they are 0.5 or more;
        points, shape (n, 2); labels 0 or 1, shape (n,).
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If points are not of shape (n, 2), or there is not a label, 0 or 1, for each.
    """
    checked = {name: (f, *_samples(name, points, y)) for name, (f, points, y) in panels.items()}
    columns = min(len(panels), 4)
    rows = -(-len(panels) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(2.6 * columns, 2.8 * rows + 0.5), squeeze=False
    )
    for axis in axes.flat[len(panels) :]:
        axis.axis("off")
    alts = []
    for axis, (name, (predict, points, labels)) in zip(
        axes.flat[: len(panels)], checked.items(), strict=True
    ):
        _draw_regions(axis, predict, 0.5, points)
        wrong = _draw_points(axis, points, labels, np.ravel(predict(points)) >= 0.5)
        axis.set(title=name)
        phrase = "{name}: {wrong} of {count} points wrong."
        alts.append(say(phrase, name=name, wrong=wrong, count=len(points)))
    _legend(figure, title)
    show(figure, say("{title}. {panels}", title=title, panels=" ".join(alts)))


def _samples(name: str, points: ArrayLike, labels: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Points of shape (n, 2) and their classes of shape (n,), 0 or 1."""
    x, y = np.asarray(points, dtype=float), np.ravel(labels)
    if x.ndim != 2 or x.shape[1] != 2 or not len(x):
        raise ValueError(f"The points of {name!r} have shape {x.shape}; give (n, 2).")
    if len(x) != len(y) or not np.isin(y, (0, 1)).all():
        raise ValueError(
            f"The labels of {name!r} are {len(y)} numbers, {np.unique(y).tolist()}; give a 0 or a "
            f"1 for each of the {len(x)} points."
        )
    return x, y.astype(int)


def _draw_regions(axis: Axes, score: _Function, level: float, points: np.ndarray) -> None:
    """Shade where `score` reaches `level`, over a square that holds the points; draw the border."""
    points = points[np.isfinite(points).all(axis=1)]
    middle = (points.min(axis=0) + points.max(axis=0)) / 2 if len(points) else np.zeros(2)
    half = 0.75 * max(np.ptp(points, axis=0).max(), 1.0) if len(points) else 0.75
    across, up = (np.linspace(c - half, c + half, 201) for c in middle)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    scores = np.asarray(score(grid.reshape(-1, 2)), dtype=float).reshape(grid.shape[:2])
    answers = (scores >= level).astype(float)
    axis.pcolormesh(across, up, answers, cmap=_REGIONS, vmin=0, vmax=1, rasterized=True)
    if np.ptp(answers):
        axis.contour(across, up, scores, levels=[level], colors="black", linewidths=1.6)
    axis.set(xlim=across[[0, -1]], ylim=up[[0, -1]], aspect="equal")
    axis.set(xlabel="$x_1$", ylabel="$x_2$")
    axis.grid(visible=False)


def _draw_points(axis: Axes, points: np.ndarray, labels: np.ndarray, answers: np.ndarray) -> int:
    """Draw the points by class; return how many are answered wrongly."""
    size = 9 if len(points) < 10 else 4
    for label, marker in enumerate(_MARKERS):
        style: dict[str, Any] = {"color": COLOURS[label], "ms": size, "mec": "white", "mew": 0.6}
        axis.plot(*points[labels == label].T, marker, **style)
    return int((answers != labels).sum())


def _legend(figure: Figure, title: str) -> None:
    """Title and, below the panels, what markers and colours mean."""
    handles: list[Line2D | Patch] = [
        Line2D(
            [],
            [],
            color=COLOURS[label],
            marker=marker,
            ls="",
            label=say("should be {label}", label=label),
        )
        for label, marker in enumerate(_MARKERS)
    ]
    handles += [
        Patch(color=_REGIONS(label), label=say("answer {label}", label=label)) for label in (0, 1)
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    figure.suptitle(title, x=0.01, ha="left")
