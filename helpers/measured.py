"""What the committed chapters measured, for a chapter that looks back on the others."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import helpers
from helpers import ledger
from helpers.record import MIME

__all__ = ["figure"]

_NOTEBOOKS = Path(helpers.__file__).resolve().parents[1] / "notebooks"


def figure(id: str, at: int | None = None) -> float | None:
    """The number that a committed chapter recorded for a figure of the ledger.

    Parameters
    ----------
    id
        A figure of the ledger, ``"F07.3"``.
    at
        Which number of a figure that has several, from 0; None for one that has a single one.

    Returns
    -------
    float or None
        None where the chapter is not at hand or has no outputs of the profile *full*.

    Raises
    ------
    ValueError
        If the row is no figure, or `at` does not fit what was recorded.
    helpers.ledger.UnknownRowError
        If the ledger has no such id.
    """
    row = ledger.row(id)
    if row.kind != "figure":
        raise ValueError(
            f"{id} is no figure but a row of the kind {row.kind!r}; give one like F07.3."
        )
    value = _recorded(_NOTEBOOKS, row.chapters[0]).get(id)
    if value is None:
        return None
    numbers = value if isinstance(value, list) else [value]
    if isinstance(value, list) != (at is not None) or not 0 <= (at or 0) < len(numbers):
        raise ValueError(
            f"{id} was recorded as {value}; at={at!r} was given: name a place in a list of "
            "numbers, and none for a single number."
        )
    return float(numbers[at or 0])


@functools.cache
def _recorded(folder: Path, chapter: str) -> dict[str, float | list]:
    """The figures in a chapter's outputs by id; none but those of a full run."""
    figures = {}
    for path in sorted(folder.glob(f"{chapter}_*.ipynb")):
        profile = None
        for record in _records(json.loads(path.read_text(encoding="utf-8"))):
            if record["type"] == "begin":
                profile = record["profile"]
            elif record["type"] == "figure" and profile == "full":
                figures[record["id"]] = record["value"]
    return figures


def _records(nb: dict) -> list[dict]:
    outputs = (output for cell in nb["cells"] for output in cell.get("outputs", []))
    return [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]
