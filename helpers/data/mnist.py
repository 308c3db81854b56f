"""MNIST: 28 x 28 pictures of handwritten digits."""

from __future__ import annotations

from helpers.data import registry
from helpers.data.profile import announce, is_sample
from helpers.data.stand_ins import mnist as sample

import numpy as np

__all__ = ["load_data"]

Images = tuple[np.ndarray, np.ndarray]


def load_data(profile: str) -> tuple[Images, Images]:
    """Load the training and the test pictures with their digits.

    Parameters
    ----------
    profile
        ``"full"``: 60,000 + 10,000 real pictures. ``"sample"``: 4,000 + 1,000 made from real
        digits of another collection, see :mod:`helpers.data.stand_ins.mnist`.

    Returns
    -------
    tuple
        ``(x_train, y_train), (x_test, y_test)`` as from ``keras.datasets.mnist``: pictures
        ``(n, 28, 28)`` of uint8, 0 is background and 255 ink; digits ``(n,)`` of uint8.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the real file cannot be had.
    """
    if is_sample(profile):
        announce("MNIST", "scikit-learn's 1,797 small digits, enlarged, turned and shifted")
        return sample.load()
    with np.load(registry.fetch("mnist.npz")) as file:
        return (file["x_train"], file["y_train"]), (file["x_test"], file["y_test"])
