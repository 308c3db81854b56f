"""Boston housing: 506 districts of 1970, 13 features each, and the median price of a house.

One column, B, was built from the share of Black residents on the assumption that segregation
moves prices. Use the set to talk about that, or use California housing.
"""

from __future__ import annotations

from helpers.data.keras_files import Part, read_x_y, split
from helpers.data.profile import announce, is_sample
from helpers.data.stand_ins import boston_housing as sample

__all__ = ["load_data"]


def load_data(profile: str) -> tuple[Part, Part]:
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
        return split(*sample.load())
    return split(*read_x_y("boston_housing.npz"))
