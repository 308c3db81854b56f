"""When, from which commit and in what time a run came to be: what one asks a status page first."""

from __future__ import annotations

import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpers.course import catalog


def of_run(began: float) -> dict[str, Any]:
    """What ``results.json`` keeps of a run that ends now.

    Parameters
    ----------
    began
        ``time.time()`` at its start.

    Returns
    -------
    dict
        ``finished`` (in UTC, ISO 8601), ``seconds``, and ``commit`` (None outside of a checkout).
    """
    now = time.time()
    finished = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    return {"finished": finished, "seconds": round(now - began, 1), "commit": commit(catalog.ROOT)}


def commit(root: Path) -> str | None:
    """The commit of a checkout, ``"1a2b3c4"``, ``"1a2b3c4 with changes"``; None if it is none."""

    def git(*command: str) -> str:
        run = ["git", "-C", str(root), *command]
        return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()

    try:
        if not (root / ".git").exists():
            return None  # not the commit of a folder around it
        changed = git("status", "--porcelain", "--untracked-files=no")
        return git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return None
