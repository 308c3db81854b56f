import subprocess
import zipfile
from pathlib import Path

from helpers.course import __main__ as command_line
from helpers.course import catalog
from helpers.course.publish import bundle

import pytest

pytestmark = pytest.mark.slow

# A project small enough to bundle and install in a test: its build backend is its own module,
# and the one package it needs is a wheel that the test writes.
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "small"
version = "1"
dependencies = ["needed"]
[project.optional-dependencies]
run = ["small[test]"]
test = ["small[run]"]
"""
BACKEND = """
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name, facts = "small-1-py3-none-any.whl", "small-1.dist-info/"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        about = "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\nRequires-Dist: needed\\n"
        about += "Provides-Extra: test\\n"
        wheel.writestr(facts + "METADATA", about)
        tag = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(facts + "WHEEL", tag)
        wheel.writestr(facts + "RECORD", "")
    return name
"""


def wheel(folder: Path, name: str) -> Path:
    """Write a wheel of an empty package."""
    path, facts = folder / f"{name}-1-py3-none-any.whl", f"{name}-1.dist-info/"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(facts + "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        file.writestr(facts + "WHEEL", tag)
        file.writestr(facts + "RECORD", "")
    return path


@pytest.fixture
def root(tmp_path):
    """A checkout of the small project, with a file that git ignores."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    (root / "constraints.txt").write_text("needed==1\n")
    (root / ".gitignore").write_text("ignored/\n")
    (root / "ignored").mkdir()
    (root / "ignored" / "data").write_text("large")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


@pytest.fixture
def archive(root, tmp_path):
    wheel(tmp_path / "wheels", "needed")
    path = tmp_path / "bundle.zip"
    bundle.write(root, tmp_path / "wheels", path)
    return path


def test_archive_holds_the_project_and_the_wheels_and_nothing_ignored(archive):
    with zipfile.ZipFile(archive) as file:
        names = {name.removeprefix(f"{bundle.FOLDER}/") for name in file.namelist()}
        (kept,) = [info for info in file.infolist() if info.filename.endswith(".whl")]
    assert names == {
        ".gitignore",
        "backend.py",
        "constraints.txt",
        "pyproject.toml",
        "wheels/needed-1-py3-none-any.whl",
    }
    assert kept.compress_type == zipfile.ZIP_STORED


def test_archive_installs_with_no_network(archive, monkeypatch, tmp_path):
    # Where else a package could come from does not count.
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "elsewhere"))
    bundle.prove(archive, chapter=None)


def test_archive_that_lacks_a_wheel_does_not_pass_even_if_one_lies_elsewhere(
    root, tmp_path, monkeypatch, capfd
):
    wheel(tmp_path / "elsewhere", "needed")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "elsewhere"))
    path = tmp_path / "bundle.zip"
    wheel(tmp_path / "wheels", "other")
    bundle.write(root, tmp_path / "wheels", path)
    with pytest.raises(subprocess.CalledProcessError):
        bundle.prove(path, chapter=None)
    assert "ERROR: Cannot install" in capfd.readouterr().err


def test_wheelhouse_has_what_the_project_needs_and_nothing_of_before(root, tmp_path, monkeypatch):
    wheel(tmp_path / "source", "needed")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "source"))
    wheel(tmp_path / "wheels", "former")
    bundle.wheelhouse(root, tmp_path / "wheels")
    found = [path.name for path in (tmp_path / "wheels").iterdir()]
    assert found == ["needed-1-py3-none-any.whl"]


def test_requirements_are_all_of_pyprojects():
    wanted = " ".join(bundle.requirements(catalog.ROOT))
    for name in ("tensorflow>=", "papermill>=", "nbval>=", "nbgrader>=", "setuptools>="):
        assert name in wanted
    assert "deep-learning-course" not in wanted


def test_folder_that_is_no_checkout_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ValueError, match="is not a git checkout"):
        bundle.project_files(tmp_path)


def test_build_proves_what_it_wrote(monkeypatch, tmp_path, capsys):
    proved = []
    monkeypatch.setattr(bundle, "wheelhouse", lambda root, wheels: wheel(wheels, "needed"))
    monkeypatch.setattr(bundle, "prove", lambda archive, chapter: proved.append(archive))
    assert command_line.main(["bundle", "--out", str(tmp_path)]) == 0
    assert proved == [tmp_path / bundle.archive_name()]
    assert "ran with no network" in capsys.readouterr().out


def test_bundle_that_is_not_proved_is_not_left(monkeypatch, tmp_path, capsys):
    def fail(archive, chapter):
        assert archive.exists()
        raise subprocess.CalledProcessError(1, ["python", "-m", "pip"])

    monkeypatch.setattr(bundle, "wheelhouse", lambda root, wheels: wheel(wheels, "needed"))
    monkeypatch.setattr(bundle, "prove", fail)
    assert command_line.main(["bundle", "--out", str(tmp_path)]) == 1
    assert not (tmp_path / bundle.archive_name()).exists()
    assert "The bundle is not built: python -m pip failed" in capsys.readouterr().out


def test_last_step_of_the_proof_runs_a_chapter():
    *_, last = bundle._steps("02")
    assert last[-2:] == ["--only", "02"]
