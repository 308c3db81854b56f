"""Run chapters in doubt: each chapter once a spoiler, then with changes of its code."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from helpers.course import files, notebook
from helpers.course.check.doubt import CHANGES, page, seen, verdicts
from helpers.course.check.doubt.spoilers import NAMES
from helpers.course.run import fingerprint, local
from helpers.course.run.plan import Plan, Task, jobs_for
from helpers.course.run.progress import Progress

import joblib

WORKER = "helpers.course.check.doubt.worker"
WAYS = (*NAMES, CHANGES)
QUICK = 12  # changes a chapter
NAME = "doubt.json"
# The modules on which an outcome depends; the others only show it.
DECIDING = ("spoilers", "training_data", "stage", "behind", "changes", "trials", "worker")
LIMIT = 1_200  # seconds a chapter may take under one spoiler, or with all its changes


@dataclass(frozen=True)
class Doubt:
    """What to doubt and how.

    Attributes
    ----------
    plan
        The chapters, where the results go, and how many run at a time.
    ways
        The spoilers, and ``"changes"``.
    quick
        Try at most 12 changes in each chapter, and not 12 for each claim.
    keep
        Write which claims were seen to fail into the project, for RESULTS.md.
    """

    plan: Plan
    ways: tuple[str, ...] = WAYS
    quick: bool = False
    keep: bool = False


def run(doubt: Doubt, progress: Progress | None = None) -> int:
    """Run the chapters of a plan in doubt and write ``doubt.json`` and a page.

    What was noted before is kept for as long as all that it depends on is unchanged.

    Returns
    -------
    int
        1 if a chapter could not be run or a claim has never been seen to fail, else 0.
    """
    tasks, out = doubt.plan.tasks(), doubt.plan.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    results = load(out)
    asyncio.run(_run_all(doubt, tasks, results, progress or Progress()))
    asked = {task.chapter: results[task.chapter] for task in tasks if task.chapter in results}
    found = [
        verdict
        for chapter, runs in sorted(asked.items())
        for verdict in verdicts.of_chapter(chapter, runs)
    ]
    if doubt.keep:
        seen.write({task.chapter: task.notebook for task in tasks}, found)
    counts = verdicts.counts(found)
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    print(f"Report: {page.write(out, results)}")
    failed = any(entry["error"] for runs in asked.values() for entry in runs.values())
    return int(failed or bool(counts["never seen to fail"]))


def ways(text: str) -> tuple[str, ...]:
    """Spoilers from a text with commas between.

    Raises
    ------
    ValueError
        If one of them is unknown.

    Examples
    --------
    >>> ways("no-learning, changes")
    ('no-learning', 'changes')
    """
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = [name for name in found if name not in WAYS]
    if unknown or not found:
        raise ValueError(
            f"There is no spoiler {', '.join(unknown) or text!r}; choose among {', '.join(WAYS)}."
        )
    return found


def load(folder: Path) -> dict[str, dict[str, Any]]:
    """By chapter and way, what was noted when it last ran; empty where there is no whole file."""
    try:
        return json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


async def _run_all(
    doubt: Doubt, tasks: list[Task], results: dict[str, Any], progress: Progress
) -> None:
    jobs = doubt.plan.jobs or jobs_for(len(tasks) * len(doubt.ways), doubt.plan.profile)
    slots, out = asyncio.Semaphore(jobs), doubt.plan.out.resolve()
    variables = local.environment(max(1, joblib.cpu_count() // jobs)) | {"MPLBACKEND": "agg"}

    async def one(task: Task, way: str, scratch: Path) -> None:
        runs = results.setdefault(task.chapter, {})
        options = _options(doubt, task.chapter, runs) if way == CHANGES else {}
        digest = _digest(task, way, options)
        former = runs.get(way, {})
        if former.get("digest") == digest and not former["error"] and not doubt.plan.force:
            return
        async with slots:
            entry = await _run_one(task, way, options, doubt.plan, scratch, variables)
        runs[way] = entry | {"digest": digest}
        files.write_text(out / NAME, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        _tell(progress, task, way, entry)

    async def chapter(task: Task, scratch: Path) -> None:
        async with asyncio.TaskGroup() as group:
            for way in doubt.ways:
                if way != CHANGES:
                    group.create_task(one(task, way, scratch))
        if CHANGES in doubt.ways:  # last: it tries what no spoiler has broken
            await one(task, CHANGES, scratch)

    with tempfile.TemporaryDirectory(dir=out, prefix=".doubt-", ignore_cleanup_errors=True) as name:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(chapter(task, Path(name)))


def _options(doubt: Doubt, chapter: str, runs: Mapping[str, Any]) -> dict[str, Any]:
    """What the trials are told: the claims that need no change, since a spoiler has broken them."""
    broken = {
        (claim["cell"], claim["statement"], claim["number"])
        for name in NAMES
        for claim in runs.get(name, {}).get("claims", [])
        if claim["outcome"] == "failed"
    }
    return {"skip": sorted(broken), **({"total": QUICK} if doubt.quick else {})}


def _digest(task: Task, way: str, options: Mapping[str, Any]) -> str | None:
    """Digest of all that the outcome depends on; None where the notebook cannot be read."""
    try:
        chapter = fingerprint.digest(task)
    except ValueError:
        return None
    code = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in DECIDING]
    facts = json.dumps([chapter, way, options], sort_keys=True).encode()
    return hashlib.sha256(b"\0".join([facts, *code])).hexdigest()


async def _run_one(
    task: Task,
    way: str,
    options: Mapping[str, Any],
    plan: Plan,
    scratch: Path,
    variables: dict[str, str],
) -> dict[str, Any]:
    began = time.perf_counter()
    target = scratch / f"{task.chapter}-{way}.json"
    entry: dict[str, Any] = {"claims": [], "asserts": {}, "errors": {}, "trials": []}
    try:
        nb = notebook.read(task.notebook)
        code = [cell for cell in nb.cells if cell.cell_type == "code"]
        entry |= {"cells": [cell.id for cell in code]}
        entry |= {"exact": [cell.id for cell in code if "exact" in notebook.tags(cell)]}
        work = partial(local.work, worker=WORKER)
        more = ("--way", way, "--options", json.dumps(options))
        limit = plan.timeout or LIMIT
        error = await work(task, target, limit, variables, lambda *_: None, options=more)
        entry |= json.loads(target.read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        error = f"{type(failure).__name__}: {failure}"
    return entry | {"seconds": round(time.perf_counter() - began, 1), "error": error}


def _tell(progress: Progress, task: Task, way: str, entry: Mapping[str, Any]) -> None:
    failed = sum(claim["outcome"] == "failed" for claim in entry["claims"])
    said = f"{failed} of {len(entry['claims'])} claims failed"
    if way == CHANGES:
        broken = sum(bool(trial["broken_by"]) for *_, trial in entry["trials"])
        said = f"{broken} of {len(entry['trials'])} claims failed after a change"
    error = f". {entry['error'].splitlines()[0]}" if entry["error"] else ""
    line = f"{task.chapter} {way}: {said}, {entry['seconds']:.0f} s{error}"
    print(line, file=progress.stream or sys.stderr, flush=True)
