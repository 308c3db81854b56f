"""Figures as a reader sees them: measured beside published, how far apart, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from helpers import ledger
from helpers.record import number

FEW = 4  # a longer list of numbers is cut to this many


def flat(value: Any) -> Iterator[float]:
    """The numbers of a number or a nested list, one after the other."""
    if isinstance(value, list):
        for part in value:
            yield from flat(part)
    else:
        yield value


def text(value: Any) -> str:
    """Numbers as `helpers.record.number` writes them, of a long list the first four."""
    if value is None:
        return ""
    numbers = list(flat(value))
    shown = number(numbers[:FEW])
    return shown if len(numbers) <= FEW else f"{shown}, … ({len(numbers)} numbers)"


def difference(value: Any, published: Any) -> str:
    """Measured less published; of lists the largest absolute difference; empty where none is."""
    if published is None:
        return ""
    apart = [a - b for a, b in zip(flat(value), flat(published), strict=False)]
    largest = max(map(abs, apart))
    if largest < 1e-12:  # rounding
        return "0"
    return f"{apart[0]:+.2g}" if len(apart) == 1 else f"≤ {largest:.2g}"


def verdict(within: bool | None) -> str:
    """One of ``"within"``, ``"outside"`` and ``"not comparable"``."""
    return {True: "within", False: "outside", None: "not comparable"}[within]


def row(figure: dict[str, Any]) -> dict[str, str]:
    """A recorded figure as the cells of a table.

    Parameters
    ----------
    figure
        ``id``, ``value``, ``published`` and ``within``, as `helpers.lesson` records them.

    Returns
    -------
    dict
        ``id``, ``title``, ``published``, ``tolerance``, ``measured``, ``difference``, ``verdict``,
        and ``reason``, why a figure is outside of its tolerance or has none.
    """
    known = ledger.rows().get(figure["id"])
    tolerance = known.tolerance if known else None
    return {
        "id": figure["id"],
        "title": known.title if known else "",
        "published": text(figure["published"]),
        "tolerance": ""
        if tolerance is None
        else f"± {text(tolerance)}"
        if tolerance
        else "exactly",
        "measured": text(figure["value"]),
        "difference": difference(figure["value"], figure["published"]),
        "verdict": verdict(figure["within"]),
        "reason": known.missed
        if known
        and (figure["within"] is False or (figure["within"] is None and known.not_compared))
        else "",
    }


def reproduced(figures: list[dict[str, Any]]) -> tuple[int, int]:
    """How many figures are within their tolerance, and how many could be compared."""
    compared = [figure["within"] for figure in figures if figure["within"] is not None]
    return sum(compared), len(compared)
