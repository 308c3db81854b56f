"""nbgrader as this course sets it up: its settings, and the preprocessors of our own."""

from __future__ import annotations

import os
import sysconfig
import time
from pathlib import Path
from typing import Any

from helpers.course.notebook import tags
from helpers.course.publish import render
from helpers.course.run.worker import KERNEL_DIED, ThisInterpreter

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_output
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearOutput, Execute, NbGraderPreprocessor
from nbgrader.utils import is_grade
from traitlets import Float
from traitlets.config import Config

STUB = """\
# Your turn: put your solution here in place of these two lines, then run the tests below.
raise NotImplementedError("This exercise is not solved yet: write your solution in its cell.")"""
CANARY = 'assert False, "this test must fail"'
STOPPED = "NotRun"  # the name of the error in a cell that no longer ran
TOO_LONG = "CellTimeoutError"  # nbgrader's name of the error in a cell that was interrupted


class ClearExerciseOutput(NbGraderPreprocessor):
    """Clears the outputs of exercises and of what shows their results; the lesson's stay."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        is_exercise = "nbgrader" in cell.metadata or any(tag[0] == "X" for tag in tags(cell))
        if cell.cell_type == "code" and is_exercise:
            cell.outputs, cell.execution_count = [], None
        return cell, resources


class RunSubmission(Execute):
    """Runs a student's notebook to its end, whatever its cells do to the kernel or to the tests."""

    seconds = Float(help="what the whole notebook may take").tag(config=True)

    def __init__(self, **given: Any) -> None:
        super().__init__(kernel_manager_class=ThisInterpreter, **given)
        self.timeout_func = lambda cell: max(0.1, min(self.timeout, self._left()))

    def preprocess(self, nb: Any, resources: Any, km: Any = None) -> tuple[Any, Any]:
        """Run all cells, then see whether an assertion that must fail still does."""
        self._end: float | None = None
        self._stopped: str | None = None
        nb.cells.append(new_code_cell(CANARY))
        nb, resources = super().preprocess(nb, resources, km)
        canary = nb.cells.pop()
        if not any(output.output_type == "error" for output in canary.outputs):
            for cell in filter(is_grade, nb.cells):
                cell.outputs = [_error("TestsSwitchedOff", "an assertion that must fail did not")]
        return nb, resources

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Run one cell; where that is no longer possible, say so in its output."""
        if self._end is None:  # the start of the kernel does not count
            self._end = time.monotonic() + self.seconds
        if self._stopped is None and self._left() <= 0:
            self._stopped = f"the notebook had used up its {self.seconds:g} s"
        if self._stopped is None:
            try:
                super().preprocess_cell(cell, resources, index)
            except DeadKernelError:
                self._stopped = KERNEL_DIED
            except CellTimeoutError:
                self._stopped = "a cell did not end and could not be interrupted"
        if self._stopped and cell.cell_type == "code":
            cell.outputs.append(_error(STOPPED, self._stopped))
        if is_grade(cell):
            for output in cell.outputs:  # nbgrader takes any warning for a failed test
                if output.output_type == "stream":
                    output.name = "stdout"
        return cell, resources

    def _left(self) -> float:
        return (self._end or 0.0) - time.monotonic()


class FeedbackPage(render.ChapterExporter):
    """nbgrader's page as ours are, but what a student wrote in HTML is shown as it is."""

    escape_html = True
    raw_template = "{%- extends 'index.html.j2' -%}" + render.PICTURE_BLOCKS


def _error(name: str, message: str) -> Any:
    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])


def settings(seconds: float) -> Config:
    """The course's settings of nbgrader.

    Parameters
    ----------
    seconds
        What one submission may take; a single cell may take a fifth of it.
    """
    config = Config()
    config.ClearSolutions.code_stub = {"python": STUB}
    config.GenerateAssignment.preprocessors = [
        ClearExerciseOutput if step is ClearOutput else step
        for step in GenerateAssignment.preprocessors.default()
    ]
    config.Autograde.autograde_preprocessors = [
        RunSubmission if step is Execute else step
        for step in Autograde.autograde_preprocessors.default()
    ]
    config.GenerateFeedback.exporter_class = FeedbackPage
    config.HTMLExporter.sanitize_html = True  # of outputs: no script of a student runs in the page
    config.RunSubmission.seconds = seconds
    config.RunSubmission.timeout = max(1, int(seconds / 5))
    return config


def convert(converter: type, root: Path, chapter: str, config: Config, student: str = "*") -> None:
    """Run one of nbgrader's converters on a chapter of the nbgrader course in `root`."""
    course = CourseDirectory(config=config)
    course.root, course.assignment_id, course.student_id = str(root), chapter, student
    # For a new gradebook nbgrader calls the command alembic, which lies beside this Python.
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), before])
    try:
        converter(coursedir=course, config=config).start()
    finally:
        os.environ["PATH"] = before
