"""Trainings that take long: keep each finished one, in case the run is interrupted.

A run that begins again finds what it had finished and trains the rest. A training of very many
epochs may be kept after each of them. A run that reaches its end throws everything away, so that
no later run shows what an earlier one has measured.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers import lesson
from helpers.data.registry import cache_dir

import keras
from keras.callbacks import History


def folder(chapter: str) -> Path:
    """Where a chapter keeps its finished trainings: in Keras's cache, ``course/NN``."""
    return cache_dir() / "course" / chapter


def train(
    build: Callable[[], keras.Model],
    fit: Callable[..., History],
    settings: Mapping[str, object],
    kept: Path | None,
    by_epoch: bool = False,
) -> tuple[keras.Model, History]:
    """Build a model and fit it, or take what was kept of it and say so.

    Parameters
    ----------
    build
        Returns a fresh model. Called in both cases, after Keras and all random generators have
        been set to ``settings["seed"]``, so that a model does not depend on those before it.
    fit
        Trains it and returns what ``model.fit`` returns.
    settings
        All that the result depends on besides the model itself, as JSON can write it: the seed, the
        epochs, the data. Another value, another model or another Keras trains anew.
    kept
        The folder, from :func:`folder`; None keeps nothing.
    by_epoch
        Whether to keep each epoch, too. ``fit`` then gets the model and a callback for
        ``model.fit``. What is left of an interrupted training draws other random numbers than it
        would have, and a callback of your own starts without a memory.

    Returns
    -------
    tuple
        The trained model, with its optimizer's state, and its history.

    Raises
    ------
    ValueError
        If the settings name no seed.
    """
    if "seed" not in settings:
        raise ValueError(f"The settings name {', '.join(settings) or 'nothing'}; give a seed too.")
    keras.backend.clear_session()  # names of layers begin anew: the same model has the same key
    keras.utils.set_random_seed(settings["seed"])
    model = build()
    if kept is None:
        return model, fit(model, *[keras.callbacks.Callback()] * by_epoch)
    file, table = _files(model, settings, kept)
    history = History()
    if table.exists() and file.exists():  # the table is written last, so the model is whole
        model = keras.models.load_model(file)
        history.history = json.loads(table.read_text())
        epochs = len(history.history["loss"])
        line = f"Kept from an interrupted run: a network trained for {epochs} epochs."
        lesson.note({"type": "kept", "epochs": epochs}, line)
        return model, history
    curves = fit(model, *[_EveryEpoch(file.with_suffix(""))] * by_epoch).history
    history.history = {name: [*map(float, values)] for name, values in curves.items()}
    kept.mkdir(parents=True, exist_ok=True)
    model.save(file)
    _write(table, history.history)
    return model, history


class _EveryEpoch(keras.callbacks.BackupAndRestore):
    """Keeps model, optimizer and curves after each epoch, and goes on from the last one kept."""

    def __init__(self, folder: Path):
        super().__init__(str(folder), double_checkpoint=True)
        self.table = folder / "curves.json"
        self.curves = {}

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        if self.model._initial_epoch:
            kept = json.loads(self.table.read_text())
            self.curves = {name: kept[name][: self.model._initial_epoch] for name in kept}

    def on_epoch_end(self, epoch, logs=None):
        for name, value in (logs or {}).items():
            self.curves.setdefault(name, []).append(float(value))
        self.table.parent.mkdir(parents=True, exist_ok=True)
        _write(self.table, self.curves)  # before the epoch is counted, so never too short
        super().on_epoch_end(epoch, logs)

    def on_train_end(self, logs=None):
        super().on_train_end(logs)
        self.model.history.history = self.curves


def _write(table: Path, curves: Mapping[str, list[float]]) -> None:
    """All of it or nothing."""
    partial = table.with_suffix(".partial")
    partial.write_text(json.dumps(curves))
    partial.replace(table)


def _files(model: keras.Model, settings: Mapping, kept: Path) -> tuple[Path, Path]:
    """The files for a model with these settings."""
    facts = [keras.__version__, model.get_config(), dict(settings)]
    key = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:16]
    return kept / f"{key}.keras", kept / f"{key}.json"


def discard(kept: Path | None) -> None:
    """Throw away what a chapter has kept: it has reached its end."""
    if kept is not None:
        shutil.rmtree(kept, ignore_errors=True)
