"""The check of a notebook's exercises: they are what nbgrader hands out and grades."""

from __future__ import annotations

from collections import Counter
from typing import Any

from helpers.course.notebook import code_cells, tags

FLAGS = ("grade", "locked", "solution", "task")


def exercises_are_complete(nb: Any) -> list[str]:
    """Every exercise has a solution to cut out, and locked tests, some of them hidden.

    The metadata is nbgrader's, schema version 3.
    """
    found = []
    graded = [cell for cell in nb.cells if "nbgrader" in cell.metadata]
    ids = Counter(cell.metadata.nbgrader.get("grade_id") for cell in graded)
    found += [f"nbgrader grade_id {name!r} is used {n} times" for name, n in ids.items() if n > 1]
    for cell in graded:
        name = cell.metadata.nbgrader.get("grade_id") or "without grade_id"
        found += [f"exercise cell {name} {complaint}" for complaint in _complaints(cell)]
    for number, cell in enumerate(code_cells(nb), start=1):
        if "### BEGIN SOLUTION" in cell.source and "nbgrader" not in cell.metadata:
            found.append(f"code cell {number} marks a solution but has no nbgrader metadata")
    solved = {
        tag for cell in graded if cell.metadata.nbgrader.get("solution") for tag in tags(cell)
    }
    asked = {tag for cell in nb.cells for tag in tags(cell) if tag.startswith("X")}
    found += [f"exercise {tag} has no solution cell tagged {tag}" for tag in sorted(asked - solved)]
    solutions = sum(bool(cell.metadata.nbgrader.get("solution")) for cell in graded)
    tests = sum(bool(cell.metadata.nbgrader.get("grade")) for cell in graded)
    if solutions > tests:
        found.append(f"has {solutions} solution cells but only {tests} graded test cells")
    return found


def _complaints(cell: Any) -> list[str]:
    """What is wrong with one cell that carries nbgrader metadata."""
    meta, source = cell.metadata.nbgrader, cell.source
    found = []
    if meta.get("schema_version") != 3:
        found.append("must say schema_version 3")
    if not meta.get("grade_id"):
        found.append("needs a grade_id")
    found += [
        f"must say {flag} true or false" for flag in FLAGS if type(meta.get(flag)) is not bool
    ]
    if meta.get("solution") and not _in_order(source, "### BEGIN SOLUTION", "### END SOLUTION"):
        found.append("needs ### BEGIN SOLUTION and ### END SOLUTION")
    if meta.get("grade"):
        points = meta.get("points")
        if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
            found.append("needs points above 0")
        if not meta.get("solution"):
            if not meta.get("locked"):
                found.append("holds tests and must be locked")
            if not _in_order(source, "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"):
                found.append("needs ### BEGIN HIDDEN TESTS and ### END HIDDEN TESTS")
    return found


def _in_order(text: str, first: str, second: str) -> bool:
    return 0 <= text.find(first) < text.find(second)
