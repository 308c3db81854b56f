import dataclasses
import os
import shutil

from helpers.course import catalog
from helpers.course.run import fingerprint
from helpers.course.run.plan import Plan
from tests.course.small_chapters import chapter, code

import pytest

pytestmark = pytest.mark.slow


def digests(root, profile="full"):
    """Digests of all chapters of a copy of the house."""
    plan = Plan(root / "notebooks", profile, root / "out")
    return {task.chapter: fingerprint.digest(task, root) for task in plan.all_tasks()}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    root = tmp_path_factory.mktemp("house")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("helpers", "notebooks"):
        shutil.copytree(catalog.ROOT / name, root / name, ignore=ignored)
    return root


@pytest.fixture
def changed(copy, monkeypatch):
    """``changed(change)`` is the set of chapters whose digest a change of the house alters."""
    kept = {}

    def compare(change, profile="full"):
        before = digests(copy, profile)
        change()
        after = digests(copy, profile)
        return {number for number, digest in after.items() if before[number] != digest}

    def edit(name, old, new):
        path = copy / "helpers" / name
        text = path.read_text(encoding="utf-8")
        kept.setdefault(path, text)
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    compare.edit = edit
    yield compare
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "chapters"),
    [
        ("surfaces.py", {"04"}),
        ("plots/recurrent.py", {"17"}),
        ("data/stand_ins/cifar10.py", {"12", "23", "28"}),
        ("course/catalog.py", set()),
    ],
)
def test_a_comment_in_a_helper_changes_the_chapters_that_reach_it(changed, name, chapters):
    assert changed(lambda: changed.edit(name, "\n", "\n# a comment\n")) == chapters


def test_a_file_that_a_desktop_hides_changes_nothing(changed, copy):
    assert changed((copy / "helpers" / ".DS_Store").touch) == set()


def test_a_row_of_the_ledger_changes_its_chapter(changed):
    assert changed(lambda: changed.edit("ledger.csv", "Multiply a signal", "Take a signal")) == {
        "01"
    }


def test_another_file_of_cifar_10_changes_the_chapters_that_read_it(changed, monkeypatch, tmp_path):
    part = tmp_path / "part.npz"
    part.write_bytes(b"1")

    def give():
        monkeypatch.setenv("DL_CIFAR10", str(part))

    assert changed(give) == {"12", "23", "28"}
    assert changed(lambda: os.utime(part, ns=(1, 1))) == {"12", "23", "28"}
    assert changed(lambda: part.write_bytes(b"12")) == {"12", "23", "28"}


def test_the_profile_is_no_variable_but_a_parameter(changed, monkeypatch):
    assert changed(lambda: monkeypatch.setenv("DL_PROFILE", "sample")) == set()


def test_another_hash_in_the_registry_changes_the_chapters_that_read_the_file(changed):
    sha256 = "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"

    def edit():
        changed.edit("data/registry.csv", sha256, "0" * 64)

    assert changed(edit) == {"08"}


def test_in_the_sample_no_real_file_counts(changed):
    assert changed(lambda: changed.edit("data/registry.csv", "d6586e", "000000"), "sample") == set()


def test_a_file_without_a_known_hash_counts_with_its_size_and_time(changed, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    archive = tmp_path / "datasets" / "jena_climate_2009_2016.csv.zip"
    assert changed(lambda: archive.write_bytes(b"1")) == {"19", "20"}
    assert changed(lambda: (tmp_path / "datasets" / "mnist.npz").write_bytes(b"1")) == set()


@pytest.fixture
def task(course, tmp_path):
    def make(nb, **given):
        (task,) = Plan(course({"05": nb}), "sample", tmp_path / "out").tasks()
        return dataclasses.replace(task, **given)

    return make


def test_cells_tags_and_parameters_count(task):
    nb = chapter(code("x = 1"))
    cells = [dict(cell) for cell in nb.cells]
    first = fingerprint.digest(task(nb))
    nb.cells[-2].metadata["tags"] = ["L05.1"]
    assert fingerprint.digest(task(nb)) != first
    nb.cells[-2].metadata["tags"] = []
    assert fingerprint.digest(task(nb)) == first
    assert fingerprint.digest(task(nb, seed=1)) != first
    assert fingerprint.digest(task(nb, profile="full")) != first
    nb.cells[-2].source = "x = 2"
    assert fingerprint.digest(task(nb)) != first
    assert len(cells) == len(nb.cells)


def test_the_kind_of_device_counts(task, monkeypatch):
    nb = chapter()
    kinds = []
    for path, visible in ((None, None), ("/usr/bin/nvidia-smi", None), ("/usr/bin/nvidia-smi", "")):
        monkeypatch.setattr(fingerprint.shutil, "which", lambda name, path=path: path)
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        if visible is not None:
            monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
        kinds.append((fingerprint.device(), fingerprint.digest(task(nb))))
    assert [kind for kind, _ in kinds] == ["cpu", "gpu", "cpu"]
    assert kinds[0] == kinds[2] != kinds[1]


def test_versions_leave_out_what_is_not_installed():
    found = fingerprint.versions()
    assert {"python", "tensorflow", "keras", "numpy"} <= set(found)
    assert all(found.values())
