"""California housing: 20,640 block groups of the census of 1990 and the median value of a house.

The features are longitude, latitude, median age of the houses, number of rooms, number of bedrooms,
residents, households, and median income in tens of thousands of dollars. Rooms and bedrooms are
totals; Keras's documentation calls them averages.
"""

from __future__ import annotations

from helpers.data.keras_files import Part, read_x_y, split
from helpers.data.profile import announce, is_sample
from helpers.data.stand_ins import california_housing as sample

__all__ = ["load_data"]


def load_data(profile: str) -> tuple[Part, Part]:
    """Load the training and the test block groups with their house values.

    Parameters
    ----------
    profile
        ``"full"``: the real block groups. ``"sample"``: 8,000 generated ones, see
        :mod:`helpers.data.stand_ins.california_housing`.

    Returns
    -------
    tuple
        ``(x_train, y_train), (x_test, y_test)`` as from ``keras.datasets.california_housing``:
        features ``(16512, 8)`` and ``(4128, 8)``, in the sample ``(6400, 8)`` and ``(1600, 8)``;
        values in dollars ``(n,)``; all float32.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the real file cannot be had.
    """
    if is_sample(profile):
        announce("California housing", "8,000 invented block groups")
        return split(*sample.load())
    return split(*read_x_y("california_housing.npz"))
