"""Forty students: no wrong mark, nobody else harmed, nothing left running."""

import hashlib
import tempfile
import time
from pathlib import Path

from helpers.course.classroom import confine, grade, handout, watch
from tests.course import hostile_class, made_up_class
from tests.course.made_up_class import NAME, POINTS

import nbformat
import psutil
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not confine.landlock(), reason="needs Landlock, as of Linux 5.13"),
]

SECONDS = 100  # for a submission; a cell has a fifth of it
LIMITS = watch.Limits(memory=1e9, disk=1e8, processes=20)
PLACE = Path("unused")  # the names of the rows are the same for each folder
ROWS = (
    hostile_class.cheats(PLACE)
    | hostile_class.ODD
    | hostile_class.harmful(PLACE)
    | hostile_class.PLAIN
)


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Marks by student; what stood around before and after; folders and processes that stayed."""
    root = tmp_path_factory.mktemp("class")
    notebooks, work = root / "notebooks", root / "homework"
    notebooks.mkdir()
    nbformat.write(made_up_class.exercises(), notebooks / NAME)
    released = handout.release({"05": notebooks / NAME}, root / "course")["05"]
    students = (
        hostile_class.cheats(notebooks)
        | hostile_class.ODD
        | hostile_class.harmful(work, notebooks, root)
        | hostile_class.PLAIN
    )
    made_up_class.hand_in(nbformat.read(released, as_version=4), work, students)
    before = digests(root)
    folders = set(Path(tempfile.gettempdir()).glob("work-*"))
    marks = grade.grade(work, notebooks, tmp_path_factory.mktemp("grades"), SECONDS, limits=LIMITS)
    left = set(Path(tempfile.gettempdir()).glob("work-*")) - folders
    running = [p for p in psutil.process_iter() if watch.MARK in _environment(p)]
    return {mark.student: mark for mark in marks}, before, digests(root), left, running


def _environment(process):
    try:
        return process.environ()
    except (psutil.Error, OSError):
        return {}


@pytest.mark.parametrize("student", ROWS)
def test_everyone_gets_the_marks_of_the_work(graded, student):
    mark = graded[0][student]
    _, points, reason = ROWS[student]
    assert [mark.points[f"{name}_test"][0] for name in POINTS] == list(points), mark.reasons
    said = "; ".join(mark.reasons)
    assert any(one in said for one in ([reason] if isinstance(reason, str) else reason)), said


@pytest.mark.parametrize("student", [*hostile_class.ODD, *hostile_class.PLAIN])
def test_nothing_is_held_against_the_honest(graded, student):
    assert not [said for said in graded[0][student].reasons if "look at it" in said]


def test_nothing_around_is_touched_and_nothing_stays(graded):
    _, before, after, folders, running = graded
    assert after == before
    for _ in range(60):  # those of a class that is graded beside this one go in their time
        if any(folder.exists() for folder in folders):
            time.sleep(1)
    assert [folder for folder in folders if folder.exists()] == []
    _, alive = psutil.wait_procs(running, timeout=60)  # killed ones need a moment to go
    assert alive == []
