"""The process that runs one chapter in doubt: ``python -m … SOURCE TARGET --way no-learning …``.

Its lines on standard output are those of `helpers.course.run.worker`; what it noted goes to TARGET,
as JSON, after each cell: what a chapter said before it was stopped is not lost.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from helpers.course import files, notebook
from helpers.course.check.doubt import CHANGES, spoilers
from helpers.course.check.doubt.stage import Stage
from helpers.course.check.doubt.trials import Trials
from helpers.course.run.worker import end_with_runner

SKLEARN = re.compile(r"^\s*(?:from|import) (sklearn[\w.]*)", re.MULTILINE)


def execute(
    source: Path,
    parameters: dict[str, Any],
    way: str,
    options: dict[str, Any],
    on_cell: Callable[[int, int, dict[str, Any]], None],
) -> dict[str, Any]:
    """Run a chapter one way and say what became of its claims.

    Parameters
    ----------
    source
        The notebook; it runs in the current folder.
    parameters
        Values for its parameters cell.
    way
        The name of a spoiler, or ``"changes"``.
    options
        For changes: ``skip``, the claims that need none, as ``[cell, statement, number]``, and what
        else `Trials` is given.
    on_cell
        Called with ``(cell, of, what was noted so far)`` when a cell starts.
    """
    nb = notebook.read(source)
    cells = [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()]
    for name in {name for cell in cells for name in SKLEARN.findall(cell.source)}:
        import_module(name)  # its estimators must be there to be spoiled
    if way != CHANGES:
        spoilers.install(way, parameters["SEED"])
    stage = Stage()
    skip = {tuple(claim) for claim in options.pop("skip", [])}
    trials = Trials(stage, **options)
    for number, cell in enumerate(cells, start=1):
        on_cell(number, len(cells), _noted(stage, trials))
        seen = len(stage.claims)
        tags = notebook.tags(cell)
        stage.run(
            cell.id,
            cell.source,
            fixed="parameters" in tags,
            may_raise="raises-exception" in tags,
        )
        if "parameters" in tags:
            stage.names.update(parameters)
        if way == CHANGES:
            fresh = stage.claims[seen:]
            trials.of_cell([c for c in fresh if (c.cell, c.statement, c.number) not in skip])
    return _noted(stage, trials)


def _noted(stage: Stage, trials: Trials) -> dict[str, Any]:
    return {
        "claims": [asdict(claim) for claim in stage.claims],
        "asserts": {"held": stage.asserts[True], "failed": stage.asserts[False]},
        "errors": stage.errors,
        "trials": [[*place, asdict(trial)] for place, trial in trials.results.items()],
    }


def main(arguments: list[str] | None = None) -> int:
    """Run one chapter as the command line says; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m helpers.course.check.doubt.worker")
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--profile", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--way", required=True)
    parser.add_argument("--options", type=json.loads, default={})
    given = parser.parse_args(arguments)

    # What a chapter prints goes to standard output too: keep our lines apart from it.
    events = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    watcher = threading.Thread(target=end_with_runner, args=(0, given.target.parent), daemon=True)
    watcher.start()

    def on_cell(cell: int, of: int, noted: dict[str, Any]) -> None:
        files.write_text(given.target, json.dumps(noted))
        events.write(json.dumps({"cell": cell, "of": of}) + "\n")

    parameters = {"PROFILE": given.profile, "SEED": given.seed}
    noted = execute(given.source, parameters, given.way, given.options, on_cell)
    files.write_text(given.target, json.dumps(noted))
    events.write(json.dumps({"error": None}) + "\n")
    events.flush()
    os._exit(0)  # without what TensorFlow's threads might still do


if __name__ == "__main__":
    sys.exit(main())
