"""What the committed notebooks say, as tables: RESULTS.md and the chapter table of README.md."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers import ledger
from helpers.course import catalog, files, notebook
from helpers.course.catalog import Chapter
from helpers.course.check import structure
from helpers.course.publish import index, report, verdicts

import nbformat

BEGIN_MARK = "<!-- chapters:begin -->"
END_MARK = "<!-- chapters:end -->"
INTRODUCTION = """# Results

Every figure that a source of this course publishes, beside what the committed notebooks measured.
*Within*: no further from the published figure than the tolerance. *Not comparable*: the source
gives no number, or there is no tolerance for it yet, or the run was on stand-ins.

Written by `make results` from the outputs of the notebooks; do not edit.
"""


@dataclass(frozen=True)
class Lesson:
    """A chapter's notebook as committed: where it is and what its outputs record."""

    chapter: Chapter
    path: Path
    nb: Any
    begin: dict | None
    kept: list[dict]
    figures: list[dict]
    finish: dict | None


def read(folder: Path) -> dict[str, Lesson]:
    """The lessons of all notebooks in `folder`.

    Raises
    ------
    ValueError
        If a notebook records a figure twice, or its finish without its begin.
    """
    lessons = {}
    for number, path in catalog.notebooks(folder).items():
        nb = nbformat.read(path, as_version=4)
        by_kind = defaultdict(list)
        for record in notebook.records(nb):
            by_kind[record["type"]].append(record)
        found = structure.figures_are_recorded_once(nb)
        if by_kind["finish"] and not by_kind["begin"]:
            found.append("its outputs hold no begin record; execute it from the top")
        if found:
            raise ValueError(f"{path.name} cannot be read for the tables: {'; '.join(found)}.")
        lessons[number] = Lesson(
            catalog.CHAPTERS[number],
            path,
            nb,
            next(iter(by_kind["begin"]), None),
            by_kind["kept"],
            by_kind["figure"],
            next(iter(by_kind["finish"]), None),
        )
    return lessons


def results_page(lessons: dict[str, Lesson]) -> str:
    """The text of RESULTS.md."""
    within, compared = verdicts.reproduced([f for x in lessons.values() for f in x.figures])
    parts = [INTRODUCTION, f"**{within} of {compared} comparable figures reproduced.**\n"]
    parts += [_chapter_results(lesson) for lesson in lessons.values()]
    return "\n".join(parts)


def _chapter_results(lesson: Lesson) -> str:
    """One chapter of RESULTS.md."""
    number = lesson.chapter.number
    lines = [f"## {number} {lesson.chapter.title}\n", f"{_origin(lesson)}\n"]
    if lesson.figures:
        lines += [
            "| Figure | What it is | Published | Tolerance | Measured | Difference | Verdict |",
            "| --- | --- | ---: | ---: | ---: | ---: | --- |",
        ]
        rows = [verdicts.row(figure) for figure in lesson.figures]
        lines += [_table_line(*list(row.values())[:-1]) for row in rows]
        missed = [f"- {row['id']}: {row['reason']}" for row in rows if row["reason"]]
        lines += ["", "Outside or not compared, and why:\n", *missed] if missed else []
        lines.append("")
    reasons = [
        f"- {row.id} {row.title}: {row.not_recorded}"
        for row in ledger.rows().values()
        if number in row.chapters and row.kind == "figure" and row.not_recorded
    ]
    if reasons:
        lines += ["Not recorded, and why:\n", *reasons, ""]
    return "\n".join(lines)


def _origin(lesson: Lesson) -> str:
    """From which profile, device and versions a chapter's numbers come."""
    if lesson.begin is None:
        return "Not executed yet."
    return (
        f"Profile {lesson.begin['profile']}, seed {lesson.begin['seed']}, "
        f"{lesson.begin['device']}; {report.versions_text(lesson.begin['versions'])}."
    )


def chapter_table(lessons: dict[str, Lesson], root: Path) -> str:
    """The chapter table of README.md: every chapter, its sources, coverage, time and status.

    Parameters
    ----------
    lessons
        The notebooks there are.
    root
        Folder of README.md, from which the links go.
    """
    lines = [
        "| | Chapter | Sources | Ledger rows | Time in full | Status |",
        "| --- | --- | --- | ---: | ---: | --- |",
    ]
    for number, chapter in catalog.CHAPTERS.items():
        total = sum(number in row.chapters for row in ledger.rows().values())
        lesson = lessons.get(number)
        if lesson is None:
            lines.append(
                _table_line(number, chapter.title, chapter.sources, f"0 / {total}", "", "planned")
            )
            continue
        link = f"[{chapter.title}]({lesson.path.relative_to(root).as_posix()})"
        covered = f"{total - len(structure.uncovered(lesson.nb))} / {total}"
        time = ""
        if lesson.finish and lesson.begin and lesson.begin["profile"] == "full":
            time = report.duration(lesson.finish["seconds"])
        if time and lesson.kept:
            many = len(lesson.kept)
            time += f", {many} kept training{'s' * (many > 1)} left out"
        lines.append(_table_line(number, link, chapter.sources, covered, time, _status(lesson)))
    return "\n".join(lines)


def _status(lesson: Lesson) -> str:
    """A chapter's state in a few words."""
    if lesson.begin is None or lesson.finish is None:
        return "not executed"
    within, compared = verdicts.reproduced(lesson.figures)
    done = "in work" if structure.uncovered(lesson.nb) else "complete"
    if lesson.begin["profile"] == "sample":
        return f"{done}, outputs on stand-ins"
    return f"{done}, {within} of {compared} figures reproduced" if compared else done


def _table_line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def pages(root: Path) -> dict[Path, str]:
    """RESULTS.md, README.md and the index as they should be for the notebooks that there are.

    Raises
    ------
    ValueError
        If README.md lacks the two marks between which the chapter table stands.
    """
    lessons = read(root / "notebooks")
    readme = (root / "README.md").read_text(encoding="utf-8")
    table = f"{BEGIN_MARK}\n{chapter_table(lessons, root)}\n{END_MARK}"
    between = re.compile(f"{re.escape(BEGIN_MARK)}.*?{re.escape(END_MARK)}", re.DOTALL)
    if not between.search(readme):
        raise ValueError(f"README.md needs the lines {BEGIN_MARK} and {END_MARK}, in that order.")
    return {
        root / "RESULTS.md": results_page(lessons),
        root / "README.md": between.sub(lambda _: table, readme, count=1),
        root / "notebooks" / index.NAME: index.text([x.path.name for x in lessons.values()]),
    }


def write(root: Path, check: bool = False) -> int:
    """Write RESULTS.md and the chapter table, or with `check` only say which is out of date.

    Returns
    -------
    int
        1 if `check` is set and a page is out of date, else 0.
    """
    stale = [
        (path, text)
        for path, text in pages(root).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        if check:
            print(f"{path.name} is out of date; run: make results")
        else:
            files.write_text(path, text)
            print(f"{path.name} written")
    return int(check and bool(stale))
