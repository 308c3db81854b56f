"""Logs are read back as they were written."""

import json
import shutil
from urllib.request import urlopen

from helpers import tensorboard

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from tensorboard.plugins import projector

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


@pytest.mark.parametrize(
    "read", [tensorboard.read_graph, tensorboard.read_histograms, tensorboard.read_scalars]
)
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


def test_histograms_are_read_back_in_the_order_of_writing(tmp_path):
    writer = tf.summary.create_file_writer(str(tmp_path))
    with writer.as_default():
        tf.summary.histogram("a", [0.0, 1.0, 1.0], step=4, buckets=2)
        tf.summary.histogram("a", [2.0], step=4, buckets=2)
        tf.summary.histogram("b", [0.0], step=0, buckets=2)
        tf.summary.scalar("c", 1.0, step=0)
    writer.close()
    read = tensorboard.read_histograms(tmp_path)
    assert list(read) == ["a", "b"]
    assert [step for step, _ in read["a"]] == [4, 4]
    np.testing.assert_allclose(read["a"][0][1], [[0, 0.5, 1], [0.5, 1, 2]])


def test_a_log_without_histograms_says_how_to_write_one(tmp_path):
    write(tmp_path, scalars=[("cost", 1.0, 1)])
    with pytest.raises(ValueError, match=r"holds no histogram: write one with tf\.summary\.hist"):
        tensorboard.read_histograms(tmp_path)


def asked(address, path):
    return json.load(urlopen(f"{address}data/{path}"))


def test_the_real_server_shows_what_the_files_hold_and_then_stops(tmp_path):
    write(tmp_path / "first", scalars=[("cost", 0.5, 1)])
    with tensorboard.served(tmp_path) as address:
        assert asked(address, "runs") == ["first"]
        assert "cost" in asked(address, "plugin/scalars/tags")["first"]
    with pytest.raises(OSError, match="refused"):
        urlopen(address)


def test_a_folder_that_is_not_there_is_not_served(tmp_path):
    with (
        pytest.raises(FileNotFoundError, match="no folder 'logs'"),
        tensorboard.served(tmp_path / "logs"),
    ):
        pass


def test_the_projector_lists_a_checkpoint_with_its_words(tmp_path):
    tf.train.Checkpoint(words=tf.Variable(tf.zeros([3, 2]))).save(str(tmp_path / "words.ckpt"))
    (tmp_path / "metadata.tsv").write_text("good\nbad\nugly", encoding="utf-8")
    config = projector.ProjectorConfig()
    name = "words/.ATTRIBUTES/VARIABLE_VALUE"
    config.embeddings.add(tensor_name=name, metadata_path="metadata.tsv")
    projector.visualize_embeddings(str(tmp_path), config)
    with tensorboard.served(tmp_path) as address:
        assert asked(address, "plugin/projector/runs") == ["."]
        (listed,) = asked(address, "plugin/projector/info?run=.")["embeddings"]
        assert (listed["tensorName"], listed["tensorShape"]) == (name, [3, 2])
        metadata = urlopen(f"{address}data/plugin/projector/metadata?run=.&name={name}").read()
    assert metadata.split() == [b"good", b"bad", b"ugly"]


@pytest.mark.slow
def test_the_projector_is_empty_for_what_keras_writes(tmp_path):
    """Where this fails, Keras writes a checkpoint again: chapter 22 has to say so."""
    model = keras.Sequential([keras.Input((2,)), layers.Embedding(9, 2), layers.Flatten()])
    model.compile("sgd", "mse")
    board = keras.callbacks.TensorBoard(tmp_path, embeddings_freq=1)
    model.fit(np.zeros((4, 2)), np.zeros((4, 4)), callbacks=[board], verbose=0)
    assert (tmp_path / "projector_config.pbtxt").exists()
    with tensorboard.served(tmp_path) as address:
        assert asked(address, "plugin/projector/runs") == []


def test_without_a_browser_there_is_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert tensorboard.screenshot("http://127.0.0.1:1/") == b""
    assert "there is no Chromium" in capsys.readouterr().out


def test_a_browser_that_draws_nothing_is_said(tmp_path, monkeypatch, capsys):
    true = shutil.which("true")
    monkeypatch.setattr(shutil, "which", lambda name: true)
    assert tensorboard.screenshot("http://127.0.0.1:1/") == b""
    assert "does not draw it" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, tensorboard.BROWSERS)), reason="no browser")
def test_a_page_is_photographed(tmp_path):
    write(tmp_path, scalars=[("cost", 0.5, 1)])
    with tensorboard.served(tmp_path) as address:
        picture = tensorboard.screenshot(address, seconds=5, size=(640, 480))
    assert tf.io.decode_png(picture).shape[:2] == (480, 640)
