"""What students handed in: finding it, and making each file fit to be graded."""

from __future__ import annotations

import contextlib
import copy
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.course.notebook import tags

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

CHAPTER = re.compile(r"(\d\d)(?!\d).*\.ipynb", re.IGNORECASE)
BEGIN = re.compile(r"""lesson\.begin\(\s*["'](\d\d)["']""")
LARGEST = 50_000_000  # bytes of a notebook in a zip file
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # nbformat's rule for cell ids
KEPT = ("nbgrader", "tags")  # of a cell's metadata, what grading needs
UNREADABLE = "the file is not a notebook that can be read"


@dataclass(frozen=True)
class Submission:
    """A file that a student handed in.

    Attributes
    ----------
    place
        Where it lay in the student's folder; in a zip file ``"work.zip: 05_chapter.ipynb"``.
    content
        Its bytes.
    changed
        When it was changed last, in seconds since 1970.
    """

    place: str
    content: bytes
    changed: float


def exercises(notebooks: Mapping[str, Path]) -> dict[str, str]:
    """The chapter of each exercise: ``{"X05_1": "05", "X05_1_test": "05"}``."""
    return {
        name: number
        for number, path in notebooks.items()
        for cell in nbformat.read(path, as_version=4).cells
        if (name := _grade_id(cell))
    }


def find(
    folder: Path, chapter_of: Mapping[str, str]
) -> tuple[dict[tuple[str, str], Submission], dict[str, list[str]]]:
    """The notebooks in a folder of submissions, and what was passed over.

    Parameters
    ----------
    folder
        Holds a folder for each student, and that holds their notebooks, at any depth, also in zip
        files. A notebook belongs to the chapter whose exercises are in it, whatever its name; one
        without any, or that cannot be read, to the chapter whose number its name begins with. Of
        several for one chapter the newest counts.
    chapter_of
        From :func:`exercises`.

    Returns
    -------
    tuple
        ``{(student, chapter): submission}``, with an entry for no chapter that is not there, and
        by student the files that belong to no chapter.

    Raises
    ------
    ValueError
        If there is no submission in the folder.
    """
    found: dict[tuple[str, str], Submission] = {}
    passed_over: dict[str, list[str]] = {}
    for student in students(folder):
        for given in _files(folder / student):
            chapter = _chapter(given, chapter_of)
            if chapter is None:
                passed_over.setdefault(student, []).append(given.place)
                continue
            key = student, chapter
            if key not in found or given.changed > found[key].changed:
                found[key] = given
    if not found:
        raise ValueError(
            f"There is no submission in {folder}; expected a folder for each student with their "
            f"notebooks in it, such as {folder / 'anna' / '05_chapter.ipynb'}."
        )
    return found, passed_over


def students(folder: Path) -> list[str]:
    """The names of the students' folders, in order; hidden ones and macOS's own are none."""
    if not folder.is_dir():
        raise ValueError(f"There is no folder {folder}; give the one that holds the submissions.")
    return sorted(p.name for p in folder.iterdir() if p.is_dir() and not _is_private(p.name))


def _is_private(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _files(folder: Path) -> Iterator[Submission]:
    """Every file of a student, those in zip files too, without hidden ones."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if not path.is_file() or any(map(_is_private, inner.parts)):
            continue
        place, changed = inner.as_posix(), path.stat().st_mtime
        if path.suffix.lower() == ".zip":
            yield from _unzipped(path, place, changed)
        else:
            # Only notebooks are looked into; of others the name is enough.
            content = path.read_bytes() if path.suffix.lower() == ".ipynb" else b""
            yield Submission(place, content, changed)


def _unzipped(path: Path, place: str, changed: float) -> Iterator[Submission]:
    """The notebooks of a zip file; the file itself where it has none or cannot be read."""
    inside = []
    broken = contextlib.suppress(zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError)
    with broken, zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = PurePosixPath(info.filename)
            if name.suffix.lower() != ".ipynb" or any(map(_is_private, name.parts)):
                continue
            if info.file_size <= LARGEST:
                inside.append((name.as_posix(), archive.read(info)))
    for inner, content in inside:
        yield Submission(f"{place}: {inner}", content, changed)
    if not inside:
        yield Submission(place, b"", changed)


def _chapter(given: Submission, chapter_of: Mapping[str, str]) -> str | None:
    """The chapter that a file belongs to, or None."""
    if not given.place.lower().endswith(".ipynb"):
        return None
    with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
        cells = json.loads(given.content.decode("utf-8-sig"))["cells"]
        names = [chapter_of.get(_grade_id(nbformat.from_dict(cell)) or "") for cell in cells]
        code = "\n".join("".join(cell.get("source", "")) for cell in cells)
        counted = Counter(filter(None, names)) or Counter(BEGIN.findall(code))
        known = [number for number, _ in counted.most_common() if number in chapter_of.values()]
        if known:
            return known[0]
    named = CHAPTER.fullmatch(PurePosixPath(given.place.split(": ")[-1]).name)
    return named[1] if named else None


def prepare(content: bytes, released: Any) -> tuple[Any, list[str]]:
    """A submission that nbgrader can grade, and what the grader has to say about it.

    Parameters
    ----------
    content
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
        nb = _repaired(json.loads(content.decode("utf-8-sig")), released)
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
    remarks: list[str] = []
    own: list[tuple[str, Any]] = []
    for number, (cell, name) in enumerate(zip(list(nb.cells), names, strict=True)):
        if place.get(name) != number:  # not the course's, or an earlier one of several
            cell.metadata.pop("nbgrader", None)
            continue
        nb.cells[number] = copy.deepcopy(wanted[name])
        nb.cells[number].id = cell.id
        if not _locked(wanted[name]):
            nb.cells[number].source = cell.source
        elif cell.source != wanted[name].source:
            remarks.append(
                f"the locked cell {name} had been changed; it is restored, and what stood there is "
                "a cell above it"
            )
            own.append((nb.cells[number].id, new_code_cell(cell.source)))
    for id, written in own:
        nb.cells.insert([cell.id for cell in nb.cells].index(id), written)
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
