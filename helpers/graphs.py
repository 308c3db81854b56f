"""TensorFlow's graphs and TensorBoard's logs: read back what was written, and draw it."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from helpers.plots import STYLES, show

import matplotlib.pyplot as plt
import pandas as pd
import pydot
import tensorflow as tf
from IPython.display import display
from matplotlib.ticker import LogLocator, MaxNLocator
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

GraphDef = tf.compat.v1.GraphDef

# Hand a value on as it is: a drawing shows what computes.
PASSING = {"ReadVariableOp", "Identity", "StopGradient", "PreventGradient"}
INPUTS = {"Placeholder", "Const"}
BACKWARD = "gradient_tape/"  # the scope in which tf.GradientTape writes its operations
FILLS = {"input": "#FFFFFF", "forward": "#CFE3F2", "backward": "#F7D9BF"}


def read_graph(folder: Path | str) -> GraphDef:
    """The graph that ``tf.summary.graph`` wrote, as TensorBoard reads it.

    Parameters
    ----------
    folder
        The log folder given to ``tf.summary.create_file_writer``.

    Raises
    ------
    ValueError
        If the folder holds no event file, or no file holds a graph.
    """
    events = _events(folder)
    if not events.Tags()["graph"]:
        raise ValueError(
            f"The event file in {Path(folder).name!r} holds no graph: write one with "
            "tf.summary.graph(...) while the writer is the default, then close the writer."
        )
    # TensorBoard has its own copy of the message class; the bytes are the same.
    return GraphDef.FromString(events.Graph().SerializeToString())


def read_scalars(folder: Path | str) -> pd.DataFrame:
    """What ``tf.summary.scalar`` wrote: a row a step (the index), a column a name.

    Parameters
    ----------
    folder
        The log folder given to ``tf.summary.create_file_writer``.

    Raises
    ------
    ValueError
        If the folder holds no event file, or no file holds a scalar.
    """
    events = _events(folder)
    columns = {
        tag: {e.step: float(tf.make_ndarray(e.tensor_proto)) for e in events.Tensors(tag)}
        for tag in events.Tags()["tensors"]
        if events.SummaryMetadata(tag).plugin_data.plugin_name == "scalars"
    }
    if not columns:
        raise ValueError(
            f"The event file in {Path(folder).name!r} holds no scalar: write one with "
            "tf.summary.scalar(name, value, step) while the writer is the default, then close it."
        )
    return pd.DataFrame(columns).rename_axis("step").sort_index()


def draw(graph: GraphDef, title: str) -> None:
    """Draw what a graph computes from left to right, or say that Graphviz is missing.

    Inputs are boxes with their names; operations are rounded, those of a gradient tape in another
    colour. What only hands a value on, such as the reading of a variable, is left out.

    Parameters
    ----------
    graph
        From :func:`read_graph`, or ``concrete_function.graph.as_graph_def()``.
    title
        What is computed, for the alternative text.

    Raises
    ------
    ValueError
        If nothing is computed in the graph.
    """
    arrows = list(_arrows(graph))
    if not arrows:
        raise ValueError("The graph computes nothing: no operation in it has an input.")
    ops = {node.name: node for node in graph.node}
    labels = {name: _label(ops[name]) for arrow in arrows for name in arrow}
    dot = pydot.Dot(rankdir="LR", dpi="72", nodesep="0.15", ranksep="0.3")
    dot.set_label(pydot.make_quoted(title))
    dot.set_graph_defaults(fontname="sans-serif", fontsize="13", labelloc="t", labeljust="l")
    dot.set_node_defaults(fontname="sans-serif", fontsize="12", style="filled,rounded", shape="box")
    for name, label in labels.items():
        look = {"fillcolor": FILLS[_kind(ops[name])], "height": "0.3", "margin": "0.12,0.04"}
        if _kind(ops[name]) == "input":
            look["style"] = "filled"
        dot.add_node(pydot.Node(pydot.make_quoted(name), label=pydot.make_quoted(label), **look))
    for arrow in arrows:
        dot.add_edge(pydot.Edge(*map(pydot.make_quoted, arrow), arrowsize="0.6"))
    try:
        png = dot.create_png()
    except OSError:
        print(
            "The drawing of the graph is left out: it needs Graphviz. Install it with "
            "'conda install graphviz', 'apt install graphviz' or 'brew install graphviz'."
        )
        return
    listed = "; ".join(f"{labels[source]} to {labels[target]}" for source, target in arrows)
    display(
        {"image/png": base64.b64encode(png).decode()},
        metadata={"image/png": {"alt": f"{title}. Arrows: {listed}."}},
        raw=True,
    )


def draw_scalars(
    curves: Mapping[str, pd.Series],
    title: str,
    ylabel: str,
    of: str = "validation",
    published: Sequence[float] | None = None,
    log: bool = False,
) -> None:
    """Draw a number by epoch, as TensorBoard does, one curve a run.

    Parameters
    ----------
    curves
        By the name of the run, a column of :func:`read_scalars` written with the epoch as step.
    title
        The message of the figure.
    ylabel
        What the number is.
    of
        ``"training"``, drawn dashed, or ``"validation"``, drawn solid.
    published
        The lecture's numbers from epoch 1 on, drawn as a dotted line.
    log
        Draw on a logarithmic scale.
    """
    figure, axis = plt.subplots()
    alts = []
    for (name, curve), marker in zip(curves.items(), "os^D", strict=False):
        axis.plot(curve.index, curve, STYLES[of] + marker, label=name)
        alts.append(f"{name} from {curve.iloc[0]:.4g} to {curve.iloc[-1]:.4g}.")
    if published is not None:
        epochs = range(1, len(published) + 1)
        axis.plot(epochs, published, ":", color="black", label="published")
        alts.append(f"Published from {published[0]:.4g} to {published[-1]:.4g}.")
    if log:
        axis.set_yscale("log")
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.yaxis.set_major_formatter("{x:g}")
        axis.minorticks_off()
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axis.set(title=title, xlabel="epoch", ylabel=ylabel)
    axis.legend()
    show(figure, f"{title}. {ylabel} by epoch: {' '.join(alts)}")


def _events(folder: Path | str) -> EventAccumulator:
    """TensorBoard's reader, with everything in the folder's event files loaded."""
    if not any(Path(folder).glob("*tfevents*")):
        raise ValueError(
            f"There is no event file in {Path(folder).name!r}: give the folder that was given to "
            "tf.summary.create_file_writer, and close the writer first."
        )
    return EventAccumulator(str(folder), size_guidance={"tensors": 0}).Reload()


def _arrows(graph: GraphDef) -> Iterator[tuple[str, str]]:
    """Where values flow, as (from, to), past the operations that only hand them on."""
    ops = {node.name: node for node in graph.node}

    def origin(value: str) -> str:
        name = value.split(":")[0]
        return origin(ops[name].input[0]) if ops[name].op in PASSING else name

    for node in graph.node:
        if node.op not in PASSING:
            for value in node.input:
                if not value.startswith("^"):  # an order of execution, not a value
                    yield origin(value), node.name


def _kind(node: tf.compat.v1.NodeDef) -> str:
    if node.op in INPUTS:
        return "input"
    return "backward" if node.name.startswith(BACKWARD) else "forward"


def _label(node: tf.compat.v1.NodeDef) -> str:
    """An input's name, a small constant's value, or what an operation does."""
    if node.op == "Placeholder":
        return node.attr["_user_specified_name"].s.decode() or node.name
    if node.op == "Const":
        value = tf.make_ndarray(node.attr["value"].tensor)
        is_number = value.ndim == 0 and value.dtype.kind in "iuf"
        return f"{value:.7g}" if is_number else f"constant {value.shape}"
    return node.op
