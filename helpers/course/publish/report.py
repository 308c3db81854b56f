"""The report of a run: index.html, and each chapter as a page beside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from helpers.course import files, notebook
from helpers.course.publish import render, spread, verdicts

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
    by_chapter: dict[str, list[dict[str, Any]]] = {}
    for entry in results["chapters"]:
        by_chapter.setdefault(entry["chapter"], []).append(entry)
    known = spread.load() if results["profile"] == "full" else {}
    pages = {
        number: f"{number}.html"
        for number, group in by_chapter.items()
        if any(entry["notebook"] for entry in group)
    }
    chapters = []
    for group in by_chapter.values():
        entry = next((e for e in group if e["seed"] == results["seed"]), group[0])
        nb = None
        if entry["notebook"]:
            source = folder / entry["notebook"]
            nb = nbformat.read(source, as_version=4)
            _write_page(folder, entry, source, pages)
        chapters.append(_chapter(entry, nb, group, known))
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("helpers.course.publish", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    expectations = [x["held"] for c in chapters for x in c["expectations"]]
    index = environment.get_template("report.html.j2").render(
        results,
        versions=versions_text(results["versions"]),
        chapters=chapters,
        passed=sum(chapter["status"] != "failed" for chapter in chapters),
        recorded=sum(len(chapter["figures"]) for chapter in chapters),
        counts=verdicts.sentences([f for c in chapters for f in c["recorded"]]),
        several_seeds=any(len(chapter["seeds"]) > 1 for chapter in chapters),
        held=sum(expectations),
        expected=len(expectations),
        ran=_ran(results.get("ran"), chapters),
        failed=[chapter for chapter in chapters if chapter["status"] == "failed"],
    )
    files.write_text(folder / "index.html", index)
    return folder / "index.html"


def _write_page(folder: Path, entry: dict[str, Any], source: Path, pages: dict[str, str]) -> None:
    """Write a chapter's page, unless it is newer than its notebook and has the same neighbours."""
    page, sign = folder / pages[entry["chapter"]], f"<!-- {' '.join(pages)} -->"
    newer = page.exists() and page.stat().st_mtime >= source.stat().st_mtime
    if newer and page.read_text(encoding="utf-8").endswith(sign):
        return
    nb = nbformat.read(source, as_version=4)
    text = render.chapter_page(nb, f"{entry['chapter']} {entry['title']}", pages)
    files.write_text(page, text + sign)


def _ran(ran: dict[str, Any] | None, chapters: list[dict[str, Any]]) -> str:
    """When the run was, how long it took, and of which commit."""
    total = duration(sum(chapter["seconds"] for chapter in chapters))
    if not ran:
        return f"The chapters took {total}."
    when = datetime.fromisoformat(ran["finished"]).strftime("%d %B %Y, %H:%M UTC").lstrip("0")
    of = f", commit {ran['commit']}" if ran["commit"] else ""
    took = duration(ran["seconds"])
    return f"Finished {when}{of}. This run took {took}; the chapters add up to {total}."


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


def _chapter(
    entry: dict[str, Any],
    nb: Any | None,
    group: list[dict[str, Any]],
    known: dict[str, dict[int, Any]],
) -> dict[str, Any]:
    """One chapter as the template shows it.

    Parameters
    ----------
    entry, nb
        Its entry for the run's own seed, and the executed notebook.
    group
        Its entries for all seeds.
    known
        What seeds measured before this run, for figures of which it has too few.
    """
    values = {
        name: of_seeds if len(of_seeds) >= spread.LEAST else known.get(name, of_seeds)
        for name, of_seeds in spread.gather(group).items()
    }
    failed_cell = None
    if entry["status"] == "failed" and nb is not None:
        failed_cell = notebook.last_started(nb)
    said = [verdicts.verdict(figure) for figure in entry["figures"]]
    failed = [e for e in group if e["status"] == "failed" and e is not entry]
    return entry | {
        "status": "failed" if failed else entry["status"],
        "time": duration(entry["seconds"]),
        "error": strip_ansi(entry["error"] or ""),
        "seeds": [e["seed"] for e in group],
        "other_errors": [f"Seed {e['seed']}: {strip_ansi(e['error'])}" for e in failed],
        "recorded": entry["figures"],
        "figures": [
            verdicts.row(figure, list(values[figure["id"]].values())) for figure in entry["figures"]
        ],
        "within": said.count("within"),
        "outside": said.count("outside"),
        "noisy": said.count("too noisy to say"),
        "held": sum(expectation["held"] for expectation in entry["expectations"]),
        "pictures": notebook.pictures(nb) if nb is not None else [],
        "failed_source": failed_cell[1].source if failed_cell else None,
    }
