"""The page of a doubt: which claim failed under which spoiler, and which never did."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.course import catalog, files
from helpers.course.check.doubt import verdicts
from helpers.course.check.doubt.spoilers import NAMES
from helpers.course.check.doubt.verdicts import Verdict

import jinja2

MARKS = {"failed": "good", "held": "bad"}  # it is good that a claim fails here


def write(folder: Path, results: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write ``index.html`` into `folder`, from the content of its ``doubt.json``."""
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("helpers.course.check.doubt", "."),
                jinja2.PackageLoader("helpers.course.publish", "."),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    chapters = [_chapter(number, runs) for number, runs in sorted(results.items())]
    every = [verdict for chapter in chapters for verdict in chapter["claims"]]
    text = environment.get_template("doubt.html.j2").render(
        style=_style(environment),
        chapters=chapters,
        counts=verdicts.counts(every),
        ways=NAMES,
        remark=remark,
        marks=MARKS,
    )
    files.write_text(folder / "index.html", text)
    return folder / "index.html"


def remark(verdict: Verdict) -> str:
    """What is to be done about a claim, or what broke it, in a few words."""
    if verdict.holds is False:
        return "does not hold where nothing is spoiled"
    if verdict.broken_by:
        tried = f"false after the change {verdict.broken_by}"
        if not verdict.exact and not verdict.spoiled_by:
            return f"{tried}: if it is arithmetic, tag its cell exact; if not, mend it"
        return tried
    if verdict.seen_to_fail:
        return ""
    if verdict.why:
        return f"no change tried: {verdict.why}"
    return f"{verdict.changes} changes, none broke it" if verdict.changes else ""


def _chapter(number: str, runs: Mapping[str, Any]) -> dict[str, Any]:
    claims = verdicts.of_chapter(number, runs)
    return {
        "number": number,
        "title": catalog.CHAPTERS[number].title,
        "claims": claims,
        "counts": verdicts.counts(claims),
        "ways": [way for way in NAMES if way in runs],
        "failures": {way: run["error"] for way, run in runs.items() if run["error"]},
        "errors": {way: len(run["errors"]) for way, run in runs.items() if run["errors"]},
        "seconds": sum(run["seconds"] for run in runs.values()),
    }


def _style(environment: jinja2.Environment) -> str:
    """The look of the run's report."""
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, "report.html.j2")
    return source.split("<style>", 1)[1].split("</style>", 1)[0]
