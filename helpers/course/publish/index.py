"""The page that JupyterLab opens first, ``index.ipynb``: the chapters, and how to use one."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.course import catalog

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

NAME = "index.ipynb"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
HOW = """\
## How to use a chapter

1. Open it and read from the top. Run a cell with Shift+Enter; where the text asks something, guess
   before you run the next one.
2. Its first code cell says on what data it runs: `PROFILE = "sample"` takes small stand-ins, which
   need no network and about a minute a chapter; `PROFILE = None` takes the real data in the
   lecture's own settings, which can take hours.
3. The exercises come last. Write your solution into the cell that asks for it and run the tests
   below: they say *passed*, or what is missing. Add cells of your own wherever you like.
4. The sections of a chapter are listed in the left sidebar, below the folder: *Table of Contents*.
"""
SOLVED = """
The chapters in this folder show the solutions of their exercises. To try first, run `make student`
in the course's folder: it writes `dist/student/`, the same chapters without them.
"""


def build(names: Iterable[str], solved: bool = True) -> nbformat.NotebookNode:
    """The first page for these chapters.

    Parameters
    ----------
    names
        File names of the notebooks that lie beside it, ``"05_name.ipynb"``, in order.
    solved
        Whether they hold the solutions.
    """
    chapters = [f"| {name[:2]} | [{catalog.CHAPTERS[name[:2]].title}]({name}) |" for name in names]
    table = "\n".join(["| | |", "| ---: | --- |", *chapters])
    texts = ["# A course in deep learning that runs", table, HOW + (SOLVED if solved else "")]
    cells = [
        new_markdown_cell(text.strip(), id=f"index-{number}") for number, text in enumerate(texts)
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def text(names: Iterable[str], solved: bool = True) -> str:
    """The same as the text of its file."""
    return nbformat.writes(build(names, solved)) + "\n"
