"""The claims that were seen to fail, as the project keeps them: seen.csv, and its counts.

A claim counts as seen only while its cell has the code that was tried.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from helpers.course import files, notebook
from helpers.course.check.doubt.verdicts import Verdict
from helpers.record import MIME

FILE = Path(__file__).with_name("seen.csv")
FIELDS = ("chapter", "cell", "ordinal", "code", "exact", "seen", "by", "claim")


def write(notebooks: Mapping[str, Path], found: Iterable[Verdict], file: Path = FILE) -> None:
    """Replace the rows of the chapters in `notebooks` by what was found."""
    code = {
        (chapter, cell.id): code_of(cell)
        for chapter, path in notebooks.items()
        for cell in notebook.code_cells(notebook.read(path))
    }
    rows = [row for row in _rows(file) if row["chapter"] not in notebooks]
    for verdict in found:
        by = [*verdict.spoiled_by, *(["a change"] if verdict.broken_by else [])]
        rows.append(
            {
                "chapter": verdict.chapter,
                "cell": verdict.cell,
                "ordinal": str(verdict.ordinal),
                "code": code.get((verdict.chapter, verdict.cell), ""),
                "exact": "yes" if verdict.exact else "",
                "seen": "yes" if verdict.seen_to_fail else "",
                "by": ", ".join(by),
                "claim": verdict.text,
            }
        )
    rows.sort(key=lambda row: row["chapter"])  # within a chapter they are in order
    text = io.StringIO()
    table = csv.DictWriter(text, FIELDS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    files.write_text(file, text.getvalue())


def code_of(cell: Any) -> str:
    """Eight digits that change with a cell's code."""
    return hashlib.sha256(cell.source.encode()).hexdigest()[:8]


def counts(notebooks: Iterable[tuple[str, Any]], file: Path = FILE) -> dict[str, int]:
    """Counts of the claims in executed notebooks; those of changed code are *not tried*.

    Parameters
    ----------
    notebooks
        Pairs of a chapter's number and its notebook, with outputs.
    file
        Where it stands which claims were seen to fail.
    """
    rows = {(r["chapter"], r["cell"], r["ordinal"], r["code"]): r for r in _rows(file)}
    names = ("claims", "seen to fail", "exact and seen to fail", "never seen to fail", "not tried")
    total = dict.fromkeys(names, 0)
    for chapter, nb in notebooks:
        for cell in notebook.code_cells(nb):
            said = [output.get("data", {}).get(MIME, {}) for output in cell.get("outputs", [])]
            claims = [record for record in said if record.get("type") == "expectation"]
            for ordinal, _ in enumerate(claims, start=1):
                row = rows.get((chapter, cell.get("id", ""), str(ordinal), code_of(cell)))
                seen = bool(row and row["seen"])
                total["claims"] += 1
                total["seen to fail"] += seen
                total["exact and seen to fail"] += bool(seen and row and row["exact"])
                total["never seen to fail"] += bool(row and not seen)
                total["not tried"] += row is None
    return total


def sentence(notebooks: Iterable[tuple[str, Any]], file: Path = FILE) -> str:
    """The counts in one sentence, for RESULTS.md; empty where nothing is claimed."""
    found = counts(notebooks, file)
    if not found["claims"]:
        return ""
    rest = f" {found['not tried']} are still to be tried." if found["not tried"] else ""
    return (
        f"Claims: of {found['claims']} that a run asserts, {found['seen to fail']} were seen to "
        f"fail where they must, {found['exact and seen to fail']} of them exact ones after a "
        f"change of the code; {found['never seen to fail']} have never been seen to fail.{rest}"
    )


def _rows(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
