"""Run chapters: one worker process each, several at a time, each result kept as it comes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from helpers import PROFILES
from helpers.course import catalog, notebook
from helpers.course.publish import report
from helpers.course.run import fingerprint, local, store
from helpers.course.run.progress import Progress

import joblib
import nbformat
import psutil

TIME_LIMIT = {"sample": 600, "full": 6 * 3600}  # seconds a chapter
MEMORY = {"sample": 2e9, "full": 6e9}  # bytes that a chapter may need


@dataclass(frozen=True)
class Plan:
    """What to run and how.

    Attributes
    ----------
    notebooks
        Folder of the notebooks.
    profile, seed
        The parameters PROFILE and SEED of every notebook.
    out
        Folder of the results.
    only
        Chapter numbers with commas between them; None: all.
    jobs
        How many chapters run at a time; None: as many as cores and memory allow.
    timeout
        Seconds a chapter may take; None: the profile's own limit.
    force
        Run unchanged chapters too.
    """

    notebooks: Path
    profile: str
    out: Path
    seed: int = 0
    only: str | None = None
    jobs: int | None = None
    timeout: float | None = None
    force: bool = False


def run(plan: Plan, progress: Progress | None = None) -> int:
    """Run the plan's chapters, write ``results.json`` after each and the report at the end.

    Returns
    -------
    int
        Exit status: 0 if every chapter passed, 1 if one failed, 130 if the run was stopped.

    Raises
    ------
    ValueError
        If the profile is unknown, or there is no notebook for a chapter of the plan.
    """
    if plan.profile not in PROFILES:
        raise ValueError(f"The profile is {plan.profile!r}; choose 'sample' or 'full'.")
    chapters = catalog.select(plan.notebooks.resolve(), plan.only)
    out = plan.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    progress = progress or Progress()
    results = store.load(out)
    helpers_digest = fingerprint.sources()
    digests = {
        number: fingerprint.digest(path, plan.profile, plan.seed, helpers_digest)
        for number, path in catalog.notebooks(plan.notebooks).items()
    }
    # A former result counts for as long as all it depends on is unchanged.
    former = {
        entry["chapter"]: entry
        for entry in results["chapters"]
        if entry["digest"] == digests.get(entry["chapter"])
        and (out / (entry["notebook"] or "")).exists()
    }
    results |= {"profile": plan.profile, "seed": plan.seed, "chapters": list(former.values())}
    todo = {}
    for number, path in chapters.items():
        entry = former.get(number)
        if entry and entry["status"] != "failed" and not plan.force:
            entry["status"] = "skipped"
            progress.done(entry)
        else:
            todo[number] = path
    store.save(out, results)

    stopped = False
    try:
        asyncio.run(_run_all(plan, todo, digests, results, progress))
    except asyncio.CancelledError:
        stopped = True
    page = report.write(out, results)
    ran = [entry for entry in results["chapters"] if entry["chapter"] in chapters]
    print(f"{'Stopped. ' if stopped else ''}Report: {page}")
    if stopped:
        return 130
    return int(any(entry["status"] == "failed" for entry in ran))


def jobs_for(chapters: int, profile: str) -> int:
    """How many chapters to run at a time: no more than cores, nor than fit into memory."""
    fit = int(psutil.virtual_memory().available / MEMORY[profile])
    return max(1, min(chapters, joblib.cpu_count(), fit))


async def _run_all(
    plan: Plan, todo: dict[str, Path], digests: dict, results: dict, progress: Progress
) -> None:
    """Run the chapters `todo`; cancelled by Ctrl-C or SIGTERM, it leaves no process behind."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # on Windows: asyncio minds Ctrl-C alone
            loop.add_signal_handler(number, task.cancel)
    jobs = plan.jobs or jobs_for(len(todo), plan.profile)
    slots, out = asyncio.Semaphore(jobs), plan.out.resolve()
    variables = local.environment(max(1, joblib.cpu_count() // jobs))

    async def one(number: str, source: Path, scratch: Path) -> None:
        async with slots:
            entry = await _run_chapter(plan, number, source, scratch, variables, progress)
        for key in ("device", "versions"):
            results[key] = entry.pop(key) or results[key]
        entry["digest"] = digests[number]
        rest = [other for other in results["chapters"] if other["chapter"] != number]
        results["chapters"] = [*rest, entry]
        store.save(out, results)
        progress.done(entry)

    async def clock() -> None:
        while True:
            await asyncio.sleep(1)
            progress.tick()

    ticking = asyncio.create_task(clock())
    with tempfile.TemporaryDirectory(dir=out, prefix=".run-", ignore_cleanup_errors=True) as name:
        async with asyncio.TaskGroup() as group:
            for number, source in todo.items():
                group.create_task(one(number, source, Path(name)))
    ticking.cancel()


async def _run_chapter(
    plan: Plan, number: str, source: Path, scratch: Path, variables: dict, progress: Progress
) -> dict[str, Any]:
    """Run one chapter in a worker process and say how it went, as an entry of results.json."""
    part, final = scratch / source.name, plan.out.resolve() / source.name
    limit = plan.timeout or TIME_LIMIT[plan.profile]
    began = time.perf_counter()
    try:
        error = await local.work(
            source, part, plan.profile, plan.seed, limit, variables, partial(progress.step, number)
        )
    finally:
        progress.close(number)
    seconds = time.perf_counter() - began

    nb = _read(part)
    if nb is None and error is None:
        error = "its executed notebook cannot be read"
    if nb:
        os.replace(part, final)
    where = notebook.last_started(nb) if nb else None
    if error and where:
        error = f"Code cell {where[0]}: {error}"
    return {
        "chapter": number,
        "title": catalog.CHAPTERS[number].title,
        "status": "failed" if error else "passed",
        "seconds": round(seconds, 2),
        "error": error,
        **store.facts(nb or nbformat.v4.new_notebook(), plan.profile),
        "notebook": final.name if nb else None,
        "html": f"{number}.html" if nb else None,
    }


def _read(path: Path) -> Any | None:
    """The executed notebook, or None where the worker was ended before or while it wrote it."""
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError):
        return None
