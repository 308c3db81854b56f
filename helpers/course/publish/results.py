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
from helpers.course.check.doubt import seen
from helpers.course.publish import index, report, spread, tolerances, verdicts

import nbformat

BEGIN_MARK = "<!-- chapters:begin -->"
END_MARK = "<!-- chapters:end -->"
COUNTS_MARKS = "<!-- counts:begin -->", "<!-- counts:end -->"
INTRODUCTION = """# Results

Every figure that a source of this course publishes, beside what the committed notebooks measured.
"""
VERDICTS = """A number *published* is printed by a source; one *expected* was computed for this
course, or a source's number corrected; a *claim* has none. *Within*: no further away than the
tolerance, which is three times √2 standard deviations over seeds, and half of the last printed
digit. *Too noisy to say*: the tolerance is as wide as the number, or holds what one gets without
learning, so that agreement would say nothing. *Not compared*: other data, or no spread yet. *Claim
held*: what the cell expects holds; *recorded*: it expects nothing. *Over seeds*: mean ± standard
deviation of n runs.

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
            notebook.figures(nb),
            next(iter(by_kind["finish"]), None),
        )
    return lessons


def _rows_left(count: int) -> str:
    if not count:
        return "Every row of the ledger is covered."
    return (
        f"{count} rows of the ledger are not yet covered: they stand at the end of their chapters."
    )


def results_page(lessons: dict[str, Lesson]) -> str:
    """The text of RESULTS.md."""
    figures = [figure for lesson in lessons.values() for figure in lesson.figures]
    claims = [figure for figure in figures if figure["published"] is None]
    held = sum(figure["held"] is True for figure in claims)
    seeds = sum(
        row.id in spread.load() or bool(tolerances.SEEDS.search(row.basis))
        for row in ledger.rows().values()
    )
    parts = [
        INTRODUCTION,
        f"{counts_list(lessons)}\n",
        f"Beside them stand {len(claims)} claims without a number, {held} of them held by an "
        f"expectation of their cell. The tolerances of {seeds} figures come from several seeds. "
        f"{_rows_left(len(still_open(lessons)))}\n",
        f"{seen.sentence((number, lesson.nb) for number, lesson in lessons.items())}\n",
        VERDICTS,
    ]
    parts += [_chapter_results(lesson) for lesson in lessons.values()]
    return "\n".join(parts)


def counts_list(lessons: dict[str, Lesson]) -> str:
    """The three counts as a list, for RESULTS.md and README.md."""
    figures = [figure for lesson in lessons.values() for figure in lesson.figures]
    return "\n".join(f"- {sentence}" for sentence in verdicts.sentences(figures))


def still_open(lessons: dict[str, Lesson]) -> list[ledger.Row]:
    """The rows that the ledger marks as open, of the chapters that there are."""
    return [row for row in ledger.rows().values() if row.open and set(row.chapters) & set(lessons)]


def _chapter_results(lesson: Lesson) -> str:
    """One chapter of RESULTS.md."""
    number = lesson.chapter.number
    lines = [f"## {number} {lesson.chapter.title}\n", f"{_origin(lesson)}\n"]
    if lesson.figures:
        lines += [
            "| Figure | What it is | Published | Tolerance | Measured | Over seeds | Difference "
            "| Verdict |",
            "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |",
        ]
        known = spread.load()
        rows = [verdicts.row(f, list(known.get(f["id"], {}).values())) for f in lesson.figures]
        lines += [_figure_line(row) for row in rows]
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
    coming = still_open({number: lesson})
    if coming:
        lines += [f"Not yet covered, {len(coming)}:\n"]
        lines += [*(f"- {row.id} {row.title} ({row.open})" for row in coming), ""]
    return "\n".join(lines)


def _figure_line(row: dict[str, str]) -> str:
    published = f"{row['published']} (expected)" if row["kind"] == "expected" else row["published"]
    cells = ("tolerance", "measured", "spread", "difference", "verdict")
    return _table_line(row["id"], row["title"], published, *(row[name] for name in cells))


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
        covered = f"{total - len(_missing(lesson))} / {total}"
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
    done = f"{len(missing)} to come" if (missing := _missing(lesson)) else "complete"
    if lesson.begin["profile"] == "sample":
        return f"{done}, outputs on stand-ins"
    counts = verdicts.counts(lesson.figures)
    names = ("trainings", "arithmetic", "corrections")
    parts = [f"{name} {c}" for name, c in zip(names, counts.values(), strict=True) if c.compared]
    return "; ".join([done, *parts])


def _missing(lesson: Lesson) -> set[str]:
    """The ids of a chapter's rows that it does not cover, or not all of them."""
    opened = {row.id for row in still_open({lesson.chapter.number: lesson})}
    return opened | {row.id for row in structure.uncovered(lesson.nb)}


def _table_line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def pages(root: Path) -> dict[Path, str]:
    """RESULTS.md, README.md and the index as they should be for the notebooks that there are.

    Raises
    ------
    ValueError
        If README.md lacks the marks between which the chapter table and the counts stand.
    """
    lessons = read(root / "notebooks")
    readme = (root / "README.md").read_text(encoding="utf-8")
    readme = _between(readme, (BEGIN_MARK, END_MARK), chapter_table(lessons, root))
    readme = _between(readme, COUNTS_MARKS, counts_list(lessons))
    return {
        root / "RESULTS.md": results_page(lessons),
        root / "README.md": readme,
        root / "notebooks" / index.NAME: index.text([x.path.name for x in lessons.values()]),
    }


def _between(page: str, marks: tuple[str, str], text: str) -> str:
    begin, end = marks
    between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not between.search(page):
        raise ValueError(f"README.md needs the lines {begin} and {end}, in that order.")
    return between.sub(lambda _: f"{begin}\n{text}\n{end}", page, count=1)


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
