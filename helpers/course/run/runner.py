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

from helpers.course import catalog, notebook
from helpers.course.publish import report
from helpers.course.run import fingerprint, local, origin, store
from helpers.course.run.plan import Plan, Task, jobs_for
from helpers.course.run.progress import Progress, label

import joblib
import nbformat


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    results
        The content of ``results.json``.
    report
        The page that shows it.
    failed
        The chapters of the plan that failed.
    stopped
        Whether the run was stopped, by Ctrl-C or a signal.
    """

    results: dict[str, Any]
    report: Path
    failed: tuple[str, ...]
    stopped: bool

    @property
    def status(self) -> int:
        """Exit status: 0 if every chapter passed, 1 if one failed, 130 if the run was stopped."""
        return 130 if self.stopped else int(bool(self.failed))


def run(plan: Plan, progress: Progress | None = None) -> int:
    """Run a plan, say where the report is, and return the exit status; see `execute`."""
    outcome = execute(plan, progress)
    print(f"{'Stopped. ' if outcome.stopped else ''}Report: {outcome.report}")
    return outcome.status


def execute(plan: Plan, progress: Progress | None = None) -> Outcome:
    """Run the plan's chapters, write ``results.json`` after each and the report at the end.

    Whatever happens to one chapter is its own failure; the others go on.

    Parameters
    ----------
    plan
        What to run and how.
    progress
        Who is told how it goes; by default the terminal.

    Raises
    ------
    ValueError
        If there is no notebook for a chapter of the plan.
    """
    began = time.time()
    tasks, out = plan.tasks(), plan.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    progress = progress or Progress()
    results = store.load(out)
    known = plan.all_tasks({entry["seed"] for entry in results["chapters"]})
    digests = {_key(task): _digest(task) for task in known}
    places = {_key(task): task.target.relative_to(out).as_posix() for task in known}
    # A former result counts for as long as all it depends on is unchanged.
    former = {
        key: entry
        for entry in results["chapters"]
        if (key := (entry["chapter"], entry["seed"])) in digests
        and entry["digest"] == digests[key]
        and entry["notebook"] in (None, places[key])
        and (out / (entry["notebook"] or "")).exists()
    }
    results |= {"profile": plan.profile, "seed": plan.own_seed, "chapters": list(former.values())}
    todo = []
    for task in tasks:
        entry = former.get(_key(task))
        if entry and entry["status"] != "failed" and not plan.force:
            entry["status"] = "skipped"
            progress.done(entry)
        else:
            todo.append(task)
    store.save(out, results)

    stopped = False
    progress.begin(len(todo))
    try:
        asyncio.run(_run_all(plan, todo, digests, results, progress))
    except asyncio.CancelledError:
        stopped = True
    finally:
        progress.end()
    results["ran"] = origin.of_run(began)
    store.save(out, results)
    asked = {_key(task) for task in tasks}
    failed = dict.fromkeys(
        entry["chapter"]
        for entry in results["chapters"]
        if entry["status"] == "failed" and (entry["chapter"], entry["seed"]) in asked
    )
    return Outcome(results, report.write(out, results), tuple(failed), stopped)


def _key(task: Task) -> tuple[str, int]:
    return task.chapter, task.seed


def _digest(task: Task) -> str | None:
    """The digest of a task, or None where its notebook cannot be read."""
    try:
        return fingerprint.digest(task)
    except ValueError:
        return None


async def _run_all(
    plan: Plan,
    todo: list[Task],
    digests: dict[tuple[str, int], str | None],
    results: dict[str, Any],
    progress: Progress,
) -> None:
    """Run the tasks `todo`; cancelled by Ctrl-C or SIGTERM, it leaves no process behind."""
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    assert this is not None  # there is one inside of a coroutine
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # on Windows: asyncio minds Ctrl-C alone
            loop.add_signal_handler(number, this.cancel)
    jobs = plan.jobs or jobs_for(len(todo), plan.profile)
    slots, out = asyncio.Semaphore(jobs), plan.out.resolve()
    variables = local.environment(max(1, joblib.cpu_count() // jobs))

    async def one(task: Task, scratch: Path) -> None:
        async with slots:
            entry = await _run_chapter(task, plan, scratch, variables, progress)
        for key in ("device", "versions"):
            results[key] = entry.pop(key) or results[key]
        entry["digest"] = digests[_key(task)] or ""
        rest = [e for e in results["chapters"] if (e["chapter"], e["seed"]) != _key(task)]
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
            for task in todo:
                group.create_task(one(task, Path(name)))
    ticking.cancel()


async def _run_chapter(
    task: Task, plan: Plan, scratch: Path, variables: dict[str, str], progress: Progress
) -> dict[str, Any]:
    """Run one chapter in a worker process and say how it went, as an entry of results.json."""
    began = time.perf_counter()
    facts = store.facts(nbformat.v4.new_notebook(), task.profile)
    error, nb = None, None
    try:
        notebook.read(task.notebook)
    except ValueError as failure:
        error = str(failure)
    if error is None:
        part = scratch / f"seed-{task.seed}-{task.target.name}"
        try:
            on_cell = partial(progress.step, label(task.chapter, task.seed))
            error = await local.work(task, part, plan.limit, variables, on_cell)
            nb = _kept(part, task.target)
            if nb is not None:
                facts = store.facts(nb, task.profile)
            elif error is None:
                error = "its executed notebook cannot be read"
        except Exception as failure:  # whatever it is, it is this chapter's alone
            error = f"{type(failure).__name__}: {failure}"
        finally:
            progress.close(label(task.chapter, task.seed))
    where = notebook.last_started(nb) if nb else None
    if error and where:
        error = f"Code cell {where[0]}: {error}"
    return {
        "chapter": task.chapter,
        "seed": task.seed,
        "title": catalog.CHAPTERS[task.chapter].title,
        "status": "failed" if error else "passed",
        "seconds": round(time.perf_counter() - began, 2),
        "error": error,
        **facts,
        "notebook": task.target.relative_to(plan.out.resolve()).as_posix() if nb else None,
        "html": f"{task.chapter}.html" if nb and task.seed == plan.own_seed else None,
    }


def _kept(part: Path, target: Path) -> Any | None:
    """Move the executed notebook to where it stays; None where its worker left no whole one."""
    try:
        nb = notebook.read(part)
    except ValueError:
        return None
    target.parent.mkdir(exist_ok=True)
    os.replace(part, target)
    return nb
