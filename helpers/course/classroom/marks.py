"""What a submission got, and the table of a class."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = ("student", "chapter", "score", "max_score", "exercises", "reasons", "feedback")


@dataclass
class Mark:
    """What one student gets for one chapter.

    Attributes
    ----------
    points
        Points and maximum of each test cell, ``{"X05_1_test": [2.0, 2.0]}``.
    reasons
        What was noticed, and why points are missing.
    feedback
        The feedback page, or None where there is nothing to show.
    """

    student: str
    chapter: str
    points: dict[str, list[float]]
    reasons: list[str] = field(default_factory=list)
    feedback: Path | None = None

    @property
    def score(self) -> float:
        return sum(points for points, _ in self.points.values())

    @property
    def maximum(self) -> float:
        return sum(maximum for _, maximum in self.points.values())


def table(marks: list[Mark], out: Path) -> str:
    """The marks as CSV text, with feedback pages relative to the folder `out`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for mark in marks:
        exercises = " ".join(f"{name}={got:g}/{of:g}" for name, (got, of) in mark.points.items())
        page = mark.feedback.relative_to(out).as_posix() if mark.feedback else ""
        row = (mark.student, mark.chapter, f"{mark.score:g}", f"{mark.maximum:g}", exercises)
        writer.writerow([_plain(entry) for entry in (*row, "; ".join(mark.reasons), page)])
    return text.getvalue()


def _plain(entry: str) -> str:
    """An entry that a spreadsheet does not take for a formula, whatever a student wrote."""
    return f"'{entry}" if entry[:1] in ("=", "+", "-", "@", "\t", "\r") else entry
