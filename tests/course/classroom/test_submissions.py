"""Files as editors write them: whatever is not the student's work is left out, never refused."""

import io
import json
import os
import zipfile

from helpers.course.classroom import submissions
from tests.course.made_up_class import exercises, find, solve

import nbformat
import pytest

CHAPTER_OF = {"X05_1": "05", "X05_1_test": "05", "X07_1": "07"}


def raw():
    return json.loads(nbformat.writes(solve(exercises())))


def kernel_of_another_name(nb):
    nb["metadata"]["kernelspec"] = {"name": "conda-env-dl-py", "display_name": "dl"}


def no_kernelspec(nb):
    nb["metadata"].pop("kernelspec", None)


def widgets_without_state(nb):
    nb["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"a1": {}}}


def outputs_in_markdown(nb):
    nb["cells"].append(
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": "x",
            "outputs": [],
            "execution_count": None,
        }
    )


def code_without_outputs(nb):
    for cell in nb["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def stream_without_name(nb):
    nb["cells"][1]["outputs"] = [{"output_type": "stream", "text": ["1"]}]


def old_format(nb):
    nb["nbformat_minor"] = 0
    for cell in nb["cells"]:
        cell.pop("id", None)


def strange_ids(nb):
    for number, cell in enumerate(nb["cells"]):
        cell["id"] = f"a cell {number}"


def source_as_lists(nb):
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


ODD = [
    kernel_of_another_name,
    no_kernelspec,
    widgets_without_state,
    outputs_in_markdown,
    code_without_outputs,
    stream_without_name,
    old_format,
    strange_ids,
    source_as_lists,
]


@pytest.mark.parametrize("change", ODD, ids=lambda change: change.__name__)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_an_editor_writes_costs_nothing(change, encoding):
    nb = raw()
    change(nb)
    prepared, remarks = submissions.prepare(json.dumps(nb).encode(encoding), exercises())
    assert remarks == []
    nbformat.validate(prepared)
    assert "2 * x" in find(prepared, "X05_1").source
    assert prepared.metadata == exercises().metadata


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', "print(1)", '{"cells": [1]}'])
def test_what_is_no_notebook_is_said_once(content):
    _, remarks = submissions.prepare(content.encode(), exercises())
    assert len(remarks) == 1
    assert remarks[0].startswith(submissions.UNREADABLE)


# Finding it


def hand_in(folder, files):
    for age, (name, content) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (age, age))
    return submissions.find(folder, CHAPTER_OF)


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.ipynb", content)
    return file.getvalue()


SOLVED = json.dumps(raw()).encode()


@pytest.mark.parametrize(
    "name", ["5_chapter.ipynb", "HW5.ipynb", "anna_05.ipynb", "My final.ipynb", "07_copy.IPYNB"]
)
def test_the_chapter_is_found_by_its_exercises_whatever_the_name(tmp_path, name):
    found, passed_over = hand_in(tmp_path, {f"anna/{name}": SOLVED})
    assert {key: given.place for key, given in found.items()} == {("anna", "05"): name}
    assert passed_over == {}


def test_a_zip_file_is_opened(tmp_path):
    archive = zipped(**{"student/work": SOLVED, "__MACOSX/._work": b"x"})
    found, passed_over = hand_in(tmp_path, {"anna/student.zip": archive})
    assert found["anna", "05"].place == "student.zip: student/work.ipynb"
    assert passed_over == {}


def test_what_is_passed_over_is_named(tmp_path):
    files = {"anna/05_chapter.ipynb": b"broken", "ben/notes.ipynb": b"{}", "ben/a.zip": b"no zip"}
    found, passed_over = hand_in(tmp_path, files | {"__MACOSX/x.ipynb": SOLVED})
    assert list(found) == [("anna", "05")]  # a file that cannot be read goes by its name
    assert passed_over == {"ben": ["a.zip", "notes.ipynb"]}


def test_without_marks_the_chapter_is_the_one_that_the_notebook_begins(tmp_path):
    source = {"cell_type": "code", "source": 'run = lesson.begin("07", PROFILE)', "metadata": {}}
    found, _ = hand_in(tmp_path, {"eve/copy.ipynb": json.dumps({"cells": [source]}).encode()})
    assert list(found) == [("eve", "07")]


def test_what_stood_in_a_changed_test_is_kept_as_a_cell_above_it():
    nb = solve(exercises())
    solution, test = find(nb, "X05_1"), find(nb, "X05_1_test")
    test.source = f"{solution.source}\n\n{test.source}"  # merged in the editor
    nb.cells.remove(solution)
    prepared, remarks = submissions.prepare(nbformat.writes(nb).encode(), exercises())
    sources = [cell.source for cell in prepared.cells]
    place = sources.index(find(exercises(), "X05_1_test").source)
    assert sources[place - 1].startswith(solution.source)
    assert any("what stood there is a cell above it" in remark for remark in remarks)
