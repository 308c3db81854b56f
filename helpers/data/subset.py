"""A part of a data set that a person has at hand, in place of the whole public file."""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path

from helpers.data.registry import DataError


def path_of(given: str | PathLike | None, variable: str) -> Path | None:
    """The file to read in place of the public one: `given`, else what `variable` names, else None.

    Parameters
    ----------
    given
        A path, or None.
    variable
        The environment variable that is asked next.

    Raises
    ------
    DataError
        If there is no such file.
    """
    chosen = given or os.environ.get(variable)
    if not chosen:
        return None
    path = Path(chosen).expanduser()
    if not path.is_file():
        raise DataError(
            f"There is no file {path}; give the path of one, or none (and leave the environment "
            f"variable {variable} unset) for the whole public data set."
        )
    return path
