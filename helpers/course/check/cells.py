"""The checks of a notebook's cells one by one: their code and what they showed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from helpers.course.notebook import code_cells, tags

MAX_LINES = 25
PERSONAL_PATH = re.compile(r"(?<![\w./:-])/(?:home|root|Users|tmp|work|content|mnt|var)/\w")
ABSOLUTE_PATH = re.compile(r"(?:/[\w.-]+){2,}|[A-Za-z]:[\\/]|~[\\/]|file:")


def names_no_absolute_path(nb: Any) -> list[str]:
    """No path of one machine, neither in code or prose nor in an output."""
    literals = [
        (number, node.value)
        for number, tree in trees(nb)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    found = [
        f"code cell {number} has the absolute path {value!r}; make it relative or look it up"
        for number, value in literals
        if ABSOLUTE_PATH.match(value)
    ]
    prose = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    printed = [text for _, output in _outputs(nb) for text in _texts(output)]
    found += [
        f"a text or an output names a path of one machine: …{text[match.start() :][:40]!r}"
        for text in [*prose, *printed]
        if (match := PERSONAL_PATH.search(text))
    ]
    return found


def is_plain_python(nb: Any) -> list[str]:
    """No shell escapes or magics, no silenced warnings, no bare except."""
    found = []
    for number, cell in enumerate(code_cells(nb), start=1):
        if re.search(r"^\s*[!%]", cell.source, flags=re.MULTILINE):
            found.append(f"code cell {number} has a shell escape or a magic; use Python")
        elif "raises-exception" not in tags(cell) and _parse(cell.source) is None:
            found.append(f"code cell {number} is not valid Python")
    for number, tree in trees(nb):
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and node.type is None:
                found.append(f"code cell {number} has a bare except; name the exception")
            if isinstance(node, ast.Attribute) and node.attr in ("filterwarnings", "simplefilter"):
                found.append(f"code cell {number} silences warnings; mend their cause")
    return found


def cells_are_short(nb: Any) -> list[str]:
    """No code cell has more than 25 lines, blank ones not counted."""
    return [
        f"code cell {number} has {lines} lines; split it or move plumbing into a helper"
        for number, cell in enumerate(code_cells(nb), start=1)
        if (lines := sum(bool(line.strip()) for line in cell.source.splitlines())) > MAX_LINES
    ]


def was_executed(nb: Any) -> list[str]:
    """Executed once from top to bottom in a fresh kernel."""
    for number, cell in enumerate(code_cells(nb), start=1):
        if cell.execution_count != number:
            return [
                "was not executed from top to bottom in a fresh kernel: "
                f"code cell {number} has the count {cell.execution_count}"
            ]
    return []


def pictures_have_alt_text(nb: Any) -> list[str]:
    """Every picture says in words what it shows, and its plain text says the same.

    Editors give a picture no ``alt``; its ``text/plain`` is what a terminal or a diff shows.
    """
    shown = [
        (output.metadata.get(kind, {}).get("alt", ""), "".join(output.data.get("text/plain", "")))
        for _, output in _outputs(nb)
        for kind in output.get("data", {})
        if kind.startswith("image/")
    ]
    found = []
    if missing := sum(not alt.strip() for alt, _ in shown):
        found.append(f"{missing} pictures have no alternative text; show them with plots.show")
    if other := sum(alt != plain for alt, plain in shown if alt.strip()):
        found.append(
            f"{other} pictures have another plain text than their alternative text; "
            "run the notebook again"
        )
    return found


def outputs_are_clean(nb: Any) -> list[str]:
    """Nothing on standard error, and no error but where the cell is tagged for it."""
    found = []
    for number, output in _outputs(nb):
        if output.get("name") == "stderr":
            found.append(f"code cell {number} writes to stderr: {output.text.strip()[:80]!r}")
        expected = "raises-exception" in tags(code_cells(nb)[number - 1])
        if output.output_type == "error" and not expected:
            found.append(f"code cell {number} ends in an error: {output.ename}")
    return found


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def trees(nb: Any) -> Iterator[tuple[int, ast.Module]]:
    """The code cells that parse, with their numbers."""
    for number, cell in enumerate(code_cells(nb), start=1):
        tree = _parse(cell.source)
        if tree is not None:
            yield number, tree


def _outputs(nb: Any) -> Iterator[tuple[int, Any]]:
    """Every output with the number of its code cell."""
    for number, cell in enumerate(code_cells(nb), start=1):
        for output in cell.get("outputs", []):
            yield number, output


def _texts(output: Any) -> Iterator[str]:
    """What an output shows as text."""
    yield "".join(output.get("text", ""))
    for kind, data in output.get("data", {}).items():
        if kind.startswith("text/"):
            yield "".join(data)
