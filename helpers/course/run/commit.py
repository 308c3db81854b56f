"""Committed outputs: run chapters and put what they showed back into the notebooks."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path
from typing import Any

from helpers.course import catalog, files, notebook
from helpers.course.run import runner, store
from helpers.course.run.plan import Plan

import nbformat


def update(plan: Plan) -> int:
    """Run the plan, then write the outputs of the chapters that passed into their notebooks.

    A chapter whose metadata ask for outputs of another profile than the plan's runs in that one,
    with its results in a folder of that name beside the plan's.

    Returns
    -------
    int
        The exit status of the run; after a stopped one (130) no notebook is changed.
    """
    chapters = catalog.select(plan.notebooks, plan.only)
    by_profile: dict[str, list[str]] = {}
    for number, path in chapters.items():
        by_profile.setdefault(_profile(path, plan), []).append(number)
    status = 0
    for profile, numbers in by_profile.items():
        out = plan.out if profile == plan.profile else plan.out.with_name(profile)
        part = dataclasses.replace(plan, profile=profile, out=out, only=tuple(numbers))
        status = max(status, _update(part))
        if status == 130:
            break
    return status


def _profile(path: Path, plan: Plan) -> str:
    """The profile that a notebook's outputs come from; the plan's, if it cannot be read."""
    try:
        return notebook.outputs_profile(notebook.read(path))
    except ValueError:
        return plan.profile  # its run says what is wrong


def _update(plan: Plan) -> int:
    """Run chapters of one profile and write their outputs; the exit status of the run."""
    status = runner.run(plan)
    if status == 130:
        return status
    entries = {
        entry["chapter"]: entry
        for entry in store.load(plan.out)["chapters"]
        if entry["seed"] == plan.own_seed
    }
    for number, path in catalog.select(plan.notebooks, plan.only).items():
        if entries[number]["status"] == "failed":
            print(f"{path.name}: left as it is, its run failed")
            continue
        executed = notebook.read(plan.out / entries[number]["notebook"])
        source = notebook.read(path)
        files.write_text(path, nbformat.writes(merge(source, executed)) + "\n")
        print(f"{path.name}: outputs written")
    return status


def merge(source: Any, executed: Any) -> Any:
    """A copy of `source` with the outputs of `executed`, numbered as one run from the top.

    Cells, ids, tags, nbgrader metadata and parameters are those of `source`; of `executed` only
    the outputs are taken.

    Raises
    ------
    ValueError
        If `executed` is not a run of `source`.
    """
    merged = copy.deepcopy(source)
    ran = [cell for cell in executed.cells if notebook.INJECTED not in notebook.tags(cell)]
    if [cell.source for cell in ran] != [cell.source for cell in merged.cells]:
        raise ValueError("The executed notebook is of other cells; run the chapter again.")
    count = 0
    for cell, twin in zip(merged.cells, ran, strict=True):
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = twin.outputs, None
        if cell.source.strip() and notebook.BOOTSTRAP not in notebook.tags(cell):
            count += 1
            cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    return merged
