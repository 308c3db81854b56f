"""Weights of networks that others trained: loaded only if a hash says that they are unharmed."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from helpers.data import registry
from helpers.data.registry import DataError

import keras
import numpy as np

__all__ = ["WeightsFile", "digest", "load_weights"]

_OWN = Path(__file__).with_name("stand_ins")


@dataclass(frozen=True)
class WeightsFile:
    """A file of weights, and how it is known to be the right one.

    Attributes
    ----------
    name
        Of a file of the registry in the folder ``models``, or of one of the course's own,
        ``"drawn_base.npz"``.
    values
        What :func:`digest` says of a network with these weights; the same values may lie in files
        of other layout. Empty: not known.
    md5
        Of the file, as ``keras.applications`` prints it. It counts where the registry has no
        sha256; empty: not known.
    """

    name: str
    values: str = ""
    md5: str = ""

    @property
    def path(self) -> Path:
        """Where the file lies, or would lie."""
        own = _OWN / self.name
        return own if own.suffix == ".npz" else registry.entries()[self.name].path


def load_weights(model: keras.Model, file: WeightsFile) -> None:
    """Set all weights of a model to those of a file, and check them.

    Parameters
    ----------
    model
        Of the architecture that the weights belong to.
    file
        The file, and what it has to be.

    Raises
    ------
    DataError
        If the file is missing, damaged, or holds other weights.
    """
    own = file.path.suffix == ".npz"
    way_out = (
        "install the course again, or restore the file from its repository"
        if own
        else "put the right file there, or use PROFILE = 'sample' in the first code cell"
    )
    path = file.path if own else _in_cache(file)
    try:
        if own:
            with np.load(path) as stored:  # 16 bits each
                model.set_weights([stored[name].astype("float32") for name in stored.files])
        else:
            model.load_weights(path)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} cannot be read as weights of {model.name}; {way_out}.") from error
    if file.values and digest(model) != file.values:
        raise DataError(
            f"{path} is damaged or holds other weights: the sha256 of their values is "
            f"{digest(model)}, not {file.values}; {way_out}."
        )


def digest(model: keras.Model) -> str:
    """The sha256 of all weights' values, as 32-bit floats in the order of ``get_weights``.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.set_weights([np.array([[1.0]]), np.array([0.5])])
    >>> digest(model)[:8]
    'b09540ff'
    """
    values = hashlib.sha256()
    for weight in model.get_weights():
        values.update(np.ascontiguousarray(weight, dtype="<f4").tobytes())
    return values.hexdigest()


def _in_cache(file: WeightsFile) -> Path:
    """The file in Keras's cache; downloaded only if the registry knows its hash."""
    entry = registry.entries()[file.name]
    if not entry.sha256 and entry.path.exists():
        _check_md5(entry.path, file.md5)
        return entry.path
    try:
        return registry.fetch(file.name)
    except DataError as error:
        if entry.sha256:
            raise
        raise DataError(
            f"{error} Download it yourself into {entry.path.parent}: it is checked when it is "
            "loaded. Or use another base, or PROFILE = 'sample' in the first code cell."
        ) from error


def _check_md5(path: Path, expected: str) -> None:
    """Compare a file with the hash that Keras prints for it, where there is one."""
    if not expected:
        return
    try:
        with path.open("rb") as opened:
            found = hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False))
    except OSError as error:
        raise DataError(
            f"{path} cannot be read; make it a readable file, or use PROFILE = 'sample' in the "
            "first code cell."
        ) from error
    if found.hexdigest() != expected:
        raise DataError(
            f"{path} is damaged or another file: its md5 is {found.hexdigest()}, not {expected}; "
            "put the right file there, or use PROFILE = 'sample' in the first code cell."
        )
