"""The best epoch of a run, runs over seeds, and data read without tf.data's tuner."""

import logging
import subprocess
import sys
from pathlib import Path

from helpers import training
from helpers.training import quiet

import keras
import numpy as np
import pytest
import tensorflow as tf

pytestmark = pytest.mark.slow


@pytest.fixture
def history():
    history = keras.callbacks.History()
    history.history = {"val_loss": [3.0, 1.0, 2.0], "val_accuracy": [0.1, 0.2, 0.7], "loss": []}
    return history


@pytest.mark.parametrize(("monitor", "epoch"), [("val_loss", 2), ("val_accuracy", 3)])
def test_best_epoch_counts_from_one(history, monitor, epoch):
    assert training.best_epoch(history, monitor) == epoch


def test_an_epoch_without_a_number_is_never_best():
    history = keras.callbacks.History()
    history.history = {"val_loss": [0.5, 0.3, np.nan, -np.inf], "val_auc": [0.5, 0.9, 0.7]}
    assert training.best_epoch(history) == training.best_epoch(history, "val_auc") == 2
    history.history = {"val_loss": [np.nan]}
    with pytest.raises(ValueError, match="None of the 1 values of 'val_loss' is a finite number"):
        training.best_epoch(history)


def test_best_epoch_of_an_unknown_number_wants_to_be_told_what_is_good():
    history = keras.callbacks.History()
    history.history = {"val_surprise": [3, 1, 2]}
    with pytest.raises(ValueError, match="cannot be told from the name: give mode"):
        training.best_epoch(history, "val_surprise")
    assert training.best_epoch(history, "val_surprise", mode="min") == 2
    assert training.best_epoch(history, "val_surprise", mode="max") == 1


@pytest.mark.parametrize("monitor", ["val_mae", "loss"])
def test_best_epoch_names_what_the_history_has(history, monitor):
    with pytest.raises(ValueError, match=f"no '{monitor}'.*val_accuracy"):
        training.best_epoch(history, monitor)


def test_over_seeds_has_a_row_a_seed_and_a_column_a_number():
    results = training.over_seeds(lambda: {"a": 1.0, "b": 2.0}, [3, 5])
    assert results.index.tolist() == [3, 5]
    assert results.columns.tolist() == ["a", "b"]


def test_over_seeds_repeats_for_a_seed_and_differs_between_seeds():
    def draw():
        return {"keras": float(keras.random.normal(())), "numpy": np.random.rand()}

    results = training.over_seeds(draw, [1, 2, 1])
    again = training.over_seeds(draw, [1])
    assert (results.loc[1] == again.loc[1]).all()
    assert (results.loc[1] != results.loc[2]).all()


def test_after_over_seeds_the_seed_before_it_decides():
    def after(seed):
        keras.utils.set_random_seed(seed)
        training.over_seeds(lambda: {"a": 1.0}, [7])
        return float(keras.random.normal(())), np.random.rand()

    assert after(1) == after(1)
    assert not set(after(1)) & set(after(2))


def test_over_seeds_clears_the_session_before_each_seed():
    """So names begin anew, and memory does not grow with the number of seeds."""
    names = []

    def train():
        names.append(keras.layers.Dense(1).name)
        return {"a": 1.0}

    training.over_seeds(train, [1, 2])
    assert names == ["dense", "dense"]


def test_over_seeds_shows_one_bar_whatever_its_trainings_show(capfd, monkeypatch):
    def train():
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        model.fit(np.ones((4, 1)), np.ones(4), epochs=3, verbose=1)
        return {"a": 1.0}

    monkeypatch.setenv("JPY_SESSION_NAME", "a person")
    training.over_seeds(train, [1, 2])
    shown = "".join(capfd.readouterr())
    assert "2/2" in shown
    assert "Epoch" not in shown
    assert keras.config.is_interactive_logging_enabled()


def test_over_seeds_shows_one_bar_where_it_is_asked_to_and_none_else(capfd):
    training.over_seeds(lambda: {"a": 1.0}, [1])
    assert capfd.readouterr() == ("", "")
    training.over_seeds(lambda: {"a": 1.0}, [1], progress=True)
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 0), "the bar stays on its line and goes"
    assert "1/1" in err


def advice(text="5 out of the last 5 calls triggered tf.function retracing."):
    return logging.makeLogRecord({"msg": text})


def test_the_retracing_advice_is_hidden_once_a_chapter_begins_only():
    logger = logging.getLogger("tensorflow")
    logger.removeFilter(quiet._is_no_retracing_advice)
    assert logger.filter(advice())
    for _ in range(2):
        quiet.hide_retracing_advice()
    assert logger.filters.count(quiet._is_no_retracing_advice) == 1
    assert not logger.filter(advice())
    assert logger.filter(advice("something else"))


def test_gpu_memory_grows(monkeypatch):
    grown = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["gpu 0", "gpu 1"])
    monkeypatch.setattr(
        tf.config.experimental, "set_memory_growth", lambda gpu, on: grown.append((gpu, on))
    )
    quiet.let_gpu_memory_grow()
    assert grown == [("gpu 0", True), ("gpu 1", True)]


def test_importing_the_helpers_loads_and_changes_nothing_of_tensorflow():
    program = (
        "import helpers, logging, sys; from helpers.training import quiet;"
        "assert 'tensorflow' not in sys.modules; assert not logging.getLogger('tensorflow').filters"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, timeout=300, cwd=root)


@pytest.fixture
def read_with(monkeypatch):
    """Whether the tuner was on, for each data set read; then the process is as it was."""
    iterate, tuned = tf.data.Dataset.__iter__, []

    def watch(dataset):
        tuned.append(dataset.options().autotune.enabled)
        return iterate(dataset)

    monkeypatch.setattr(tf.data.Dataset, "__iter__", watch)
    quiet.leave_tuner_out.cache_clear()
    yield tuned
    quiet.leave_tuner_out.cache_clear()


def test_leave_tuner_out_reaches_fit_and_leaves_a_plain_loop_its_elements(read_with):
    dataset = tf.data.Dataset.range(20).shuffle(20, seed=1, reshuffle_each_iteration=False)
    before = [int(element) for element in dataset]
    del read_with[:]
    quiet.leave_tuner_out()
    assert [int(element) for element in dataset] == before
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    model.fit(np.ones((8, 2)), np.ones(8), epochs=2, validation_split=0.5, verbose=0)
    assert len(read_with) >= 5, "the loop, and two epochs of training and validation"
    assert set(read_with) == {False}
