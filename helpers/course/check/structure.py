"""What a committed notebook must look like, as checks that each return their complaints."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from helpers import ledger
from helpers.course import catalog
from helpers.course.check.cells import (
    cells_are_short,
    is_plain_python,
    names_no_absolute_path,
    outputs_are_clean,
    pictures_have_alt_text,
    trees,
    was_executed,
)
from helpers.course.check.exercises import exercises_are_complete
from helpers.course.notebook import code_cells, outputs_profile, records, tags
from helpers.course.publish import links

import nbformat

MAX_BYTES = 1_500_000
SAMPLE_NOTE = "outputs from the sample profile"
LEDGER_ID = re.compile(r"[LFX]\d\d\.\d+|E\d+")
RECIPE = ("errata", "exercises", "summary")
OTHER_TAG = re.compile(
    r"parameters|raises-exception|hide-(input|output|cell)"
    r"|colab-bootstrap|nbval-(check-output|ignore-output|raises-exception|skip)"
    r"|slide|subslide|fragment|skip|notes|errata|exercises|summary|guess|answer|exact"
)


def check(nb: Any) -> list[str]:
    """All complaints about a notebook, none if it is fit to commit."""
    return [complaint for one in CHECKS for complaint in one(nb)]


def check_file(path: Path) -> list[str]:
    """All complaints about a notebook file, with those on its name and its size."""
    nb = nbformat.read(path, as_version=4)
    found = check(nb) + links.complaints(nb, path.name, links.repository())
    if chapter_of(nb) not in (None, path.name[:2]):
        found.append(f"begins chapter {chapter_of(nb)}, but the file is named {path.name}")
    size = path.stat().st_size
    if size >= MAX_BYTES:
        found.append(f"has {size:,} bytes; keep it under {MAX_BYTES:,} with fewer or smaller plots")
    return found


def chapter_of(nb: Any) -> str | None:
    """The chapter that a notebook begins, ``"05"``, or None."""
    return next(_named(nb, "begin", re.compile(r"\d\d")), None)


def recorded_ids(nb: Any) -> set[str]:
    """The figures whose ids stand in calls of ``run.record``, comments left out."""
    return set(_named(nb, "record", re.compile(r"F\d\d\.\d+")))


def _named(nb: Any, method: str, name: re.Pattern[str]) -> Iterator[str]:
    """The first arguments of all calls of `method` that are written out and look like `name`."""
    for _, tree in trees(nb):
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr=called), args=[ast.Constant(value=str(first)), *_]
                ) if called == method and name.fullmatch(first):
                    yield first


def is_valid(nb: Any) -> list[str]:
    """The notebook keeps nbformat's schema."""
    try:
        nbformat.validate(nb)
    except nbformat.ValidationError as error:
        return [f"is not a valid notebook: {error.message}"]
    return []


def begins_with_parameters(nb: Any) -> list[str]:
    """The first code cell, and no other, is tagged ``parameters`` and holds plain assignments."""
    tagged = [cell for cell in nb.cells if "parameters" in tags(cell)]
    if [id(cell) for cell in tagged] != [id(cell) for cell in code_cells(nb)[:1]]:
        return ["needs the tag 'parameters' on its first code cell and on no other"]
    try:
        values = {}
        statement: Any
        for statement in ast.parse(tagged[0].source).body:
            (target,) = statement.targets
            values[target.id] = ast.literal_eval(statement.value)
    except (SyntaxError, AttributeError, ValueError):
        return ["its parameters cell may hold only assignments like NAME = 3"]
    expected = {"PROFILE": None, "SEED": 0}
    return [
        f"its parameters cell must say {name} = {value}"
        for name, value in expected.items()
        if name not in values or values[name] != value
    ]


def has_one_title(nb: Any) -> list[str]:
    """One heading of the first level, in the first cell."""
    titles = [
        (number, title)
        for number, cell in enumerate(nb.cells)
        if cell.cell_type == "markdown"
        for level, title in _headings(cell.source)
        if level == 1
    ]
    found = []
    if [number for number, _ in titles] != [0]:
        found.append(f"needs one '# Title', in its first cell; has {[t for _, t in titles]}")
    return found


def numbers_its_sections(nb: Any) -> list[str]:
    """Sections that have a number count 1, 2, 3, …; a gap is a heading that an edit has lost."""
    numbers = [
        int(title.split(".")[0])
        for cell in nb.cells
        if cell.cell_type == "markdown"
        for level, title in _headings(cell.source)
        if level == 2 and re.match(r"\d+\.", title)
    ]
    if numbers != list(range(1, len(numbers) + 1)):
        return [f"numbers its sections {', '.join(map(str, numbers))}; count 1, 2, 3, …"]
    return []


def keeps_the_recipe(nb: Any) -> list[str]:
    """The chapter ends with its errata, its exercises and what was learned, in this order.

    They are found by their tags, so that their headings may be in any language.
    """
    marked = [cell for cell in nb.cells if cell.cell_type == "markdown" and _roles(cell)]
    found = [role for cell in marked for role in _roles(cell)]
    if tuple(found) != RECIPE:
        return [
            f"needs Markdown cells with the tags {', '.join(RECIPE)}, each once and in this "
            f"order; has {', '.join(found) or 'none of them'}"
        ]
    return [
        f"its cell tagged {', '.join(_roles(cell))} needs a '## Heading' for each tag"
        for cell in marked
        if sum(level == 2 for level, _ in _headings(cell.source)) < len(_roles(cell))
    ]


def _roles(cell: Any) -> list[str]:
    return [tag for tag in tags(cell) if tag in RECIPE]


def tags_are_known(nb: Any) -> list[str]:
    """Every tag is a role, one of Jupyter's or nbval's, or a ledger row of this chapter."""
    chapter, rows = chapter_of(nb), ledger.rows()
    found = []
    for tag in (tag for cell in nb.cells for tag in tags(cell)):
        if LEDGER_ID.fullmatch(tag):
            if tag not in rows or (chapter and chapter not in rows[tag].chapters):
                found.append(f"tag {tag!r} is not a ledger row of chapter {chapter}")
        elif not OTHER_TAG.fullmatch(tag):
            found.append(f"tag {tag!r} is unknown")
    return found


def says_how_it_ran(nb: Any) -> list[str]:
    """The outputs hold the chapter's begin, at least one expectation, and the finish."""
    if chapter_of(nb) is None:
        return ["no cell calls lesson.begin with the chapter's number"]
    kinds = [record["type"] for record in records(nb)]
    return [
        f"its outputs hold no {kind} record; execute it to the end"
        for kind in ("begin", "expectation", "finish")
        if kind not in kinds
    ]


def says_which_profile(nb: Any) -> list[str]:
    """The outputs come from the profile that the metadata name; the first cell admits sample."""
    profile = outputs_profile(nb)
    ran = [record["profile"] for record in records(nb) if record["type"] == "begin"]
    found = []
    if ran and ran != [profile]:
        found.append(f"must hold outputs of the profile {profile}, as its metadata say; has {ran}")
    if (SAMPLE_NOTE in nb.cells[0].source) != (profile == "sample"):
        found.append(
            f"must say '{SAMPLE_NOTE}' in its first cell if, and only if, its metadata say "
            "dl_course: outputs: sample"
        )
    return found


def covers_the_ledger(nb: Any) -> list[str]:
    """Each listing, exercise and erratum of the chapter is a tag, each figure is recorded.

    Rows that the ledger marks as open may be missing: RESULTS.md lists them.
    """
    missing = uncovered(nb)
    found = [
        f"{row.id} ({row.title}) is not {'recorded' if row.kind == 'figure' else 'tagged'}"
        for row in missing
        if not row.open
    ]
    return found + [
        f"{row.id} is covered now: empty its column 'open' in ledger.csv"
        for row in ledger.rows().values()
        if chapter_of(nb) in row.chapters and row.open == ledger.TO_COME and row not in missing
    ]


def uncovered(nb: Any) -> list[ledger.Row]:
    """The ledger rows of the notebook's chapter that it does not cover."""
    chapter = chapter_of(nb)
    tagged = {tag for cell in nb.cells for tag in tags(cell)}
    recorded = {*recorded_ids(nb), *(r["id"] for r in records(nb) if "id" in r)}
    return [
        row
        for row in ledger.rows().values()
        if chapter in row.chapters
        and not (row.kind == "figure" and row.not_recorded)
        and row.id not in (recorded if row.kind == "figure" else tagged)
    ]


def figures_are_recorded_once(nb: Any) -> list[str]:
    """No figure stands twice in the outputs: it would count twice among the reproduced ones."""
    counts = Counter(record["id"] for record in records(nb) if record["type"] == "figure")
    return [f"records {name} {n} times; record it once" for name, n in counts.items() if n > 1]


def figures_are_measured(nb: Any) -> list[str]:
    """No figure is recorded from numbers alone: that is arithmetic, which a cell may show."""
    found = []
    for _, tree in trees(nb):
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="record"), args=[ast.Constant(value=str(name)), *given]
                ):
                    parts = [*given, *(keyword.value for keyword in node.keywords)]
                    names = [n for part in parts for n in ast.walk(part) if isinstance(n, ast.Name)]
                    if parts and not names:
                        found.append(f"records {name} from numbers alone; print it instead")
    return found


def is_named_as_in_the_catalogue(nb: Any) -> list[str]:
    """The title is ``# NN · Title`` with the title that `catalog.CHAPTERS` has."""
    number = chapter_of(nb)
    if number not in catalog.CHAPTERS:
        return []  # another check says so
    wanted = f"{number} · {catalog.CHAPTERS[number].title}"
    titles = [title for level, title in _headings(nb.cells[0].source) if level == 1]
    if titles in ([], [wanted]):  # another check says that there is none
        return []
    return [f"is called {titles[0]!r}, in catalog.CHAPTERS {wanted!r}; make them one"]


CHECKS: tuple[Callable[[Any], list[str]], ...] = (
    is_valid,
    begins_with_parameters,
    has_one_title,
    numbers_its_sections,
    keeps_the_recipe,
    tags_are_known,
    names_no_absolute_path,
    is_plain_python,
    cells_are_short,
    was_executed,
    pictures_have_alt_text,
    outputs_are_clean,
    says_how_it_ran,
    says_which_profile,
    covers_the_ledger,
    figures_are_recorded_once,
    figures_are_measured,
    is_named_as_in_the_catalogue,
    exercises_are_complete,
)


def _headings(markdown: str) -> Iterator[tuple[int, str]]:
    """The headings of a Markdown text as ``(level, title)``, code blocks left out."""
    text = re.sub(r"^(```|~~~).*?^\1", "", markdown, flags=re.MULTILINE | re.DOTALL)
    for marks, title in re.findall(r"^(#{1,6})\s+(.+)$", text, flags=re.MULTILINE):
        yield len(marks), title
