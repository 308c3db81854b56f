"""Finished trainings: found again after an interruption, for the same settings only."""

from helpers import lesson
from helpers.training import keep

import keras
import numpy as np
import pytest
from keras import layers

SETTINGS = {"seed": 0, "epochs": 2}
X = np.random.default_rng(0).normal(size=(32, 3)).astype("float32")
Y = X.sum(axis=1)


class Fitted(Exception):  # noqa: N818  what stands for an interruption is no error
    """A model was trained."""


def build(units=4):
    return keras.Sequential([keras.Input(shape=(3,)), layers.Dense(units), layers.Dense(1)])


def fit(model):
    model.compile("sgd", "mse")
    return model.fit(X, Y, epochs=2, verbose=0)


def refuse(model):
    raise Fitted


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "course" / "19"


def test_a_finished_training_is_found_again(kept, shown):
    model, history = keep.train(build, fit, SETTINGS, kept)
    assert shown == []
    again, same = keep.train(build, refuse, SETTINGS, kept)
    assert [data[lesson.MIME] for data, _ in shown] == [{"type": "kept", "epochs": 2}]
    assert len(same.history["loss"]) == 2
    assert same.history == history.history
    assert again.evaluate(X, Y, verbose=0) == model.evaluate(X, Y, verbose=0)
    assert int(again.optimizer.iterations) == int(model.optimizer.iterations) > 0


def test_a_training_does_not_depend_on_those_before_it(kept):
    first, _ = keep.train(build, fit, SETTINGS, None)
    keras.utils.set_random_seed(7)
    keep.train(build, fit, {"seed": 1}, None)
    second, _ = keep.train(build, fit, SETTINGS, kept)
    np.testing.assert_array_equal(first.predict(X, verbose=0), second.predict(X, verbose=0))


@pytest.mark.parametrize(
    ("settings", "units"),
    [({"seed": 1, "epochs": 2}, 4), ({"seed": 0, "epochs": 3}, 4), (SETTINGS, 5)],
    ids=["seed", "epochs", "model"],
)
def test_anything_else_is_trained_anew(kept, settings, units):
    keep.train(build, fit, SETTINGS, kept)
    with pytest.raises(Fitted):
        keep.train(lambda: build(units), refuse, settings, kept)


def test_an_interrupted_training_leaves_nothing(kept):
    with pytest.raises(Fitted):
        keep.train(build, refuse, SETTINGS, kept)
    assert not kept.exists()


class Interrupt(keras.callbacks.Callback):
    """Stops a training when an epoch begins."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoch:
            raise Fitted


def fit_by_epoch(model, callback, interrupted_at=None):
    model.compile("rmsprop", "mse")
    callbacks = [callback, Interrupt(interrupted_at)]
    return model.fit(X, Y, epochs=5, shuffle=False, callbacks=callbacks, verbose=0)


@pytest.mark.parametrize("interrupted_at", [0, 1, 4])
def test_an_interrupted_training_goes_on_with_its_next_epoch(kept, interrupted_at):
    straight, whole = keep.train(build, fit_by_epoch, SETTINGS, None, by_epoch=True)
    with pytest.raises(Fitted):
        keep.train(
            build,
            lambda model, callback: fit_by_epoch(model, callback, interrupted_at),
            SETTINGS,
            kept,
            by_epoch=True,
        )
    resumed, history = keep.train(build, fit_by_epoch, SETTINGS, kept, by_epoch=True)
    np.testing.assert_allclose(history.history["loss"], whole.history["loss"], rtol=1e-5)
    x = X[:4]
    np.testing.assert_allclose(
        resumed.predict(x, verbose=0), straight.predict(x, verbose=0), rtol=1e-4
    )
    assert {path.suffix for path in kept.iterdir()} == {".json", ".keras"}


def test_epochs_of_another_seed_are_not_gone_on_with(kept):
    def interrupted(model, callback):
        return fit_by_epoch(model, callback, 3)

    with pytest.raises(Fitted):
        keep.train(build, interrupted, SETTINGS, kept, by_epoch=True)
    other = SETTINGS | {"seed": 1}
    _, history = keep.train(build, fit_by_epoch, other, kept, by_epoch=True)
    _, anew = keep.train(build, fit_by_epoch, other, None, by_epoch=True)
    np.testing.assert_allclose(history.history["loss"], anew.history["loss"], rtol=1e-5)


@pytest.mark.parametrize("missing", ["*.json", "*.keras"])
def test_half_of_a_kept_training_is_trained_anew(kept, missing):
    keep.train(build, fit, SETTINGS, kept)
    next(kept.glob(missing)).unlink()
    with pytest.raises(Fitted):
        keep.train(build, refuse, SETTINGS, kept)


def test_at_the_end_everything_goes(kept):
    keep.train(build, fit, SETTINGS, kept)
    assert {path.suffix for path in kept.iterdir()} == {".json", ".keras"}
    keep.discard(kept)
    assert not kept.exists()
    keep.discard(kept)
    keep.discard(None)


def test_chapters_keep_theirs_apart_in_the_cache_of_keras(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert keep.folder("19") == tmp_path / "course" / "19" != keep.folder("20")


def test_settings_without_a_seed_are_a_sentence(kept):
    with pytest.raises(ValueError, match="settings name epochs; give a seed"):
        keep.train(build, fit, {"epochs": 1}, kept)
