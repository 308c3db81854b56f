"""Neurons: what they compute, how they are linked, and their history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpers.plots.style import COLOURS, show
from helpers.record import number, say

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from numpy.typing import ArrayLike

__all__ = ["functions_with_derivatives", "timeline", "weight_graphs"]

_Function = Callable[[np.ndarray], ArrayLike]
_Facts = dict[str, Any]


def functions_with_derivatives(
    functions: Mapping[str, tuple[_Function, _Function]], title: str
) -> None:
    """Draw functions of one variable from -4 to 4, a panel each: solid, the derivative dotted.

    Parameters
    ----------
    functions
        By name, the function and its derivative; both take and return shape (n,).
    title
        The message of the figure.
    """
    figure, axes = plt.subplots(
        1, len(functions), figsize=(2.6 * len(functions) + 1.6, 2.7), sharey=True, squeeze=False
    )
    alts = []
    for axis, (name, (function, derivative)) in zip(axes[0], functions.items(), strict=True):
        facts = _draw_function(axis, function, derivative)
        axis.set(title=name, xlabel=say("weighted sum S"))
        phrase = "{name}: from {low} to {high}, greatest slope {slope}."
        alts.append(say(phrase, name=name, **{key: number(fact) for key, fact in facts.items()}))
    axes[0, 0].set_ylabel(say("output"))
    axes[0, -1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, say("{title}. {panels}", title=title, panels=" ".join(alts)))


def _draw_function(axis: Axes, function: _Function, derivative: _Function) -> _Facts:
    s = np.linspace(-4, 4, 401)
    y, slope = (np.asarray(f(s), dtype=float) for f in (function, derivative))
    axis.plot(s, y, label="F(S)")
    axis.plot(s, slope, ":", color=COLOURS[1], label=say("derivative F′(S)"))
    low, high = _span(y)
    return {"low": low, "high": high, "slope": _span(slope)[1]}


def _span(values: np.ndarray) -> tuple[float, float]:
    """Smallest and largest finite number; NaN twice where there is none."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (np.nan, np.nan)


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
    panels = axes.flat[: len(matrices)]
    for axis, (name, weights) in zip(panels, matrices.items(), strict=True):
        _draw_graph(axis, weights, places[name], constant, labelled=single)
        axis.set_title(title if single else name, fontsize=None if single else 9)
    if not single:
        figure.suptitle(title, x=0.01, ha="left")
    listed = " ".join(_links(name, weights) for name, weights in matrices.items())
    show(figure, say("{title}. {graphs}", title=title, graphs=listed))


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
    columns = np.asarray(layers)
    points = np.zeros((n, 2))
    for layer in np.unique(columns):
        members = np.flatnonzero(columns == layer)
        heights = (len(members) - 1) / 2 - np.arange(len(members))
        points[members] = np.column_stack([np.full(len(members), 1.7 * layer), heights])
    return points


def _draw_graph(
    axis: Axes,
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
    axis: Axes, places: np.ndarray, i: int, j: int, weights: np.ndarray, labelled: bool
) -> None:
    """Draw the arrow from i to j; bent where its straight line would hide another."""
    weight = weights[i, j]
    style: dict[str, Any] = {
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
        text: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8.5, "bbox": box}
        axis.text(
            point[0], point[1], number(weight).replace("-", "−"), color=style["color"], **text
        )


def _on_way(places: np.ndarray, i: int, j: int, k: int) -> bool:
    """Whether neuron k lies on the straight line between i and j."""
    way, aside = places[j] - places[i], places[k] - places[i]
    across = way[0] * aside[1] - way[1] * aside[0]
    return bool(abs(across) < 1e-9 and 0 < way @ aside < way @ way)


def _links(name: str, weights: np.ndarray) -> str:
    """One graph in words."""
    links = [
        say("{start} to {end}: {weight}", start=i + 1, end=j + 1, weight=number(weights[i, j]))
        for i, j in np.argwhere(weights)
    ]
    return say(
        "{name}, {neurons} neurons, {count} links: {links}.",
        name=" ".join(name.split()),
        neurons=len(weights),
        count=len(links),
        links=", ".join(links) or say("none"),
    )


def timeline(
    events: Sequence[tuple[int, str]],
    title: str,
    spans: Mapping[str, tuple[int, int]] | None = None,
) -> None:
    """Draw events on an axis of years, to scale, the text of each beside it.

    Parameters
    ----------
    events
        ``(year, what happened)``, in any order; several may share a year.
    title
        The message of the figure.
    spans
        By name, the first and the last year of a time that is shaded.

    Raises
    ------
    ValueError
        If there are fewer than two different years.
    """
    events = sorted(events, key=lambda event: event[0])
    if len({year for year, _ in events}) < 2:
        raise ValueError("A timeline needs events of at least two different years.")
    figure, axis = plt.subplots(figsize=(7.4, 0.8 + 0.3 * len(events)))
    _draw_timeline(axis, events)
    for name, (start, end) in (spans or {}).items():
        axis.axhspan(start, end, xmax=0.12, color="#BBBBBB", alpha=0.5)
        axis.text(-0.1, (start + end) / 2, name, fontsize=8, rotation=90, ha="center", va="center")
        axis.set_xlim(left=-0.13)
    axis.set(title=title, ylabel=say("year"))
    told = [f"{year}: {text}" for year, text in events]
    told += [f"{start}–{end}: {name}" for name, (start, end) in (spans or {}).items()]
    listed = "; ".join(told)
    show(figure, say("{title}. {events}.", title=title, events=listed))


def _draw_timeline(axis: Axes, events: Sequence[tuple[int, str]]) -> None:
    years = np.array([year for year, _ in events], dtype=float)
    rows = np.linspace(years[0], years[-1], len(events))  # where the texts stand
    axis.plot([0, 0], years[[0, -1]], color="black", lw=2)
    for (year, text), row in zip(events, rows, strict=True):
        axis.plot([0, 0.08, 0.14], [year, row, row], color="#888888", lw=0.8)
        axis.plot(0, year, "o", color=COLOURS[0], ms=6)
        axis.text(0.15, row, f"{year}  {text}", va="center", fontsize=9)
    axis.set(xlim=(-0.03, 1.0), ylim=(years[-1] + 2, years[0] - 2))
    axis.set_xticks([])
    axis.spines[["bottom"]].set_visible(False)
    axis.grid(visible=False)
