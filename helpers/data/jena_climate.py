"""The weather of Jena: 14 quantities every ten minutes, from 2009 to 2016."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from helpers.data import given_file
from helpers.data.profile import announce, is_sample
from helpers.data.registry import DataError
from helpers.data.stand_ins import jena_climate as sample
from helpers.record import say

import pandas as pd

__all__ = [
    "COLUMNS",
    "TEMPERATURE",
    "TIME",
    "TIME_FORMAT",
    "load_data",
    "minutes_between_rows",
]

_VARIABLE = "DL_JENA_CLIMATE"
_ARCHIVE = "jena_climate_2009_2016.csv.zip"
TIME = "Date Time"
TIME_FORMAT = "%d.%m.%Y %H:%M:%S"
TEMPERATURE = "T (degC)"
COLUMNS = sample.COLUMNS
_WIND_SPEEDS = ("wv (m/s)", "max. wv (m/s)")

_NEEDED = (
    "a CSV file, packed or not, with commas between its columns, which are "
    f"{TIME}, {TEMPERATURE} and any others of {', '.join(COLUMNS)}"
)


def load_data(profile: str, path: str | PathLike | None = None) -> pd.DataFrame:
    """Load the table, and print a line that says what was read.

    Parameters
    ----------
    profile
        ``"full"``: the real one. ``"sample"``: four years of generated weather, see
        :mod:`helpers.data.stand_ins.jena_climate`.
    path
        A CSV file, packed or not, to read in place of the public one: the column ``Date Time`` and
        any of the 14 quantities, the temperature among them; further columns are passed over with
        a line that says so. None: the file that the environment variable ``DL_JENA_CLIMATE``
        names, else the public one, 420,551 rows.

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
    given = given_file.path_of(path, _VARIABLE)
    table = _read(given or given_file.cached(_ARCHIVE, _VARIABLE))
    public = "file has 420,551 rows, 10 minutes apart"
    given_file.announce_given("The weather of Jena", _describe(table), given, public)
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
        raw = given_file.read_csv(path)
    except given_file.UNREADABLE as error:
        raise DataError(
            f"{path.name} cannot be read as a table of the weather of Jena ({error}): it must be "
            f"{_NEEDED}."
        ) from error
    if not {TIME, TEMPERATURE} <= set(raw.columns):
        separated = "; they seem to be separated by semicolons" if ";" in raw.columns[0] else ""
        raise DataError(
            f"{path.name} has the columns {', '.join(raw.columns)}{separated}; it must be "
            f"{_NEEDED}."
        )
    if other := [name for name in raw if name not in (TIME, *COLUMNS)]:
        phrase = "{file}: columns that the public file has not are passed over: {names}."
        print(say(phrase, file=path.name, names=", ".join(other)))
        raw = raw.drop(columns=other)
    if len(raw) < 2:
        raise DataError(f"{path.name} has {len(raw)} rows; give at least two.")
    times = pd.to_datetime(raw[TIME], format=TIME_FORMAT, errors="coerce")
    _refuse_missing(path, times.to_frame(), raw)
    numbers = raw.drop(columns=TIME).apply(pd.to_numeric, errors="coerce")
    _refuse_missing(path, numbers, raw)
    table = numbers[[name for name in COLUMNS if name in numbers]].astype("float32")
    table.index = pd.DatetimeIndex(times, name=TIME)
    for name in set(_WIND_SPEEDS) & set(table):
        table[name] = table[name].clip(lower=0)
    return table


def _refuse_missing(path: Path, part: pd.DataFrame, raw: pd.DataFrame) -> None:
    """Raise an error for the first line in which something is missing or not readable."""
    wrong = part.isna().to_numpy()
    if wrong.any():
        row = wrong.any(axis=1).argmax()
        name = part.columns[wrong[row].argmax()]
        value = raw[name].iloc[row]
        there = "nothing" if pd.isna(value) else repr(value)
        raise DataError(
            f"{path.name}, line {row + 2} has no readable {name}, there is {there}; mend that "
            "line, or get the file again. Numbers have a decimal point, and times look like "
            "31.12.2009 23:50:00."
        )
