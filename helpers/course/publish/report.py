"""The report of a run: index.html, and each chapter as a page beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.course import files, notebook
from helpers.course.publish import render, verdicts

import jinja2
import nbformat
from nbconvert.filters import strip_ansi


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
                files.write_text(
                    page, render.chapter_page(nb, f"{entry['chapter']} {entry['title']}")
                )
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


def versions_text(versions: dict[str, str | None]) -> str:
    """``"Python 3.11.7, TensorFlow 2.20.0, …"`` from a chapter's begin record."""
    return ", ".join(
        f"{name} {versions[name.lower()]}"
        for name in ("Python", "TensorFlow", "Keras", "NumPy")
        if versions.get(name.lower())
    )


def duration(seconds: float) -> str:
    """A time for a reader: tenths of a second below a minute, then minutes and seconds.

    Examples
    --------
    >>> duration(12.34), duration(59.97), duration(185.2)
    ('12.3 s', '1 min 0 s', '3 min 5 s')
    """
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


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
