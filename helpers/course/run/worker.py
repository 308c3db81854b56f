"""The process that executes one chapter: ``python -m helpers.course.run.worker SOURCE TARGET …``.

It writes one JSON object a line to its standard output: ``{"cell": 3, "of": 40}`` when a cell
starts and ``{"error": null}`` or ``{"error": "ValueError: …"}`` at the end. It lives no longer
than the runner: when its standard input closes, it ends its kernel and itself.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from helpers.course import notebook

import nbformat
import papermill
import psutil
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError
from papermill.execute import remove_error_markers

LONGEST = 2_000  # characters of an error message that are passed on
KERNEL_DIED = "the kernel died: it was killed, it crashed, or memory ran out"


class ThisInterpreter(AsyncKernelManager):
    """Starts the Python that runs this process, whatever kernels are installed around it."""

    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])


def execute(
    source: Path, target: Path, parameters: dict, on_cell: Callable[[int, int], None]
) -> str | None:
    """Execute a notebook and write the executed copy, whole or as far as it got.

    Parameters
    ----------
    source, target
        The notebook, and where its executed copy goes; it runs in the current folder.
    parameters
        Values for its parameters cell.
    on_cell
        Called with ``(cell, of)`` when a cell starts, both counting from 1.

    Returns
    -------
    str or None
        What went wrong, or None.
    """
    nb = nbformat.read(source, as_version=4)
    cells = len(nb.cells) + 1  # papermill adds one with the parameters
    error = None
    try:
        papermill.execute_notebook(
            nb,
            str(target).replace("{", "{{").replace("}", "}}"),  # papermill formats the path
            parameters=parameters,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            kernel_manager_class=ThisInterpreter,
            coalesce_streams=True,
            on_cell_start=lambda cell, cell_index: on_cell(cell_index + 1, cells),
        )
    except PapermillExecutionError:
        # Raised for every error output, an expected one (raises-exception) too: see below.
        executed = remove_error_markers(nbformat.read(target, as_version=4))
        nbformat.write(executed, target)
        error = unexpected_error(executed)
    except DeadKernelError:
        error = KERNEL_DIED
    except Exception as failure:
        error = _named(type(failure).__name__, str(failure))
    return error


def unexpected_error(nb: nbformat.NotebookNode) -> str | None:
    """The first error in a notebook's outputs whose cell is not tagged ``raises-exception``."""
    for cell in notebook.code_cells(nb):
        for output in cell.outputs:
            if output.output_type == "error" and "raises-exception" not in notebook.tags(cell):
                return _named(output.ename, output.evalue)
    return None


def _named(name: str, message: str) -> str:
    """An error in a line or a few: its class, and what it says, cut where that has no end."""
    if len(message) > LONGEST:
        message = f"{message[:LONGEST]} … ({len(message):,} characters)"
    return f"{name}: {message}".rstrip(": ")


def end_with_runner(stdin: int, scratch: Path) -> None:
    """Wait until `stdin` closes, then end the kernel, the half-written notebook and this process.

    Parameters
    ----------
    stdin
        File descriptor that the runner holds open for as long as it lives.
    scratch
        Folder of the unfinished notebooks.
    """
    while os.read(stdin, 1):
        pass
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(1)


def main(arguments: list[str] | None = None) -> int:
    """Execute one chapter as the command line says; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m helpers.course.run.worker")
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--profile", required=True)
    parser.add_argument("--seed", type=int, required=True)
    given = parser.parse_args(arguments)

    # What a kernel prints past IPython goes to standard output too: keep ours apart from it.
    events = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def tell(**event: object) -> None:
        events.write(json.dumps(event) + "\n")

    watcher = threading.Thread(target=end_with_runner, args=(0, given.target.parent), daemon=True)
    watcher.start()
    parameters = {"PROFILE": given.profile, "SEED": given.seed}
    error = execute(given.source, given.target, parameters, lambda cell, of: tell(cell=cell, of=of))
    tell(error=error)
    return 0 if error is None else 1


if __name__ == "__main__":
    sys.exit(main())
