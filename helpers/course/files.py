"""Writing a file so that a reader, or a kill, never meets half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` in one step: the old file stays until the new one is complete.

    Parameters
    ----------
    path
        The file; its folder exists.
    text
        The whole content, written as UTF-8.
    """
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(part, 0o644)  # mkstemp gives 0600, but a report is there to be read
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise
