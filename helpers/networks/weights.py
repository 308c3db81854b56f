"""Weights of networks that others trained: loaded only if a hash says that they are unharmed."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from pathlib import Path

from helpers.data import registry
from helpers.data.registry import DataError
from helpers.networks.stand_ins import drawn_base

import keras
import numpy as np

VGG16 = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
MOBILENET = "mobilenet_7_5_224_tf_no_top.h5"
# Keras names no hash of MobileNet's file, and the same values may lie in files of other layout. So
# the hash is that of the values, in the order of `get_weights`.
VALUES = {
    MOBILENET: "a0432ad98318d46e38775a9d969f10ba4758d5a4c8aa1f04a86b6d5025bb6bc4",
    "mobilenet_7_5_224_tf.h5": "d1775b21b9615876ea5721ad8d99caf8b7525f14e18ae6f6505b0f0ae95e0841",
    drawn_base.WEIGHTS.name: "415dfbd25c39cbf29d4f21bdce0867cd03244a67fc87eb650bca337ec4139d81",
}


def load_weights(model: keras.Model, file: str) -> None:
    """Set all weights of a model to those of a file, and check them.

    Parameters
    ----------
    model
        Of the architecture that the weights belong to.
    file
        A file of the registry in the folder ``models``, or the course's own ``drawn_base.npz``.

    Raises
    ------
    DataError
        If the file is missing, damaged, or holds other weights.
    """
    if file == drawn_base.WEIGHTS.name:
        path = drawn_base.WEIGHTS
        way_out = "install the course again, or restore the file from its repository"
    else:
        path = _in_cache(file)
        way_out = "put the right file there, or use the profile 'sample'"
    try:
        if path.suffix == ".npz":
            drawn_base.load_weights(model)
        else:
            model.load_weights(path)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} cannot be read as weights of {model.name}; {way_out}.") from error
    expected = VALUES.get(file)
    if expected and digest(model) != expected:
        raise DataError(
            f"{path} is damaged or holds other weights: the sha256 of their values is "
            f"{digest(model)}, not {expected}; {way_out}."
        )


def digest(model: keras.Model) -> str:
    """The sha256 of all weights' values, as 32-bit floats in the order of ``get_weights``."""
    values = hashlib.sha256()
    for weight in model.get_weights():
        values.update(np.ascontiguousarray(weight, dtype="<f4").tobytes())
    return values.hexdigest()


def _in_cache(file: str) -> Path:
    """The file in Keras's cache; downloaded only if the registry knows its hash."""
    entry = registry.entries()[file]
    if not entry.sha256 and entry.path.exists():
        return entry.path
    try:
        return registry.fetch(file)
    except DataError as error:
        if entry.sha256:
            raise
        raise DataError(
            f"{error} Download it yourself into {entry.path.parent}: its values are checked when "
            "they are loaded. Or use another base, or the profile 'sample'."
        ) from error
