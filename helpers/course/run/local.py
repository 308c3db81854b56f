"""One chapter in a process of its own, from its start to its certain end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from helpers import PERSON_VARIABLES
from helpers.course import catalog

import psutil


def environment(threads: int) -> dict[str, str]:
    """The variables of a worker: this process's, with `threads` threads for the libraries."""
    # Without the variables by which helpers.lesson tells that a person watches.
    variables = {k: v for k, v in os.environ.items() if k not in PERSON_VARIABLES}
    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        variables[name] = str(threads)
    # The kernel imports the helpers whose digest is kept, wherever it runs.
    path = [str(catalog.ROOT), os.environ.get("PYTHONPATH", "")]
    variables["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    return variables


async def work(
    source: Path,
    target: Path,
    profile: str,
    seed: int,
    limit: float,
    variables: dict[str, str],
    on_cell: Callable[[int, int], None],
) -> str | None:
    """Run a notebook in a worker process (`helpers.course.worker`); whatever happens, it ends.

    Parameters
    ----------
    source, target
        The notebook, whose folder it runs in, and where its executed copy goes.
    profile, seed
        Its parameters.
    limit
        Seconds it may take.
    variables
        Its environment.
    on_cell
        Called with ``(cell, of)`` when a cell starts.

    Returns
    -------
    str or None
        What went wrong, or None.
    """
    with tempfile.TemporaryFile() as log:
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "helpers.course.worker", source, target),
            *("--profile", profile, "--seed", str(seed)),
            stdin=asyncio.subprocess.PIPE,  # open while this process lives: the worker watches it
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            cwd=source.parent,
            env=variables,
            start_new_session=True,  # Ctrl-C reaches this process alone
        )
        try:
            async with asyncio.timeout(limit):
                async for line in worker.stdout:
                    event = json.loads(line)
                    if "error" in event:
                        return event["error"]
                    on_cell(event["cell"], event["of"])
                await worker.wait()
        except TimeoutError:
            return f"the chapter reached its limit of {limit:g} s"
        finally:
            await _end(worker)
        log.seek(0)
        last = log.read().decode(errors="replace").strip().splitlines()[-1:]
        return f"its process ended with status {worker.returncode}: {''.join(last)}"


async def _end(worker: asyncio.subprocess.Process) -> None:
    """Kill a worker that still runs, with its kernel and what that started."""
    if worker.returncode is not None:
        return
    tree = []
    with contextlib.suppress(psutil.NoSuchProcess):
        tree = psutil.Process(worker.pid).children(recursive=True)
    with contextlib.suppress(ProcessLookupError):
        worker.kill()
    for process in tree:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    await worker.wait()
