"""Finished trainings: found again after an interruption, if nothing has changed."""

import json
import random
import subprocess
import sys
import textwrap
import types
from pathlib import Path

from helpers import record
from helpers.training import keep

import keras
import numpy as np
import pytest
from keras import layers

pytestmark = pytest.mark.slow

X = np.random.default_rng(0).normal(size=(32, 3)).astype("float32")
Y = X.sum(axis=1)
ROOT = Path(__file__).parents[2]


class Fitted(Exception):  # noqa: N818  what stands for an interruption is no error
    """A model was trained."""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "course" / "19" / "seed-0"


@pytest.fixture
def run(folder):
    """Trains as a run would, after an interruption: it knows only what lies in the folder."""

    def train(build, fit, by_epoch=False, seed=0, kept=True, **facts):
        let_go()
        return keep.Keeper(folder if kept else None).train(build, fit, seed, facts, by_epoch)

    yield train
    let_go()


def let_go():
    """As if the process had been killed: nothing is claimed any more."""
    for place in keep._places.values():
        place._lock.close()
    keep._places.clear()


def build(units=4, rate=0.01, loss="mse", weights="glorot_uniform"):
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(units, kernel_initializer=weights),
            layers.Dropout(0.5),
            layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.RMSprop(rate), loss)
    return model


watch = types.SimpleNamespace(begun=[], stop=None, how=None)


class Begun(keras.callbacks.Callback):
    """Tells which epochs were trained; stops before one of them."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == watch.stop:
            watch.how()
        watch.begun.append(epoch)


def interrupt():
    raise Fitted


def fit(model, *callbacks):
    watch.begun.clear()
    return model.fit(X, Y, epochs=3, shuffle=False, verbose=0, callbacks=[Begun(), *callbacks])


def predictions(model):
    return model.predict(X, verbose=0)


def test_a_finished_training_is_found_again(run, shown):
    model, history = run(build, fit)
    assert (watch.begun, list(shown)) == ([0, 1, 2], [])
    watch.begun.clear()
    again, same = run(build, fit)
    assert watch.begun == []
    assert [data[record.MIME] for data, _ in shown] == [{"type": "kept", "epochs": 3}]
    assert same.history == history.history
    assert same.epoch == history.epoch == [0, 1, 2]
    np.testing.assert_array_equal(predictions(again), predictions(model))
    assert int(again.optimizer.iterations) == int(model.optimizer.iterations) == 3
    for old, new in zip(model.optimizer.variables, again.optimizer.variables, strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_kept_model_can_be_trained_on_as_the_trained_one(run):
    losses = []
    for _ in range(2):
        model, _ = run(build, fit)
        losses.append(model.fit(X, Y, epochs=2, verbose=0, shuffle=False).history["loss"])
    np.testing.assert_allclose(*losses, rtol=1e-5)


def test_a_training_does_not_depend_on_those_before_it(run):
    first, _ = run(build, fit, kept=False)
    keras.utils.set_random_seed(7)
    run(build, fit, seed=1)
    second, _ = run(build, fit)
    np.testing.assert_array_equal(predictions(first), predictions(second))


def test_what_is_drawn_afterwards_depends_on_the_seed_before_it_only(run):
    def after(seed, **options):
        keras.utils.set_random_seed(seed)
        run(build, fit, **options)
        return random.random(), np.random.rand(), float(keras.random.normal(()))

    trained, kept, without = after(1), after(1), after(1, kept=False)
    assert trained == kept == without
    assert not set(after(2)) & set(trained)


@pytest.mark.parametrize(
    "other",
    [
        {"build": lambda: build(units=5)},
        {"build": lambda: build(rate=0.1)},
        {"build": lambda: build(loss="mae")},
        {"build": lambda: build(weights="ones")},
        {"fit": lambda model: fit(model, keras.callbacks.TerminateOnNaN())},
        {"seed": 1},
        {"data": X + 1},
    ],
    ids=["architecture", "optimizer", "loss", "initial weights", "fit", "seed", "a fact"],
)
def test_anything_else_is_trained_anew(run, other):
    same = {"build": lambda: build(), "fit": lambda model: fit(model), "data": X}
    run(**same)
    watch.begun.clear()
    run(**same)
    assert watch.begun == []
    run(**same | other)
    assert watch.begun == [0, 1, 2]


class Sampling(layers.Layer):
    """A layer of one's own, with random numbers of its own."""

    def __init__(self, **options):
        super().__init__(**options)
        self.generator = keras.random.SeedGenerator(0)

    def call(self, x):
        return x + keras.random.normal(keras.ops.shape(x), seed=self.generator)


def build_functional():
    x = keras.Input((3,))
    model = keras.Model(x, layers.Dense(1)(Sampling()(x)))
    model.compile("adam", "mse")
    return model


class Pair(keras.Model):
    """Two networks, two optimizers, a step of its own and no `call`, as in a GAN."""

    def __init__(self):
        super().__init__()
        self.first = keras.Sequential([keras.Input((3,)), Sampling(), layers.Dense(2)])
        self.second = keras.Sequential([keras.Input((2,)), layers.Dense(1)])

    def compile(self, first, second):
        super().compile()
        self.first_optimizer, self.second_optimizer = first, second

    def train_step(self, data):
        import tensorflow as tf

        x, y = data
        with tf.GradientTape(persistent=True) as tape:
            error = self.second(self.first(x, training=True), training=True)[:, 0] - y
            loss = keras.ops.mean(error**2)
        for part, optimizer in (
            (self.second, self.second_optimizer),
            (self.first, self.first_optimizer),
        ):
            gradients = tape.gradient(loss, part.trainable_variables)
            optimizer.apply(gradients, part.trainable_variables)
        return {"loss": loss}


def build_pair():
    model = Pair()
    model.compile(keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.02))
    return model


@pytest.mark.parametrize("builder", [build_functional, build_pair])
@pytest.mark.parametrize("by_epoch", [False, True])
def test_models_with_classes_of_ones_own_are_kept(run, shown, builder, by_epoch):
    model, history = run(builder, fit, by_epoch)
    watch.begun.clear()
    again, same = run(builder, fit, by_epoch)
    assert watch.begun == []
    assert same.history == history.history
    for old, new in zip(model.weights, again.weights, strict=True):
        np.testing.assert_array_equal(old, new)
    names = [name for name, value in vars(model).items() if isinstance(value, keras.Optimizer)]
    for name in names:
        old, new = getattr(model, name).variables, getattr(again, name).variables
        for a, b in zip(old, new, strict=builder is build_functional):
            np.testing.assert_array_equal(a, b)
    if builder is build_pair:
        assert int(again.first_optimizer.iterations) == 3


@pytest.fixture
def interrupted(run, monkeypatch):
    """Trains and is interrupted before an epoch."""

    def train(builder, epoch, by_epoch=True):
        with monkeypatch.context() as patch:
            patch.setattr(watch, "stop", epoch)
            patch.setattr(watch, "how", interrupt)
            with pytest.raises(Fitted):
                run(builder, fit, by_epoch)

    return train


def build_without_dropout():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Dense(1)])
    model.compile("rmsprop", "mse")
    return model


@pytest.mark.parametrize("builder", [build_without_dropout, build_pair])
@pytest.mark.parametrize("epoch", [0, 1, 2])
def test_an_interrupted_training_goes_on_with_its_next_epoch(
    run, folder, interrupted, monkeypatch, builder, epoch
):
    monkeypatch.setattr(Sampling, "call", lambda self, x: x)  # what is left draws other numbers
    straight, whole = run(builder, fit, by_epoch=True, kept=False)
    interrupted(builder, epoch)
    resumed, history = run(builder, fit, by_epoch=True)
    assert list(range(epoch, 3)) == watch.begun
    np.testing.assert_allclose(history.history["loss"], whole.history["loss"], rtol=1e-5)
    for old, new in zip(straight.weights, resumed.weights, strict=True):
        np.testing.assert_allclose(old, new, rtol=1e-4, atol=1e-6)
    assert sorted(path.name.split(".", 1)[1] for path in folder.iterdir()) == [
        "json",
        "lock",
        "weights.h5",
    ]


def test_epochs_of_another_seed_are_not_gone_on_with(run, interrupted):
    interrupted(build, 2)
    run(build, fit, by_epoch=True, seed=1)
    assert watch.begun == [0, 1, 2]


def test_an_interrupted_training_without_epochs_begins_anew(run, interrupted):
    interrupted(build, 1, by_epoch=False)
    run(build, fit)
    assert watch.begun == [0, 1, 2]


def test_a_killed_process_is_gone_on_with_and_ends_with_the_same_weights(run, folder):
    program = f"""
        import os, pathlib
        from tests.training import test_keep as t
        t.watch.stop, t.watch.how = 2, lambda: os._exit(9)
        keeper = t.keep.Keeper(pathlib.Path({str(folder)!r}))
        keeper.train(t.build_without_dropout, t.fit, 0, {{}}, by_epoch=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    assert subprocess.run(command, timeout=300, cwd=ROOT).returncode == 9
    resumed, history = run(build_without_dropout, fit, by_epoch=True)
    assert watch.begun == [2]
    straight, whole = run(build_without_dropout, fit, by_epoch=True, kept=False)
    np.testing.assert_allclose(history.history["loss"], whole.history["loss"], rtol=1e-5)
    np.testing.assert_allclose(predictions(resumed), predictions(straight), rtol=1e-4)


@pytest.mark.parametrize("ending", ["json", "weights.h5"])
@pytest.mark.parametrize("damage", ["missing", "cut off"])
def test_half_of_a_kept_training_is_trained_anew(run, folder, ending, damage):
    model, _ = run(build, fit)
    file = next(path for path in folder.iterdir() if path.name.split(".", 1)[1] == ending)
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    again, _ = run(build, fit)
    assert watch.begun == [0, 1, 2]
    np.testing.assert_array_equal(predictions(again), predictions(model))


@pytest.mark.parametrize("ending", ["epochs.json", "epoch-2.weights.h5"])
def test_damaged_epochs_are_trained_anew(run, folder, interrupted, ending):
    straight, _ = run(build, fit, by_epoch=True, kept=False)
    interrupted(build, 2)
    next(folder.glob(f"*.{ending}")).write_bytes(b"{")
    again, _ = run(build, fit, by_epoch=True)
    assert watch.begun == [0, 1, 2]
    np.testing.assert_allclose(predictions(again), predictions(straight), rtol=1e-5)


@pytest.mark.parametrize("epoch", [None, 2])
def test_the_table_is_written_last_and_whole(run, folder, monkeypatch, epoch):
    """Neither half of the files nor a half-written one is ever under the name that counts."""

    def fail(self, text):
        folder_then.extend(path.name.split(".", 1)[1] for path in folder.iterdir())
        raise KeyboardInterrupt

    folder_then = []
    monkeypatch.setattr(keep.Path, "write_text", fail)
    with pytest.raises(KeyboardInterrupt):
        run(build, fit, by_epoch=epoch is not None)
    assert not {"json", "epochs.json"} & set(folder_then)
    assert {"weights.h5", "epoch-1.weights.h5"} & set(folder_then)


def test_at_the_end_only_what_the_run_has_used_goes(folder, run):
    other = keep.Keeper(folder)
    other.train(build, fit, 0, {"mine": False})
    kept = set(folder.iterdir())
    keeper = keep.Keeper(folder)
    keeper.train(build, fit, 0, {"mine": True})
    assert len(set(folder.iterdir())) == 2 * len(kept) == 6
    keeper.discard()
    assert set(folder.iterdir()) == kept
    other.discard()
    assert not folder.parent.exists()
    other.discard()
    keep.Keeper(None).discard()


def test_a_chapter_begun_again_in_the_same_process_has_its_places_still(folder, run, shown):
    keep.Keeper(folder).train(build, fit, 0, {})
    keep.Keeper(folder).train(build, fit, 0, {})
    assert [data[record.MIME]["type"] for data, _ in shown] == ["kept"]


def test_of_two_processes_one_keeps_and_the_other_just_trains(folder, run, shown):
    program = f"""
        from pathlib import Path
        from helpers.training import keep
        place = keep._Place(Path({str(folder)!r}), {key()!r})
        print("held", flush=True)
        input()
    """
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert holder.stdout.readline() == "held\n"
    run(build, fit)
    assert watch.begun == [0, 1, 2]
    assert [data["text/plain"] for data, _ in shown] == [
        "Another process runs this training, too: this one does not keep it."
    ]
    assert [path.suffix for path in folder.iterdir()] == [".lock"]
    holder.kill()
    holder.communicate()
    run(build, fit)
    assert len(list(folder.glob("*.json"))) == 1


def key():
    """The key of the training that the tests run."""
    keys = []
    keeper = keep.Keeper(None)
    keeper._claim = keys.append
    keeper.train(build, fit, 0, {})
    return keys[0]


@pytest.mark.parametrize("by_epoch", [False, True])
def test_a_folder_that_cannot_be_written_is_told_before_the_first_epoch(
    tmp_path, run, shown, by_epoch
):
    (tmp_path / "course").write_text("a file where the folder should be")

    def watched(model, *callbacks):
        told.extend(data["text/plain"] for data, _ in shown)
        return fit(model, *callbacks)

    told = []
    keeper = keep.Keeper(tmp_path / "course" / "19")
    for _ in range(2):
        _, history = keeper.train(build, watched, 0, {}, by_epoch)
        assert len(history.history["loss"]) == 3
    assert "Trainings are not kept" in told[0]
    assert len(shown) == 1, "it is said once a run"


@pytest.mark.parametrize("by_epoch", [False, True])
def test_a_disk_that_is_full_costs_no_training(run, shown, monkeypatch, by_epoch):
    def full(self, *arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keras.Model, "save_weights", full)
    _, history = run(build, fit, by_epoch)
    assert len(history.history["loss"]) == 3
    assert [
        "cannot be written (No space left on device)" in data["text/plain"] for data, _ in shown
    ] == [True]


def not_compiled():
    return keras.Sequential([keras.Input((3,)), layers.Dense(1)])


def not_built():
    model = keras.Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize(
    ("builder", "error", "words"),
    [
        (not_compiled, ValueError, "not compiled: call model.compile"),
        (not_built, ValueError, "no weights yet: begin it with keras.Input"),
        (lambda: None, TypeError, "`build` returned NoneType; return a compiled"),
    ],
)
@pytest.mark.parametrize("kept", [True, False])
def test_a_model_that_could_not_be_kept_is_a_sentence(run, builder, error, words, kept):
    with pytest.raises(error, match=words):
        run(builder, fit, kept=kept)


def test_fit_that_returns_no_history_is_a_sentence(run):
    with pytest.raises(TypeError, match=r"`fit` returned NoneType; return what model\.fit returns"):
        run(build, lambda model: None)


def test_tables_are_json_with_curves_by_name(run, folder):
    _, history = run(build, fit)
    table = json.loads(next(folder.glob("*.json")).read_text())
    assert table["curves"] == history.history
