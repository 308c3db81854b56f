import dataclasses

from helpers import record
from helpers.course.publish import refresh
from tests.course.small_chapters import chapter, code, figure, shown

import nbformat
import pytest


def recorded(value):
    return chapter(code("run", outputs=[shown(figure("F05.3", value, 0.9, None))]))


def the_record(nb):
    return nb.cells[4].outputs[0].data


@pytest.mark.parametrize(("value", "within"), [(0.98, True), (0.5, False)])
def test_verdict_is_made_anew_from_the_kept_value(rows, value, within):
    data = the_record(refresh.refreshed(recorded(value)))
    payload = data[record.MIME]
    assert (payload["value"], payload["published"], payload["within"]) == (value, 0.9785, within)
    assert "published 0.9785" in data["text/plain"]
    assert data["text/plain"] in data["text/html"]


def test_outputs_of_the_sample_profile_are_compared_with_nothing(rows):
    nb = recorded(0.5)
    nb.metadata["dl_course"] = {"outputs": "sample"}
    data = the_record(refresh.refreshed(nb))
    assert data[record.MIME]["within"] is None
    assert "not compared" in data["text/plain"]


def test_only_notebooks_that_change_are_written(course, rows, monkeypatch, capsys):
    folder = course({"05": recorded(0.98)})
    assert refresh.notebooks(folder) == 1
    assert "05_chapter.ipynb: verdicts written anew" in capsys.readouterr().out
    assert refresh.notebooks(folder) == 0
    narrow = dataclasses.replace(rows["F05.3"], tolerance=0.0001, missed="another split")
    monkeypatch.setitem(rows, "F05.3", narrow)
    assert refresh.notebooks(folder) == 1
    nb = nbformat.read(folder / "05_chapter.ipynb", as_version=4)
    assert "outside ±0.0001 · another split" in the_record(nb)["text/plain"]


def test_a_figure_that_the_ledger_lacks_stays_as_it_is(rows):
    nb = chapter(code("run", outputs=[shown(figure("F99.9", 1))]))
    assert refresh.refreshed(nb) == nb
