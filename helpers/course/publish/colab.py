"""Notebooks that need nothing but themselves: the helpers travel inside, as in ``dist/colab``."""

from __future__ import annotations

import base64
import io
import re
import tarfile
import textwrap
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.course import catalog, notebook
from helpers.course.publish import links
from helpers.course.run import reach

import nbformat

ZIP_NAME = "deep-learning-course-colab.zip"
IMPORT_NAMES = {
    "opencv-python": "cv2",
    "scikit-learn": "sklearn",
    "lazy-loader": "lazy_loader",
    "pillow": "PIL",
    "ipython": "IPython",
}
LINK = re.compile(r"\[([^]\n]+)\]\((\d\d_\w+\.ipynb)(#[^)\n]*)?\)")
WANTS_GPU = re.compile(r"lesson\.begin\([^)]*\bwithout_gpu=")
UNPACK = '''\
# @title Run this cell first: it unpacks the course's helpers, which travel in this notebook.
import base64
import importlib.util
import io
import sys
import tarfile
import tempfile

needed = {needed}
missing = [pip for pip, name in needed.items() if importlib.util.find_spec(name) is None]
if sys.version_info < (3, 11):
    raise RuntimeError("This notebook needs Python 3.11 or newer; choose a newer runtime.")
if missing:
    raise RuntimeError("Packages are missing; run: %pip install " + " ".join(missing))

archive = """
{archive}
"""
folder = tempfile.mkdtemp(prefix="deep-learning-course-")
with tarfile.open(fileobj=io.BytesIO(base64.b64decode(archive)), mode="r:xz") as tar:
    tar.extractall(folder, filter="data")
sys.path.insert(0, folder)'''


def pack(files: Iterable[Path], root: Path = catalog.ROOT) -> bytes:
    """Files of the helpers as a tar.xz archive, the same for the same files.

    Parameters
    ----------
    files
        What a notebook reaches, see `helpers.course.run.reach`.
    root
        The folder that holds ``helpers``.
    """

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.mtime = info.uid = info.gid = 0
        info.uname = info.gname = ""
        info.mode = 0o644
        return info

    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:xz") as tar:
        for path in sorted(files):
            tar.add(path, path.relative_to(root).as_posix(), filter=plain)
    return file.getvalue()


def needed(root: Path = catalog.ROOT) -> dict[str, str]:
    """What the notebooks import of other projects: names for pip and names for import."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[^\w-]", text)[0] for text in project["dependencies"]]
    return {name: IMPORT_NAMES.get(name, name) for name in names}


def self_contained(nb: Any, archive: bytes, repository: str = "") -> None:
    """Make a notebook of the course stand alone, its outputs kept.

    Parameters
    ----------
    nb
        The notebook, changed in place.
    archive
        The helpers, from `pack`.
    repository
        Where links to other chapters lead, ``"owner/name"``; without it they become plain text,
        for beside an uploaded notebook there is no other.
    """
    links.stamp(nb, "", "")
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(lambda match: _link(match, repository), cell.source)
    text = "\n".join(textwrap.wrap(base64.b64encode(archive).decode(), 100))
    source = UNPACK.format(needed=needed(), archive=text)
    cell = nbformat.v4.new_code_cell(source, id="helpers", metadata={"cellView": "form"})
    nb.cells.insert(1, cell)
    if any(WANTS_GPU.search(cell.source) for cell in notebook.code_cells(nb)):
        nb.metadata |= {"accelerator": "GPU", "colab": {"gpuType": "T4"}}


def _link(match: re.Match, repository: str) -> str:
    """A link to another chapter, as it is outside of the repository."""
    text, name, section = match.groups(default="")
    target = f"{links.COLAB}/{repository}/blob/{links.BRANCH}/notebooks/{name}{section}"
    return f"[{text}]({target})" if repository else text


def build(notebooks: Path, out: Path, only: tuple[str, ...] | None = None) -> int:
    """Write the self-contained notebooks and one zip file of them all.

    With each notebook travels what it reaches of the helpers, and no more.

    Parameters
    ----------
    notebooks
        Folder of the course's notebooks.
    out
        Where the result goes; notebooks and zip of a former build there are replaced.
    only
        Chapter numbers of two digits, ``("05", "07")``; None: all.

    Returns
    -------
    int
        The exit status, 0.
    """
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("[0-9][0-9]_*.ipynb"):
        old.unlink()
    repository = links.repository()
    chapters = catalog.select(notebooks, only)
    with zipfile.ZipFile(out / ZIP_NAME, "w", zipfile.ZIP_DEFLATED) as file:
        for path in chapters.values():
            nb = notebook.read(path)
            self_contained(nb, pack(reach.of_notebook(nb)), repository)
            nbformat.write(nb, out / path.name)
            file.write(out / path.name, path.name)
    print(f"{len(chapters)} notebooks that need no other file, and {ZIP_NAME}, in {out}")
    return 0
