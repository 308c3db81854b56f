"""Chapters as slides for a room without a network: nbconvert's reveal.js decks.

What begins a slide is a rule, not a mark in each notebook: see `mark`. What no longer fits on a
slide goes to the next one in the browser, which alone knows how high it is (``deck.html.j2``).
"""

from __future__ import annotations

import ast
import copy
import re
import shutil
from pathlib import Path
from typing import Any

from helpers.course import catalog, files, notebook
from helpers.course.publish import links, render

import pyreveal
from nbconvert import SlidesExporter
from nbformat.v4 import new_markdown_cell
from traitlets.config import Config

REVEAL = Path(pyreveal.__file__).parent / "revealjs"
NEEDED = ("dist/reveal.css", "dist/reveal.js", "dist/plugin/notes.js", "dist/theme/white.css")
WIDTH, HEIGHT = 1280, 720  # pixels of a slide
SHORT = 130  # characters of a text that may introduce code on a slide
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"#{1,6} ")
NOT_PROSE = re.compile(r"#{1,6} |[-*+] |\d+[.)] |\||>|\$\$|\\begin|```|<|!\[")
BOOKKEEPING = {("run", "record"), ("run", "expect"), ("run", "finish")}
DRAWING = {"plots", "plt", "axis", "axes", "figure"}

DECK = (
    Path(__file__)
    .with_name("deck.html.j2")
    .read_text(encoding="utf-8")
    .replace("READABLE", render.READABLE)
    .replace("WIDTHpx", f"{WIDTH}px")
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
    names = {path.name for path in chapters.values()}
    for number, path in chapters.items():
        page = deck(notebook.read(path), f"{number} {catalog.CHAPTERS[number].title}", names)
        decks.append(out / f"{path.stem}.slides.html")
        files.write_text(decks[-1], page)
    print(f"{len(decks)} decks: {out}")
    return decks


def deck(nb: Any, title: str, names: set[str]) -> str:
    """A chapter as one HTML page of slides, which looks for ``reveal.js`` beside it.

    Parameters
    ----------
    nb
        The notebook, changed in place.
    title
        What stands in the browser's tab.
    names
        File names of the chapters that have a deck: links lead to these.
    """
    render.without_folded_words(nb)
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = links.without_dead_links(cell.source, names)
    mark(nb)
    nb.metadata["title"] = title
    nb.metadata.pop("widgets", None)  # they would be loaded from elsewhere
    config = Config()
    config.DeckExporter.reveal_url_prefix = "reveal.js"
    config.DeckExporter.reveal_theme = "white"
    config.DeckExporter.reveal_width, config.DeckExporter.reveal_height = str(WIDTH), str(HEIGHT)
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
    """Cut a chapter into what stands on its slides and what the speaker says, in place.

    The title and each section (``##``) begin a slide to the right, each subsection (``###``) one
    below. What follows a cell tagged ``guess`` appears at a click. Prose that only explains goes to
    the speaker's notes: what stays is the first paragraph below a heading, guesses and answers,
    lists, tables, formulas, and a short line that introduces code. Imports, drawing and bookkeeping
    are folded, and expectations that held are for the notes, too. Left out are the set-up before
    the first section, ``run.finish()``, and solutions and tests. A slide type that a cell has of
    its own (in JupyterLab: the property inspector) goes before all that.
    """
    made: list[Any] = []
    guessed = in_sections = False
    for number, cell in enumerate(nb.cells):
        in_sections = in_sections or "\n## " in f"\n{cell.source}"
        parts = _parts(cell, nb.cells[number + 1 : number + 2], in_sections)
        for part, kind in parts:
            if guessed and kind == "-":
                kind = "fragment"
            guessed = guessed and kind in ("skip", "notes")
            part.metadata["slideshow"] = {"slide_type": kind}
            made.append(part)
        guessed = guessed or "guess" in notebook.tags(cell)
    nb.cells = made


def _parts(cell: Any, following: list[Any], in_sections: bool) -> list[tuple[Any, str]]:
    """The parts of a cell with their slide types."""
    own = cell.metadata.get("slideshow", {}).get("slide_type")
    if own:
        return [(cell, own)]
    if cell.cell_type == "markdown":
        before_code = bool(following) and _is_shown(following[0], in_sections)
        return _prose(cell, before_code)
    if not _is_shown(cell, in_sections):
        return [(cell, "skip")]
    return _folded(cell)


def _is_shown(cell: Any, in_sections: bool) -> bool:
    """Whether a cell is code that stands on a slide."""
    left_out = "nbgrader" in cell.metadata or "run.finish()" in cell.source
    return cell.cell_type == "code" and in_sections and not left_out


def _prose(cell: Any, before_code: bool) -> list[tuple[Any, str]]:
    """A text by paragraphs: what stands on the slide, and what is said."""
    keeps = bool({"guess", "answer"} & set(notebook.tags(cell)))
    parts, title, below_heading = [], False, False
    blocks = _blocks(cell.source)
    for number, block in enumerate(blocks):
        heading = HEADING.match(block)
        title = title or block.startswith("# ")
        introduces = before_code and number == len(blocks) - 1 and len(block) < SHORT
        stays = keeps or title or below_heading or introduces or NOT_PROSE.match(block)
        kind = "-" if stays else "notes"
        if heading and heading[0] in ("# ", "## ", "### "):
            kind = "subslide" if heading[0] == "### " else "slide"
        below_heading = bool(heading)
        part = new_markdown_cell(block, metadata=copy.deepcopy(cell.metadata))
        parts.append((part, kind))
    return parts


def _blocks(markdown: str) -> list[str]:
    """The paragraphs of a text; a listing and a nested list stay whole, a heading stands alone."""
    listings = FENCED.findall(markdown)
    text = FENCED.sub("\x00", markdown)
    text = re.sub(r"^(#{1,6} .*)$", r"\n\1\n", text, flags=re.MULTILINE)
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        if not block.strip():
            continue
        if blocks and block.startswith((" ", "\t")):  # the second paragraph of a list's item
            blocks[-1] += f"\n\n{block.rstrip()}"
        else:
            blocks.append(block.strip())
    found = iter(listings)
    return [re.sub("\x00", lambda _: next(found), block) for block in blocks]


def _folded(cell: Any) -> list[tuple[Any, str]]:
    """A code cell with its plumbing folded, and what goes to the notes."""
    essential = shown_code(cell.source)
    if essential != cell.source.strip():
        cell.metadata["folded"] = cell.source
        cell.source = essential
    held = [output for output in cell.outputs if _held(output)]
    cell.outputs = [output for output in cell.outputs if not _held(output)]
    said = "\n".join(f"- {''.join(output.data['text/plain'])}" for output in held)
    return [(cell, "-"), *([(new_markdown_cell(said), "notes")] if said else [])]


def _held(output: Any) -> bool:
    """Whether an output only says that an expectation held."""
    record = output.get("data", {}).get(notebook.MIME, {})
    return record.get("type") == "expectation" and record.get("held", False)


def shown_code(source: str) -> str:
    """What a lesson's code shows to an audience: without imports, drawing and bookkeeping.

    Examples
    --------
    >>> shown_code("import numpy as np\\n\\nx = np.ones(3)\\n# seen\\nrun.expect('ones', True)")
    'x = np.ones(3)'
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return source.strip()
    lines = source.split("\n")
    for statement in body:
        if _is_plumbing(statement):
            first, last = statement.lineno - 1, statement.end_lineno or statement.lineno
            while first and lines[first - 1].lstrip().startswith("#"):
                first -= 1
            lines[first:last] = [""] * (last - first)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_plumbing(node: ast.stmt) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute() as called)):
            names = ast.unparse(called).split(".")
            return names[0].split("[")[0] in DRAWING or tuple(names) in BOOKKEEPING
        case ast.Assign(value=ast.Call(func=ast.Attribute(value=ast.Name("plt")))):
            return True
        case ast.For(body=body) | ast.With(body=body):
            return all(map(_is_plumbing, body))
    return False
