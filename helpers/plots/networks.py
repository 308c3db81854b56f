"""A model drawn as what it is: a graph of layers, with joins, branches and layers used twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from helpers.plots.style import COLOURS, show
from helpers.record import say

import keras
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

_BOX = 1.9, 0.62  # width and height of a layer's box


_STEP = 2.1  # from column to column; from row to row it is 1


_FILLS = {"InputLayer": "#FFFFFF", "model": "#F7D9BF"}  # every other layer is blue


def model_graph(model: keras.Model, title: str) -> None:
    """Draw the layers from top to bottom with their output shapes, and an arrow for each tensor.

    A layer that is used several times is one box with several arrows, a model used as a layer one
    box of its own colour. The batch axis is left out of the shapes.

    Parameters
    ----------
    model
        A functional model, or a Sequential that is built.
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If the model has no graph: it is a class of its own, or a Sequential not yet built.

    Notes
    -----
    Source: listing L05.11 (L:MNIST). ``keras.utils.plot_model`` draws much the same by Graphviz.
    """
    graph = _functional(model)
    arrows = list(_arrows(graph))
    places = _places([layer.name for layer in graph.operations], arrows)
    columns, rows = zip(*places.values(), strict=True)
    width, height = 1 + max(columns) - min(columns), 1 + max(rows)
    figure, axis = plt.subplots(figsize=(1.75 * width + 0.4, 0.78 * height + 0.4))
    _draw_graph(axis, graph, places, arrows)
    left = _STEP * min(columns) - 1.05
    axis.set(title=title, xlim=(left, left + _STEP * width + 0.3), ylim=(-height + 0.55, 0.45))
    axis.axis("off")
    listed = "; ".join(say("{start} to {end}", start=start, end=end) for start, end in arrows)
    show(figure, say("{title}. Arrows: {arrows}.", title=title, arrows=listed))


def _draw_graph(
    axis: Axes,
    graph: keras.Model,
    places: dict[str, tuple[float, int]],
    arrows: list[tuple[str, str]],
) -> None:
    """Draw each layer at its place, and the arrows between them."""
    for number, (start, end) in enumerate(arrows):
        again = arrows[:number].count((start, end))
        _arrow(axis, places[start], places[end], list(places.values()), again)
    for layer in graph.operations:
        _box(axis, *places[layer.name], layer)


def _functional(model: keras.Model) -> keras.Model:
    """A model with a graph: a Sequential as the chain of its layers."""
    if isinstance(model, keras.Sequential):
        if model.built and model.inputs:
            return keras.Model(model.inputs, model.outputs, name=model.name)
        raise ValueError(
            f"{model.name!r} is not built, so its layers have no shapes: begin it with "
            "keras.Input(shape=...)."
        )
    if not hasattr(model, "operations"):
        raise ValueError(
            f"{model.name!r} is a class of its own and has no graph to draw; draw a model made by "
            "keras.Model(inputs, outputs) or a keras.Sequential."
        )
    return model


def _arrow(
    axis: Axes,
    start: tuple[float, int],
    end: tuple[float, int],
    boxes: list[tuple[float, int]],
    again: int,
) -> None:
    """An arrow from box to box, around one that is in its way, and beside one drawn before."""
    (x, y), (to_x, to_y) = start, end
    crossed = any(
        y < row < to_y and abs(x + (to_x - x) * (row - y) / (to_y - y) - column) < 0.5
        for column, row in boxes
    )
    style = {"arrowstyle": "-|>", "color": "#555555", "shrinkA": 0, "shrinkB": 0}
    if crossed:  # out at the right, down, and in at the right
        side = _STEP * max(x, to_x) + _BOX[0] / 2
        points = [(_STEP * x + _BOX[0] / 2, -y), (side + 0.25, -y), (side + 0.25, -to_y)]
        axis.plot(*zip(*points, strict=True), color="#555555", lw=1, zorder=1)
        axis.annotate("", (_STEP * to_x + _BOX[0] / 2, -to_y), points[-1], arrowprops=style)
        return
    ends = (
        (_STEP * to_x + 0.3 * again, -to_y + _BOX[1] / 2),
        (_STEP * x + 0.3 * again, -y - _BOX[1] / 2),
    )
    axis.annotate("", *ends, arrowprops=style, zorder=1)


def _box(axis: Axes, x: float, y: float, layer: Any) -> None:
    """One layer: its kind, and its name if somebody gave it one, above its output shape."""
    kind = "model" if isinstance(layer, keras.Model) else type(layer).__name__
    label = layer.name if kind in _FILLS else kind
    if not layer.name.replace("_", "").startswith(label.lower().replace("_", "")):
        label = f"{layer.name}: {label}"
    width, height = _BOX
    corner = (_STEP * x - width / 2, -y - height / 2)
    fill = _FILLS.get(kind, "#CFE3F2")
    axis.add_patch(plt.Rectangle(corner, width, height, fc=fill, ec=COLOURS[0], lw=0.8, zorder=2))
    outputs = keras.tree.flatten(layer.output)
    shapes = ", ".join(" × ".join(str(n or "?") for n in o.shape[1:]) or "1" for o in outputs)
    axis.text(_STEP * x, -y, f"{label}\n{shapes}", ha="center", va="center", fontsize=8, zorder=3)


def _arrows(model: keras.Model) -> Iterator[tuple[str, str]]:
    """The names of layers between which a tensor goes, as (from, to), from Keras's own record."""
    for entry in model.get_config()["layers"]:
        for call in entry["inbound_nodes"]:
            yield from ((source, entry["name"]) for source in _sources(call))


def _sources(call: Any) -> Iterator[str]:
    """The names of the layers whose tensors are in a serialised call."""
    if isinstance(call, dict) and call.get("class_name") == "__keras_tensor__":
        yield call["config"]["keras_history"][0]
    elif isinstance(call, dict | list | tuple):
        for part in call.values() if isinstance(call, dict) else call:
            yield from _sources(part)


def _places(names: list[str], arrows: list[tuple[str, str]]) -> dict[str, tuple[float, int]]:
    """A place (column, row) for each layer: below all that it needs, near what it comes from."""
    before = {name: [source for source, target in arrows if target == name] for name in names}
    rows: dict[str, int] = {}
    for name in names:  # Keras lists a layer after those that it needs
        rows[name] = 1 + max((rows[source] for source in before[name]), default=-1)
    for name in names:  # an input stands right above what reads it
        after = [rows[target] for source, target in arrows if source == name]
        if not before[name] and after:
            rows[name] = min(after) - 1
    columns: dict[str, float] = {}
    for row in range(1 + max(rows.values())):
        wanted = {
            name: np.mean([columns[source] for source in before[name]] or [0.0])
            for name in names
            if rows[name] == row
        }
        ordered = sorted(wanted, key=lambda name: wanted[name])
        found = [wanted[ordered[0]]]
        for name in ordered[1:]:
            found.append(max(wanted[name], found[-1] + 1))
        shift = np.mean(list(wanted.values())) - np.mean(found)
        columns |= {name: float(x + shift) for name, x in zip(ordered, found, strict=True)}
    return {name: (columns[name], rows[name]) for name in names}
