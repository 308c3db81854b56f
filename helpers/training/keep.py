"""Trainings that take long: keep each finished one, in case the run is interrupted.

A run that begins again finds what it had finished and trains the rest. A training of very many
epochs may be kept after each of them. A run that reaches its end throws away what it has kept, so
that no later run shows what an earlier one has measured. Chapters call it as ``run.keep``.

Weights and the optimizer's state are kept, never a class: they are loaded into the model that
`build` has just made. Of two processes with the same training one keeps it, the other just trains.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.record import note, say
from helpers.training.key import optimizers, training_key

import keras
from keras.callbacks import History

_NOT_LOADED = (OSError, ValueError, KeyError, AttributeError, IndexError, TypeError)


class Keeper:
    """What one run keeps of its trainings.

    Parameters
    ----------
    folder
        Where; made when it is needed. None keeps nothing.
    """

    def __init__(self, folder: Path | None):
        self.folder = folder
        self._places: list[_Place] = []
        self._told: set[str] = set()

    def train(
        self,
        build: Callable[[], keras.Model],
        fit: Callable[..., History],
        seed: int,
        facts: Mapping[str, object],
        by_epoch: bool = False,
    ) -> tuple[keras.Model, History]:
        """Build a model and fit it, or take what was kept of it and say so.

        Parameters and result are those of :meth:`helpers.lesson.Run.keep`; `seed` is what all
        random generators are set to before `build`, so that a model does not depend on those
        before it. What is drawn afterwards depends on the seed set before the call, and not on
        whether the model was trained or kept.

        Raises
        ------
        TypeError
            If `build` or `fit` returns something else, or a fact cannot be looked into.
        ValueError
            If the model is not compiled or has no weights yet.
        """
        afterwards = random.getrandbits(32)
        model = _fresh(build, seed)
        place = self._claim(training_key(model, build, fit, {**facts, "the run's seed": seed}))
        curves = place.load(model) if place else None
        if curves is not None:
            epochs = len(next(iter(curves.values()), []))
            line = say("Kept from an interrupted run: {epochs} epochs.", epochs=epochs)
            note({"type": "kept", "epochs": epochs}, line)
        else:
            if place and place.table.exists():  # damaged, and perhaps half of it loaded
                model = _fresh(build, seed)
            callback = _EveryEpoch(self, place) if place else keras.callbacks.Callback()
            trained = fit(model, *[callback] * by_epoch)
            if not isinstance(getattr(trained, "history", None), Mapping):
                raise TypeError(
                    f"`fit` returned {type(trained).__name__}; return what model.fit returns."
                )
            curves = {name: [*map(float, values)] for name, values in trained.history.items()}
            self.save(place, model, curves)
        keras.utils.set_random_seed(afterwards)
        history = History()
        history.history = curves
        history.epoch = list(range(len(next(iter(curves.values()), []))))
        return model, history

    def save(
        self,
        place: _Place | None,
        model: keras.Model,
        curves: Mapping[str, list[float]],
        epoch: int | None = None,
    ) -> None:
        """Keep what was trained, if there is a place; a disk that refuses it costs no training."""
        if place is not None and not place.lost:
            try:
                place.save(model, curves, epoch)
            except (OSError, RuntimeError) as error:  # h5py raises both where a disk is full
                place.lost = True
                self._tell(error)

    def discard(self) -> None:
        """Throw away what this run has kept or found kept."""
        for place in self._places:
            place.discard()
        self._places.clear()

    def _claim(self, key: str) -> _Place | None:
        """The place for a training; None, and a line that says why, if nothing can be kept."""
        if self.folder is None:
            return None
        place = _places.get(self.folder / key)
        try:
            place = place or _Place(self.folder, key)
        except OSError as error:
            self._tell(error)
            return None
        if place not in self._places:
            self._places.append(place)
        return place

    def _tell(self, error: OSError | RuntimeError) -> None:
        number = getattr(error, "errno", None)
        if isinstance(error, BlockingIOError):
            line = say("Another process runs this training, too: this one does not keep it.")
        else:
            line = say(
                "Trainings are not kept, should this run be interrupted: {folder} cannot be "
                "written ({reason}).",
                folder=self.folder,
                reason=os.strerror(number) if number else error,
            )
        if line not in self._told:
            self._told.add(line)
            note(None, line, colour="#E69F00")


# What this process has claimed: a chapter that is begun again in the same notebook has it already.
_places: dict[Path, _Place] = {}


class _Place:
    """The files of one training; while it stands, no other process has it.

    Raises
    ------
    BlockingIOError
        If another process has it.
    OSError
        If the folder cannot be written.
    """

    def __init__(self, folder: Path, key: str):
        self.path = folder / key
        self.weights = self._file("weights.h5")
        self.table = self._file("json")
        self.epochs = self._file("epochs.json")
        self.lost = False
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = self._file("lock").open("w")
        try:
            _lock(self._lock.fileno())
            # Who had it may have thrown the file away between the two lines above.
            if not os.path.samestat(os.fstat(self._lock.fileno()), os.stat(self._lock.name)):
                raise BlockingIOError("another process had it")
        except OSError:
            self._lock.close()
            raise
        _places[self.path] = self

    def load(self, model: keras.Model) -> dict[str, list[float]] | None:
        """Put what was finished into the model; its curves, or None if there is no whole one."""
        try:
            kept = json.loads(self.table.read_text())
            _load(model, self.weights, kept)
            return kept["curves"]
        except _NOT_LOADED:
            return None

    def save(
        self, model: keras.Model, curves: Mapping[str, list[float]], epoch: int | None
    ) -> None:
        """Write weights, then the table that names them: what is interrupted does not count."""
        weights = self.weights if epoch is None else self._file(_epoch(epoch))
        table = self.table if epoch is None else self.epochs
        model.built = True  # a class without `call` never says so, and Keras would refuse
        partial = self._file("partial.weights.h5")
        model.save_weights(partial, overwrite=True)
        partial.replace(weights)
        kept = {
            "curves": curves,
            "epoch": epoch,
            "optimizers": _optimized(model),
            "seeds": [keras.ops.convert_to_numpy(seed).tolist() for seed in _seeds(model)],
        }
        partial = self._file("partial.json")
        partial.write_text(json.dumps(kept))
        partial.replace(table)
        self._forget_epochs(but=epoch)

    def load_epochs(self, model: keras.Model) -> tuple[int, dict[str, list[float]]]:
        """Put the last epoch kept into the model; how many there are, and their curves."""
        start = model.get_weights()
        try:
            kept = json.loads(self.epochs.read_text())
            _load(model, self._file(_epoch(kept["epoch"])), kept)
            return kept["epoch"], kept["curves"]
        except _NOT_LOADED:
            model.set_weights(start)
            return 0, {}

    def discard(self) -> None:
        """Remove all files, and the folders of the chapter if they are empty then."""
        _places.pop(self.path, None)
        self._lock.close()
        for file in self.path.parent.glob(f"{self.path.name}.*"):
            with contextlib.suppress(OSError):
                file.unlink()
        with contextlib.suppress(OSError):  # not empty: others keep something there
            self.path.parent.rmdir()
            self.path.parent.parent.rmdir()

    def _forget_epochs(self, but: int | None) -> None:
        if but is None:
            self.epochs.unlink(missing_ok=True)
        for file in self.path.parent.glob(f"{self.path.name}.{_epoch('*')}"):
            if but is None or file != self._file(_epoch(but)):
                file.unlink()

    def _file(self, ending: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{ending}")


class _EveryEpoch(keras.callbacks.Callback):
    """Keeps weights, optimizer and curves after each epoch, and goes on from the last one kept."""

    def __init__(self, keeper: Keeper, place: _Place):
        super().__init__()
        self.keeper = keeper
        self.place = place
        self.curves: dict[str, list[float]] = {}

    def on_train_begin(self, logs: dict | None = None) -> None:
        epoch, self.curves = self.place.load_epochs(self.model)
        self.model._initial_epoch = epoch  # as keras.callbacks.BackupAndRestore does

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        for name, value in (logs or {}).items():
            self.curves.setdefault(name, []).append(float(value))
        self.keeper.save(self.place, self.model, self.curves, epoch + 1)

    def on_train_end(self, logs: dict | None = None) -> None:
        self.model.history.history = self.curves


def _fresh(build: Callable[[], keras.Model], seed: int) -> keras.Model:
    """A model that does not depend on those before it: layers' names begin anew, too."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    model = build()
    if not isinstance(model, keras.Model):
        raise TypeError(f"`build` returned {type(model).__name__}; return a compiled keras.Model.")
    if not getattr(model, "compiled", False):
        raise ValueError(
            "`build` returned a model that is not compiled: call model.compile(…) in `build`, not "
            "in `fit`, so that another optimizer or loss is another training."
        )
    if not model.weights:
        raise ValueError(
            "`build` returned a model that has no weights yet: begin it with keras.Input, or call "
            "it once on a batch in `build`, so that kept weights can be put into it."
        )
    return model


def _optimized(model: keras.Model) -> dict[str, list]:
    """By an optimizer's name: which of the model's weights it trains, in its own order."""
    number = {id(weight): i for i, weight in enumerate(model.weights)}
    trained = {
        name: [number.get(id(weight)) for weight in optimizer._trainable_variables]
        for name, optimizer in optimizers(model).items()
        if optimizer.built
    }
    return {name: numbers for name, numbers in trained.items() if None not in numbers}


def _seeds(model: keras.Model) -> list[keras.Variable]:
    """Where dropout and the like are in their random numbers, which Keras saves nowhere."""
    return [variable for variable in model.variables if "seed_generator" in variable.path]


def _load(model: keras.Model, weights: Path, kept: Mapping) -> None:
    for name, numbers in kept["optimizers"].items():
        if not getattr(model, name).built:
            getattr(model, name).build([model.weights[i] for i in numbers])
    model.built = True
    model.load_weights(weights)
    for seed, value in zip(_seeds(model), kept["seeds"], strict=True):
        seed.assign(value)


def _epoch(epoch: int | str) -> str:
    return f"epoch-{epoch}.weights.h5"


def _lock(descriptor: int) -> None:
    """Claim an open file until it is closed or the process ends, however it ends."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from error
