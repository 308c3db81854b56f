from helpers import ledger
from helpers.course import catalog, notebook
from tests.course.small_chapters import begin, chapter, code, picture, shown

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook


def test_chapters_are_those_of_the_ledger():
    in_ledger = {number for row in ledger.rows().values() for number in row.chapters}
    assert set(catalog.CHAPTERS) == in_ledger
    assert list(catalog.CHAPTERS) == [f"{n:02}" for n in range(1, 30)]


def test_notebooks_finds_chapters_in_order_and_nothing_else(tmp_path):
    for name in ("07_imdb.ipynb", "05_mnist.ipynb", "99_extra.ipynb", "notes.ipynb", "06_x.py"):
        (tmp_path / name).touch()
    assert list(catalog.notebooks(tmp_path)) == ["05", "07"]


def test_notebooks_refuses_two_for_one_chapter(tmp_path):
    for name in ("05_a.ipynb", "05_b.ipynb"):
        (tmp_path / name).touch()
    with pytest.raises(ValueError, match=r"05_a.ipynb and 05_b.ipynb are both chapter 05"):
        catalog.notebooks(tmp_path)


def test_numbers_are_read_with_and_without_zero():
    assert catalog.numbers("5, 11,07") == ("05", "11", "07")


@pytest.mark.parametrize("text", ["", ",", " , "])
def test_a_text_without_numbers_is_said(text):
    with pytest.raises(ValueError, match="names no chapter; give numbers"):
        catalog.numbers(text)


def test_select_takes_what_is_asked_for_or_all(course):
    folder = course({"05": chapter(), "07": chapter(), "11": chapter()})
    assert list(catalog.select(folder, ("11", "05"))) == ["05", "11"]
    assert list(catalog.select(folder)) == ["05", "07", "11"]


@pytest.mark.parametrize("only", [("06",), ("05", "06")])
def test_select_names_what_exists_when_a_chapter_is_unknown(course, only):
    with pytest.raises(ValueError, match="no notebook for chapter 06; choose among 05, 07"):
        catalog.select(course({"05": chapter(), "07": chapter()}), only)


def test_select_says_when_there_is_no_notebook(tmp_path):
    with pytest.raises(ValueError, match="no chapter notebook"):
        catalog.select(tmp_path)


def test_records_and_pictures_come_in_order_of_the_cells():
    nb = new_notebook(
        cells=[
            new_markdown_cell("# T"),
            code("a", outputs=[shown(begin()), picture("one")]),
            code("b", outputs=[picture("")]),
        ]
    )
    assert [record["type"] for record in notebook.records(nb)] == ["begin"]
    assert [alt for _, alt in notebook.pictures(nb)] == ["one", ""]


def test_last_started_counts_code_cells_without_the_injected_one():
    nb = new_notebook(
        cells=[
            code("PROFILE = None", "parameters", papermill={"start_time": "1"}),
            code("PROFILE = 'full'", "injected-parameters", papermill={"start_time": "2"}),
            code("x", papermill={"start_time": "3"}),
            code("y", papermill={"start_time": None}),
        ]
    )
    number, cell = notebook.last_started(nb)
    assert (number, cell.source) == (2, "x")
    assert notebook.last_started(new_notebook(cells=[code("x")])) is None


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "{}",
        '{"cells": 3, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        '{"cells": [{"cell_type": "code"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        b"\xff\xfe",
    ],
)
def test_a_file_that_is_no_notebook_is_named(tmp_path, text):
    path = tmp_path / "05_x.ipynb"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ValueError, match=r"^05_x\.ipynb cannot be read as a notebook"):
        notebook.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"^05_x\.ipynb cannot be read as a notebook"):
        notebook.read(tmp_path / "05_x.ipynb")
