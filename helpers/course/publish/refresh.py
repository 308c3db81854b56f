"""Committed outputs after a change of the ledger: the same numbers, with today's verdicts."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from helpers import ledger, record
from helpers.course import catalog, files, notebook

import nbformat


def notebooks(folder: Path) -> int:
    """Bring the figures in the outputs of all notebooks up to the ledger; say which changed.

    Returns
    -------
    int
        How many notebooks changed.
    """
    changed = 0
    for path in catalog.notebooks(folder).values():
        nb = nbformat.read(path, as_version=4)
        new = refreshed(nb)
        if new != nb:
            files.write_text(path, nbformat.writes(new) + "\n")
            print(f"{path.name}: verdicts written anew")
            changed += 1
    return changed


def refreshed(nb: Any) -> Any:
    """A copy of a notebook whose figure records say what the ledger says today.

    The measured numbers stay as they are; published number, kind, verdict and the line for the
    reader are made again. What the ledger does not know is left alone.
    """
    new = copy.deepcopy(nb)
    profile = notebook.outputs_profile(nb)
    for cell in notebook.code_cells(new):
        for output in cell.get("outputs", []):
            old = output.get("data", {}).get(record.MIME, {})
            if old.get("type") == "figure" and old["id"] in ledger.rows():
                shown = record.figure(
                    ledger.row(old["id"]), old["value"], profile, old.get("names", ())
                )
                output["data"] = nbformat.from_dict(record.bundle(*shown))
    return new
