import copy

from helpers.course import notebook
from helpers.course.run import commit, runner
from helpers.course.run.plan import Plan
from tests.course.small_chapters import chapter, code, results

import nbformat
import pytest
from nbformat.v4 import new_notebook

pytestmark = pytest.mark.slow

GRADER = {"schema_version": 3, "grade_id": "x", "solution": True}


def plan(notebooks, **given):
    out = notebooks.parent / "out"
    return Plan(notebooks=notebooks, profile="full", out=out, **given)


def test_outputs_come_back_and_everything_else_stays(course):
    nb = chapter(code("PROFILE", "L05.1", nbgrader=GRADER), code(""), "print('one')\nprint('two')")
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    notebooks = course({"05": nb, "06": chapter("1 / 0")})
    before = {path.name: path.read_text() for path in notebooks.iterdir()}

    assert commit.update(plan(notebooks)) == 1
    assert (notebooks / "06_chapter.ipynb").read_text() == before["06_chapter.ipynb"]
    after = nbformat.read(notebooks / "05_chapter.ipynb", as_version=4)
    bare = copy.deepcopy(after)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    assert bare == nb
    assert after.cells[1].source == "PROFILE = None\nSEED = 0"
    assert [cell.get("execution_count") for cell in after.cells] == [None, 1, 2, 3, 4, None, 5, 6]
    (result,) = after.cells[4].outputs
    assert result.data["text/plain"] == "'full'"
    assert result.execution_count == 4
    assert [output.text for output in after.cells[6].outputs] == ["one\ntwo\n"]
    assert (notebooks / "05_chapter.ipynb").read_text().endswith("}\n")

    # The same again: nothing to run, nothing to change.
    written = (notebooks / "05_chapter.ipynb").read_text()
    assert commit.update(plan(notebooks, only=("05",))) == 0
    assert results(notebooks.parent / "out")["chapters"]["05"]["status"] == "skipped"
    assert (notebooks / "05_chapter.ipynb").read_text() == written


def test_a_chapter_may_ask_for_outputs_of_the_sample_profile(course):
    nb = chapter("PROFILE")
    nb.metadata["dl_course"] = {"outputs": "sample"}
    notebooks = course({"05": chapter("PROFILE"), "06": nb})
    assert commit.update(plan(notebooks)) == 0
    shown = {}
    for number in ("05", "06"):
        after = nbformat.read(notebooks / f"{number}_chapter.ipynb", as_version=4)
        shown[number] = after.cells[4].outputs[0].data["text/plain"]
    assert shown == {"05": "'full'", "06": "'sample'"}
    assert list(results(notebooks.parent / "sample")["chapters"]) == ["06"]


def test_stopped_run_changes_no_notebook(course, monkeypatch):
    notebooks = course({"05": chapter()})
    before = (notebooks / "05_chapter.ipynb").read_text()
    monkeypatch.setattr(runner, "run", lambda plan: 130)
    assert commit.update(plan(notebooks)) == 130
    assert (notebooks / "05_chapter.ipynb").read_text() == before


def test_merge_refuses_a_run_of_other_cells():
    with pytest.raises(ValueError, match="of other cells"):
        commit.merge(new_notebook(cells=[code("a")]), new_notebook(cells=[code("b")]))


def test_merge_leaves_out_the_injected_cell():
    source = new_notebook(cells=[code("a")])
    ran = new_notebook(cells=[code("P = 1", notebook.INJECTED), code("a", count=2)])
    assert [cell.execution_count for cell in commit.merge(source, ran).cells] == [1]


def test_a_damaged_notebook_fails_and_stays_while_the_others_get_their_outputs(course):
    notebooks = course({"05": chapter("PROFILE"), "06": chapter()})
    (notebooks / "06_chapter.ipynb").write_text("{")
    assert commit.update(plan(notebooks)) == 1
    assert (notebooks / "06_chapter.ipynb").read_text() == "{"
    after = nbformat.read(notebooks / "05_chapter.ipynb", as_version=4)
    assert after.cells[4].outputs
