"""Set up the environment: ``python helpers/course/environment.py FOLDER [PIP OPTION ...]``.

It needs nothing but Python's own library. An environment that holds what is asked for is left as it
is; one that does not is brought up to date where it is, so that without a network the old one
stays; one that lacks a package, or no longer works, is named and mended.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STAMP = ".installed"
LOOK = """
import sys
from importlib.metadata import PackageNotFoundError, version
for name in sys.argv[1:]:
    try:
        version(name)
    except PackageNotFoundError:
        print(name)
"""


def _project(root: Path) -> dict[str, Any]:
    import tomllib  # not in a Python that is too old, which is told so before

    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def packages(root: Path) -> list[str]:
    """The names of all packages that the project asks for itself."""
    project = _project(root)
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.split(r"[^\w-]", text)[0] for texts in lists for text in texts}
    return sorted(names - {project["name"]})


def wanted(root: Path, options: list[str]) -> str:
    """Digest of what is to be installed: the lists of packages, the pins, and pip's options."""
    project = _project(root)
    lists = [project["dependencies"], project["optional-dependencies"], project["version"]]
    pins = (root / "constraints.txt").read_text(encoding="utf-8")
    return hashlib.sha256(json.dumps([lists, pins, options]).encode()).hexdigest()


def python_of(folder: Path) -> Path:
    """The interpreter of an environment."""
    windows = folder / "Scripts" / "python.exe"
    return windows if windows.exists() else folder / "bin" / "python"


def works(folder: Path) -> bool:
    """Whether an environment's Python starts and has pip."""
    try:
        command = [str(python_of(folder)), "-c", "import pip"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def lacks(folder: Path, names: list[str]) -> list[str]:
    """Which of these packages an environment that works does not have."""
    command = [str(python_of(folder)), "-c", LOOK, *names]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.split()


def set_up(folder: Path, options: list[str], root: Path = ROOT) -> int:
    """Make sure that the environment in `folder` holds the course's packages.

    Parameters
    ----------
    folder
        The environment, made where it is not there.
    options
        For ``pip install``, such as ``-c constraints.txt``.
    root
        The checkout.

    Returns
    -------
    int
        The exit status.
    """
    version = sys.version_info[:2]
    if not (3, 11) <= version <= (3, 13):
        print(
            f"Python {version[0]}.{version[1]} does not do: choose 3.11 to 3.13, for example with "
            "make PYTHON=python3.13",
            file=sys.stderr,
        )
        return 1
    stamp, digest = folder / STAMP, wanted(root, options)
    whole = works(folder)
    if whole and stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        missing = lacks(folder, packages(root))
        if not missing:
            return 0
        print(f"The environment {folder} lacks {', '.join(missing)}.", flush=True)
    if not whole:
        state = "is damaged and is made anew" if folder.exists() else "is being made"
        print(f"The environment {folder} {state}, with {sys.executable}.", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=False)
        if made.returncode:
            return made.returncode
    print("Installing the tested packages; the first time this takes a few minutes.", flush=True)
    command = [
        str(python_of(folder)),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        *options,
    ]
    quiet = None if sys.stdout.isatty() else subprocess.DEVNULL  # pip's progress is for a person
    pip = subprocess.run([*command, "-e", f"{root}[test]"], check=False, stdout=quiet)
    if pip.returncode:
        kept = " What was installed before is still there." if whole else ""
        print(f"The packages could not be installed: see above.{kept}", file=sys.stderr)
        return pip.returncode
    stamp.write_text(digest, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(set_up(Path(sys.argv[1]), sys.argv[2:]))
