"""TensorFlow's graphs: what is computed from what."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.plots.style import show_picture

import pydot
import tensorflow as tf

GraphDef = tf.compat.v1.GraphDef


# Hand a value on as it is: a drawing shows what computes.
_PASSING = {"ReadVariableOp", "Identity", "StopGradient", "PreventGradient"}


_INPUTS = {"Placeholder", "Const"}


_BACKWARD = "gradient_tape/"  # the scope in which tf.GradientTape writes its operations


_FILLS = {"input": "#FFFFFF", "forward": "#CFE3F2", "backward": "#F7D9BF"}


def operation_graph(graph: GraphDef, title: str) -> None:
    """Draw what a graph computes from left to right, or say that Graphviz is missing.

    Inputs are boxes with their names; operations are rounded, those of a gradient tape in another
    colour. What only hands a value on, such as the reading of a variable, is left out.

    Parameters
    ----------
    graph
        From :func:`helpers.tensorboard.read_graph`, or ``concrete_function.graph.as_graph_def()``.
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
        look = {"fillcolor": _FILLS[_kind(ops[name])], "height": "0.3", "margin": "0.12,0.04"}
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
    show_picture(png, f"{title}. Arrows: {listed}.")


def _arrows(graph: GraphDef) -> Iterator[tuple[str, str]]:
    """Where values flow, as (from, to), past the operations that only hand them on."""
    ops = {node.name: node for node in graph.node}

    def origin(value: str) -> str:
        name = value.split(":")[0]
        return origin(ops[name].input[0]) if ops[name].op in _PASSING else name

    for node in graph.node:
        if node.op not in _PASSING:
            for value in node.input:
                if not value.startswith("^"):  # an order of execution, not a value
                    yield origin(value), node.name


def _kind(node: tf.compat.v1.NodeDef) -> str:
    if node.op in _INPUTS:
        return "input"
    return "backward" if node.name.startswith(_BACKWARD) else "forward"


def _label(node: tf.compat.v1.NodeDef) -> str:
    """An input's name, a small constant's value, or what an operation does."""
    if node.op == "Placeholder":
        return node.attr["_user_specified_name"].s.decode() or node.name
    if node.op == "Const":
        value = tf.make_ndarray(node.attr["value"].tensor)
        is_number = value.ndim == 0 and value.dtype.kind in "iuf"
        return f"{value:.7g}" if is_number else f"constant {value.shape}"
    return node.op
