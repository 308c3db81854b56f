"""Grading a class: every submission marked on its own, one table, and a page for each."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.course import catalog, files, notebook
from helpers.course.classroom import autograde, handout, nbgrading, submissions
from helpers.course.run import local
from helpers.course.run import plan as runner

import joblib
import nbformat
from nbconvert.filters import strip_ansi

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


def grade(
    folder: Path,
    notebooks: Path,
    out: Path,
    seconds: float,
    only: tuple[str, ...] | None = None,
    jobs: int | None = None,
) -> list[Mark]:
    """Grade the submissions in a folder; write ``grades.csv`` and ``feedback/``.

    Parameters
    ----------
    folder
        See `submissions.find`.
    notebooks
        Folder of the chapters with their solutions.
    out
        Where the grades go; they replace those that are there.
    seconds
        What one submission may take.
    only
        Chapter numbers; None: all that were handed in.
    jobs
        How many submissions are graded at a time; None: as many as cores and memory allow.

    Returns
    -------
    list of Mark
        One for each student and chapter, in their order.

    Raises
    ------
    ValueError
        If there is nothing to grade.
    """
    known = catalog.notebooks(notebooks)
    found, passed_over = submissions.find(folder, submissions.exercises(known))
    handed_in = sorted({chapter for _, chapter in found} & set(known))
    chapters = catalog.select(notebooks, only or handed_in)
    students = submissions.students(folder)
    jobs = jobs or runner.jobs_for(len(found), "sample")
    variables = local.environment(max(1, joblib.cpu_count() // jobs)) | {"DL_PROFILE": "sample"}

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        released = handout.release(chapters, scratch / "course")
        shutil.rmtree(out / "feedback", ignore_errors=True)

        def one(task: tuple[int, str, str]) -> Mark:
            number, student, chapter = task
            given, place = found.get((student, chapter)), scratch / f"{number}"
            mark = _mark(student, given, released[chapter], place, seconds, variables)
            if given is None and student in passed_over:
                mark.reasons.append(f"passed over: {', '.join(passed_over[student])}")
            if mark.feedback:
                page = out / "feedback" / student / mark.feedback.name
                page.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(mark.feedback, page)
                mark.feedback = page
            shutil.rmtree(place, ignore_errors=True)
            reasons = f": {'; '.join(mark.reasons)}" if mark.reasons else ""
            print(f"{student} {chapter}: {mark.score:g} of {mark.maximum:g}{reasons}", flush=True)
            return mark

        tasks = [(student, chapter) for student in students for chapter in chapters]
        with ThreadPoolExecutor(jobs) as pool:
            marks = list(pool.map(one, [(n, *task) for n, task in enumerate(tasks)]))
    # A byte order mark tells Excel that the names are UTF-8.
    files.write_text(out / "grades.csv", "\ufeff" + table(marks, out))
    print(f"{len(marks)} marks: {out / 'grades.csv'}, feedback pages in {out / 'feedback'}")
    return marks


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


def _mark(
    student: str,
    given: submissions.Submission | None,
    released: Path,
    place: Path,
    seconds: float,
    variables: dict[str, str],
) -> Mark:
    """Grade one submission; if that fails, the chapter as handed out in its place."""
    empty = nbformat.read(released, as_version=4)
    zero = {
        cell.metadata.nbgrader.grade_id: [0.0, float(cell.metadata.nbgrader.points)]
        for cell in empty.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    mark = Mark(student, released.name[:2], zero)
    if given is None:
        mark.reasons = [f"nothing for chapter {mark.chapter}"]
        return mark
    nb, mark.reasons = submissions.prepare(given.content, empty)
    submissions.note(nb, mark.reasons)
    course = released.parents[2]
    problem = autograde.attempt(nb, released.name, course, place, seconds, variables)
    if problem:
        mark.reasons.append(problem)
        return mark
    mark.points = json.loads((place / "marks.json").read_text(encoding="utf-8"))
    inside = Path(autograde.STUDENT) / mark.chapter
    graded = nbformat.read(place / "autograded" / inside / released.name, as_version=4)
    mark.reasons += shortcomings(graded)
    mark.feedback = place / "feedback" / inside / released.with_suffix(".html").name
    return mark


def shortcomings(graded: Any) -> list[str]:
    """Why points are missing: the cells that were stopped, and the first error of each test."""
    said = []
    for cell in notebook.code_cells(graded):
        marks = cell.metadata.get("nbgrader", {})
        errors = {output.ename: output.evalue for output in cell.outputs if "ename" in output}
        name = marks.get("grade_id") or "a cell of the lesson"
        if nbgrading.STOPPED in errors:
            said.append(f"nothing ran from {name} on: {errors[nbgrading.STOPPED]}")
            break
        if nbgrading.TOO_LONG in errors:
            said.append(f"{name} was interrupted because it did not end")
        elif "NotImplementedError" in errors and marks.get("grade"):
            said.append(f"{name}: not solved")
        elif errors and marks.get("grade"):
            error, message = next(iter(errors.items()))
            message = strip_ansi(message).strip() or "a hidden test found a mistake"
            said.append(f"{name}: {error}: {message.splitlines()[0][:200]}")
    return said
