"""One chapter in a process of its own, from its start to its certain end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers import PERSON_VARIABLES
from helpers.course import catalog
from helpers.course.run.plan import Task

import psutil

WORKER = "helpers.course.run.worker"  # by name: importing it takes a second
THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
LONGEST_LINE = 1 << 20  # bytes that a worker may write in one line; it cuts what it says itself


def environment(threads: int) -> dict[str, str]:
    """The variables of a worker: this process's, with `threads` threads for the libraries."""
    # Without the variables by which helpers.lesson tells that a person watches.
    variables = {k: v for k, v in os.environ.items() if k not in PERSON_VARIABLES}
    for name in THREADS:
        variables[name] = str(threads)
    # The kernel imports the helpers whose digest is kept, wherever it runs.
    path = [str(catalog.ROOT), os.environ.get("PYTHONPATH", "")]
    variables["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    return variables


async def work(
    task: Task,
    target: Path,
    limit: float,
    variables: dict[str, str],
    on_cell: Callable[[int, int], None],
    worker: str = WORKER,
    options: Sequence[str] = (),
) -> str | None:
    """Run a task in a worker process (`helpers.course.run.worker`); whatever happens, it ends.

    Parameters
    ----------
    task
        What to run.
    target
        Where the executed copy goes while it is not whole; its folder is removed with the worker.
    limit
        Seconds it may take.
    variables
        Its environment.
    on_cell
        Called with ``(cell, of)`` when a cell starts.
    worker, options
        The module that does the work, and what it is told besides.

    Returns
    -------
    str or None
        What went wrong, or None.
    """
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", worker, task.notebook, target),
            *("--profile", task.profile, "--seed", str(task.seed), *options),
            stdin=asyncio.subprocess.PIPE,  # open while this process lives: the worker watches it
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            limit=LONGEST_LINE,
            cwd=task.notebook.parent,
            env=variables,
            start_new_session=True,  # Ctrl-C reaches this process alone
        )
        assert process.stdout is not None  # it is a pipe
        try:
            async with asyncio.timeout(limit):
                async for line in process.stdout:
                    event = json.loads(line)
                    if "error" in event:
                        return event["error"]
                    on_cell(event["cell"], event["of"])
                await process.wait()
        except TimeoutError:
            return f"the chapter reached its limit of {limit:g} s"
        finally:
            await _end(process)
        log.seek(0)
        last = log.read().decode(errors="replace").strip().splitlines()[-1:]
        return f"its process ended with status {process.returncode}: {''.join(last)}"


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill a worker that still runs, with its kernel and what that started."""
    if process.returncode is not None:
        return
    tree = []
    with contextlib.suppress(psutil.NoSuchProcess):
        tree = psutil.Process(process.pid).children(recursive=True)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    for child in tree:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    await process.wait()
