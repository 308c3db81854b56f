"""nbgrader as this course sets it up: its settings, and the preprocessors of our own."""

from __future__ import annotations

import os
import re
import sysconfig
import time
from pathlib import Path
from typing import Any

from helpers.course.classroom import kernel, seal
from helpers.course.notebook import tags
from helpers.course.publish import render
from helpers.course.run.worker import KERNEL_DIED, ThisInterpreter

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearOutput, Execute, NbGraderPreprocessor
from traitlets import Any as Anything
from traitlets import List
from traitlets.config import Config

STUB = """\
# Your turn: put your solution here in place of these two lines, then run the tests below.
raise NotImplementedError("This exercise is not solved yet: write your solution in its cell.")"""
STOPPED = "NotRun"  # the name of the error in a cell that no longer ran
STARTING = 300  # seconds in which a kernel imports the lesson's libraries
LARGEST = 200_000  # characters that a cell may show
FLOOD = 20e6  # characters after which a notebook is stopped
CUT = "\n… more was shown than a page holds; the rest is left out"
TEST_CELL = re.compile(r'<a href="#([^"]*)">Test cell</a>')
TOO_LONG = "CellTimeoutError"  # nbgrader's name of the error in a cell that was interrupted


class ClearExerciseOutput(NbGraderPreprocessor):
    """Clears the outputs of exercises, and of what answers a guess; the lesson's others stay."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        told = any(tag[0] == "X" or tag == "answer" for tag in tags(cell))
        if cell.cell_type == "code" and (told or "nbgrader" in cell.metadata):
            cell.outputs, cell.execution_count = [], None
        return cell, resources


class Confined(ThisInterpreter):
    """Starts a submission's kernel with what `confine` leaves it."""

    before: Any = List(help="what stands before the kernel's command")
    user: Any = Anything(help="who it runs as, or None: the one who grades")

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        if self.user is not None:
            os.chown(self.connection_file, self.user, self.user)
        return [*self.before, *(extra_arguments or []), "-f", self.connection_file]


class RunSubmission(Execute):
    """Runs a student's notebook to its end, whatever its cells do to the kernel.

    Attributes
    ----------
    seals
        The tests, by name: they take the place of their cells' text while these run.
    verdicts
        What the tests found, by name; None where the kernel has not said so.
    stop
        Set to a reason from outside to run no more cells.
    """

    def __init__(self, seconds: float, seals: dict[str, seal.Seal], **given: Any) -> None:
        super().__init__(kernel_manager_class=Confined, startup_timeout=STARTING, **given)
        self.seconds, self.seals = seconds, seals
        self.verdicts: dict[str, dict[str, Any] | None] = {}
        self.stop: str | None = None
        self.timeout = max(1, int(seconds / 5))
        self.timeout_func = lambda cell: max(0.1, min(self.timeout, self._left()))
        self._end: float | None = None
        self._sizes: dict[int, int] = {}

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Run one cell; where that is no longer possible, say so in its output."""
        if self._end is None:  # the start of the kernel does not count
            self._end = time.monotonic() + self.seconds
        if self.stop is None and self._left() <= 0:
            self.stop = f"the notebook had used up its {self.seconds:g} s"
        test = self.seals.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        visible = cell.source
        if test:
            cell.source = test.request
        if self.stop is None:
            try:
                super().preprocess_cell(cell, resources, index)
            except DeadKernelError:
                self.stop = self.stop or KERNEL_DIED
            except CellTimeoutError:
                self.stop = self.stop or "a cell did not end and could not be interrupted"
        if self.stop and cell.cell_type == "code":
            cell.outputs.append(seal.error(STOPPED, self.stop))
        if test:
            verdict = self.verdicts[test.name] = test.verdict(cell.outputs)
            cell.source, cell.outputs = visible, test.shown(cell.outputs, verdict)
        return cell, resources

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Take an output in, unless its cell has shown more than anyone reads."""
        if self.stop:
            return None
        size = _size(msg["content"])
        before = self._sizes.get(cell_index, 0)
        self._sizes[cell_index] = before + size
        if before + size > FLOOD:
            self.stop = f"a cell showed more than {FLOOD / 1e6:g} million characters"
        if (
            size > 0
            and before + size > LARGEST
            and kernel.VERDICT not in msg["content"].get("data", ())
        ):
            if before <= LARGEST:
                cell.outputs.append(new_output("stream", name="stderr", text=CUT))
            return None
        return super().process_message(msg, cell, cell_index)

    def _left(self) -> float:
        return (self._end or 0.0) - time.monotonic()


def _size(content: dict[str, Any]) -> int:
    """Characters of an output: text counts as much as it is hard to read, a picture less."""
    data = content.get("data", {})
    parts = [*data.items()] if isinstance(data, dict) else []
    pictures = sum(len(str(part)) for kind, part in parts if kind.startswith("image/"))
    texts = sum(len(str(part)) for kind, part in parts if not kind.startswith("image/"))
    said = [content.get("text", ""), content.get("evalue", ""), *content.get("traceback", ())]
    return texts + sum(map(len, said)) + pictures // 20


class FeedbackPage(render.ChapterExporter):
    """nbgrader's page as ours are, but what a student wrote in HTML is shown as it is."""

    escape_html = True
    raw_template = "{%- extends 'index.html.j2' -%}" + render.PICTURE_BLOCKS


def page(nb: Any, title: str, marks: dict[str, list[float]]) -> str:
    """The feedback page of a notebook that was run.

    Parameters
    ----------
    nb
        The notebook with its outputs; its tests get their points.
    title
        Whose it is.
    marks
        Points and maximum of each test.
    """
    for cell in nb.cells:
        given = marks.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if given:
            cell.metadata.nbgrader |= {"score": given[0], "points": given[1]}
    points, most = (sum(column) for column in zip(*marks.values(), strict=True))
    facts = {"notebook": title, "score": points, "max_score": most, "late_penalty": 0}
    exporter = FeedbackPage(config=GenerateFeedback(config=settings()).config)
    body, _ = exporter.from_notebook_node(nb, resources={"nbgrader": facts})
    return TEST_CELL.sub(r'<a href="#\1">\1</a>', body)


def settings() -> Config:
    """The course's settings of nbgrader."""
    config = Config()
    config.ClearSolutions.code_stub = {"python": STUB}
    config.GenerateAssignment.preprocessors = [
        ClearExerciseOutput if step is ClearOutput else step
        for step in GenerateAssignment.preprocessors.default()
    ]
    config.HTMLExporter.sanitize_html = True  # of outputs: no script of a student runs in the page
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
