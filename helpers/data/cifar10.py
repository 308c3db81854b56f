"""CIFAR-10: 32 x 32 colour pictures of airplanes, cats, ships and seven other things."""

from __future__ import annotations

import pickle
import tarfile
from pathlib import Path

from helpers.data import given_file, registry
from helpers.data.profile import announce, is_sample
from helpers.data.stand_ins import cifar10 as sample

import numpy as np

Images = tuple[np.ndarray, np.ndarray]

__all__ = ["LABEL_NAMES", "load_data"]

_ARCHIVE = "cifar-10-batches-py-target_archive"
_BATCHES = tuple(f"data_batch_{i}" for i in range(1, 6))
_ARRAYS = ("x_train", "y_train", "x_test", "y_test")

# What NumPy raises for a file that is empty, cut off, of another kind or with other arrays.
_UNREADABLE = (*given_file.UNREADABLE, KeyError, TypeError, AttributeError)

LABEL_NAMES: tuple[str, ...] = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
"""What each label 0 to 9 stands for."""


def load_data(profile: str, path: str | Path | None = None) -> tuple[Images, Images]:
    """Load the training and the test pictures with their labels.

    Parameters
    ----------
    profile
        ``"full"``: 50,000 + 10,000 real pictures. ``"sample"``: 1,000 + 300 drawn ones, see
        :mod:`helpers.data.stand_ins.cifar10`.
    path
        In ``"full"``, an ``.npz`` file with some of the real pictures, to be read instead of the
        public archive of 170 MB; if None, the environment variable ``DL_CIFAR10`` may name one.
        Prints one line saying so.

    Returns
    -------
    tuple
        ``(x_train, y_train), (x_test, y_test)`` as from ``keras.datasets.cifar10``: pictures
        ``(n, 32, 32, 3)``, RGB, and labels ``(n, 1)``, all uint8.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the archive cannot be had, or the file at `path` is missing or holds something else.
    """
    if is_sample(profile):
        announce("CIFAR-10", "1,300 small drawings of the ten things")
        return sample.load()
    part = given_file.path_of(path, "DL_CIFAR10")
    if part is not None:
        return _read_subset(part)
    return _read_archive(registry.fetch(_ARCHIVE))


def _read_archive(path: Path) -> tuple[Images, Images]:
    """Read the batches, Python's pickles, from the archive, whose hash has been checked."""
    batches = {}
    with tarfile.open(path) as archive:
        for name in (*_BATCHES, "test_batch"):
            file = archive.extractfile(f"cifar-10-batches-py/{name}")
            assert file is not None, "the hash is right, so the batch is there"
            batches[name] = pickle.load(file, encoding="bytes")
    return _join([batches[name] for name in _BATCHES]), _join([batches["test_batch"]])


def _join(batches: list[dict]) -> Images:
    """Rows of 3,072 numbers, channel after channel, to pictures; lists of labels to a column."""
    rows = np.concatenate([batch[b"data"] for batch in batches])
    labels = np.concatenate([batch[b"labels"] for batch in batches])
    pictures = rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return pictures, labels.astype("uint8")[:, np.newaxis]


def _read_subset(path: Path) -> tuple[Images, Images]:
    try:
        with np.load(path) as file:
            x_train, y_train, x_test, y_test = (file[name] for name in _ARRAYS)
    except _UNREADABLE as error:
        raise registry.DataError(
            f"{path.name} cannot be read as a part of CIFAR-10; give the path of an .npz file with "
            f"the arrays {', '.join(_ARRAYS)}, or no path for the whole data set."
        ) from error
    for pictures, labels in ((x_train, y_train), (x_test, y_test)):
        if pictures.shape != (len(labels), 32, 32, 3) or labels.shape != (len(labels), 1):
            raise registry.DataError(
                f"{path.name} holds pictures of shape {pictures.shape} and labels of shape "
                f"{labels.shape}; they should be (n, 32, 32, 3) and (n, 1)."
            )
    print(
        f"A subset of CIFAR-10: {len(x_train):,} of 50,000 training and {len(x_test):,} pictures "
        f"to test, from {path.name}. Fewer pictures, more overfitting and lower accuracies."
    )
    return (x_train, y_train), (x_test, y_test)
