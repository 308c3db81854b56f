"""One way to check what a student may get wrong in a call."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["whole"]


def whole(name: str, value: Any, least: int = 1, most: int | None = None) -> int:
    """`value` as an int, if it is a whole number in range; True and 3.0 are none.

    Parameters
    ----------
    name
        What the parameter is called, for the message.
    value
        What was given; NumPy's whole numbers count.
    least, most
        The range, both ends included; no `most` means no upper end.

    Raises
    ------
    ValueError
        If it is anything else.

    Examples
    --------
    >>> whole("num_words", 10_000)
    10000
    >>> whole("seed", -1, least=0, most=2**32 - 1)
    Traceback (most recent call last):
        ...
    ValueError: seed is -1; give a whole number from 0 to 4,294,967,295.
    """
    whole_number = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole_number or value < least or (most is not None and value > most):
        span = f"of at least {least:,}" if most is None else f"from {least:,} to {most:,}"
        raise ValueError(f"{name} is {value!r}; give a whole number {span}.")
    return int(value)
