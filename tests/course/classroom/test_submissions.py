"""Files as editors write them: whatever is not the student's work is left out, never refused."""

import json

from helpers.course.classroom import submissions
from tests.course.made_up_class import exercises, find, solve

import nbformat
import pytest

NAME = "anything.ipynb"


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
def test_what_an_editor_writes_costs_nothing(tmp_path, change, encoding):
    nb = raw()
    change(nb)
    (tmp_path / NAME).write_text(json.dumps(nb), encoding=encoding)
    prepared, remarks = submissions.prepare(tmp_path / NAME, exercises())
    assert remarks == []
    nbformat.validate(prepared)
    assert "2 * x" in find(prepared, "X05_1").source
    assert prepared.metadata == exercises().metadata


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', "print(1)", '{"cells": [1]}'])
def test_what_is_no_notebook_is_said_once(tmp_path, content):
    (tmp_path / NAME).write_text(content)
    _, remarks = submissions.prepare(tmp_path / NAME, exercises())
    assert len(remarks) == 1
    assert remarks[0].startswith(submissions.UNREADABLE)
