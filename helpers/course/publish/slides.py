"""Chapters as slides for a room without a network: nbconvert's reveal.js decks.

What begins a slide is a rule, not a mark in 29 notebooks: see `mark`. A mark that a cell has of its
own (in JupyterLab: the property inspector) goes before it.
"""

from __future__ import annotations

import base64
import copy
import math
import re
import shutil
import struct
from pathlib import Path
from typing import Any

from helpers.course import catalog, files, notebook
from helpers.course.publish import render

import nbformat
import pyreveal
from nbconvert import SlidesExporter
from nbformat.v4 import new_markdown_cell
from traitlets.config import Config

REVEAL = Path(pyreveal.__file__).parent / "revealjs"
NEEDED = ("dist/reveal.css", "dist/reveal.js", "dist/plugin/notes.js", "dist/theme/white.css")
WIDTH, HEIGHT, LINE = 1280, 720, 27  # pixels: of a slide, and of one line of text
LINES = HEIGHT // LINE
COLUMNS = 115  # characters of prose in a line
CODE = 0.75  # of a line is the height of a line of code or printed text
PICTURE = 430  # pixels of height at most
HEADING = re.compile(r"^(?=#{1,3} )", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)

# nbconvert's reveal template without what it loads from elsewhere, and with long slides scrolling.
DECK = (
    """
{%- extends 'reveal/index.html.j2' -%}
{% block html_head_js %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_css %}
"""
    + render.READABLE
    + """
<style>
.reveal .slides { text-align: left; }
.reveal .slides section { max-height: 100%; overflow: auto; }
.reveal .slides section.stack { overflow: visible; }
.reveal .jp-RenderedImage img { max-height: """
    + f"{PICTURE}px"
    + """; width: auto; margin: 0; }
.reveal .slides :is(h1, h2, h3) { text-transform: none; letter-spacing: normal; }
:root { --jp-code-font-size: 17px; }
</style>
{% endblock %}
{% block footer_js %}
<script src="reveal.js/dist/reveal.js"></script>
<script src="reveal.js/dist/plugin/notes.js"></script>
<script>
Reveal.initialize({ hash: true, slideNumber: true, center: false, transition: "none",
  width: """
    + f"{WIDTH}, height: {HEIGHT}"
    + """, plugins: [RevealNotes] });
</script>
{% endblock %}
"""
    + render.PICTURE_BLOCKS
)


class DeckExporter(render.ChapterExporter, SlidesExporter):
    """nbconvert's slides, drawn as a chapter's page is."""


def build(notebooks: Path, out: Path, only: tuple[str, ...] | None = None) -> list[Path]:
    """Write a deck for each chapter, and reveal.js beside them.

    Parameters
    ----------
    notebooks
        Folder of the chapters.
    out
        Folder of the decks.
    only
        Chapter numbers; None: all.

    Returns
    -------
    list of Path
        The decks, ``05_name.slides.html``.
    """
    decks, chapters = [], catalog.select(notebooks, only)
    for name in (*NEEDED, "LICENSE"):
        target = out / "reveal.js" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REVEAL / name, target)
    for path in chapters.values():
        page = deck(nbformat.read(path, as_version=4), path.stem)
        decks.append(out / f"{path.stem}.slides.html")
        files.write_text(decks[-1], page)
    print(f"{len(decks)} decks: {out}")
    return decks


def deck(nb: Any, title: str) -> str:
    """A chapter as one HTML page of slides, which looks for ``reveal.js`` beside it."""
    render.without_folded_words(nb)  # before `mark` counts their lines
    mark(nb)
    nb.metadata["title"] = title
    nb.metadata.pop("widgets", None)  # they would be loaded from elsewhere
    config = Config()
    config.DeckExporter.reveal_url_prefix = "reveal.js"
    config.DeckExporter.reveal_theme = "white"
    exporter = DeckExporter(
        config=config,
        raw_template=DECK,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    page = exporter.from_notebook_node(nb)[0]
    return re.sub(r'href="(\d\d_\w+)\.ipynb', r'href="\1.slides.html', page)


def mark(nb: Any) -> None:
    """Set the slide type of every cell of a chapter.

    The title and each section (``##``) begin a slide to the right, each subsection (``###``) one
    below; a cell that no longer fits continues below. What follows a cell tagged ``guess`` appears
    at a click.
    Left out are the set-up before the first section, ``run.finish()``, and solutions and tests.
    """
    nb.cells = [part for cell in nb.cells for part in _split(cell)]
    used, guessed, in_sections = 0.0, False, False
    for cell in nb.cells:
        in_sections = in_sections or cell.source.startswith("## ")
        kind = _kind(cell, in_sections)
        if kind == "-" and used + lines(cell) > LINES:
            kind = "subslide"
        elif kind == "-" and guessed:
            kind = "fragment"
        kind = cell.metadata.get("slideshow", {}).get("slide_type") or kind
        cell.metadata["slideshow"] = {"slide_type": kind}
        if kind in ("slide", "subslide"):
            used = 0
        if kind not in ("skip", "notes"):
            used += lines(cell)
            guessed = "guess" in notebook.tags(cell)


def _split(cell: Any) -> list[Any]:
    """The cell, cut before each heading of a markdown cell; a guess stands in its last part."""
    if cell.cell_type != "markdown" or FENCED.search(cell.source):
        return [cell]
    parts = [part.strip() for part in HEADING.split(cell.source) if part.strip()]
    if len(parts) < 2:
        return [cell]
    cut = [new_markdown_cell(part, metadata=copy.deepcopy(cell.metadata)) for part in parts]
    for part in cut[:-1]:
        part.metadata["tags"] = [tag for tag in notebook.tags(part) if tag != "guess"]
    return cut


def _kind(cell: Any, in_sections: bool) -> str:
    """The slide type that a cell has wherever it stands, or ``"-"``."""
    if cell.cell_type == "markdown":
        starts = (("# ", "slide"), ("## ", "slide"), ("### ", "subslide"))
        return next((kind for start, kind in starts if cell.source.startswith(start)), "-")
    left_out = "nbgrader" in cell.metadata or "run.finish()" in cell.source
    return "skip" if left_out or not in_sections or cell.cell_type == "raw" else "-"


def lines(cell: Any) -> float:
    """About how many lines of a slide a cell takes, with its outputs."""
    if cell.cell_type == "markdown":
        wrapped = sum(math.ceil(len(line) / COLUMNS) for line in cell.source.split("\n"))
        return wrapped + cell.source.count("\n\n") + 1
    written = CODE * (cell.source.count("\n") + 1) + 1
    return written + sum(_output_lines(output) for output in cell.get("outputs", []))


def _output_lines(output: Any) -> float:
    data = output.get("data", {})
    if "image/png" in data:
        _, height = struct.unpack(">II", base64.b64decode(data["image/png"])[16:24])
        return min(height, PICTURE) / LINE
    html = "".join(data.get("text/html", ""))
    text = "".join(output.get("text", data.get("text/plain", "")))
    if any(kind.startswith("image/") for kind in data):
        return PICTURE / LINE
    return 1.4 * html.count("<tr") or CODE * text.count("\n") + 1
