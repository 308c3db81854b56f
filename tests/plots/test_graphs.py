"""Drawings of TensorFlow's graphs show what is computed, or say why they cannot."""

import base64
import os
import shutil

from helpers import plots
from helpers.plots import graphs

import pydot
import pytest
import tensorflow as tf

NUMBER = tf.TensorSpec([], tf.float32)


@tf.function(input_signature=[NUMBER, NUMBER, NUMBER])
def line(a, x, b):
    return a * x + b


@tf.function(input_signature=[NUMBER, NUMBER])
def slope(a, x):
    with tf.GradientTape() as tape:
        tape.watch(a)
        y = tf.square(a) * x
    return tape.gradient(y, a)


def graph_of(function, *arguments):
    return function.get_concrete_function(*arguments).graph.as_graph_def()


@pytest.fixture
def dots(monkeypatch):
    """The Graphviz sources that would be drawn, whether Graphviz is installed or not."""
    caught = []

    def create_png(dot):
        caught.append(dot.to_string())
        return b"png"

    monkeypatch.setattr(pydot.Dot, "create_png", create_png, raising=False)
    return caught


@pytest.fixture
def only_program(tmp_path, monkeypatch):
    """Make a script the only 'dot' there is."""
    if os.name == "nt":
        pytest.skip("a shell script stands in for Graphviz")

    def put(script):
        program = tmp_path / "dot"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return put


def test_a_drawing_lists_its_arrows_as_alternative_text(shown, dots):
    plots.operation_graph(graph_of(line), "A line")
    assert shown.alt == "A line. Arrows: a to Mul; x to Mul; Mul to AddV2; b to AddV2."
    assert "A line" in dots[-1]


def test_reading_a_variable_is_no_operation_of_the_drawing(shown, dots):
    weights = tf.Variable([[1.0]])
    graph = graph_of(tf.function(lambda x, w: tf.nn.relu(x @ w)), tf.ones([1, 1]), weights)
    plots.operation_graph(graph, "A layer")
    assert shown.alt == "A layer. Arrows: x to MatMul; w to MatMul; MatMul to Relu."


def test_numbers_in_a_graph_are_written_in_full(shown, dots):
    clipped = tf.function(lambda x: tf.add(tf.minimum(x, 0.9999999), [1.0, 2.0]))
    plots.operation_graph(graph_of(clipped, tf.ones([2])), "t")
    assert "0.9999999 to Minimum" in shown.alt
    assert "constant (2,) to AddV2" in shown.alt


def test_the_operations_of_a_tape_have_a_colour_of_their_own(shown, dots):
    plots.operation_graph(graph_of(slope), "t")
    coloured = {kind: dots[-1].count(colour) for kind, colour in graphs._FILLS.items()}
    names = [node.name for node in graph_of(slope).node if node.op == "Mul"]
    assert coloured["backward"] == sum(name.startswith("gradient_tape/") for name in names) > 0
    assert coloured["input"] > 0
    assert coloured["forward"] > 0


def test_a_graph_that_computes_nothing_is_refused():
    with pytest.raises(ValueError, match="computes nothing"):
        plots.operation_graph(graph_of(tf.function(lambda: tf.constant(1.0))), "t")


def test_without_graphviz_the_drawing_says_how_to_get_it(monkeypatch, capsys, shown):
    monkeypatch.setenv("PATH", "")
    plots.operation_graph(graph_of(line), "t")
    assert "conda install graphviz" in capsys.readouterr().out
    assert shown == []


def test_a_graphviz_without_plugins_is_told_from_one_that_is_missing(only_program, capsys, shown):
    only_program("echo 'Format: \"png\" not recognized.' >&2; exit 1")
    plots.operation_graph(graph_of(line), "t")
    out = capsys.readouterr().out
    assert "'dot -c'" in out
    assert "install graphviz" not in out
    assert shown == []


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
def test_graphviz_draws_a_picture(shown):
    plots.operation_graph(graph_of(line), "y = a·x + b: \"quoted\" & 'so on'")
    assert base64.b64decode(shown[-1][0]["image/png"]).startswith(b"\x89PNG")
