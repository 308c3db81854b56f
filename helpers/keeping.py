"""Trainings that take long: keep each finished one, in case the run is interrupted.

A run that begins again finds what it had finished and trains the rest. A run that reaches its end
throws everything away, so that no later run shows what an earlier one has measured.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.data.registry import cache_dir

import keras
from keras.callbacks import History


def folder(chapter: str) -> Path:
    """Where a chapter keeps its finished trainings: in Keras's cache, ``course/NN``."""
    return cache_dir() / "course" / chapter


def train(
    build: Callable[[], keras.Model],
    fit: Callable[[keras.Model], History],
    settings: Mapping[str, object],
    kept: Path | None,
) -> tuple[keras.Model, History]:
    """Build a model and fit it, or take the weights and the history that are kept of it.

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

    Returns
    -------
    tuple
        The trained model and its history.

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
        return model, fit(model)
    weights, table = _files(model, settings, kept)
    history = History()
    if table.exists():  # written last, so the weights are whole
        model.load_weights(weights)
        history.history = json.loads(table.read_text())
        return model, history
    curves = fit(model).history
    history.history = {name: [*map(float, values)] for name, values in curves.items()}
    kept.mkdir(parents=True, exist_ok=True)
    model.save_weights(weights)
    partial = table.with_suffix(".partial")
    partial.write_text(json.dumps(history.history))
    partial.replace(table)
    return model, history


def _files(model: keras.Model, settings: Mapping, kept: Path) -> tuple[Path, Path]:
    """The files for a model with these settings."""
    facts = [keras.__version__, model.get_config(), dict(settings)]
    key = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:16]
    return kept / f"{key}.weights.h5", kept / f"{key}.json"


def discard(kept: Path | None) -> None:
    """Throw away what a chapter has kept: it has reached its end."""
    if kept is not None:
        shutil.rmtree(kept, ignore_errors=True)
