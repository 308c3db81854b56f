"""Grading a class: every submission marked on its own, one table, and a page for each."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from helpers.course import catalog, files, notebook
from helpers.course.classroom import (
    autograde,
    confine,
    handout,
    nbgrading,
    notice,
    seal,
    submissions,
    watch,
)
from helpers.course.classroom.marks import Mark, table
from helpers.course.run import local
from helpers.course.run import plan as runner

import joblib
import nbformat
from nbconvert.filters import strip_ansi


def grade(
    folder: Path,
    notebooks: Path,
    out: Path,
    seconds: float,
    only: tuple[str, ...] | None = None,
    jobs: int | None = None,
    limits: watch.Limits | None = None,
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
    limits
        What a submission may have, besides time; None: what the chapters need and more.

    Returns
    -------
    list of Mark
        One for each student and chapter, in their order.

    Raises
    ------
    ValueError
        If there is nothing to grade, or a chapter's own solutions do not get all points here.
    """
    known = catalog.notebooks(notebooks)
    found, passed_over = submissions.find(folder, submissions.exercises(known))
    handed_in = sorted({chapter for _, chapter in found} & set(known))
    chapters = catalog.select(notebooks, only or handed_in)
    students = submissions.students(folder)
    jobs = jobs or runner.jobs_for(len(found), "sample")
    threads = local.environment(max(1, joblib.cpu_count() // jobs))
    variables = {name: threads[name] for name in local.THREADS} | {"DL_PROFILE": "sample"}
    terms = Terms(seconds, variables, limits or watch.Limits())

    out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(jobs) as pool:
        print(f"{confine.means()}.", flush=True)
        given = _chapters(chapters)
        tried = pool.map(lambda n, chapter: _try(n, chapter, terms), count(), given.values())
        for chapter in tried:
            given[chapter.number] = chapter
        shutil.rmtree(out / "feedback", ignore_errors=True)

        def one(task: tuple[int, str, str]) -> Mark:
            number, student, name = task
            submission = found.get((student, name))
            mark, page = _mark(number, student, submission, given[name], terms)
            if submission is None and student in passed_over:
                mark.reasons.append(f"passed over: {', '.join(passed_over[student])}")
            if page:
                mark.feedback = out / "feedback" / student / f"{given[name].stem}.html"
                mark.feedback.parent.mkdir(parents=True, exist_ok=True)
                mark.feedback.write_text(page, encoding="utf-8", errors="replace")
            reasons = f": {'; '.join(mark.reasons)}" if mark.reasons else ""
            line = f"{student} {name}: {mark.score:g} of {mark.maximum:g}{reasons}"
            with contextlib.suppress(OSError, ValueError):  # a console that shows no such letters
                print(line, flush=True)
            return mark

        tasks = [(student, chapter) for student in students for chapter in chapters]
        marks = list(pool.map(one, [(n, *task) for n, task in enumerate(tasks, len(given))]))
    # A byte order mark tells Excel that the names are UTF-8.
    files.write_text(out / "grades.csv", "\ufeff" + table(marks, out))
    print(f"{len(marks)} marks: {out / 'grades.csv'}, feedback pages in {out / 'feedback'}")
    return marks


@dataclass(frozen=True)
class Terms:
    """What every submission gets: seconds, variables of its environment, limits."""

    seconds: float
    variables: dict[str, str]
    limits: watch.Limits


@dataclass(frozen=True)
class Chapter:
    """A chapter in the grader's memory: nothing of it lies where a submission could read it.

    Attributes
    ----------
    number, stem
        ``"05"``, and its file's name without the ending.
    released, solved
        As it was handed out, and with its solutions and hidden tests.
    tolerated
        What it replaces in the libraries itself.
    """

    number: str
    stem: str
    released: Any
    solved: Any
    tolerated: tuple[str, ...] = ()

    @property
    def lesson(self) -> seal.Lesson:
        return seal.lesson(self.solved)

    @property
    def points(self) -> dict[str, float]:
        """The maximum of each test."""
        return {
            cell.metadata.nbgrader.grade_id: float(cell.metadata.nbgrader.points)
            for cell in self.released.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        }


def _chapters(paths: dict[str, Path]) -> dict[str, Chapter]:
    """The chapters as they were handed out and with their solutions, read into memory."""
    with tempfile.TemporaryDirectory(prefix="released-") as scratch:
        course = Path(scratch) / "course"
        found = {}
        for number, path in handout.release(paths, course).items():
            solved = nbformat.read(course / "source" / number / path.name, as_version=4)
            released = nbformat.read(path, as_version=4)
            found[number] = Chapter(number, path.stem, released, solved)
    return found


def _try(number: int, chapter: Chapter, terms: Terms) -> Chapter:
    """Grade the chapter's own solutions; what it replaces in the libraries is then known.

    Raises
    ------
    ValueError
        If they do not get all points on this machine.
    """
    if not chapter.points:
        return chapter
    solved = copy.deepcopy(chapter.solved)
    tests = {_name(cell): cell.source for cell in chapter.released.cells if _name(cell)}
    for cell in solved.cells:
        if _name(cell) in chapter.points:
            cell.source = tests[_name(cell)]  # the hidden part comes from the grader
    content = nbformat.writes(solved).encode()
    given = submissions.Submission(f"{chapter.stem}.ipynb", content, 0)
    mark, _, replaced = _graded(number, "the course", given, chapter, terms)
    if mark.score < mark.maximum:
        raise ValueError(
            f"Nothing was graded: chapter {chapter.number} with its own solutions gets "
            f"{mark.score:g} of {mark.maximum:g} on this machine ({'; '.join(mark.reasons)}). "
            f"Mend that first: make run ONLY={chapter.number} shows whether the chapter runs here."
        )
    return dataclasses.replace(chapter, tolerated=tuple(replaced))


def _name(cell: Any) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _mark(
    number: int,
    student: str,
    given: submissions.Submission | None,
    chapter: Chapter,
    terms: Terms,
) -> tuple[Mark, str]:
    """The mark and the feedback page of one submission."""
    if given is None:
        zero = {name: [0.0, most] for name, most in chapter.points.items()}
        reasons = [f"nothing for chapter {chapter.number}"]
        return Mark(student, chapter.number, zero, reasons), ""
    return _graded(number, student, given, chapter, terms)[:2]


def _graded(
    number: int,
    student: str,
    given: submissions.Submission,
    chapter: Chapter,
    terms: Terms,
) -> tuple[Mark, str, list[str]]:
    """Run and judge a submission; what it replaced in the libraries as well."""
    nb, reasons = submissions.prepare(given.content, chapter.released)
    reasons += [f"look at it: {remark}" for remark in notice.odd(nb, chapter.released)]
    submissions.note(nb, reasons)
    title = f"{student}: {chapter.stem}, {time.strftime('%Y-%m-%d')}"
    job = autograde.Job(
        *(nb, title, chapter.lesson, chapter.points, terms.seconds, number, terms.variables),
        tolerated=chapter.tolerated,
        limits=terms.limits,
    )
    outcome = autograde.attempt(job)
    mark = Mark(student, chapter.number, {n: [0.0, p] for n, p in chapter.points.items()}, reasons)
    if outcome.problem:
        mark.reasons.append(outcome.problem)
        return mark, "", []
    mark.points = outcome.marks
    if outcome.replaced:
        mark.reasons.append(f"put back before the tests: {', '.join(outcome.replaced[:5])}")
    mark.reasons += shortcomings(outcome.nb) + [outcome.remark] * bool(outcome.remark)
    return mark, outcome.page, outcome.replaced


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
