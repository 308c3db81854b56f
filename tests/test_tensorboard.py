"""Logs are read back as they were written, and drawings show what a graph computes."""

import base64
import shutil

from helpers import plots, tensorboard

import matplotlib.pyplot as plt
import pandas as pd
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
    return function.get_concrete_function(*arguments).graph


@pytest.fixture(autouse=True)
def _no_figure_left_open():
    yield
    assert plt.get_fignums() == []


@pytest.fixture
def drawn(monkeypatch):
    """The (picture, alternative text) pairs that graphs displays."""
    caught = []

    def display(data, *, raw, metadata):
        assert raw
        caught.append((base64.b64decode(data["image/png"]), metadata["image/png"]["alt"]))

    monkeypatch.setattr("helpers.graphs.display", display)
    return caught


@pytest.fixture
def dots(monkeypatch, drawn):
    """The Graphviz sources that would be drawn, whether Graphviz is installed or not."""
    caught = []

    def create_png(dot):
        caught.append(dot.to_string())
        return b"png"

    monkeypatch.setattr(pydot.Dot, "create_png", create_png, raising=False)
    return caught


def write(folder, graph=None, scalars=()):
    writer = tf.summary.create_file_writer(str(folder))
    with writer.as_default():
        if graph is not None:
            tf.summary.graph(graph)
        for name, value, step in scalars:
            tf.summary.scalar(name, value, step)
    writer.close()


def test_a_graph_is_read_back_node_by_node(tmp_path):
    write(tmp_path, graph_of(line))
    written, read = graph_of(line).as_graph_def(), tensorboard.read_graph(tmp_path)
    assert [(n.name, n.op, list(n.input)) for n in read.node] == [
        (n.name, n.op, list(n.input)) for n in written.node
    ]


def test_scalars_are_read_back_by_step_and_name(tmp_path):
    write(tmp_path, scalars=[("cost", 0.5, 2), ("accuracy", 0.75, 2), ("cost", 1.0, 1)])
    table = tensorboard.read_scalars(tmp_path)
    assert table.index.name == "step"
    assert table["cost"].to_dict() == {1: 1.0, 2: 0.5}
    assert table["accuracy"].dropna().to_dict() == {2: 0.75}


def test_no_step_of_a_long_log_is_left_out(tmp_path):
    write(tmp_path, scalars=[("cost", step, step) for step in range(2_000)])
    assert tensorboard.read_scalars(tmp_path)["cost"].tolist() == list(range(2_000))


def test_a_folder_may_hold_graph_scalars_and_other_entries(tmp_path):
    write(tmp_path, graph_of(line), [("cost", 1.0, 1)])
    writer = tf.summary.create_file_writer(str(tmp_path), filename_suffix=".text")
    with writer.as_default():
        tf.summary.text("note", "no number", 1)
    writer.close()
    assert list(tensorboard.read_scalars(tmp_path)) == ["cost"]
    assert tensorboard.read_graph(tmp_path).node


@pytest.mark.parametrize("read", [tensorboard.read_graph, tensorboard.read_scalars])
@pytest.mark.parametrize("name", ["", "missing"])
def test_a_folder_without_a_log_is_named(tmp_path, read, name):
    (tmp_path / "logs").mkdir()
    with pytest.raises(ValueError, match=f"no event file in {name or 'logs'!r}"):
        read(tmp_path / "logs" / name)


def test_a_log_without_a_graph_says_how_to_write_one(tmp_path):
    write(tmp_path, scalars=[("cost", 1.0, 1)])
    with pytest.raises(ValueError, match=r"holds no graph: write one with tf\.summary\.graph"):
        tensorboard.read_graph(tmp_path)


def test_a_log_without_scalars_says_how_to_write_one(tmp_path):
    write(tmp_path, graph_of(line))
    with pytest.raises(ValueError, match=r"holds no scalar: write one with tf\.summary\.scalar"):
        tensorboard.read_scalars(tmp_path)


def test_a_drawing_lists_its_arrows_as_alternative_text(drawn, dots):
    plots.operation_graph(graph_of(line).as_graph_def(), "A line")
    assert drawn[-1][1] == "A line. Arrows: a to Mul; x to Mul; Mul to AddV2; b to AddV2."
    assert "A line" in dots[-1]


def test_reading_a_variable_is_no_operation_of_the_drawing(drawn, dots):
    weights = tf.Variable([[1.0]])
    graph = graph_of(tf.function(lambda x, w: tf.nn.relu(x @ w)), tf.ones([1, 1]), weights)
    plots.operation_graph(graph.as_graph_def(), "A layer")
    assert drawn[-1][1] == "A layer. Arrows: x to MatMul; w to MatMul; MatMul to Relu."


def test_numbers_in_a_graph_are_written_in_full(drawn, dots):
    clipped = tf.function(lambda x: tf.add(tf.minimum(x, 0.9999999), [1.0, 2.0]))
    graph = graph_of(clipped, tf.ones([2]))
    plots.operation_graph(graph.as_graph_def(), "t")
    assert "0.9999999 to Minimum" in drawn[-1][1]
    assert "constant (2,) to AddV2" in drawn[-1][1]


def test_the_operations_of_a_tape_have_a_colour_of_their_own(drawn, dots):
    plots.operation_graph(graph_of(slope).as_graph_def(), "t")
    coloured = {kind: dots[-1].count(colour) for kind, colour in tensorboard.FILLS.items()}
    names = [node.name for node in graph_of(slope).as_graph_def().node if node.op == "Mul"]
    assert coloured["backward"] == sum(name.startswith("gradient_tape/") for name in names) > 0
    assert coloured["input"] > 0
    assert coloured["forward"] > 0


def test_a_graph_that_computes_nothing_is_refused():
    constant = graph_of(tf.function(lambda: tf.constant(1.0)))
    with pytest.raises(ValueError, match="computes nothing"):
        plots.operation_graph(constant.as_graph_def(), "t")


def test_without_graphviz_the_drawing_says_how_to_get_it(monkeypatch, capsys, drawn):
    monkeypatch.setenv("PATH", "")
    plots.operation_graph(graph_of(line).as_graph_def(), "t")
    assert "needs Graphviz" in capsys.readouterr().out
    assert drawn == []


def test_scalars_of_several_runs_are_drawn_by_epoch(shown):
    costs = {"a": pd.Series([2.0, 1.0], [1, 2]), "b": pd.Series([3.0, 0.5, 0.25], [1, 2, 3])}
    plots.scalars(costs, "It falls", "cost", of="training", log=True)
    (axis,) = shown[-1][0].axes
    assert [line.get_xydata().tolist() for line in axis.lines] == [
        [[1, 2], [2, 1]],
        [[1, 3], [2, 0.5], [3, 0.25]],
    ]
    assert {line.get_linestyle() for line in axis.lines} == {"--"}
    assert axis.get_yscale() == "log"
    alt = shown[-1][1]["image/png"]["alt"]
    assert alt == "It falls. cost by epoch: a from 2 to 1. b from 3 to 0.25."


def test_published_scalars_are_a_dotted_line_from_the_first_epoch(shown):
    measured = {"a": pd.Series([0.5, 0.75], [1, 2])}
    plots.scalars(measured, "t", "accuracy", published=[0.25, 1])
    (axis,) = shown[-1][0].axes
    drawn, published = axis.lines
    assert (drawn.get_linestyle(), published.get_linestyle()) == ("-", ":")
    assert published.get_xydata().tolist() == [[1, 0.25], [2, 1]]
    assert axis.get_yscale() == "linear"
    assert shown[-1][1]["image/png"]["alt"].endswith("Published from 0.25 to 1.")


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
def test_graphviz_draws_a_picture(drawn):
    plots.operation_graph(graph_of(line).as_graph_def(), "y = a·x + b: \"quoted\" & 'so on'")
    assert drawn[-1][0].startswith(b"\x89PNG")
