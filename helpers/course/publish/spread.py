"""How far a figure scatters over seeds: kept beside this file, and what follows from it.

``seeds.csv`` has a row for each figure and seed; ``python -m helpers.course tolerances --write``
writes it from a run with ``--seeds``.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.record import number

import numpy as np

FILE = Path(__file__).with_name("seeds.csv")
COLUMNS = ("id", "seed", "value")
FEW = 4  # a longer list of numbers is cut to this many
LEAST = 3  # seeds from which a spread is told


def flat(value: Any) -> Iterator[float]:
    """The numbers of a number or a nested list, one after the other."""
    if isinstance(value, list):
        for part in value:
            yield from flat(part)
    else:
        yield value


def load(file: Path | None = None) -> dict[str, dict[int, Any]]:
    """What each seed measured, ``{"F05.3": {0: 0.9796, 1: 0.9812}}``; empty where no file is."""
    found: dict[str, dict[int, Any]] = defaultdict(dict)
    file = file or FILE
    if file.exists():
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found[row["id"]][int(row["seed"])] = json.loads(row["value"])
    return dict(found)


def save(values: dict[str, dict[int, Any]], file: Path | None = None) -> None:
    """Write what each seed measured, sorted by figure and seed."""
    with (file or FILE).open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        for name in sorted(values, key=lambda name: [int(part) for part in name[1:].split(".")]):
            for seed in sorted(values[name]):
                writer.writerow([name, seed, json.dumps(values[name][seed])])


def gather(entries: list[dict[str, Any]]) -> dict[str, dict[int, Any]]:
    """What each seed measured, from the entries of a run's ``results.json``."""
    found: dict[str, dict[int, Any]] = defaultdict(dict)
    for entry in entries:
        for figure in entry["figures"]:
            found[figure["id"]][entry["seed"]] = figure["value"]
    return dict(found)


def deviations(values: list[Any]) -> np.ndarray:
    """Standard deviation of each number over the seeds, of the shape of a value."""
    return np.std(np.array(values, float), axis=0, ddof=1)


def scatters(values: list[Any]) -> bool:
    """Whether the seeds measured different numbers."""
    return bool(np.any(np.ptp(np.array(values, float), axis=0) > 0))


def text(values: list[Any]) -> str:
    """``"0.9785 ± 0.0013 (n = 5)"``; of a list the first numbers; empty where nothing scatters."""
    if len(values) < LEAST or not scatters(values):
        return ""
    means = np.mean(np.array(values, float), axis=0).ravel()
    spreads = deviations(values).ravel()
    parts = [
        f"{number(mean)} ± {float(f'{spread:.2g}'):g}"
        for mean, spread in zip(means[:FEW], spreads[:FEW], strict=True)
    ]
    more = f", … ({len(means)} numbers)" if len(means) > FEW else ""
    return f"{', '.join(parts)}{more} (n = {len(values)})"


def tolerance(values: list[Any], printed: str) -> float | list:
    """Three times √2 standard deviations of single runs, and half a printed unit, rounded up.

    Both the published number and ours are single runs: their difference scatters √2 times as far
    as one of them.

    Parameters
    ----------
    values
        What each seed measured; at least three.
    printed
        The published number or numbers, as JSON text with the digits that are printed.

    Returns
    -------
    float or list
        Of the shape of a value, each to two significant digits.

    Raises
    ------
    ValueError
        If there are fewer than three seeds.

    Examples
    --------
    >>> tolerance([0.978, 0.979, 0.980], "0.9785")
    0.0043
    """
    if len(values) < LEAST:
        raise ValueError(f"{len(values)} seeds tell no spread; run at least {LEAST}.")
    return _rounded_up(3 * np.sqrt(2) * deviations(values) + np.array(half_units(printed))).tolist()


def _rounded_up(amounts: np.ndarray) -> np.ndarray:
    """Two significant digits, rounded up, without the noise of floats."""
    unit = 10.0 ** (np.floor(np.log10(np.where(amounts > 0, amounts, 1))) - 1)
    up = np.ceil(np.round(amounts / unit, 6)) * unit
    return np.vectorize(lambda amount: float(f"{amount:.2g}"), otypes=[float])(up)


def half_units(printed: str) -> Any:
    """Half of the last digit that is printed, for each number of a JSON text.

    Examples
    --------
    >>> half_units("0.9785"), half_units("[80, 2.40]"), half_units("1.4e8")
    (5e-05, [0.5, 0.005], 5000000.0)
    """
    return json.loads(printed, parse_float=_half_unit, parse_int=_half_unit)


def _half_unit(digits: str) -> float:
    digits, _, power = digits.lower().partition("e")
    return float(f"{0.5 * 10.0 ** (int(power or 0) - len(digits.partition('.')[2])):.2g}")
