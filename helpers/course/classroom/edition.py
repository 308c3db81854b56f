"""A chapter as a student wants it, before nbgrader takes the solutions out of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from helpers.course import notebook
from helpers.course.publish import index, links

PROFILE = re.compile(r"^PROFILE = None\b.*$", re.MULTILINE)
IN_SAMPLE = 'PROFILE = "sample"  # stand-ins, a minute, no network; None: the real data, long'
# An exercise whose name is bold, with its time and points behind it.
BOLD = re.compile(r"^\*\*([^*\n]+ · [^*\n]+)\*\* ?(\([^)\n]*\))?[.:]? ?", re.MULTILINE)
PASSED = 'print("passed")'
# What a teacher may unfold: the answers to an exercise's questions.
FOLDED = re.compile(r"\s*<details>.*?</details>", re.DOTALL)


def for_students(nb: Any, names: Collection[str] | None = None) -> None:
    """Make a chapter ready for a student, in place.

    It runs on the stand-ins, its tests say that they passed, its exercises have headings, so that
    a table of contents lists them, their folded answers are left out, and its links lead to what is
    there.

    Parameters
    ----------
    nb
        The notebook, with its solutions.
    names
        File names of the chapters that are handed out with it; None: all.
    """
    nb.metadata["kernelspec"] = dict(index.KERNEL)  # as Jupyter writes it, so nothing is unsaved
    exercises = False
    for cell in nb.cells:
        tags = notebook.tags(cell)
        if cell.cell_type == "markdown":
            exercises = (exercises or "exercises" in tags) and "summary" not in tags
            if exercises:
                cell.source = FOLDED.sub("", BOLD.sub(_heading, cell.source))
            if names is not None:
                cell.source = links.without_dead_links(cell.source, names)
        elif "parameters" in tags:
            cell.source = PROFILE.sub(IN_SAMPLE, cell.source)
        elif cell.metadata.get("nbgrader", {}).get("grade") and PASSED not in cell.source:
            cell.source += f"\n{PASSED}"
    nb.cells = [cell for cell in nb.cells if cell.source.strip() or cell.cell_type == "code"]


def _heading(match: re.Match[str]) -> str:
    return f"### {match[1]}{f' {match[2]}' if match[2] else ''}\n\n"
