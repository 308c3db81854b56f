from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from helpers import ledger

import nbformat
import pytest


@pytest.fixture
def course(tmp_path) -> Callable[[dict], Path]:
    """``course({"05": chapter(…)})`` writes notebooks into a folder and returns the folder."""

    def write(chapters: dict[str, nbformat.NotebookNode]) -> Path:
        folder = tmp_path / "notebooks"
        folder.mkdir(exist_ok=True)
        for number, nb in chapters.items():
            nbformat.write(nb, folder / f"{number}_chapter.ipynb")
        return folder

    return write


@pytest.fixture
def rows(monkeypatch) -> dict:
    """A ledger of chapter 05 with one row of each kind, in place of the real one."""

    def row(name, kind, **given):
        fields = {"title": f"title of {name}", "source": "B§2.1", "published": None}
        fields |= {"tolerance": None, "basis": "", "not_recorded": "", "missed": "", **given}
        return ledger.Row(id=name, chapters=("05",), kind=kind, **fields)

    few = {
        "L05.1": row("L05.1", "listing"),
        "F05.3": row("F05.3", "figure", published=0.9785, tolerance=0.005),
        "F05.11": row("F05.11", "figure", not_recorded="a timing of 2017"),
        "X05.1": row("X05.1", "exercise"),
        "E59": row("E59", "erratum"),
    }
    monkeypatch.setattr(ledger, "rows", lambda: few)
    return few
