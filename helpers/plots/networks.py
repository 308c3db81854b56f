"""A model drawn as what it is: a graph of layers, with joins, branches and layers used twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from helpers.plots.style import COLOURS, show, show_picture

import keras
import matplotlib.pyplot as plt
import numpy as np

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
        A functional model.
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If the model is not a functional one, and so has no graph.
    """
    if not hasattr(model, "operations"):
        raise ValueError(
            f"{model.name!r} is no functional model and has no graph to draw; a Sequential has "
            "one as keras.Model(model.inputs, model.outputs)."
        )
    layers = {layer.name: layer for layer in model.operations}
    arrows = list(_arrows(model))
    places = _places(list(layers), arrows)
    columns = [x for x, _ in places.values()]
    width = 1 + max(columns) - min(columns)
    height = 1 + max(y for _, y in places.values())
    figure, axis = plt.subplots(figsize=(1.75 * width + 0.4, 0.78 * height + 0.4))
    for number, (source, target) in enumerate(arrows):
        again = arrows[:number].count((source, target))
        _arrow(axis, places[source], places[target], list(places.values()), again)
    for name, layer in layers.items():
        _box(axis, *places[name], layer)
    left = _STEP * min(columns) - 1.05
    axis.set(title=title, xlim=(left, left + _STEP * width + 0.3), ylim=(-height + 0.55, 0.45))
    axis.axis("off")
    listed = "; ".join(f"{source} to {target}" for source, target in arrows)
    show(figure, f"{title}. Arrows: {listed}.")


def _arrow(
    axis: plt.Axes,
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


def _box(axis: plt.Axes, x: float, y: float, layer: Any) -> None:
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
        ordered = sorted(wanted, key=wanted.get)
        found = [wanted[ordered[0]]]
        for name in ordered[1:]:
            found.append(max(wanted[name], found[-1] + 1))
        shift = np.mean(list(wanted.values())) - np.mean(found)
        columns |= {name: float(x + shift) for name, x in zip(ordered, found, strict=True)}
    return {name: (columns[name], rows[name]) for name in names}


def model_diagram(model: keras.Model, title: str) -> None:
    """Draw a model's layers with their output shapes, or say that Graphviz is missing.

    Parameters
    ----------
    model
        A built model.
    title
        What the model is, for the alternative text.

    Notes
    -----
    Source: listing L05.11 (L:MNIST). ``keras.utils.plot_model`` draws the same, but into a file.
    """
    try:
        dot = keras.utils.model_to_dot(model, show_shapes=True, show_layer_names=False, dpi=72)
        png = dot.create_png()
    except (ImportError, OSError):
        print(
            "The drawing of the model is left out: it needs Graphviz. Install it with "
            "'conda install graphviz', 'apt install graphviz' or 'brew install graphviz'."
        )
        return
    layers = ", then ".join(f"{type(x).__name__} {x.output.shape}" for x in model.layers)
    show_picture(png, f"{title}: {layers}.")
