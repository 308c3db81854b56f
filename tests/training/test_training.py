"""The best epoch of a run, runs over seeds, and data read without tf.data's tuner."""

from helpers import training
from helpers.training import quiet

import keras
import numpy as np
import pytest
import tensorflow as tf


@pytest.fixture
def history():
    history = keras.callbacks.History()
    history.history = {"val_loss": [3.0, 1.0, 2.0], "val_accuracy": [0.1, 0.2, 0.7], "loss": []}
    return history


@pytest.mark.parametrize(("monitor", "epoch"), [("val_loss", 2), ("val_accuracy", 3)])
def test_best_epoch_counts_from_one(history, monitor, epoch):
    assert training.best_epoch(history, monitor) == epoch


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
