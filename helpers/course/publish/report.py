"""The report of a run: index.html, and each chapter as a page beside it."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from helpers.course import files, notebook
from helpers.course.publish import verdicts

import jinja2
import nbformat
from math_core import LatexError, LatexToMathML
from nbconvert import HTMLExporter
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# An image with the alternative text of its output.
PICTURE_BLOCK = """
{% block data_png scoped %}
<div class="jp-RenderedImage jp-OutputArea-output">
<img alt="{{ (output | get_metadata('alt', 'image/png') or '') | escape_html }}"
src="data:image/png;base64,{{ output.data['image/png'] | escape_html }}">
</div>
{% endblock %}
"""

# The lab template as it is but for three things: it loads no script, its images have alternative
# text, and there is a way back.
CHAPTER_PAGE = (
    """
{%- extends 'lab/index.html.j2' -%}
{% block html_head_js %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block body_header %}
{{ super() }}<p class="jp-RenderedHTMLCommon"><a href="index.html">All chapters</a></p>
{% endblock %}
"""
    + PICTURE_BLOCK
)


class FormulaRenderer(IPythonRenderer):
    """Sets formulas as MathML, which browsers show without a script or a network."""

    def inline_math(self, text: str) -> str:
        return _formula(text, displaystyle=False)

    def block_math(self, text: str) -> str:
        return f"<p>{_formula(text, displaystyle=True)}</p>"

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")


def _formula(latex: str, displaystyle: bool) -> str:
    """A formula as MathML, or its LaTeX where that cannot be read."""
    try:
        return LatexToMathML().convert_with_local_state(latex, displaystyle=displaystyle)
    except LatexError:
        return f"<code>{html.escape(latex)}</code>"


class ChapterExporter(HTMLExporter):
    """nbconvert's HTML page, with formulas as MathML."""

    @jinja2.pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        return MarkdownWithMath(renderer=FormulaRenderer(escape=False)).render(source)


def write(folder: Path, results: dict[str, Any]) -> Path:
    """Write ``index.html`` and the chapters' pages that are not up to date.

    Parameters
    ----------
    folder
        Folder of the run: the executed notebooks are there.
    results
        The content of its ``results.json``.

    Returns
    -------
    Path
        The report, ``index.html``.
    """
    entries = results["chapters"]
    chapters = []
    for entry in entries:
        nb = None
        if entry["notebook"]:
            source = folder / entry["notebook"]
            nb = nbformat.read(source, as_version=4)
            page = folder / entry["html"]
            if not page.exists() or page.stat().st_mtime < source.stat().st_mtime:
                files.write_text(page, chapter_page(nb, f"{entry['chapter']} {entry['title']}"))
        chapters.append(_chapter(entry, nb))
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("helpers.course.publish", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    within, compared = verdicts.reproduced([f for e in entries for f in e["figures"]])
    expectations = [x["held"] for e in entries for x in e["expectations"]]
    index = environment.get_template("report.html.j2").render(
        results,
        versions=versions_text(results["versions"]),
        chapters=chapters,
        passed=sum(entry["status"] != "failed" for entry in entries),
        recorded=sum(len(entry["figures"]) for entry in entries),
        within=within,
        compared=compared,
        held=sum(expectations),
        expected=len(expectations),
    )
    files.write_text(folder / "index.html", index)
    return folder / "index.html"


def chapter_page(nb: Any, title: str) -> str:
    """An executed notebook as one HTML page that reads without a network."""
    nb.metadata["title"] = title
    nb.cells = [cell for cell in nb.cells if notebook.INJECTED not in notebook.tags(cell)]
    return ChapterExporter(raw_template=CHAPTER_PAGE).from_notebook_node(nb)[0]


def versions_text(versions: dict[str, str | None]) -> str:
    """``"Python 3.11.7, TensorFlow 2.20.0, …"`` from a chapter's begin record."""
    return ", ".join(
        f"{name} {versions[name.lower()]}"
        for name in ("Python", "TensorFlow", "Keras", "NumPy")
        if versions.get(name.lower())
    )


def duration(seconds: float) -> str:
    """``"12.3 s"``, or ``"3 min 5 s"`` from a minute on."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def _chapter(entry: dict[str, Any], nb: Any | None) -> dict[str, Any]:
    """One chapter as the template shows it."""
    failed_cell = None
    if entry["status"] == "failed" and nb is not None:
        failed_cell = notebook.last_started(nb)
    within, compared = verdicts.reproduced(entry["figures"])
    return entry | {
        "time": duration(entry["seconds"]),
        "error": strip_ansi(entry["error"] or ""),
        "figures": [verdicts.row(figure) for figure in entry["figures"]],
        "within": within,
        "outside": compared - within,
        "held": sum(expectation["held"] for expectation in entry["expectations"]),
        "pictures": notebook.pictures(nb) if nb is not None else [],
        "failed_source": failed_cell[1].source if failed_cell else None,
    }
