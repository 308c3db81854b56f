"""What students handed in: finding it, and making each file fit to be graded."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

from helpers.course.notebook import tags

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

CHAPTER = re.compile(r"(\d\d)(?!\d).*\.ipynb")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # nbformat's rule for cell ids
KEPT = ("nbgrader", "tags")  # of a cell's metadata, what grading needs
UNREADABLE = "the file is not a notebook that can be read"


def find(folder: Path) -> dict[tuple[str, str], Path]:
    """The notebooks in a folder of submissions, as ``{(student, chapter): path}``.

    Parameters
    ----------
    folder
        Holds a folder for each student, and that holds their notebooks, at any depth. A name
        begins with the chapter's number; of several for one chapter the newest counts.

    Raises
    ------
    ValueError
        If there is no submission in the folder.
    """
    found: dict[tuple[str, str], Path] = {}
    for path in sorted(folder.glob("*/**/*.ipynb")):
        student, *inner = path.relative_to(folder).parts
        chapter = CHAPTER.fullmatch(path.name)
        if not chapter or not path.is_file() or any(part[0] == "." for part in [student, *inner]):
            continue
        key = student, chapter[1]
        if key not in found or path.stat().st_mtime > found[key].stat().st_mtime:
            found[key] = path
    if not found:
        raise ValueError(
            f"There is no submission in {folder}; expected a folder for each student with their "
            f"notebooks in it, such as {folder / 'anna' / '05_chapter.ipynb'}."
        )
    return found


def prepare(path: Path, released: Any) -> tuple[Any, list[str]]:
    """A submission that nbgrader can grade, and what the grader has to say about it.

    Parameters
    ----------
    path
        The file that was handed in, whatever it holds.
    released
        The chapter as it was handed out.

    Returns
    -------
    tuple
        The notebook and a list of remarks. In place of a file that cannot be read stands the
        chapter as handed out.
    """
    try:
        nb = _repaired(json.loads(path.read_text(encoding="utf-8-sig")), released)
        return nb, _restore(nb, released)
    except Exception as error:  # a stranger's file may hold anything
        return copy.deepcopy(released), [f"{UNREADABLE}: {_first_line(error)}"]


def _repaired(raw: dict[str, Any], released: Any) -> Any:
    """The notebook with its own cells' text, and nothing else of what an editor may have written.

    Kernels, widgets, outputs and keys that the schema does not know are left out: grading runs the
    chapter anew, and none of them is the student's work.
    """
    raw = nbformat.from_dict(raw)
    if "cells" not in raw:
        raw = nbformat.convert(raw, 4)  # format 3 keeps its cells in worksheets
    cells = [_cell(cell) for cell in raw["cells"]]
    nb = new_notebook(cells=cells, metadata=copy.deepcopy(released.metadata))
    nbformat.validate(nb)
    return nb


def _cell(cell: dict[str, Any]) -> Any:
    """A cell of the current format with the text, the tags and the marks of a given one."""
    make = {"code": new_code_cell, "markdown": new_markdown_cell}.get(
        cell["cell_type"], new_raw_cell
    )
    source = cell.get("source", "")
    metadata = {key: cell["metadata"][key] for key in KEPT if key in cell.get("metadata", {})}
    fresh = make("".join(source), metadata=metadata)
    if isinstance(cell.get("id"), str) and ID.fullmatch(cell["id"]):
        fresh.id = cell["id"]
    return fresh


def note(nb: Any, remarks: list[str]) -> None:
    """Put the remarks on top of a notebook, for its feedback page."""
    if remarks:
        lines = "\n".join(f"- {remark}" for remark in remarks)
        nb.cells.insert(0, new_markdown_cell(f"**What the grader noticed**\n\n{lines}"))


def _restore(nb: Any, released: Any) -> list[str]:
    """Put a notebook's tests, marks and parameters back as they were handed out."""
    wanted = {cell.metadata.nbgrader.grade_id: cell for cell in _marked(released)}
    by_id = {cell.id: name for name, cell in wanted.items()}
    names = [_grade_id(cell) or by_id.get(cell.get("id")) for cell in nb.cells]
    place = {name: number for number, name in enumerate(names) if name in wanted}
    remarks = []
    for number, (cell, name) in enumerate(zip(list(nb.cells), names, strict=True)):
        if place.get(name) != number:  # not the course's, or an earlier one of several
            cell.metadata.pop("nbgrader", None)
            continue
        nb.cells[number] = copy.deepcopy(wanted[name])
        nb.cells[number].id = cell.id
        if not _locked(wanted[name]):
            nb.cells[number].source = cell.source
        elif cell.source != wanted[name].source:
            remarks.append(f"the locked cell {name} had been changed; it is restored")
    remarks += _add_missing(nb, wanted)
    _restore_parameters(nb, released)
    return remarks


def _add_missing(nb: Any, wanted: dict[str, Any]) -> list[str]:
    """Put deleted tests back, each after what came before it in the chapter as handed out."""
    remarks, before = [], None
    for name, cell in wanted.items():
        present = [_grade_id(other) for other in nb.cells]
        if name not in present:
            if _locked(cell):
                where = present.index(before) + 1 if before in present else len(present)
                nb.cells.insert(where, copy.deepcopy(cell))
                remarks.append(f"the test cell {name} had been deleted; it is restored")
            else:
                remarks.append(f"the solution cell {name} has been deleted")
        before = name
    return remarks


def _restore_parameters(nb: Any, released: Any) -> None:
    """Submissions are graded with the chapter's own profile and seed."""
    for parameters in (cell for cell in released.cells if "parameters" in tags(cell)):
        for cell in nb.cells:
            if "parameters" in tags(cell):
                cell.source = parameters.source


def _marked(nb: Any) -> list[Any]:
    return [cell for cell in nb.cells if "nbgrader" in cell.metadata]


def _locked(cell: Any) -> bool:
    return not cell.metadata.nbgrader.solution


def _grade_id(cell: Any) -> str | None:
    """The cell's nbgrader name, if what the student left there has one."""
    marks = cell.metadata.get("nbgrader")
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else None


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
