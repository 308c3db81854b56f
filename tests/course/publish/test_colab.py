import base64
import io
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

from helpers.course import __main__ as command_line
from helpers.course import catalog, notebook
from helpers.course.publish import colab, links
from helpers.course.run import reach
from tests.course import made_up_class
from tests.course.small_chapters import chapter, code

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_output

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def archive():
    return colab.pack(reach.reached(["from helpers import lesson"]))


@pytest.fixture
def without_helpers(tmp_path):
    """A Python with everything but the course: a .pth in the folder of packages is not read."""
    venv.create(tmp_path / "env", symlinks=os.name != "nt")
    folder = "Scripts" if os.name == "nt" else "bin"
    python = tmp_path / "env" / folder / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True)
    (Path(packages.stdout.strip()) / "all.pth").write_text(sysconfig.get_path("purelib"))
    return python


def test_chapter_runs_from_an_empty_folder_with_no_helpers_installed(tmp_path, without_helpers):
    out, empty = tmp_path / "colab", tmp_path / "empty"
    empty.mkdir()
    assert command_line.main(["colab", "--only", "02", "--out", str(out)]) == 0
    (built,) = out.glob("02_*.ipynb")
    (empty / built.name).write_bytes(built.read_bytes())
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "JUPYTER"))}
    variables |= {"DL_PROFILE": "sample", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}

    def run(*command):
        return subprocess.run(
            [without_helpers, *command], cwd=empty, env=variables, capture_output=True, text=True
        )

    assert "No module named 'helpers'" in run("-c", "import helpers").stderr
    execute = ("-m", "nbconvert", "--to", "notebook", "--execute", "--output", "executed.ipynb")
    done = run(*execute, built.name)
    assert done.returncode == 0, done.stderr
    records = notebook.records(nbformat.read(empty / "executed.ipynb", as_version=4))
    assert records[0]["profile"] == "sample"
    assert records[-1]["type"] == "finish"


def test_archive_holds_what_the_chapter_reaches_and_no_more(tmp_path):
    colab.build(catalog.NOTEBOOKS, tmp_path, only=("04", "11", "14"))
    held = [_packed(path.read_text()) for path in sorted(tmp_path.glob("*.ipynb"))]
    for names in held:
        assert {"helpers/__init__.py", "helpers/ledger.csv", "helpers/plots/__init__.pyi"} <= names
        assert not [name for name in names if "/course/" in name or "__pycache__" in name]
    weights = "helpers/networks/stand_ins/drawn_base.npz"
    assert [weights in names for names in held] == [False, False, True]
    assert ["helpers/surfaces.py" in names for names in held] == [True, False, False]
    assert ["helpers/data/mnist.py" in names for names in held] == [False, True, False]


def test_archive_is_the_same_for_the_same_files(tmp_path):
    files = [tmp_path / "helpers" / name for name in ("b.py", "a.csv")]
    files[0].parent.mkdir()
    for path in files:
        path.write_text(path.name)
    first = colab.pack(files, tmp_path)
    os.utime(files[1], (1, 1))
    files[0].chmod(0o600)
    assert colab.pack(reversed(files), tmp_path) == first
    with tarfile.open(fileobj=io.BytesIO(first)) as tar:
        assert tar.getnames() == ["helpers/a.csv", "helpers/b.py"]


def test_cell_unpacks_the_helpers_and_makes_them_importable(archive, monkeypatch, tmp_path):
    nb = chapter()
    colab.self_contained(nb, archive)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    exec(nb.cells[1].source, {})
    folder = Path(sys.path[0])
    assert folder.parent == tmp_path
    kept = (catalog.ROOT / "helpers" / "lesson.py").read_bytes()
    assert (folder / "helpers" / "lesson.py").read_bytes() == kept


def test_outputs_stay_and_a_stamped_badge_and_bootstrap_go(archive):
    ran = code("1", outputs=[new_output("stream", name="stdout", text="1\n")], count=1)
    nb, stamped = chapter(ran), chapter(ran)
    links.stamp(stamped, "05_chapter.ipynb", "ann/course")
    for one in (nb, stamped):
        colab.self_contained(one, archive)
        nbformat.validate(one)
    assert [cell.source for cell in nb.cells] == [cell.source for cell in stamped.cells]
    assert ran in nb.cells


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        ("", "see [Keras](https://keras.io), 05 MNIST and here"),
        (
            "ann/course",
            "see [Keras](https://keras.io), "
            f"[05 MNIST]({links.COLAB}/ann/course/blob/main/notebooks/05_mnist.ipynb) and "
            f"[here]({links.COLAB}/ann/course/blob/main/notebooks/05_mnist.ipynb#8-Luck)",
        ),
    ],
)
def test_links_to_other_chapters_lead_somewhere_or_are_plain_text(archive, repository, expected):
    text = (
        "see [Keras](https://keras.io), [05 MNIST](05_mnist.ipynb) and "
        "[here](05_mnist.ipynb#8-Luck)"
    )
    nb = chapter()
    nb.cells.append(new_markdown_cell(text))
    colab.self_contained(nb, archive, repository)
    assert nb.cells[-1].source == expected


@pytest.mark.parametrize(
    ("begin", "wanted"),
    [
        ('run = lesson.begin("13", PROFILE, SEED, without_gpu="3 hours")', "GPU"),
        ('run = lesson.begin(\n    "13", PROFILE, SEED, without_gpu="3 hours"\n)', "GPU"),
        ('run = lesson.begin("05", PROFILE, SEED)', None),
    ],
)
def test_chapter_that_wants_a_gpu_asks_colab_for_one(archive, begin, wanted):
    nb = chapter(begin)
    colab.self_contained(nb, archive)
    assert nb.metadata.get("accelerator") == wanted


def unpack(**needed):
    exec(colab.UNPACK.format(needed=needed, archive=""), {})


def _packed(text):
    cell = nbformat.reads(text, as_version=4).cells[1]
    archive = base64.b64decode(cell.source.split('"""')[1])
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return set(tar.getnames())


def test_missing_or_old_package_is_said_with_the_command_that_installs_it():
    right = ("numpy", [1, 26])
    for wrong in (("no_such_module", [4, 12]), ("cv2", [9999])):
        version = ".".join(map(str, wrong[1]))
        with pytest.raises(RuntimeError, match=f"run: %pip install 'opencv-python>={version}'$"):
            unpack(**{"numpy": right, "opencv-python": wrong})


def test_package_under_another_name_for_pip_is_good_enough():
    with pytest.raises(tarfile.ReadError):  # it comes as far as the archive, which is empty here
        unpack(**{"some-opencv": ("cv2", [4, 12])})


def test_least_versions_are_those_of_the_project():
    assert colab.needed()["keras"] == ("keras", [3, 13])


def test_students_get_notebooks_for_colab_without_solutions(tmp_path, monkeypatch):
    nb = made_up_class.exercises()
    nb.cells[1].source = "PROFILE = None\nSEED = 0"
    folder = tmp_path / "notebooks"
    folder.mkdir()
    nbformat.write(nb, folder / made_up_class.NAME)
    command = ["colab", "--student", "--notebooks", str(folder), "--out", str(tmp_path / "out")]
    assert command_line.main(command) == 0
    built = (tmp_path / "out" / made_up_class.NAME).read_text()
    assert "BEGIN SOLUTION" not in built
    assert "HIDDEN" not in built
    cells = nbformat.reads(built, as_version=4).cells
    assert cells[1].metadata.jupyter.source_hidden
    assert cells[2].source.startswith('PROFILE = "sample"')


def test_old_python_is_said(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    with pytest.raises(RuntimeError, match=r"needs Python 3\.11 or newer"):
        unpack()


def test_every_needed_package_has_the_name_that_is_imported():
    import importlib.util

    names = {pip: name for pip, (name, _) in colab.needed().items()}
    assert {"opencv-python": "cv2", "lazy-loader": "lazy_loader"}.items() <= names.items()
    assert [name for name in names.values() if importlib.util.find_spec(name) is None] == []


def test_a_chapter_that_is_not_there_leaves_no_empty_folder(course, tmp_path):
    with pytest.raises(ValueError, match="no notebook for chapter 99"):
        colab.build(course({"05": chapter()}), tmp_path / "dist", only=("99",))
    assert not (tmp_path / "dist").exists()


def test_build_writes_every_chapter_and_one_zip_and_removes_former_ones(course, tmp_path):
    notebooks, out = course({"05": chapter(), "07": chapter()}), tmp_path / "dist"
    colab.build(notebooks, out)
    both = ["05_chapter.ipynb", "07_chapter.ipynb"]
    with zipfile.ZipFile(out / colab.ZIP_NAME) as file:
        assert file.namelist() == both
        assert file.read(both[0]) == (out / both[0]).read_bytes()
    colab.build(notebooks, out, only=("07",))
    assert [path.name for path in out.glob("*.ipynb")] == both[1:]
