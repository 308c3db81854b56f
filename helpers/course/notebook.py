"""What a notebook holds: its cells with their tags, and what an executed one recorded and drew."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from helpers.record import MIME

import nbformat
import nbformat.reader

INJECTED = "injected-parameters"  # the tag of the cell that papermill adds
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
BOOTSTRAP = "colab-bootstrap"  # the tag of the cell that `helpers.course.links` adds


def read(path: Path) -> Any:
    """A notebook from its file.

    Raises
    ------
    ValueError
        If there is no such file, or it is no notebook of the current format; the message names it.
    """
    try:
        # Without nbformat's own look at the whole schema, which takes longer than all the rest.
        nb = nbformat.convert(nbformat.reader.reads(path.read_text(encoding="utf-8")), 4)
        if not all(cell.cell_type and isinstance(cell.source, str) for cell in nb.cells):
            raise ValueError("a cell lacks its kind or its text")
    except (
        *(OSError, ValueError, TypeError, AttributeError, LookupError),
        nbformat.ValidationError,
    ) as error:
        raise ValueError(
            f"{path.name} cannot be read as a notebook ({type(error).__name__}); "
            f"save it again, or restore {path} from a copy."
        ) from error
    return nb


def tags(cell: Any) -> list[str]:
    """The tags of a notebook cell."""
    return cell.metadata.get("tags", [])


def outputs_profile(nb: Any) -> str:
    """The profile that a notebook's committed outputs come from: ``"full"``, or ``"sample"``.

    The second where the notebook's metadata say ``"dl_course": {"outputs": "sample"}``, because the
    full run has not been possible yet.
    """
    return nb.metadata.get("dl_course", {}).get("outputs", "full")


def code_cells(nb: Any) -> list[Any]:
    """The code cells of a notebook that have code, without those that tools add."""
    return [
        cell
        for cell in nb.cells
        if cell.cell_type == "code"
        and cell.source.strip()
        and not {INJECTED, BOOTSTRAP} & set(tags(cell))
    ]


def records(nb: Any) -> list[dict]:
    """What `helpers.lesson` left in a notebook's outputs, in order: begin, figure, … finish."""
    return [
        output.data[MIME]
        for cell in code_cells(nb)
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]


def figures(nb: Any) -> list[dict]:
    """The figure records, each with ``held``: whether what its own cell expects held, or None."""
    found = []
    for cell in code_cells(nb):
        of_cell = [o.data[MIME] for o in cell.get("outputs", []) if MIME in o.get("data", {})]
        held = [record["held"] for record in of_cell if record["type"] == "expectation"]
        found += [
            record | {"held": all(held) if held else None}
            for record in of_cell
            if record["type"] == "figure"
        ]
    return found


def pictures(nb: Any) -> list[tuple[str, str]]:
    """The pictures in a notebook's outputs as ``(address for an <img>, alternative text)``."""
    return [
        (_address(kind, "".join(output.data[kind])), output.metadata.get(kind, {}).get("alt", ""))
        for cell in code_cells(nb)
        for output in cell.get("outputs", [])
        for kind in [kind for kind in PICTURES if kind in output.get("data", {})][:1]
    ]


def _address(kind: str, data: str) -> str:
    """A picture as a data address; SVG is text in a notebook, the others are base64."""
    if kind == "image/svg+xml":
        data = base64.b64encode(data.encode()).decode()
    return f"data:{kind};base64,{''.join(data.split())}"


def last_started(nb: Any) -> tuple[int, Any] | None:
    """The last code cell that papermill started, with its number among the code cells from 1.

    In a run that failed it is the cell that failed, hung, or lost its kernel.
    """
    started = [
        (number, cell)
        for number, cell in enumerate(code_cells(nb), start=1)
        if cell.metadata.get("papermill", {}).get("start_time")
    ]
    return started[-1] if started else None
