"""A chapter with three exercises, and a class that hands it in: well, badly, and maliciously."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

from tests.course.small_chapters import chapter, code

import nbformat

RIGHT = {
    "X05_1": "return 2 * x",
    "X05_2": "return sum(number % 2 == 0 for number in numbers)",
    "X05_3": "return sum(numbers) / len(numbers)",
}
HEAD = {"X05_1": "def double(x):", "X05_2": "def evens(numbers):", "X05_3": "def mean(numbers):"}
TESTS = {
    "X05_1": ("assert double(3) == 6, 'three makes six'", "assert double(-4) == -8"),
    "X05_2": (
        "assert evens([1, 2]) == 1, 'two is even'",
        "assert all(evens(list(range(n))) == (n + 1) // 2 for n in range(5))",
    ),
    "X05_3": (
        "assert close(mean([1, 3]), 2), 'between them'",
        "assert np.isclose(mean([5, 8]), 6.5)",
    ),
}
POINTS = {"X05_1": 2, "X05_2": 3, "X05_3": 1}
NAME = "05_chapter.ipynb"
LESSON = """\
import numpy as np


def close(a, b):
    return bool(np.isclose(a, b))"""


def exercises() -> nbformat.NotebookNode:
    """The chapter with solutions; the last line of a test warns, which costs no points."""
    cells = [code("6 * 7", "L05.1", count=1), code(LESSON, count=2)]
    for name, solution in RIGHT.items():
        lines = [HEAD[name], "    ### BEGIN SOLUTION", f"    {solution}", "    ### END SOLUTION"]
        visible, hidden = TESTS[name]
        tests = ["import warnings", visible, "### BEGIN HIDDEN TESTS", hidden]
        tests += ["### END HIDDEN TESTS", "warnings.warn('only a warning')"]
        flags = {"schema_version": 3, "task": False}
        solving = flags | {"grade_id": name, "grade": False, "locked": False, "solution": True}
        testing = flags | {"grade_id": f"{name}_test", "grade": True, "locked": True}
        testing |= {"solution": False, "points": POINTS[name]}
        cells.append(code("\n".join(lines), name.replace("_", "."), nbgrader=solving))
        cells.append(code("\n".join(tests), "tests", nbgrader=testing))
    return chapter(*cells, code("double(21)", "X05.1"))


def find(nb: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """The cell with this grade_id."""
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def solve(nb: nbformat.NotebookNode, **bodies: str) -> nbformat.NotebookNode:
    """A copy of the chapter with right solutions, or with the given bodies of functions."""
    nb = copy.deepcopy(nb)
    for name, body in (RIGHT | bodies).items():
        find(nb, name).source = f"{HEAD[name]}\n    {body}"
    return nb


def only_first(nb):
    unsolved = {name: find(nb, name).source for name in ("X05_2", "X05_3")}
    nb = solve(nb)
    for name, source in unsolved.items():
        find(nb, name).source = source
    return nb


def with_own_cells(nb):
    nb = solve(nb, X05_1="return twice(x)")
    nb.cells.insert(1, code("twice = lambda x: x + x"))
    return nb


def with_a_script(nb):
    nb = solve(nb)
    nb.cells.append(nbformat.v4.new_markdown_cell("<script>raisePoints()</script>"))
    nb.cells.append(
        code("from IPython.display import HTML\nHTML('<script>raisePoints()</script>')")
    )
    return nb


def with_edited_tests(nb):
    nb = solve(nb, X05_1="return 0")
    find(nb, "X05_1_test").source = "assert True"
    return nb


def with_test_as_text(nb):
    nb = solve(nb, X05_1="return 0")
    cell = find(nb, "X05_1_test")
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]
    return nb


def without(*names):
    def delete(nb):
        nb = solve(nb, X05_1="return 0")
        for name in names:
            nb.cells.remove(find(nb, name))
        return nb

    return delete


def with_more_points(nb):
    nb = solve(nb, X05_2="return 0")
    find(nb, "X05_1_test").metadata.nbgrader.points = 100
    find(nb, "X05_2_test").metadata.nbgrader |= {"grade": False, "solution": True, "locked": False}
    return nb


def with_invented_marks(nb):
    nb = solve(nb, X05_2="return 0")
    test = copy.deepcopy(find(nb, "X05_1_test"))
    test.id, test.metadata.nbgrader.grade_id = "invented", "X05_9_test"
    nb.cells.append(test)
    nb.cells.append(code("1", nbgrader={"grade_id": ["a list"], "grade": "yes"}))
    return nb


def with_two_tests(nb):
    nb = solve(nb, X05_1="return 0")
    twin = copy.deepcopy(find(nb, "X05_1_test"))
    twin.id, twin.source = "twin", "pass"
    nb.cells.append(twin)
    return nb


def without_marks(nb):
    nb = solve(nb)
    for cell in nb.cells:
        cell.metadata.pop("nbgrader", None)
    return nb


def with_other_parameters(nb):
    nb = solve(nb, X05_1="return 2 * x if PROFILE == 'sample' else 0")
    nb.cells[1].source = 'PROFILE = "full"'
    return nb


def in_an_old_format(nb):
    nb = solve(nb)
    nb.nbformat_minor = 0
    for cell in nb.cells:
        del cell["id"]
    return nb


def first(source: str, **bodies: str):
    """Somebody whose notebook begins with code against the tests."""

    def tamper(nb):
        nb = solve(nb, **bodies)
        nb.cells.insert(0, code(source))
        return nb

    return tamper


NO_ASSERT = """\
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Drop())"""
NO_ERROR = "get_ipython().showtraceback = get_ipython()._showtraceback = lambda *a, **k: None"
FOR_EVER = "while True: pass"
STUBBORN = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass"
FLOOD = 'while True: print("x" * 1000)'
CRASH = "import os; os._exit(1)"

# What each hands in: a text, or a function of the chapter as handed out. What they get for each
# exercise. What the reasons must say.
STUDENTS: dict[str, tuple[str | Callable, tuple[int, int, int], str]] = {
    "perfect": (solve, (2, 3, 1), ""),
    "untouched": (lambda nb: nb, (0, 0, 0), "X05_1_test: not solved"),
    "only first": (only_first, (2, 0, 0), "X05_2_test: not solved"),
    "with own cells": (with_own_cells, (2, 3, 1), ""),
    "scripts": (with_a_script, (2, 3, 1), ""),
    "wrong": (lambda nb: solve(nb, X05_1="return x"), (0, 3, 1), "three makes six"),
    "typo": (lambda nb: solve(nb, X05_2="return ("), (2, 0, 1), "X05_2_test: NameError"),
    "guesses": (lambda nb: solve(nb, X05_1="return 6"), (0, 3, 1), "a hidden test found a mistake"),
    "edits tests": (with_edited_tests, (0, 3, 1), "locked cell X05_1_test had been changed"),
    "test as text": (with_test_as_text, (0, 3, 1), "three makes six"),
    "deletes test": (without("X05_1_test"), (0, 3, 1), "test cell X05_1_test had been deleted"),
    "deletes both": (without("X05_1", "X05_1_test"), (0, 3, 1), "cell X05_1 has been deleted"),
    "no tests": (without(*(f"{name}_test" for name in RIGHT)), (0, 3, 1), "X05_3_test had been"),
    "more points": (with_more_points, (2, 0, 1), "two is even"),
    "invented": (with_invented_marks, (2, 0, 1), "two is even"),
    "two tests": (with_two_tests, (0, 3, 1), "locked cell X05_1_test had been changed"),
    "lost marks": (without_marks, (2, 3, 1), ""),
    "old format": (in_an_old_format, (2, 3, 1), ""),
    "full profile": (with_other_parameters, (2, 3, 1), ""),
    "no assert": (first(NO_ASSERT, X05_1="return 0"), (0, 3, 1), "three makes six"),
    "no error": (first(NO_ERROR, X05_1="return 0"), (0, 3, 1), "AssertionError"),
    "loops": (lambda nb: solve(nb, X05_2=FOR_EVER), (2, 0, 1), "X05_2_test was interrupted"),
    "stubborn": (lambda nb: solve(nb, X05_2=STUBBORN), (2, 0, 0), "could not be interrupted"),
    "floods": (lambda nb: solve(nb, X05_3=FLOOD), (2, 3, 0), "X05_3_test"),
    "crashes": (lambda nb: solve(nb, X05_2=CRASH), (2, 0, 0), "the kernel died"),
    "leaves": (lambda nb: solve(nb, X05_2="import sys; sys.exit()"), (2, 0, 1), "SystemExit"),
    "broken": ('{"cells": [', (0, 0, 0), "not a notebook that can be read"),
    "empty": ("", (0, 0, 0), "not a notebook that can be read"),
    "a list": ("[1, 2]", (0, 0, 0), "not a notebook that can be read"),
    "old": (json.dumps({"nbformat": 4, "cells": 3}), (0, 0, 0), "not a notebook"),
    "absent": ("", (0, 0, 0), "nothing for chapter 05; passed over: notes.ipynb"),
}


def hand_in(released: nbformat.NotebookNode, folder: Path, students: dict = STUDENTS) -> None:
    """Write the submissions of the whole class."""
    for student, (work, *_) in students.items():
        path = folder / student / ("notes.ipynb" if student == "absent" else NAME)
        path.parent.mkdir(parents=True)
        given = work if isinstance(work, str | bytes) else work(copy.deepcopy(released))
        text = given if isinstance(given, str | bytes) else nbformat.writes(given)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
