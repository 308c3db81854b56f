"""Numbers of other chapters come from their committed outputs, or not at all."""

import json

from helpers import ledger, measured
from helpers.record import MIME

import pytest


@pytest.fixture
def chapters(tmp_path, monkeypatch):
    """A function that writes a chapter with records; what it writes is what `measured` reads."""
    monkeypatch.setattr(measured, "_NOTEBOOKS", tmp_path)

    def write(name, *records):
        outputs = [{"data": {MIME: record}} for record in records]
        cells = [{"cell_type": "markdown"}, {"outputs": [{"text": "x"}, *outputs]}]
        (tmp_path / name).write_text(json.dumps({"cells": cells}), encoding="utf-8")

    return write


def begin(profile):
    return {"type": "begin", "profile": profile}


def recorded(id, value):
    return {"type": "figure", "id": id, "value": value}


def test_a_number_is_read_from_the_outputs(chapters):
    chapters("05_x.ipynb", begin("full"), recorded("F05.3", 0.75), recorded("F05.2", 0.5))
    assert measured.figure("F05.3") == 0.75


def test_one_of_several_numbers_is_named_by_its_place(chapters):
    chapters("07_x.ipynb", begin("full"), recorded("F07.3", [0.25, 0.75]))
    assert measured.figure("F07.3", 1) == 0.75


def test_a_sample_run_measures_nothing_to_quote(chapters):
    chapters("05_x.ipynb", begin("sample"), recorded("F05.3", 0.75))
    assert measured.figure("F05.3") is None


def test_a_chapter_that_is_not_there_gives_none(chapters):
    assert measured.figure("F05.3") is None


@pytest.mark.parametrize("at", [None, 2])
def test_a_place_that_does_not_fit_is_an_error(chapters, at):
    chapters("07_x.ipynb", begin("full"), recorded("F07.3", [0.25, 0.75]))
    with pytest.raises(ValueError, match=r"F07\.3 was recorded as \[0\.25, 0\.75\]"):
        measured.figure("F07.3", at)


def test_a_place_in_a_single_number_is_an_error(chapters):
    chapters("05_x.ipynb", begin("full"), recorded("F05.3", 0.75))
    with pytest.raises(ValueError, match=r"F05\.3 was recorded as 0\.75; at=0"):
        measured.figure("F05.3", 0)


def test_only_figures_have_numbers():
    with pytest.raises(ValueError, match=r"L05\.1 is no figure"):
        measured.figure("L05.1")
    with pytest.raises(ledger.UnknownRowError):
        measured.figure("F05.99")


def test_the_committed_chapters_are_found():
    assert 0.9 < measured.figure("F05.3") < 1
