"""Neurons: what they compute, how they are linked, and their history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from helpers.plots.style import COLOURS, show

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyArrowPatch
from numpy.typing import ArrayLike

Function = Callable[[np.ndarray], np.ndarray]


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


def weight_graphs(
    graphs: Mapping[str, ArrayLike],
    title: str,
    layers: Mapping[str, Sequence[int]] | None = None,
    constant: Sequence[int] = (),
) -> None:
    """Draw weight matrices as graphs, a panel each: neurons as circles, links as arrows.

    A positive weight is a solid blue arrow, a negative one dashed and orange; zero is no link. With
    a single graph the weights are written on the arrows.

    Parameters
    ----------
    graphs
        By name, a square matrix whose entry [i, j] is the weight of the link from neuron i to
        neuron j. Neurons are numbered from 1 in the drawing.
    title
        The message of the figure.
    layers
        By name, the column of each neuron, from 0; a graph without one is drawn on a circle.
    constant
        Numbers (from 1) of elements that always send 1; drawn as squares.

    Raises
    ------
    ValueError
        If a matrix is not square, or `layers` has another number of neurons than its matrix.
    """
    matrices = {name: np.asarray(weights, dtype=float) for name, weights in graphs.items()}
    places = {name: _places(name, w, (layers or {}).get(name)) for name, w in matrices.items()}
    single = len(matrices) == 1
    columns = min(len(matrices), 4)
    rows = -(-len(matrices) // columns)
    size = (6.0, 3.9) if single else (2.6 * columns, 2.2 * rows + 0.3)
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, (name, weights) in zip(axes.flat, matrices.items(), strict=False):
        _draw_graph(axis, weights, places[name], constant, labelled=single)
        axis.set_title(title if single else name, fontsize=None if single else 9)
    if not single:
        figure.suptitle(title, x=0.01, ha="left")
    show(figure, f"{title}. {' '.join(_links(name, w) for name, w in matrices.items())}")


def _places(name: str, weights: np.ndarray, layers: Sequence[int] | None) -> np.ndarray:
    """A point for each neuron, shape (n, 2): on a circle, or in columns from left to right."""
    if weights.ndim != 2 or weights.shape[0] != weights.shape[1]:
        raise ValueError(
            f"The weights of {name!r} have shape {weights.shape}; give a square matrix, a row and "
            "a column for each neuron."
        )
    n = len(weights)
    if layers is None:
        angles = np.pi / 2 - 2 * np.pi * np.arange(n) / n
        return np.column_stack([np.cos(angles), np.sin(angles)])
    if len(layers) != n:
        raise ValueError(f"{name!r} has {n} neurons, but layers were given for {len(layers)}.")
    layers = np.asarray(layers)
    points = np.zeros((n, 2))
    for layer in np.unique(layers):
        members = np.flatnonzero(layers == layer)
        heights = (len(members) - 1) / 2 - np.arange(len(members))
        points[members] = np.column_stack([np.full(len(members), 1.7 * layer), heights])
    return points


def _draw_graph(
    axis: plt.Axes,
    weights: np.ndarray,
    places: np.ndarray,
    constant: Sequence[int],
    labelled: bool,
) -> None:
    """Draw one graph; weights are written a quarter of the way along each arrow."""
    for i, j in np.argwhere(weights):
        _draw_link(axis, places, int(i), int(j), weights, labelled)
    for i, (x, y) in enumerate(places, start=1):
        box = "square,pad=0.4" if i in constant else "circle,pad=0.35"
        style = {"boxstyle": box, "fc": "#EEEEEE" if i in constant else "white", "ec": "black"}
        axis.text(x, y, str(i), ha="center", va="center", fontsize=10, bbox=style, zorder=3)
    low, high = places.min(axis=0) - 0.45, places.max(axis=0) + 0.45
    axis.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")


def _draw_link(
    axis: plt.Axes, places: np.ndarray, i: int, j: int, weights: np.ndarray, labelled: bool
) -> None:
    """Draw the arrow from i to j; bent where its straight line would hide another."""
    weight = weights[i, j]
    style = {
        "arrowstyle": "-|>",
        "mutation_scale": 11,
        "color": COLOURS[0] if weight > 0 else COLOURS[1],
        "linestyle": "-" if weight > 0 else (0, (4, 2)),
        "linewidth": 1.2,
    }
    start, end = places[i], places[j]
    if i == j:
        outwards = start - places.mean(axis=0)
        outwards = outwards / (np.linalg.norm(outwards) or 1)
        beside = 0.12 * np.array([-outwards[1], outwards[0]])
        root = start + 0.16 * outwards
        style |= {"connectionstyle": "arc3,rad=-2.2", "shrinkA": 2, "shrinkB": 2}
        axis.add_patch(FancyArrowPatch(root + beside, root - beside, **style))
        return
    between = [k for k in range(len(places)) if k not in (i, j) and _on_way(places, i, j, k)]
    bend = 0.35 if between else 0.16 if weights[j, i] else 0.0
    style |= {"connectionstyle": f"arc3,rad={bend}", "shrinkA": 11, "shrinkB": 11}
    axis.add_patch(FancyArrowPatch(start, end, **style))
    if labelled:
        # A quarter along the quadratic Bézier curve that arc3 draws: there crossings are rare.
        control = (start + end) / 2 + bend * np.array([end[1] - start[1], start[0] - end[0]])
        point = (9 * start + 6 * control + end) / 16
        box = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none"}
        text = {"ha": "center", "va": "center", "fontsize": 8.5, "bbox": box}
        axis.text(*point, f"{weight:g}".replace("-", "−"), color=style["color"], **text)


def _on_way(places: np.ndarray, i: int, j: int, k: int) -> bool:
    """Whether neuron k lies on the straight line between i and j."""
    way, aside = places[j] - places[i], places[k] - places[i]
    across = way[0] * aside[1] - way[1] * aside[0]
    return bool(abs(across) < 1e-9 and 0 < way @ aside < way @ way)


def _links(name: str, weights: np.ndarray) -> str:
    """One graph in words."""
    links = [f"{i + 1} to {j + 1}: {weights[i, j]:g}" for i, j in np.argwhere(weights)]
    return (
        f"{' '.join(name.split())}, {len(weights)} neurons, {len(links)} links: {', '.join(links)}."
    )


def timeline(events: Sequence[tuple[int, str]], title: str) -> None:
    """Draw events on an axis of years, to scale, the text of each beside it.

    Parameters
    ----------
    events
        ``(year, what happened)``, in any order; several may share a year.
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If there are fewer than two different years.
    """
    events = sorted(events, key=lambda event: event[0])
    if len({year for year, _ in events}) < 2:
        raise ValueError("A timeline needs events of at least two different years.")
    years = np.array([year for year, _ in events], dtype=float)
    rows = np.linspace(years[0], years[-1], len(events))  # where the texts stand
    figure, axis = plt.subplots(figsize=(7.4, 0.8 + 0.3 * len(events)))
    axis.plot([0, 0], years[[0, -1]], color="black", lw=2)
    for (year, text), row in zip(events, rows, strict=True):
        axis.plot([0, 0.08, 0.14], [year, row, row], color="#888888", lw=0.8)
        axis.plot(0, year, "o", color=COLOURS[0], ms=6)
        axis.text(0.15, row, f"{year}  {text}", va="center", fontsize=9)
    axis.set(xlim=(-0.03, 1.0), title=title, ylabel="year")
    axis.set_ylim(years[-1] + 2, years[0] - 2)
    axis.set_xticks([])
    axis.spines[["bottom"]].set_visible(False)
    axis.grid(visible=False)
    show(figure, f"{title}. {'; '.join(f'{year}: {text}' for year, text in events)}.")
