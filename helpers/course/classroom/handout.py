"""What students get: the chapters without their solutions, and all that these need to run."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from helpers.course import catalog, notebook
from helpers.course.classroom import edition, nbgrading
from helpers.course.publish import index

import nbformat
from nbgrader.converters import GenerateAssignment

BESIDE = ("pyproject.toml", "constraints.txt", "LICENSE")
README = """\
# Exercises of the deep-learning course

With Python 3.11, 3.12 or 3.13, in this folder:

    python -m venv .venv
    . .venv/bin/activate            (Windows: .venv\\Scripts\\activate)
    python -m pip install -c constraints.txt -e ".[run]"
    jupyter lab --notebook-dir notebooks --LabApp.default_url=/lab/tree/index.ipynb

Read a chapter and run its cells from the top. The run stops at an exercise that is not solved yet:
write your solution in place of the two marked lines, run the cell and then the tests below it.
Do not change or delete a test cell: it is restored before your work is graded, with more tests.
Change the numbers and try your own cells as much as you like.

With PROFILE = "sample" in the first code cell, as it is handed out, a chapter needs no network and
runs in a minute; submissions are graded in that profile. PROFILE = None takes the real data, which
are downloaded, and hours. Hand in the notebook file under its own name.
"""


def release(chapters: dict[str, Path], root: Path) -> dict[str, Path]:
    """Make the student version of chapters in an nbgrader course.

    Parameters
    ----------
    chapters
        Chapter numbers and their notebooks with solutions.
    root
        Folder of the nbgrader course: its ``gradebook.db`` then holds the hidden tests.

    Returns
    -------
    dict
        Chapter numbers and the notebooks without solutions.
    """
    released, names = {}, {path.name for path in chapters.values()}
    for number, path in chapters.items():
        folder = root / "source" / number
        folder.mkdir(parents=True)
        nb = notebook.read(path)
        edition.for_students(nb, names)
        nbformat.write(nb, folder / path.name)
        nbgrading.convert(GenerateAssignment, root, number, nbgrading.settings())
        released[number] = root / "release" / number / path.name
    return released


def build(notebooks: Path, out: Path, only: tuple[str, ...] | None = None) -> Path:
    """Write the folder for students: notebooks, helpers, versions, and how to start.

    Parameters
    ----------
    notebooks
        Folder of the chapters.
    out
        The folder to write; what is there is replaced. A zip file of it is written beside it.
    only
        Chapter numbers; None: all.

    Returns
    -------
    Path
        The zip file.
    """
    chapters = catalog.select(notebooks, only)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".student-") as scratch:
        released = release(chapters, Path(scratch) / "course")
        folder = Path(scratch) / out.name
        shutil.copytree(
            catalog.ROOT / "helpers",
            folder / "helpers",
            ignore=shutil.ignore_patterns("course", "__pycache__"),
        )
        for name in BESIDE:
            shutil.copy(catalog.ROOT / name, folder)
        (folder / "README.md").write_text(README, encoding="utf-8")
        (folder / "notebooks").mkdir()
        for path in released.values():
            shutil.copy(path, folder / "notebooks")
        page = index.text([path.name for path in released.values()], solved=False)
        (folder / "notebooks" / index.NAME).write_text(page, encoding="utf-8")
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(folder, out)
    archive = shutil.make_archive(str(out), "zip", root_dir=out.parent, base_dir=out.name)
    print(f"{len(released)} chapters for students: {out} and {archive}")
    return Path(archive)
