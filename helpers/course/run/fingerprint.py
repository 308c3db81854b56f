"""A digest of everything that a chapter's result depends on, by which a run knows what to skip."""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
from importlib import metadata
from pathlib import Path

from helpers.course import catalog

import nbformat

PACKAGES = (
    "tensorflow",
    "keras",
    "numpy",
    "pandas",
    "matplotlib",
    "scikit-learn",
    "opencv-python",
    "opencv-python-headless",
)


def sources(folder: Path = catalog.ROOT / "helpers") -> str:
    """Digest of every file of the helpers but `helpers.course`, which no notebook imports."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.parts[0] != "course" and "__pycache__" not in name.parts:
            total.update(f"{name.as_posix()} ".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that a chapter's numbers come from."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def digest(path: Path, profile: str, seed: int, helpers_digest: str) -> str:
    """Digest of one chapter: its cells and their tags, the helpers, the parameters, the packages.

    Outputs and metadata other than tags do not count.
    """
    nb = nbformat.read(path, as_version=4)
    cells = [(cell.cell_type, cell.source, notebook.tags(cell)) for cell in nb.cells]
    facts = json.dumps([cells, helpers_digest, profile, seed, versions()], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()
