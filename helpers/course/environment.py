"""Set up the environment: ``python helpers/course/environment.py FOLDER [PIP OPTION ...]``.

It needs nothing but Python's own library. An environment that holds what is asked for is left as it
is; one that does not is brought up to date where it is, so that without a network the old one
stays; one that no longer works is named and made anew.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAMP = ".installed"


def wanted(root: Path, options: list[str]) -> str:
    """Digest of what is to be installed: the lists of packages, the pins, and pip's options."""
    import tomllib  # not in a Python that is too old, which is told so before

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
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
        return 0
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
