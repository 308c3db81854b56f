"""A part of a data set that a person has at hand, in place of the whole public file."""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path

from helpers.data import registry
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


def cached(file: str, variable: str) -> Path:
    """The public file in Keras's cache; one whose hash nobody knows is used as it is.

    Parameters
    ----------
    file
        A file of the registry. Without a known hash it is never downloaded.
    variable
        The environment variable that may name another file; an error says so.

    Raises
    ------
    DataError
        If there is no such file.
    """
    entry = registry.entries()[file]
    if entry.sha256 or not entry.path.exists():
        try:
            return registry.fetch(file)
        except DataError as error:
            raise DataError(
                f"{error} Download it yourself into {entry.path.parent}, or name another one in "
                f"the environment variable {variable}; or use the stand-in: profile 'sample'."
            ) from error
    return entry.path
