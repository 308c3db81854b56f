"""The ledger of the course: every listing, published figure, exercise and erratum as a row.

The rows stand in ``ledger.csv`` beside this file. Their ids name kind, chapter and number:
``L05.3`` a listing or example, ``F05.3`` a published figure or claim, ``X05.2`` an exercise;
errata are numbered through (``E59``). The column ``source`` says where a row comes from:

====  ==========================================================================
S     lecture slides
B     F. Chollet, *Deep Learning with Python*, first edition (in translation);
      ``B3.11`` is a listing, ``B§3.4.4`` a section
L     lesson on sequential networks; ``L:MAE`` is one of its headings
W     workbook, with page
G     methods guide, with section
N     the notebooks of B's author, with the output stored in them
====  ==========================================================================

A figure's source ends with its evidence in brackets: P printed by a program, T told in prose,
F read off a plotted curve, N stored in B's notebooks, V computed for this course.

What a number of the ledger is, the column ``number`` says:

==========  ====================================================================
training    a source prints it, and a training lies behind it: runs scatter
arithmetic  a source prints it, and nothing is trained: counts, shapes, sums, data
expected    no source prints it: it was computed for the ledger, or a source's
            number was corrected
==========  ====================================================================

A figure without a number is a claim.
"""

import csv
import difflib
import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

LEDGER_FILE = Path(__file__).with_name("ledger.csv")
TO_COME = "second edition"  # in the column "open" of a row of which its chapter does nothing yet
NO_SPREAD = "not compared: how far seeds scatter has not been measured yet"

Numbers = float | list  # a number or an evenly nested list of numbers


class UnknownRowError(KeyError):
    """No row of the ledger has this id."""

    __str__ = Exception.__str__  # KeyError would show the sentence in quotation marks


@dataclass(frozen=True)
class Row:
    """One row of the ledger."""

    id: str
    chapters: tuple[str, ...]  # two digits each; an erratum can have several or none
    kind: str  # "listing", "figure", "exercise" or "erratum"
    title: str  # one sentence that can be understood without the source
    source: str
    published: Numbers | None  # in the order in which the title names the numbers
    tolerance: Numbers | None  # absolute, for all numbers or for each; None: not measured yet
    basis: str  # where the tolerance comes from
    not_recorded: str  # for a figure that no run records, the reason
    missed: str  # for a figure that the course's own runs do not reproduce, the reason
    number: str = ""  # what the published number is: "training", "arithmetic" or "expected"
    names: tuple[str, ...] = ()  # of the numbers, in their order; none where the title is enough
    # What one gets without learning (chance, persistence, the majority), for all numbers or for
    # each, None where a number has no such answer.
    trivial: float | list | None = None
    open: str = ""  # what the chapter does not do yet of this row

    @property
    def evidence(self) -> Literal["published", "expected", "claim"]:
        """Whether a source prints the number, or it was computed, or there is none."""
        if self.published is None:
            return "claim"
        return "expected" if self.number == "expected" else "published"

    @property
    def not_compared(self) -> bool:
        """Whether the course's own runs measure something else than the published figure."""
        return self.missed.startswith("not compared: ")


def _parse(fields: dict[str, str]) -> Row:
    values: dict[str, Any] = dict(fields)
    for name in ("published", "tolerance", "trivial"):
        values[name] = json.loads(fields[name]) if fields[name] else None
    values["chapters"] = tuple(fields["chapters"].split())
    values["names"] = tuple(filter(None, fields["names"].split("; ")))
    if values["published"] is not None and not values["number"]:
        values["number"] = "training" if "standard deviation" in fields["basis"] else "arithmetic"
    return Row(**values)


@functools.cache
def rows() -> dict[str, Row]:
    """All rows by id: chapter by chapter, errata last. Read once; do not change it."""
    with LEDGER_FILE.open(encoding="utf-8", newline="") as file:
        return {fields["id"]: _parse(fields) for fields in csv.DictReader(file, restval="")}


def row(id: str) -> Row:
    """The row with this id.

    Raises
    ------
    UnknownRowError
        If there is none; the message names ids that look similar.
    """
    try:
        return rows()[id]
    except KeyError:
        close = " or ".join(difflib.get_close_matches(id, rows())) or "helpers/ledger.csv"
        raise UnknownRowError(f"The ledger has no row {id!r}: look at {close}.") from None


def within(row: Row, value: npt.ArrayLike) -> bool | None:
    """Whether measured numbers agree with the published ones, each within its tolerance.

    A difference of exactly the tolerance agrees. The answer is ``None`` if there is nothing to
    compare with: no published number, or no tolerance yet.

    Raises
    ------
    ValueError
        If `value` has another shape than ``row.published``.
    """
    if row.published is None:
        return None
    published, measured = np.asarray(row.published, float), np.asarray(value, float)
    if measured.shape != published.shape:
        raise ValueError(
            f"{row.id} got numbers of shape {measured.shape}, but {row.published} of shape "
            f"{published.shape} is published: give them in the order of its title, {row.title!r}."
        )
    if row.tolerance is None:
        return None
    tolerance = np.asarray(row.tolerance, float)
    rounding = 4 * np.finfo(float).eps * (np.abs(published) + tolerance)
    return bool(np.all(np.abs(measured - published) <= tolerance + rounding))


def tells_something(row: Row) -> bool:
    """Whether agreement with the published numbers would mean anything.

    It would not where a tolerance is as wide as its number, or holds the trivial answer: then a
    model that has learned nothing may agree as well. A published 0 has no width.
    """
    if row.published is None or row.tolerance is None:
        return False
    published = np.asarray(row.published, float)
    tolerance = np.broadcast_to(np.asarray(row.tolerance, float), published.shape)
    trivial = np.broadcast_to(np.asarray(row.trivial, float), published.shape)  # None is NaN
    reach = tolerance + 4 * np.finfo(float).eps * (np.abs(published) + tolerance)  # for rounding
    as_wide = (reach >= np.abs(published)) & (published != 0)
    return not bool(np.any(as_wide | (np.abs(published - trivial) <= reach)))
