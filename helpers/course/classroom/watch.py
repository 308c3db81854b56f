"""What a running submission holds, and the end of it and of all that it started."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

WATCHING = 0.2  # seconds from one look to the next
MARK = "COURSE_SUBMISSION"  # the variable by which a submission's processes are known


@dataclass(frozen=True)
class Limits:
    """What a submission may have.

    Attributes
    ----------
    memory
        Bytes that it may hold; a chapter needs at most 2 GB.
    disk
        Bytes that it may write.
    processes, threads
        Processes at a time; processes and threads, as the system counts them for a user.
    """

    memory: float = 4e9
    disk: float = 1e9
    processes: int = 40
    threads: int = 200 + 10 * (os.cpu_count() or 1)


class Stoppable(Protocol):
    """A run that ends with a reason."""

    stop: str | None


def watch(run: Stoppable, folder: Path, limits: Limits) -> None:
    """End the submission when it takes more than its share of the machine."""
    looks = 0
    while True:
        time.sleep(WATCHING)
        looks += 1
        every = psutil.Process().children(recursive=True)
        held = 0
        for process in every[: limits.processes]:
            with contextlib.suppress(psutil.Error):
                held += process.memory_info().rss
        if len(every) > limits.processes:
            run.stop = f"it had started more than {limits.processes} processes"
        elif held > limits.memory:
            run.stop = f"it used more than {limits.memory / 1e9:g} GB of memory"
        elif looks % 5 == 0 and _written(folder) > limits.disk:
            run.stop = f"it wrote more than {limits.disk / 1e9:g} GB"
        if run.stop:
            end_descendants()
            return


def _written(folder: Path) -> int:
    """Bytes in a folder, as far as it can be counted while others write into it."""
    total = 0
    for place, _, names in os.walk(folder, onerror=lambda error: None):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    return total


def end_descendants() -> None:
    """Kill every process that this one's children started, until there is none."""
    for _ in range(200):
        left = psutil.Process().children(recursive=True)
        if not left:
            return
        for process in left:  # stopped first: who forks faster than it is killed stays ahead
            with contextlib.suppress(psutil.Error):
                process.suspend()
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(left, timeout=0.2)


def sweep(mark: str) -> None:
    """Kill what still carries a submission's mark, wherever it hangs in the tree of processes."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark and process.pid != os.getpid():
                process.kill()
