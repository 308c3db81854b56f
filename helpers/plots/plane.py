"""The plane: points, arrows, and where a network decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import cycle

from helpers.plots.style import COLOURS, show

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import ArrayLike


def dots(
    x: ArrayLike, y: ArrayLike, title: str, xlabel: str, ylabel: str, diagonal: bool = False
) -> None:
    """Draw pairs of numbers as dots.

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
        If there are no numbers, or not as many across as up.
    """
    x, y = np.ravel(x), np.ravel(y)
    if len(x) != len(y) or not len(x):
        raise ValueError(f"{len(x)} numbers across and {len(y)} up make no pairs.")
    figure, axis = plt.subplots(figsize=(4.6, 4.4) if diagonal else None)
    axis.plot(x, y, "o", ms=4, alpha=0.5, color=COLOURS[0])
    alt = (
        f"{title}. {len(x)} dots: {xlabel}, {x.min():.3g} to {x.max():.3g}, across; {ylabel}, "
        f"{y.min():.3g} to {y.max():.3g}, up"
    )
    if diagonal:
        both = np.concatenate([x, y])
        axis.axline((both.min(),) * 2, (both.max(),) * 2, color="black", ls=":", lw=1.2)
        axis.set(aspect="equal")
        alt += f"; {np.mean(y > x):.0%} lie above the line of equal values"
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    show(figure, f"{alt}.")


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


Function = Callable[[np.ndarray], np.ndarray]


_MARKERS = ("o", "^")


# Blue and orange, pale enough for the points of the same colours to stand out on them.
_REGIONS = ListedColormap(["#CFE3F1", "#F6D9C6"])


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
        If there are no lines, or they do not have three numbers each.
    """
    for name, (lines, _, _) in panels.items():
        if np.ndim(lines) != 2 or np.shape(lines)[1] != 3 or not len(lines):
            raise ValueError(
                f"The lines of {name!r} have shape {np.shape(lines)}; give (steps, 3), a row "
                "(w1, w2, b) for each line."
            )
    figure, axes = plt.subplots(1, len(panels), figsize=(3.0 * len(panels), 3.6), squeeze=False)
    alts = []
    for axis, (name, (lines, points, labels)) in zip(axes[0], panels.items(), strict=True):
        lines = np.asarray(lines, dtype=float)
        w, b = lines[-1, :2], lines[-1, 2]
        # The origin is shown too: a border without threshold passes through it.
        shown = np.vstack([np.asarray(points, dtype=float), np.zeros(2)])
        _draw_regions(axis, lambda x, w=w, b=b: x @ w - b, 0.0, shown)
        axis.axhline(0, color="#888888", lw=0.6)
        axis.axvline(0, color="#888888", lw=0.6)
        for (w1, w2, c), grey in zip(lines, np.linspace(0.0, 0.8, len(lines))[::-1], strict=True):
            if w1 or w2:  # without weights there is no border
                foot = c * np.array([w1, w2]) / (w1**2 + w2**2)
                axis.axline(foot, foot + np.array([-w2, w1]), color=str(grey), lw=1)
        wrong = _draw_points(axis, points, labels, lambda x, w=w, b=b: x @ w >= b)
        axis.set(title=name)
        alts.append(f"{name}: {len(lines)} lines, the last one leaves {wrong} points wrong.")
    _legend(figure, title)
    show(figure, f"{title}. {' '.join(alts)}")


def decision_regions(
    panels: Mapping[str, tuple[Function, ArrayLike, ArrayLike]], title: str
) -> None:
    """Draw which points of the plane a network answers with 1, a panel a network.

    Parameters
    ----------
    panels
        By name: a function from points (n, 2) to answers (n,), 1 where they are 0.5 or more;
        points, shape (n, 2); labels 0 or 1, shape (n,).
    title
        The message of the figure.
    """
    columns = min(len(panels), 4)
    rows = -(-len(panels) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(2.6 * columns, 2.8 * rows + 0.5), squeeze=False
    )
    for axis in axes.flat[len(panels) :]:
        axis.axis("off")
    alts = []
    for axis, (name, (predict, points, labels)) in zip(axes.flat, panels.items(), strict=False):
        _draw_regions(axis, predict, 0.5, points)
        wrong = _draw_points(axis, points, labels, lambda x, f=predict: np.ravel(f(x)) >= 0.5)
        axis.set(title=name)
        alts.append(f"{name}: {wrong} of {len(np.ravel(labels))} points wrong.")
    _legend(figure, title)
    show(figure, f"{title}. {' '.join(alts)}")


def _draw_regions(axis: plt.Axes, score: Function, level: float, points: ArrayLike) -> None:
    """Shade where `score` reaches `level`, over a square that holds the points; draw the border."""
    points = np.asarray(points, dtype=float)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    half = 0.75 * max(np.ptp(points, axis=0).max(), 1.0)
    ticks = [np.linspace(c - half, c + half, 201) for c in middle]
    grid = np.stack(np.meshgrid(*ticks), axis=-1)
    scores = np.asarray(score(grid.reshape(-1, 2)), dtype=float).reshape(grid.shape[:2])
    answers = (scores >= level).astype(float)
    axis.pcolormesh(*ticks, answers, cmap=_REGIONS, vmin=0, vmax=1, rasterized=True)
    if np.ptp(answers):
        axis.contour(*ticks, scores, levels=[level], colors="black", linewidths=1.6)
    axis.set(xlim=ticks[0][[0, -1]], ylim=ticks[1][[0, -1]], aspect="equal")
    axis.set(xlabel="$x_1$", ylabel="$x_2$")
    axis.grid(visible=False)


def _draw_points(axis: plt.Axes, points: ArrayLike, labels: ArrayLike, fires: Function) -> int:
    """Draw the points by class; return how many are answered wrongly."""
    points, labels = np.asarray(points, dtype=float), np.ravel(labels).astype(int)
    size = 9 if len(points) < 10 else 4
    for label, marker in enumerate(_MARKERS):
        style = {"color": COLOURS[label], "ms": size, "mec": "white", "mew": 0.6}
        axis.plot(*points[labels == label].T, marker, **style)
    return int((fires(points) != labels).sum())


def _legend(figure: plt.Figure, title: str) -> None:
    """Title and, below the panels, what markers and colours mean."""
    handles = [
        Line2D([], [], color=COLOURS[label], marker=marker, ls="", label=f"should be {label}")
        for label, marker in enumerate(_MARKERS)
    ]
    handles += [Patch(color=_REGIONS(label), label=f"answer {label}") for label in (0, 1)]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    figure.suptitle(title, x=0.01, ha="left")
