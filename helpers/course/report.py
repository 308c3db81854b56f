"""The report of a run: index.html, and each chapter as a page beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.course import catalog, figures, files

import jinja2
import nbformat
from nbconvert import HTMLExporter
from nbconvert.filters import strip_ansi

# The lab template as it is but for three things: it loads no script that text and plots could do
# without, an image carries the alternative text of its output, and there is a way back.
CHAPTER_PAGE = """
{%- extends 'lab/index.html.j2' -%}
{% from 'mathjax.html.j2' import mathjax %}
{% block html_head_js %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block html_head_js_mathjax %}
{{ mathjax(resources.mathjax_url) | replace('<script src', '<script async src') }}
{% endblock %}
{% block body_header %}
{{ super() }}<p class="jp-RenderedHTMLCommon"><a href="index.html">All chapters</a></p>
{% endblock %}
{% block data_png scoped %}
<div class="jp-RenderedImage jp-OutputArea-output">
<img alt="{{ (output | get_metadata('alt', 'image/png') or '') | escape_html }}"
src="data:image/png;base64,{{ output.data['image/png'] | escape_html }}">
</div>
{% endblock %}
"""


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
        loader=jinja2.PackageLoader("helpers.course", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    within, compared = figures.reproduced([f for e in entries for f in e["figures"]])
    expectations = [x["held"] for e in entries for x in e["expectations"]]
    html = environment.get_template("report.html.j2").render(
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
    files.write_text(folder / "index.html", html)
    return folder / "index.html"


def chapter_page(nb: Any, title: str) -> str:
    """An executed notebook as one HTML page that reads without a network.

    Formulas are typeset where the network lets MathJax load; without it they read as LaTeX.
    """
    nb.metadata["title"] = title
    nb.cells = [cell for cell in nb.cells if catalog.INJECTED not in catalog.tags(cell)]
    return HTMLExporter(raw_template=CHAPTER_PAGE).from_notebook_node(nb)[0]


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
        failed_cell = catalog.last_started(nb)
    within, compared = figures.reproduced(entry["figures"])
    return entry | {
        "time": duration(entry["seconds"]),
        "error": strip_ansi(entry["error"] or ""),
        "figures": [figures.row(figure) for figure in entry["figures"]],
        "within": within,
        "outside": compared - within,
        "held": sum(expectation["held"] for expectation in entry["expectations"]),
        "pictures": catalog.pictures(nb) if nb is not None else [],
        "failed_source": failed_cell[1].source if failed_cell else None,
    }
