"""A digest of everything that a chapter's result depends on, by which a run knows what to skip."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import platform
import re
import shutil
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from helpers.course import catalog, notebook
from helpers.course.run import reach
from helpers.course.run.plan import Task

PACKAGES = (
    "tensorflow",
    "keras",
    "numpy",
    "pandas",
    "matplotlib",
    "scikit-learn",
    "opencv-python",
    "opencv-python-headless",
)
LEDGER, REGISTRY = "ledger.csv", "registry.csv"
VARIABLE = re.compile(r"\bDL_[A-Z0-9_]+\b")
PARAMETER = "DL_PROFILE"  # a task names its profile itself


def digest(task: Task, root: Path = catalog.ROOT) -> str:
    """Digest of all that a task's result depends on.

    That is: the notebook's cells and their tags, the helpers that it reaches, the parameters, the
    versions of the packages, the kind of device, and the data: this chapter's rows of the ledger,
    the rows of the registry that the reached helpers name (in ``"full"``, where they are read), and
    what the reached ``DL_…`` variables are set to. Outputs and other metadata do not count.

    Parameters
    ----------
    task
        What is to run.
    root
        The folder that holds ``helpers``.

    Raises
    ------
    ValueError
        If the notebook cannot be read.
    """
    nb = notebook.read(task.notebook)
    files = sorted(reach.of_notebook(nb, root))
    texts = {path: path.read_text(encoding="utf-8") for path in files if path.suffix == ".py"}
    code = [cell.source for cell in notebook.code_cells(nb)]
    contents = {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name not in (LEDGER, REGISTRY)
    }
    named = set().union(*(reach.read(text).strings for text in texts.values()))
    rows = []
    for path in files:
        if path.name == LEDGER:
            rows += [row for row in _rows(path) if task.chapter in row["chapters"].split()]
        if path.name == REGISTRY and task.profile == "full":
            rows += [_file(row) for row in _rows(path) if row["file"] in named]
    facts = {
        "cells": [(cell.cell_type, cell.source, notebook.tags(cell)) for cell in nb.cells],
        "helpers": contents,
        "rows": rows,
        "variables": _variables([*texts.values(), *code]),
        "parameters": [task.profile, task.seed],
        "versions": versions(),
        "device": device(),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@cache
def versions() -> dict[str, str]:
    """The versions of Python and of the packages that a chapter's numbers come from."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def device() -> str:
    """``"gpu"`` where NVIDIA's driver is installed and no variable hides its devices, or ``"cpu"``.

    TensorFlow would know better, and take seconds to say so.
    """
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1")
    return "gpu" if shutil.which("nvidia-smi") and not hidden else "cpu"


def _variables(texts: Iterable[str]) -> dict[str, Any]:
    """The ``DL_…`` variables that code names and that are set, with the files that they name."""
    names = {name for text in texts for name in VARIABLE.findall(text)} - {PARAMETER}
    return {
        name: [value, _stamp(Path(value).expanduser())]
        for name in sorted(names)
        if (value := os.environ.get(name))
    }


def _file(row: dict[str, str]) -> Any:
    """A row of the registry; where it has no hash, with the state of the file that it names.

    A file whose hash is known is the same whenever a chapter passes with it.
    """
    if row["sha256"]:
        return row
    cache_dir = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    return [row, _stamp(cache_dir / row["folder"] / row["file"])]


def _stamp(path: Path) -> list[int] | None:
    """Size and time of the last change of a file, or None where there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return [state.st_size, state.st_mtime_ns]


def _rows(path: Path) -> list[dict[str, str]]:
    return _parsed(path.read_text(encoding="utf-8"))


@cache
def _parsed(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table)))
