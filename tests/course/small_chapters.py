"""Small notebooks that stand for chapters: they show our records without importing helpers."""

from __future__ import annotations

import html
import json
from pathlib import Path

from helpers.record import MIME

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

VERSIONS = {"python": "3.11.7", "tensorflow": "2.20.0", "keras": "3.13.2", "numpy": "2.1.3"}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwAD"
    "BwIAMCbHYQAAAABJRU5ErkJggg=="
)
SHOW = f"""\
from IPython.display import display

def show(**payload):
    display({{"{MIME}": payload, "text/plain": str(payload)}}, raw=True)"""


def begin(chapter: str = "05", profile: str = "full") -> dict:
    facts = {"chapter": chapter, "profile": profile, "seed": 0, "device": "CPU, 2 cores"}
    return {"type": "begin", **facts, "versions": VERSIONS}


def figure(name: str, value, published=None, within=None, noisy=False) -> dict:
    kind = "claim" if published is None else "published"
    given = {"type": "figure", "id": name, "value": value, "names": [], "kind": kind}
    return given | {"published": published, "within": within, "noisy": noisy}


def expectation(text: str, held: bool = True) -> dict:
    return {"type": "expectation", "text": text, "held": held}


FINISH = {"type": "finish", "seconds": 1.5, "peak_mb": 123}


def showing(payload: dict) -> str:
    """The source of a cell that shows a record."""
    return f"show(**{payload!r})"


def shown(payload: dict) -> nbformat.NotebookNode:
    """An output that holds a record."""
    return new_output("display_data", data={MIME: payload, "text/plain": "a record"})


def picture(alt: str, kind: str = "image/png", plain: str | None = None) -> nbformat.NotebookNode:
    """An output that holds a picture, as `plots.show` leaves it."""
    meta = {kind: {"alt": alt}} if alt else {}
    data = {kind: PIXEL, "text/plain": alt if plain is None else plain}
    return new_output("display_data", data=data, metadata=meta)


def folded(alt: str) -> nbformat.NotebookNode:
    """The folded words that `plots.show` leaves below a picture."""
    page = f"<details><summary>In words</summary>{html.escape(alt)}</details>"
    return new_output("display_data", data={"text/html": page, "text/plain": alt})


def code(source: str, *tags: str, outputs=(), count=None, **metadata) -> nbformat.NotebookNode:
    """A code cell with tags and, if need be, outputs."""
    metadata = {"tags": list(tags), **metadata} if tags else metadata
    return new_code_cell(source, metadata=metadata, outputs=list(outputs), execution_count=count)


def chapter(*cells: str | nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A chapter to execute: title, parameters, begin, the given code cells, finish."""
    start = showing(begin()).replace("'full'", "PROFILE")
    given = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return new_notebook(
        cells=[
            new_markdown_cell("# A chapter\n\nIts loss is $x^2$."),
            code("PROFILE = None\nSEED = 0", "parameters"),
            code(SHOW),
            code(start),
            *given,
            code(showing(FINISH)),
        ]
    )


def results(out: Path) -> dict:
    """What results.json in `out` says, with the chapters by number."""
    found = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return found | {"chapters": {entry["chapter"]: entry for entry in found["chapters"]}}
