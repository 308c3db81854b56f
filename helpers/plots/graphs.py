"""TensorFlow's graphs: what is computed from what."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, TypeAlias

from helpers.plots.style import show_picture
from helpers.record import say

import pydot
import tensorflow as tf

GraphDef: TypeAlias = Any  # tf.compat.v1.GraphDef, which a type checker does not know


# Hand a value on as it is: a drawing shows what computes.
_PASSING = {"ReadVariableOp", "Identity", "StopGradient", "PreventGradient"}


_INPUTS = {"Placeholder", "Const"}


_BACKWARD = "gradient_tape/"  # the scope in which tf.GradientTape writes its operations


_FILLS = {"input": "#FFFFFF", "forward": "#CFE3F2", "backward": "#F7D9BF"}


def operation_graph(graph: GraphDef, title: str) -> None:
    """Draw what a graph computes from left to right, or say what is wrong with Graphviz.

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
    kinds = {name: _kind(ops[name]) for name in labels}
    png = _draw(_dot(title, labels, kinds, arrows))
    if png is not None:
        listed = "; ".join(
            say("{start} to {end}", start=labels[start], end=labels[end]) for start, end in arrows
        )
        show_picture(png, say("{title}. Arrows: {arrows}.", title=title, arrows=listed))


def _dot(
    title: str, labels: dict[str, str], kinds: dict[str, str], arrows: list[tuple[str, str]]
) -> Any:
    """The drawing in Graphviz's language, a ``pydot.Dot``."""
    quoted = pydot.make_quoted
    dot: Any = pydot.Dot(rankdir="LR", dpi="72", nodesep="0.15", ranksep="0.3")
    dot.set_label(quoted(title))
    dot.set_graph_defaults(fontname="sans-serif", fontsize="13", labelloc="t", labeljust="l")
    dot.set_node_defaults(fontname="sans-serif", fontsize="12", style="filled,rounded", shape="box")
    for name, label in labels.items():
        look: dict[str, Any] = {
            "fillcolor": _FILLS[kinds[name]],
            "height": "0.3",
            "margin": "0.12,0.04",
        }
        if kinds[name] == "input":
            look["style"] = "filled"
        dot.add_node(pydot.Node(quoted(name), label=quoted(label), **look))
    for start, end in arrows:
        dot.add_edge(pydot.Edge(quoted(start), quoted(end), arrowsize="0.6"))
    return dot


def _draw(dot: Any) -> bytes | None:
    """A PNG of a ``pydot.Dot`` by Graphviz; or None, and a sentence that says what to do."""
    try:
        with contextlib.redirect_stdout(None):  # pydot prints what a failing program said
            return dot.create_png()
    except OSError:  # from pydot, where the program is not found
        told = say(
            "The drawing of the graph is left out: it needs Graphviz. Install it with "
            "'conda install graphviz', 'apt install graphviz' or 'brew install graphviz'."
        )
    except AssertionError:  # from pydot, where the program fails
        told = say(
            "The drawing of the graph is left out: Graphviz is there but cannot draw. "
            "Run 'dot -c' once in a terminal, which registers its plugins, then this cell again."
        )
    print(told)
    return None


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
        return f"{value:.7g}" if is_number else say("constant {shape}", shape=value.shape)
    return node.op
