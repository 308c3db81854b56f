"""The published repository's address: kept in pyproject.toml, stamped into notebooks and README.

A stamped notebook has an 'Open in Colab' badge under its title and, after its first cell, a cell
that fetches the helpers where there are none. Without an address there is neither.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from helpers.course import catalog, files, notebook

import nbformat

BRANCH = "main"
COLAB = "https://colab.research.google.com/github"
BADGE_IMAGE = "https://colab.research.google.com/assets/colab-badge.svg"
BADGE = re.compile(rf"\n\[!\[Open in Colab\]\({re.escape(BADGE_IMAGE)}\)\]\([^)\n]*\)\n")
BEGIN_MARK = "<!-- links:begin -->"
END_MARK = "<!-- links:end -->"
ENTRY = re.compile(r"""(\[tool\.course\]\nrepository = )"[^"\n]*\"""")
LINK = re.compile(r"\[([^]\n]+)\]\((\d\d_\w+\.ipynb)(#[^)\n]*)?\)")  # to a chapter
BOOTSTRAP = """\
# Fetches the course's helpers where there are none, as in Colab; elsewhere it does nothing.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("helpers") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "git+https://github.com/{repository}"], check=True)"""


def repository(root: Path = catalog.ROOT) -> str:
    """The address in pyproject.toml, ``"owner/name"``, or ``""`` while there is none."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return project["tool"]["course"]["repository"]


def badge(name: str, repository: str) -> str:
    """The badge that opens the notebook `name` in Colab, as Markdown."""
    return f"[![Open in Colab]({BADGE_IMAGE})]({COLAB}/{repository}/blob/{BRANCH}/notebooks/{name})"


def stamp(nb: Any, name: str, repository: str) -> None:
    """Give a notebook its badge and its bootstrap cell, or take both away.

    Everything else, the outputs too, stays as it is.

    Parameters
    ----------
    nb
        The notebook, changed in place; its first cell is the title.
    name
        Its file name.
    repository
        ``"owner/name"``, or ``""`` to take away.

    Raises
    ------
    ValueError
        If there is a repository and the first cell is not the title.
    """
    if repository and not _has_title(nb):
        raise ValueError(
            f"{name} needs its '# Title' in its first cell; then run make links again."
        )
    nb.cells = [cell for cell in nb.cells if notebook.BOOTSTRAP not in notebook.tags(cell)]
    title = nb.cells[0]
    title.source = BADGE.sub("", title.source)
    if repository:
        heading, *rest = title.source.split("\n", 1)
        title.source = "\n".join([heading, "", badge(name, repository), *rest])
        cell = nbformat.v4.new_code_cell(
            BOOTSTRAP.format(repository=repository),
            id=notebook.BOOTSTRAP,
            metadata={"tags": [notebook.BOOTSTRAP]},
        )
        nb.cells.insert(1, cell)


def stamped(text: str, name: str, repository: str) -> str:
    """The text of a notebook file as it is with this repository's address."""
    nb = nbformat.reads(text, as_version=4)
    stamp(nb, name, repository)
    return nbformat.writes(nb) + "\n"


def pages(root: Path, repository: str) -> dict[Path, str]:
    """The text of each file that carries the address, as it is with this one.

    Raises
    ------
    ValueError
        If the address is not of the form owner/name, or a file has no place for it, or a notebook
        no title.
    """
    if repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ValueError(
            f"The repository is {repository!r}; give it as owner/name, as in "
            "make links REPO=owner/name, or nothing to remove the links."
        )
    project, readme = root / "pyproject.toml", root / "README.md"
    between = re.compile(f"{BEGIN_MARK}\n.*?{END_MARK}", re.DOTALL)
    lines = _readme_lines(repository) if repository else ""
    found = {
        project: _replace(ENTRY, rf'\g<1>"{repository}"', project, '[tool.course] repository = ""'),
        readme: _replace(between, f"{BEGIN_MARK}\n{lines}{END_MARK}", readme, BEGIN_MARK),
    }
    for path in catalog.notebooks(root / "notebooks").values():
        found[path] = stamped(path.read_text(encoding="utf-8"), path.name, repository)
    return found


def _has_title(nb: Any) -> bool:
    return bool(nb.cells) and nb.cells[0].source.startswith("# ")


def _readme_lines(repository: str) -> str:
    actions = f"https://github.com/{repository}/actions/workflows/tests.yml"
    return (
        f"[![Tests]({actions}/badge.svg)]({actions})\n"
        f"[![Open in Colab]({BADGE_IMAGE})]({COLAB}/{repository}/blob/{BRANCH}/)\n"
    )


def _replace(pattern: re.Pattern, replacement: str, path: Path, place: str) -> str:
    text, count = pattern.subn(replacement, path.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{path.name} needs the line {place} once; it has it {count} times.")
    return text


def without_dead_links(markdown: str, names: Collection[str]) -> str:
    """The text with links to chapters that are not among `names` as plain words.

    Examples
    --------
    >>> without_dead_links("see [5](05_a.ipynb) and [6](06_b.ipynb#part)", ["05_a.ipynb"])
    'see [5](05_a.ipynb) and 6'
    """
    return LINK.sub(lambda match: match[0] if match[2] in names else match[1], markdown)


def stale(root: Path = catalog.ROOT) -> list[Path]:
    """The files whose links are not those of the address in pyproject.toml."""
    return [
        path
        for path, text in pages(root, repository(root)).items()
        if path.read_text(encoding="utf-8") != text
    ]


def complaints(nb: Any, name: str, repository: str) -> list[str]:
    """What a notebook's badge and bootstrap cell lack, or have too much."""
    if not _has_title(nb):
        return []  # another check says so
    wanted = copy.deepcopy(nb)
    stamp(wanted, name, repository)
    if wanted.cells[:2] == nb.cells[:2]:
        return []
    address = repository or "no repository yet"
    return [f"its badge and bootstrap cell are not those of {address}; run: make links"]


def write(root: Path, repository: str) -> int:
    """Stamp `repository` everywhere, say which files changed, and return the exit status, 0.

    Raises
    ------
    ValueError
        As `pages`; then no file is changed.
    """
    for path, text in pages(root, repository).items():
        if path.read_text(encoding="utf-8") != text:
            files.write_text(path, text)
            print(f"{path.relative_to(root)} written")
    return 0
