"""Figures as a reader sees them: measured beside published, how far apart, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers import ledger
from helpers.course.publish import spread
from helpers.record import named, number

FEW = 4  # a longer list of numbers is cut to this many


def text(value: Any, names: list[str] | None = None, tolerance: Any = None) -> str:
    """Numbers as `helpers.record.named` writes them, of a long list the first four."""
    if value is None:
        return ""
    numbers = list(spread.flat(value))
    if names and len(numbers) <= 2 * FEW:
        return named(value, names, tolerance)
    if isinstance(tolerance, list):
        tolerance = list(spread.flat(tolerance))[:FEW]
    shown = number(numbers[:FEW], tolerance)
    return shown if len(numbers) <= FEW else f"{shown}, … ({len(numbers)} numbers)"


def difference(value: Any, published: Any) -> str:
    """Measured less published; of lists the largest absolute difference; empty where none is."""
    if published is None:
        return ""
    apart = [a - b for a, b in zip(spread.flat(value), spread.flat(published), strict=False)]
    largest = max(map(abs, apart))
    if largest < 1e-12:  # rounding
        return "0"
    return f"{apart[0]:+.2g}" if len(apart) == 1 else f"≤ {largest:.2g}"


def verdict(figure: dict[str, Any]) -> str:
    """What a record comes to, in a few words.

    A number with a tolerance is *within* it, *outside* of it or *too noisy to say*, any other is
    *not compared*. A claim *held* or *did not hold* where the cell that records it expects
    something; else its numbers are only *recorded*.
    """
    if figure.get("noisy"):
        return "too noisy to say"
    if figure["within"] is not None:
        return "within" if figure["within"] else "outside"
    if figure["published"] is not None:
        return "not compared"
    return {True: "claim held", False: "did not hold", None: "recorded"}[figure.get("held")]


def row(figure: dict[str, Any], values: list[Any] | None = None) -> dict[str, str]:
    """A recorded figure as the cells of a table.

    Parameters
    ----------
    figure
        As `helpers.record.figure` and `helpers.course.notebook.figures` make them.
    values
        What several seeds measured for it.

    Returns
    -------
    dict
        ``id``, ``title``, ``kind``, ``published``, ``tolerance``, ``measured``, ``spread``,
        ``difference``, ``verdict``, and ``reason``, why a figure is outside of its tolerance or
        has none.
    """
    known = ledger.rows().get(figure["id"])
    tolerance = known.tolerance if known else None
    said = verdict(figure)
    return {
        "id": figure["id"],
        "title": known.title if known else "",
        "kind": kind(figure),
        "published": text(figure["published"], tolerance=tolerance),
        "tolerance": ""
        if tolerance is None
        else f"± {text(tolerance)}"
        if tolerance
        else "exactly",
        "measured": text(figure["value"], figure.get("names"), tolerance),
        "spread": spread.text(values or []),
        "difference": difference(figure["value"], figure["published"]),
        "verdict": said,
        "reason": known.missed if known and said in ("outside", "not compared") else "",
    }


def kind(figure: dict[str, Any]) -> str:
    """``"published"``, ``"expected"`` or ``"claim"``."""
    return figure.get("kind") or ("claim" if figure["published"] is None else "published")


@dataclass
class Count:
    """How many numbers agree, of those that could be compared."""

    within: int = 0
    outside: int = 0
    noisy: int = 0
    not_compared: int = 0

    @property
    def compared(self) -> int:
        """Those with a verdict, *too noisy to say* among them."""
        return self.within + self.outside + self.noisy

    def __str__(self) -> str:
        parts = [f"{self.within} of {self.compared}"]
        parts += [f"{self.noisy} too noisy to say"] if self.noisy else []
        return ", ".join(parts)


NUMBERS = ("training", "arithmetic", "expected")


def counts(figures: list[dict[str, Any]]) -> dict[str, Count]:
    """The figures with a number, counted apart: trainings, arithmetic, what no source prints."""
    found = {number: Count() for number in NUMBERS}
    fields = {"within": "within", "outside": "outside", "too noisy to say": "noisy"}
    for figure in figures:
        if figure["published"] is None:
            continue
        known = ledger.rows().get(figure["id"])
        count = found[(known.number if known else "") or "training"]
        name = fields.get(verdict(figure), "not_compared")
        setattr(count, name, getattr(count, name) + 1)
    return found


def sentences(figures: list[dict[str, Any]]) -> list[str]:
    """The three counts for a reader, one sentence each."""
    training, arithmetic, expected = counts(figures).values()
    more = [f"{training.outside} miss it"] if training.outside else []
    more += [f"for {training.noisy} the spread is too wide to say"] if training.noisy else []
    more += [f"{training.not_compared} are not compared"] if training.not_compared else []
    return [
        f"Trainings: {training.within} of {training.compared} published results are met within "
        f"the spread over seeds{''.join(f'; {part}' for part in more)}.",
        f"Arithmetic: {arithmetic.within} of {arithmetic.compared} published counts, shapes, sums "
        "and facts of data come out.",
        f"Corrections: {expected.within} of {expected.compared} numbers come out that no source "
        "prints, because it leaves them out or prints a wrong one.",
    ]
