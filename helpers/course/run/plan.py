"""What to run: a plan, and its tasks: each one chapter, with a seed and in a profile."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from helpers import PROFILES
from helpers.course import catalog

import joblib
import psutil

TIME_LIMIT = {"sample": 600, "full": 6 * 3600}  # seconds a chapter
MEMORY = {"sample": 2e9, "full": 6e9}  # bytes that a chapter may need


@dataclass(frozen=True)
class Task:
    """One chapter to run.

    Attributes
    ----------
    chapter
        Its number, two digits.
    profile, seed
        The notebook's parameters PROFILE and SEED.
    notebook
        The notebook, whose folder it runs in.
    target
        Where its executed copy goes.
    """

    chapter: str
    profile: str
    seed: int
    notebook: Path
    target: Path


@dataclass(frozen=True)
class Plan:
    """What to run and how.

    Attributes
    ----------
    notebooks
        Folder of the notebooks.
    profile, seed
        The parameters PROFILE and SEED of every notebook.
    seeds
        Several seeds in place of `seed`, the first of which is the run's own.
    out
        Folder of the results.
    only
        Chapter numbers, two digits each; None: all.
    jobs
        How many chapters run at a time; None: as many as cores and memory allow.
    timeout
        Seconds a chapter may take; None: the profile's own limit.
    force
        Run unchanged chapters too.

    Raises
    ------
    ValueError
        If the profile is unknown.
    """

    notebooks: Path
    profile: str
    out: Path
    seed: int = 0
    seeds: tuple[int, ...] = ()
    only: tuple[str, ...] | None = None
    jobs: int | None = None
    timeout: float | None = None
    force: bool = False

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise ValueError(f"The profile is {self.profile!r}; choose 'sample' or 'full'.")

    @property
    def own_seed(self) -> int:
        """The seed whose notebooks stand in `out` itself; others have a folder each."""
        return self.seeds[0] if self.seeds else self.seed

    @property
    def limit(self) -> float:
        """Seconds that a chapter may take."""
        return self.timeout or TIME_LIMIT[self.profile]

    def tasks(self) -> list[Task]:
        """One task for each seed and chapter that is asked for, in order.

        Raises
        ------
        ValueError
            If there is no notebook for a chapter of the plan.
        """
        chapters = catalog.select(self.notebooks.resolve(), self.only)
        return self._tasks(chapters, self.seeds or (self.seed,))

    def all_tasks(self, seeds: Collection[int] = ()) -> list[Task]:
        """One task for each chapter that has a notebook, asked for or not.

        Parameters
        ----------
        seeds
            Seeds beside the plan's own.
        """
        chapters = catalog.notebooks(self.notebooks.resolve())
        return self._tasks(chapters, dict.fromkeys([*(self.seeds or (self.seed,)), *seeds]))

    def _tasks(self, chapters: dict[str, Path], seeds: Collection[int]) -> list[Task]:
        out = self.out.resolve()
        return [
            Task(number, self.profile, seed, path, self._folder(out, seed) / path.name)
            for seed in seeds
            for number, path in chapters.items()
        ]

    def _folder(self, out: Path, seed: int) -> Path:
        return out if seed == self.own_seed else out / f"seed-{seed}"


def jobs_for(chapters: int, profile: str) -> int:
    """How many chapters to run at a time: no more than cores, nor than fit into memory."""
    fit = int(psutil.virtual_memory().available / MEMORY[profile])
    return max(1, min(chapters, joblib.cpu_count(), fit))
