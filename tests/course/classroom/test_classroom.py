import copy
import csv
import multiprocessing
import os
import re
import tempfile
import zipfile
from types import SimpleNamespace

from helpers.course import __main__ as command_line
from helpers.course import catalog, notebook
from helpers.course.classroom import (
    autograde,
    edition,
    grade,
    handout,
    marks,
    nbgrading,
    seal,
    submissions,
    watch,
)
from helpers.course.run import worker
from tests.course import made_up_class
from tests.course.made_up_class import NAME, POINTS, RIGHT, STUDENTS, TESTS, find, solve

import nbformat
import pytest

pytestmark = pytest.mark.slow

SECONDS = 30  # for a submission; a cell has a fifth of it


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """Folder of the made-up chapter with its solutions."""
    folder = tmp_path_factory.mktemp("notebooks")
    nb = made_up_class.exercises()
    for cell in notebook.code_cells(nb):
        cell.outputs = [nbformat.v4.new_output("stream", text="as committed\n")]
    nbformat.write(nb, folder / NAME)
    return folder


@pytest.fixture(scope="module")
def course(notebooks, tmp_path_factory):
    """The nbgrader course with the made-up chapter handed out."""
    root = tmp_path_factory.mktemp("course")
    handout.release({"05": notebooks / NAME}, root)
    return root


@pytest.fixture
def released(course):
    """The made-up chapter as students get it."""
    return nbformat.read(course / "release" / "05" / NAME, as_version=4)


# What students get


def test_handing_out_leaves_the_search_path_as_it_was(notebooks, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/somewhere")
    handout.release({"05": notebooks / NAME}, tmp_path)
    assert os.environ["PATH"] == "/somewhere"


def test_students_get_stubs_and_visible_tests(released):
    for name, solution in RIGHT.items():
        source = find(released, name).source
        assert solution not in source
        assert "raise NotImplementedError" in source
        compile(source, name, "exec")
        visible, hidden = TESTS[name]
        tests = find(released, f"{name}_test")
        assert visible in tests.source
        assert hidden not in tests.source
        assert tests.metadata.editable is False
    assert "### BEGIN" not in nbformat.writes(released)


def test_outputs_of_exercises_are_cleared_and_those_of_the_lesson_stay(released):
    for cell in notebook.code_cells(released):
        of_exercise = "nbgrader" in cell.metadata or "X05.1" in notebook.tags(cell)
        assert cell.outputs == [] if of_exercise else cell.outputs[0].text == "as committed\n"


def test_student_notebook_runs_up_to_the_first_exercise_and_says_what_to_do(course, tmp_path):
    error = worker.execute(
        course / "release" / "05" / NAME,
        tmp_path / "done.ipynb",
        {"PROFILE": "sample", "SEED": 0},
        lambda cell, of: None,
    )
    assert error.startswith("NotImplementedError: This exercise is not solved yet")
    _, stopped = notebook.last_started(nbformat.read(tmp_path / "done.ipynb", as_version=4))
    assert stopped.metadata.nbgrader.grade_id == "X05_1_test"
    traceback = "".join(stopped.outputs[0].traceback)
    assert "put your solution here" in traceback


def test_no_chapter_gives_its_solutions_away_nor_needs_them_before_the_first(tmp_path):
    chapters = catalog.notebooks(catalog.NOTEBOOKS)
    for number, path in chapters.items():
        nb = nbformat.read(path, as_version=4)
        for cell in notebook.code_cells(nb):
            cell.outputs = []  # half the time goes into checking them
        chapters[number] = tmp_path / path.name
        nbformat.write(nb, chapters[number])
    for number, path in handout.release(chapters, tmp_path / "course").items():
        whole = nbformat.read(chapters[number], as_version=4)
        edition.for_students(whole, {path.name for path in chapters.values()})
        before = whole.cells
        after = nbformat.read(path, as_version=4).cells
        exercises = [n for n, cell in enumerate(before) if "BEGIN SOLUTION" in cell.source]
        for n in exercises:
            assert nbgrading.STUB.splitlines()[0] in after[n].source
        assert not [cell for cell in after if "### BEGIN" in cell.source]
        first = min(exercises, default=len(before))
        assert [c.source for c in before[:first]] == [c.source for c in after[:first]]


def test_folder_for_students_has_all_they_need_and_replaces_the_former(notebooks, tmp_path, capsys):
    out = tmp_path / "dist" / "student"
    out.mkdir(parents=True)
    (out / "old.txt").touch()
    command = ["student", "--notebooks", str(notebooks), "--out", str(out), "--only", "05"]
    assert command_line.main(command) == 0
    assert "1 chapters for students" in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["LICENSE", "README.md", "constraints.txt", "helpers", "notebooks", "pyproject.toml"]
    )
    assert (out / "helpers" / "lesson.py").exists()
    assert not (out / "helpers" / "course").exists()
    assert sorted(path.name for path in (out / "notebooks").iterdir()) == [NAME, "index.ipynb"]
    names = zipfile.ZipFile(f"{out}.zip").namelist()
    assert {f"student/notebooks/{NAME}", "student/README.md"} <= set(names)
    assert sorted(path.name for path in out.parent.iterdir()) == ["student", "student.zip"]


# What they hand in


def test_newest_file_of_a_chapter_counts_and_others_are_passed_over(tmp_path):
    names = ("anna/05_chapter.ipynb", "anna/new/05_chapter (1).ipynb", "ben/07.ipynb")
    ignored = ("anna/notes.ipynb", "05_lost.ipynb", "ben/.ipynb_checkpoints/05_chapter.ipynb")
    for age, name in enumerate((*names, *ignored)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (age, age))
    found, passed_over = submissions.find(tmp_path, {})
    assert {key: given.place for key, given in found.items()} == {
        ("anna", "05"): "new/05_chapter (1).ipynb",
        ("ben", "07"): "07.ipynb",
    }
    assert passed_over == {"anna": ["notes.ipynb"]}


def test_folder_without_submissions_is_said(tmp_path, notebooks, capsys):
    with pytest.raises(SystemExit) as end:
        command_line.main(["grade", str(tmp_path), "--notebooks", str(notebooks)])
    assert end.value.code == 2
    assert "expected a folder for each student" in capsys.readouterr().err


@pytest.mark.parametrize("student", ["edits tests", "test as text", "no tests", "more points"])
def test_prepared_submission_has_the_tests_and_marks_that_were_handed_out(released, student):
    work, _, _ = STUDENTS[student]
    content = nbformat.writes(work(copy.deepcopy(released))).encode()
    nb, _ = submissions.prepare(content, released)
    nbformat.validate(nb)
    for name in RIGHT:
        assert find(nb, f"{name}_test").source == find(released, f"{name}_test").source
        assert find(nb, f"{name}_test").metadata == find(released, f"{name}_test").metadata


def test_what_the_grader_noticed_is_on_top(released):
    submissions.note(released, [])
    assert released.cells[0].source.startswith("# A chapter")
    submissions.note(released, ["a test had been deleted"])
    assert released.cells[0].source.endswith("- a test had been deleted")


# What they get


@pytest.fixture(scope="module")
def graded(course, notebooks, tmp_path_factory):
    """The marks of the whole class by student, and the folder with the table and the pages."""
    folder = tmp_path_factory.mktemp("class")
    released = nbformat.read(course / "release" / "05" / NAME, as_version=4)
    made_up_class.hand_in(released, folder / "in")
    out = folder / "out"
    marks = grade.grade(folder / "in", notebooks, out, SECONDS, jobs=3)
    return {mark.student: mark for mark in marks}, out


def test_class_is_graded_completely(graded):
    marks, out = graded
    assert set(marks) == set(STUDENTS)
    assert len(marks) >= 20
    with open(out / "grades.csv", newline="", encoding="utf-8-sig") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert {name: float(row["score"]) for name, row in rows.items()} == {
        name: sum(points) for name, (_, points, _) in STUDENTS.items()
    }
    assert {row["max_score"] for row in rows.values()} == {str(sum(POINTS.values()))}
    assert rows["only first"]["exercises"] == "X05_1_test=2/2 X05_2_test=0/3 X05_3_test=0/1"
    assert (out / rows["perfect"]["feedback"]).exists()


@pytest.mark.parametrize("student", STUDENTS)
def test_mark_and_its_reason(graded, student):
    mark = graded[0][student]
    _, points, reason = STUDENTS[student]
    got = tuple(mark.points[f"{name}_test"] for name in RIGHT)
    assert got == tuple(map(list, zip(points, POINTS.values(), strict=True)))
    assert reason in "; ".join(mark.reasons)
    assert bool(mark.reasons) == bool(reason)


def test_feedback_page_shows_points_and_what_the_grader_noticed(graded):
    marks, _ = graded
    page = marks["edits tests"].feedback.read_text(encoding="utf-8")
    assert "Score: 4.0 / 6.0" in page
    assert "<math" in page
    assert "the locked cell X05_1_test had been changed" in page
    assert marks["absent"].feedback is None


def test_feedback_page_runs_no_script_of_a_student(graded):
    page = graded[0]["scripts"].feedback.read_text(encoding="utf-8")
    assert "raisePoints" in page
    assert "<script>raisePoints" not in page


def test_feedback_page_names_the_test_and_why_and_shows_no_hidden_one(graded):
    marks, _ = graded
    page = marks["wrong"].feedback.read_text(encoding="utf-8")
    assert "wrong: 05_chapter, 20" in page
    assert '<a href="#X05_1_test">X05_1_test</a> (Score: 0.0 / 2.0)' in page
    assert "three makes six" in page
    assert "in line 2 of the test" in page
    page = marks["guesses"].feedback.read_text(encoding="utf-8")
    assert "a hidden test found a mistake" in page
    assert "in a hidden test" in page
    for student in ("perfect", "guesses", "wrong"):
        page = marks[student].feedback.read_text(encoding="utf-8")
        assert "-8" not in re.sub("(?s)<style.*?</style>|<[^>]*>", "", page)
        assert "HIDDEN TESTS" not in page


# One submission


def job(course, nb, **given):
    """A submission to be run."""
    solved = nbformat.read(course / "source" / "05" / NAME, as_version=4)
    points = {f"{name}_test": float(most) for name, most in POINTS.items()}
    usual = {"title": "anna", "seconds": SECONDS, "number": 0, "variables": {}, "points": points}
    return autograde.Job(nb=nb, lesson=seal.lesson(solved), **usual | given)


def test_notebook_that_has_used_up_its_time_runs_no_more_cells(released):
    run = nbgrading.RunSubmission(30, {})
    run._end = -1
    cell = find(solve(released), "X05_1_test")
    run.preprocess_cell(cell, {}, 0)
    assert cell.outputs[0].evalue == "the notebook had used up its 30 s"


def test_submission_that_cannot_be_ended_in_time_is_killed(course, released, monkeypatch, tmp_path):
    # What is killed cannot clear its folder away; another test counts those that stay.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(autograde, "GRACE", 0.1 - SECONDS - nbgrading.STARTING)
    outcome = autograde.attempt(job(course, released))
    assert outcome.problem == "grading it took more than 0.1 s"
    assert outcome.marks == {}


def test_failure_of_the_grader_is_said_and_gives_no_marks(course, released):
    outcome = autograde.attempt(job(course, released, points={"X99_test": 1.0}))
    assert outcome.problem == "it could not be graded: KeyError: 'X99_test'"
    assert outcome.marks == {}


def test_outcome_of_a_process_that_did_not_end_well_counts_for_nothing(monkeypatch):
    class Process:
        exitcode = -9
        start = kill = join = lambda self, *seconds: None

    here, there = multiprocessing.Pipe(duplex=False)
    there.send(autograde.Outcome(marks={"X05_1_test": [2.0, 2.0]}))
    context = SimpleNamespace(Pipe=lambda duplex: (here, there), Process=lambda **given: Process())
    monkeypatch.setattr(autograde, "_CONTEXT", context)
    outcome = autograde.attempt(SimpleNamespace(seconds=1))
    assert outcome.problem == "grading it ended with status -9"
    assert outcome.marks == {}


def test_failure_of_the_grader_costs_the_mark_and_no_more(course, released, monkeypatch):
    failed = autograde.Outcome(problem="grading it took more than 90 s")
    monkeypatch.setattr(autograde, "attempt", lambda given: failed)
    given = submissions.Submission(NAME, nbformat.writes(solve(released)).encode(), 0)
    solved = nbformat.read(course / "source" / "05" / NAME, as_version=4)
    chapter = grade.Chapter("05", "05_chapter", released, solved)
    terms = grade.Terms(30, {}, watch.Limits())
    mark, page = grade._mark(0, "anna", given, chapter, terms)
    assert (mark.score, mark.maximum, page) == (0, 6, "")
    assert mark.reasons == ["grading it took more than 90 s"]


def test_nothing_is_graded_where_the_solutions_themselves_fail(tmp_path, released):
    (tmp_path / "in" / "anna").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    nb = made_up_class.exercises()
    find(nb, "X05_2").source = find(nb, "X05_2").source.replace("% 2", "% 3")
    nbformat.write(nb, tmp_path / "notebooks" / NAME)
    nbformat.write(solve(released), tmp_path / "in" / "anna" / NAME)
    with pytest.raises(ValueError, match=r"chapter 05 .* gets 3 of 6 .*X05_2_test.*two is even"):
        grade.grade(tmp_path / "in", tmp_path / "notebooks", tmp_path / "out", SECONDS)
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_table_holds_no_formula(tmp_path):
    mark = marks.Mark("=1+1", "05", {"X05_1_test": [1.5, 2]}, ["+1", "a, b"])
    row = next(csv.DictReader(marks.table([mark], tmp_path).splitlines()))
    assert row["student"] == "'=1+1"
    assert row["score"] == "1.5"
    assert row["reasons"] == "'+1; a, b"
    assert row["feedback"] == ""
