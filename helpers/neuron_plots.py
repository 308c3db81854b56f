"""What neurons compute and decide: activation functions, errors, borders in the plane."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from helpers.plots import COLOURS, show

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

Function = Callable[[np.ndarray], np.ndarray]
MARKERS = ("o", "^")
# Blue and orange, pale enough for the points of the same colours to stand out on them.
REGIONS = ListedColormap(["#CFE3F1", "#F6D9C6"])


def functions_with_derivatives(
    functions: Mapping[str, tuple[Function, Function]], title: str
) -> None:
    """Draw functions of one variable from -4 to 4, a panel each: solid, the derivative dashed.

    Parameters
    ----------
    functions
        By name, the function and its derivative; both take and return shape (n,).
    title
        The message of the figure.
    """
    s = np.linspace(-4, 4, 401)
    figure, axes = plt.subplots(
        1, len(functions), figsize=(2.6 * len(functions), 2.7), sharey=True, squeeze=False
    )
    alts = []
    for axis, (name, (function, derivative)) in zip(axes[0], functions.items(), strict=True):
        y, slope = function(s), derivative(s)
        axis.plot(s, y, label="F(S)")
        axis.plot(s, slope, ":", color=COLOURS[1], label="derivative F′(S)")
        axis.set(title=name, xlabel="weighted sum S")
        alts.append(
            f"{name}: from {y.min():.3g} to {y.max():.3g}, greatest slope {slope.max():.3g}."
        )
    axes[0, 0].set_ylabel("output")
    axes[0, 0].legend(loc="upper left", fontsize=8)
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, f"{title}. {' '.join(alts)}")


def curves(
    values: Mapping[str, ArrayLike], title: str, xlabel: str, ylabel: str, log: bool = False
) -> None:
    """Draw sequences of numbers as lines over 1, 2, 3 …, each with its name.

    Parameters
    ----------
    values
        By name, numbers of shape (n,); the lengths may differ.
    title
        The message of the figure.
    xlabel, ylabel
        What is counted, and what the numbers are, with their units.
    log
        Draw the numbers on a logarithmic scale.
    """
    figure, axis = plt.subplots()
    alts = []
    for name, numbers in values.items():
        numbers = np.asarray(numbers, dtype=float)
        axis.plot(np.arange(1, len(numbers) + 1), numbers, label=name)
        alts.append(f"{name}: from {numbers[0]:.3g} to {numbers[-1]:.3g}, {len(numbers)} long.")
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    if len(values) > 1:
        axis.legend()
    show(figure, f"{title}. {ylabel} over {xlabel}. {' '.join(alts)}")


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
    axis.pcolormesh(*ticks, answers, cmap=REGIONS, vmin=0, vmax=1, rasterized=True)
    if np.ptp(answers):
        axis.contour(*ticks, scores, levels=[level], colors="black", linewidths=1.6)
    axis.set(xlim=ticks[0][[0, -1]], ylim=ticks[1][[0, -1]], aspect="equal")
    axis.set(xlabel="$x_1$", ylabel="$x_2$")
    axis.grid(visible=False)


def _draw_points(axis: plt.Axes, points: ArrayLike, labels: ArrayLike, fires: Function) -> int:
    """Draw the points by class; return how many are answered wrongly."""
    points, labels = np.asarray(points, dtype=float), np.ravel(labels).astype(int)
    size = 9 if len(points) < 10 else 4
    for label, marker in enumerate(MARKERS):
        style = {"color": COLOURS[label], "ms": size, "mec": "white", "mew": 0.6}
        axis.plot(*points[labels == label].T, marker, **style)
    return int((fires(points) != labels).sum())


def _legend(figure: plt.Figure, title: str) -> None:
    """Title and, below the panels, what markers and colours mean."""
    handles = [
        Line2D([], [], color=COLOURS[label], marker=marker, ls="", label=f"should be {label}")
        for label, marker in enumerate(MARKERS)
    ]
    handles += [Patch(color=REGIONS(label), label=f"answer {label}") for label in (0, 1)]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    figure.suptitle(title, x=0.01, ha="left")
