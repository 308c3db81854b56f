"""The weather of Jena: 14 quantities every ten minutes, from 2009 to 2016."""

from __future__ import annotations

import zipfile
import zlib
from os import PathLike
from pathlib import Path

from helpers.data import given_file
from helpers.data.profile import announce, is_sample
from helpers.data.registry import DataError
from helpers.data.stand_ins import jena_climate as sample

import pandas as pd

VARIABLE = "DL_JENA_CLIMATE"
ARCHIVE = "jena_climate_2009_2016.csv.zip"
TIME = "Date Time"
TIME_FORMAT = "%d.%m.%Y %H:%M:%S"
TEMPERATURE = "T (degC)"
COLUMNS = sample.COLUMNS
WIND_SPEEDS = ("wv (m/s)", "max. wv (m/s)")

UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError)
"""What pandas and zipfile raise for a file that is empty, cut off or of another kind."""


def load_data(profile: str, path: str | PathLike | None = None) -> pd.DataFrame:
    """Load the table, and print a line that says what was read.

    Parameters
    ----------
    profile
        ``"full"``: the real one. ``"sample"``: four years of generated weather, see
        :mod:`helpers.data.stand_ins.jena_climate`.
    path
        A CSV file, in a zip archive or not, to read in place of the public one: the column
        ``Date Time`` and any of the 14 quantities, the temperature among them. None: the file that
        the environment variable ``DL_JENA_CLIMATE`` names, else the public one, 420,551 rows.

    Returns
    -------
    pandas.DataFrame
        One row a time and one float32 column a quantity, named as in the public file
        (``"T (degC)"``), in its order; the index is the time. As in the public file, a few times
        are missing and a few come twice. Wind speeds below 0 are the station's mark for a missing
        value and are set to 0.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the file cannot be had, or is not such a table; the message names the line.
    """
    if is_sample(profile):
        table = sample.load()
        announce("the weather of Jena", f"generated weather, {_describe(table)}")
        return table
    given = given_file.path_of(path, VARIABLE)
    table = _read(given or given_file.cached(ARCHIVE, VARIABLE))
    what = (
        f"only {given.name}: {{}}; the public file has 420,551 rows, 10 minutes apart"
        if given
        else "{}"
    )
    print(f"The weather of Jena, {what.format(_describe(table))}.")
    return table


def minutes_between_rows(table: pd.DataFrame) -> int:
    """Minutes from one row to the next, as most rows have it: 10 in the public file.

    Raises
    ------
    ValueError
        If there are fewer than two rows.
    """
    if len(table) < 2:
        raise ValueError(f"The table has {len(table)} rows; give at least two.")
    return int(table.index.to_series().diff().mode()[0] / pd.Timedelta(minutes=1))


def _describe(table: pd.DataFrame) -> str:
    rows, columns = table.shape
    return (
        f"{rows:,} rows x {columns} of {len(COLUMNS)} columns, "
        f"{minutes_between_rows(table)} minutes apart"
    )


def _read(path: Path) -> pd.DataFrame:
    """The table in a file, checked."""
    try:
        raw = _parse(path)
    except UNREADABLE as error:
        raise DataError(
            f"{path.name} cannot be read as a table of the weather of Jena: it must be a CSV file, "
            f"in a zip archive or not, with the columns {TIME} and {TEMPERATURE}."
        ) from error
    other = sorted(set(raw.columns) - {TIME, *COLUMNS})
    if not {TIME, TEMPERATURE} <= set(raw.columns) or other:
        raise DataError(
            f"{path.name} has the columns {', '.join(raw.columns)}; give {TIME}, {TEMPERATURE} and "
            f"any others of {', '.join(COLUMNS)}."
        )
    if len(raw) < 2:
        raise DataError(f"{path.name} has {len(raw)} rows; give at least two.")
    times = pd.to_datetime(raw.pop(TIME), format=TIME_FORMAT, errors="coerce")
    _refuse_missing(path, times.to_frame())
    raw = raw.apply(pd.to_numeric, errors="coerce")  # free where all are numbers already
    _refuse_missing(path, raw)
    table = raw[[name for name in COLUMNS if name in raw]].astype("float32")
    table.index = pd.DatetimeIndex(times, name=TIME)
    for name in set(WIND_SPEEDS) & set(table):
        table[name] = table[name].clip(lower=0)
    return table


def _parse(path: Path) -> pd.DataFrame:
    if not zipfile.is_zipfile(path):
        return pd.read_csv(path)
    with zipfile.ZipFile(path) as archive:
        # The public archive was packed on a Mac, which adds a second file, not a table.
        names = [name for name in archive.namelist() if not name.startswith("__MACOSX")]
        if len(names) != 1:
            raise ValueError(f"{len(names)} files in the archive")
        with archive.open(names[0]) as file:
            return pd.read_csv(file)


def _refuse_missing(path: Path, part: pd.DataFrame) -> None:
    """Raise an error for the first line in which something is missing or not readable."""
    wrong = part.isna()
    if wrong.to_numpy().any():
        row = wrong.any(axis=1).to_numpy().argmax()
        name = part.columns[wrong.iloc[row].argmax()]
        raise DataError(
            f"{path.name}, line {row + 2} has no readable {name}; mend that line, or get the file "
            "again."
        )
