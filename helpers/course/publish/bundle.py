"""One archive for a room without a network: the course and a wheel of every package it needs.

Unpacked, it is the course's folder with ``wheels/`` in it; the Makefile installs from there.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

FOLDER = "deep-learning-course"
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")


def archive_name() -> str:
    """The archive's name: wheels are for one system, processor and Python."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    machine = f"{platform.system()}-{platform.machine()}".lower()
    return f"{FOLDER}-{machine}-{version}.zip"


def project_files(root: Path) -> list[Path]:
    """The files of the project, those that git does not ignore, relative to `root`.

    Raises
    ------
    ValueError
        If `root` is not a git checkout.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if listed.returncode:
        raise ValueError(f"{root} is not a git checkout; build the bundle in one.")
    paths = sorted({Path(name) for name in listed.stdout.split("\0") if name})
    return [path for path in paths if (root / path).is_file()]


def requirements(root: Path) -> list[str]:
    """What ``pip install -e .[test]`` needs besides the project itself, its build tools too."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    own = re.compile(rf"{project['name']}\[([\w,]+)\]")  # one extra may ask for another
    wanted, extras = list(project["dependencies"]), ["test"]
    for extra in extras:
        for name in project["optional-dependencies"][extra]:
            match = own.fullmatch(name)
            if match is None:
                wanted.append(name)
            else:
                extras += [more for more in match[1].split(",") if more not in extras]
    return [*wanted, *settings["build-system"]["requires"]]


def wheelhouse(root: Path, wheels: Path) -> None:
    """Collect a wheel of every package that ``pip install -e .[test]`` needs, in tested versions.

    Parameters
    ----------
    root
        Folder of pyproject.toml and constraints.txt.
    wheels
        Where the wheels go; those of former versions there are removed.

    Raises
    ------
    subprocess.CalledProcessError
        If pip cannot get one.
    """
    shutil.rmtree(wheels, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    subprocess.run(
        [
            *pip,
            "--constraint",
            "constraints.txt",
            "--wheel-dir",
            wheels.resolve(),
            *requirements(root),
        ],
        cwd=root,
        check=True,
    )


def write(root: Path, wheels: Path, archive: Path) -> None:
    """Write project and wheels into one zip file."""
    part = archive.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
        for path in project_files(root):
            file.write(root / path, f"{FOLDER}/{path.as_posix()}")
        for wheel in sorted(wheels.glob("*.whl")):
            file.write(wheel, f"{FOLDER}/wheels/{wheel.name}", zipfile.ZIP_STORED)
    part.replace(archive)


def prove(archive: Path, chapter: str | None) -> None:
    """Unpack the archive elsewhere, install it with no network and run a chapter there.

    Parameters
    ----------
    archive
        What `write` wrote.
    chapter
        The chapter to run in the sample profile, ``"02"``; None: only install.

    Raises
    ------
    subprocess.CalledProcessError
        If one of the steps fails.
    """
    with tempfile.TemporaryDirectory(prefix="bundle-") as scratch:
        shutil.unpack_archive(archive, scratch)
        course = Path(scratch) / FOLDER
        subprocess.run([sys.executable, "-m", "venv", course / ".venv"], check=True)
        python = course / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
        for command in _steps(chapter):
            subprocess.run([python, *command], cwd=course, env=_environment(), check=True)


def _steps(chapter: str | None) -> Iterator[list[str]]:
    """What `prove` gives to the new environment's Python."""
    pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index"]
    yield [*pip, "--find-links", "wheels", "--constraint", "constraints.txt", "-e", ".[test]"]
    if chapter:
        yield ["-m", "helpers.course", "run", "--profile", "sample", "--only", chapter]


def _environment() -> dict[str, str]:
    """This process's variables, without any that tell pip or Python where else to look."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON", "DL_"))}
    return kept | {"PIP_CONFIG_FILE": os.devnull} | NO_NETWORK


def build(root: Path, out: Path) -> int:
    """Build the archive in `out` and prove that it installs and runs with no network.

    Returns
    -------
    int
        The exit status: 0, or 1 if a step failed; then no archive is left.
    """
    archive = out / archive_name()
    out.mkdir(parents=True, exist_ok=True)
    try:
        print("Collecting the wheels; this downloads about 1 GB the first time.", flush=True)
        wheelhouse(root, out / "wheels")
        write(root, out / "wheels", archive)
        print(f"{archive.name}: {archive.stat().st_size / 1e6:,.0f} MB. Proving it.", flush=True)
        prove(archive, "02")
    except subprocess.CalledProcessError as error:
        archive.unlink(missing_ok=True)
        command = " ".join(map(str, error.cmd))
        print(f"The bundle is not built: {command} failed; what it said stands above.")
        return 1
    print(f"{archive}: installed and ran with no network.")
    return 0
