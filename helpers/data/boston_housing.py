"""Boston housing: 506 districts of 1970, 13 features each, and the median price of a house.

One column, B, was built from the share of Black residents on the assumption that segregation
moves prices. Use the set to talk about that, or use California housing.
"""

from __future__ import annotations

from helpers.data import registry
from helpers.data.profile import announce, is_sample
from helpers.data.stand_ins import boston_housing as sample

import numpy as np

Districts = tuple[np.ndarray, np.ndarray]


def load_data(profile: str) -> tuple[Districts, Districts]:
    """Load the training and the test districts with their prices.

    Parameters
    ----------
    profile
        ``"full"``: the real districts. ``"sample"``: as many generated ones, see
        :mod:`helpers.data.stand_ins.boston_housing`.

    Returns
    -------
    tuple
        ``(x_train, y_train), (x_test, y_test)`` as from ``keras.datasets.boston_housing``:
        features ``(404, 13)`` and ``(102, 13)``, prices in thousands of dollars ``(404,)`` and
        ``(102,)``, all float64.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the real file cannot be had.
    """
    if is_sample(profile):
        announce("Boston housing", "506 invented districts")
        features, prices = sample.load()
    else:
        with np.load(registry.fetch("boston_housing.npz")) as file:
            features, prices = file["x"], file["y"]
    order = np.random.RandomState(113).permutation(len(features))  # Keras's seed and split
    features, prices = features[order], prices[order]
    cut = int(len(features) * (1 - 0.2))
    return (features[:cut], prices[:cut]), (features[cut:], prices[cut:])
