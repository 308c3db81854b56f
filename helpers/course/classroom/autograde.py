"""One submission graded by nbgrader, in a folder and a process of its own."""

from __future__ import annotations

import contextlib
import json
import logging
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from helpers.course.classroom import nbgrading

import nbformat
import psutil
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateFeedback

STUDENT = "student"  # the name of every student in a course of one submission
RAISED = re.compile(r"^(?:\w+\.)*[A-Z]\w+: .*", re.MULTILINE)  # the last line of a traceback
GRACE = 60  # seconds beyond a submission's own limit, for nbgrader's work

# Where the system can fork, a process begins with nbgrader loaded: that takes two seconds.
# Its socket lies in the folder for temporary files, and a socket's path must be short.
_FORKS = "forkserver" in multiprocessing.get_all_start_methods() and len(tempfile.gettempdir()) < 70
_METHOD = "forkserver" if _FORKS else "spawn"
_CONTEXT = multiprocessing.get_context(_METHOD)


def grade(root: Path, chapter: str, seconds: float) -> None:
    """Autograde the submission in `root`, an nbgrader course, and write its feedback page.

    The marks are left in ``marks.json``, ``{"X05_1_test": [2.0, 2.0]}``: points and maximum.
    """
    config = nbgrading.settings(seconds)
    nbgrading.convert(Autograde, root, chapter, config, STUDENT)
    nbgrading.convert(GenerateFeedback, root, chapter, config, STUDENT)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        grades = book.find_submission(chapter, STUDENT).notebooks[0].grades
        marks = {grade.name: [grade.score, grade.max_score] for grade in grades}
    (root / "marks.json").write_text(json.dumps(marks), encoding="utf-8")


def attempt(
    nb: Any, name: str, course: Path, root: Path, seconds: float, variables: dict[str, str]
) -> str | None:
    """Grade a notebook in a process that ends in any case.

    Parameters
    ----------
    nb, name
        What was handed in, and the file name of its chapter.
    course
        The nbgrader course with the chapter's hidden tests.
    root
        A folder to be made, for this attempt alone: see `grade` for what is left in it.
    seconds
        What the notebook may take.
    variables
        The environment of its kernel.

    Returns
    -------
    str or None
        Why there is no mark, or None.
    """
    folder = root / "submitted" / STUDENT / name[:2]
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / name)
    shutil.copy(course / "gradebook.db", root)
    process = _CONTEXT.Process(  # type: ignore[attr-defined]  # each context has it
        target=_in_process, args=(root, name[:2], seconds, variables), daemon=True
    )
    process.start()
    process.join(seconds + GRACE)
    late = process.is_alive()
    _end(process)
    if late:
        return f"grading it took more than {seconds + GRACE:g} s"
    if process.exitcode == 0 and (root / "marks.json").exists():
        return None
    log = (root / "log.txt").read_text(encoding="utf-8", errors="replace")
    said = [line for line in RAISED.findall(log) if "NbGraderException" not in line]
    return f"nbgrader could not grade it: {(said or ['it gave no reason'])[-1][:200]}"


def _in_process(root: Path, chapter: str, seconds: float, variables: dict[str, str]) -> None:
    """`grade` in a new process, what it prints in ``log.txt``."""
    os.environ.clear()
    os.environ.update(variables)
    with open(root / "log.txt", "w", encoding="utf-8") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    logging.basicConfig()  # nbgrader tells there what went wrong
    grade(root, chapter, seconds)


def _end(process: BaseProcess) -> None:
    """End a process that still runs, with its kernel and what that started."""
    tree = []
    with contextlib.suppress(psutil.NoSuchProcess):
        tree = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    for child in tree:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    process.join()


if _FORKS:
    _CONTEXT.set_forkserver_preload([__name__])
