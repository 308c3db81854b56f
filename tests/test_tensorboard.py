"""Logs are read back as they were written."""

from helpers import tensorboard

import pytest
import tensorflow as tf

NUMBER = tf.TensorSpec([], tf.float32)


@tf.function(input_signature=[NUMBER, NUMBER, NUMBER])
def line(a, x, b):
    return a * x + b


def graph_of(function, *arguments):
    return function.get_concrete_function(*arguments).graph


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
