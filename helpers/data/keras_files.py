"""What several of Keras's loaders do alike: read a file of theirs, shuffle it, split it."""

from __future__ import annotations

import json

from helpers.data import registry

import numpy as np

__all__ = ["SEED", "Part", "read_word_index", "read_x_y", "split"]

SEED = 113  # of every shuffle in ``keras.datasets``
_TEST_SHARE = 0.2

Part = tuple[np.ndarray, np.ndarray]


def read_x_y(file: str) -> Part:
    """The arrays ``x`` and ``y`` of an .npz file of the registry.

    Raises
    ------
    DataError
        If the file cannot be had.
    """
    with np.load(registry.fetch(file), allow_pickle=True) as arrays:
        return arrays["x"], arrays["y"]


def split(x: np.ndarray, y: np.ndarray) -> tuple[Part, Part]:
    """Shuffle as Keras does, and put the last fifth aside for the test.

    Parameters
    ----------
    x, y
        Shapes ``(n, ...)`` and ``(n,)``.

    Returns
    -------
    tuple
        ``(x_train, y_train), (x_test, y_test)``.

    Examples
    --------
    >>> (x_train, _), (x_test, y_test) = split(np.arange(10), np.arange(10) ** 2)
    >>> len(x_train), bool((x_test**2 == y_test).all())
    (8, True)
    """
    order = np.random.RandomState(SEED).permutation(len(x))
    x, y = x[order], y[order]
    cut = int(len(x) * (1 - _TEST_SHARE))
    return (x[:cut], y[:cut]), (x[cut:], y[cut:])


def read_word_index(file: str) -> dict[str, int]:
    """The dictionary from words to ranks in a .json file of the registry.

    Raises
    ------
    DataError
        If the file cannot be had.
    """
    return json.loads(registry.fetch(file).read_text(encoding="utf-8"))
