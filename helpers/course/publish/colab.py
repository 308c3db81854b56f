"""Notebooks that need nothing but themselves: the helpers travel inside, as in ``dist/colab``."""

from __future__ import annotations

import base64
import copy
import io
import re
import tarfile
import tempfile
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
# The cell shows no more than its title in Colab, and less in JupyterLab and in books.
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
WANTS_GPU = re.compile(r"lesson\.begin\([^)]*\bwithout_gpu=")
UNPACK = '''\
# @title Run this cell first: it unpacks the course's helpers, which travel in this notebook.
import base64
import importlib.util
import io
import re
import sys
import tarfile
import tempfile
from importlib import metadata

needed = {needed}


def lacks(pip, name, least):
    if importlib.util.find_spec(name) is None:
        return True
    try:
        found = metadata.version(pip)
    except metadata.PackageNotFoundError:  # under another name, as opencv-python-headless
        return False
    return [int(n) for n in re.findall(r"\\d+", found)[:3]] < least


missing = [f"{{pip}}>={{'.'.join(map(str, least))}}" for pip, (name, least) in needed.items()
           if lacks(pip, name, least)]
if sys.version_info < (3, 11):
    raise RuntimeError("This notebook needs Python 3.11 or newer; choose a newer runtime.")
if missing:
    wanted = " ".join(repr(package) for package in missing)
    raise RuntimeError("Packages are missing or too old; run: %pip install " + wanted)

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


def needed(root: Path = catalog.ROOT) -> dict[str, tuple[str, list[int]]]:
    """What the notebooks import of other projects: pip's name, the import's, the least version."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = {}
    for text in project["dependencies"]:
        name = re.split(r"[^\w-]", text)[0]
        least = [int(part) for part in re.findall(r"\d+", text.partition(">=")[2])]
        found[name] = (IMPORT_NAMES.get(name, name), least)
    return found


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
            cell.source = links.LINK.sub(lambda match: _link(match, repository), cell.source)
    text = "\n".join(textwrap.wrap(base64.b64encode(archive).decode(), 100))
    source = UNPACK.format(needed=needed(), archive=text)
    cell = nbformat.v4.new_code_cell(source, id="helpers", metadata=copy.deepcopy(FOLDED))
    nb.cells.insert(1, cell)
    if any(WANTS_GPU.search(cell.source) for cell in notebook.code_cells(nb)):
        nb.metadata |= {"accelerator": "GPU", "colab": {"gpuType": "T4"}}


def _link(match: re.Match, repository: str) -> str:
    """A link to another chapter, as it is outside of the repository."""
    text, name, section = match.groups(default="")
    target = f"{links.COLAB}/{repository}/blob/{links.BRANCH}/notebooks/{name}{section}"
    return f"[{text}]({target})" if repository else text


def build(
    notebooks: Path, out: Path, only: tuple[str, ...] | None = None, student: bool = False
) -> int:
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
    student
        Whether to leave out the solutions and the hidden tests.

    Returns
    -------
    int
        The exit status, 0.
    """
    chapters = catalog.select(notebooks, only)
    repository = links.repository()
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("[0-9][0-9]_*.ipynb"):
        old.unlink()
    with (
        tempfile.TemporaryDirectory() as scratch,
        zipfile.ZipFile(out / ZIP_NAME, "w", zipfile.ZIP_DEFLATED) as file,
    ):
        if student:
            from helpers.course.classroom import handout

            chapters = handout.release(chapters, Path(scratch))
        for path in chapters.values():
            nb = notebook.read(path)
            self_contained(nb, pack(reach.of_notebook(nb)), repository)
            nbformat.write(nb, out / path.name)
            file.write(out / path.name, path.name)
    kind = "notebooks without solutions" if student else "notebooks"
    print(f"{len(chapters)} {kind} that need no other file, and {ZIP_NAME}, in {out}")
    return 0
