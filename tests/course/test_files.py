from helpers.course import files
from helpers.course.run import fingerprint

import pytest


def test_write_text_replaces_in_one_step(tmp_path):
    path = tmp_path / "a.txt"
    files.write_text(path, "one\n")
    files.write_text(path, "два\n")
    assert path.read_text(encoding="utf-8") == "два\n"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_write_text_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        files.write_text(path, "\ud800")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_digest_of_helpers_follows_every_file_but_the_course_and_caches(tmp_path):
    def digest():
        return fingerprint.sources(tmp_path)

    (tmp_path / "text.py").write_text("a = 1")
    first = digest()
    for name in ("course/report.py", "__pycache__/text.pyc", "data/__pycache__/x.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert digest() == first
    (tmp_path / "data" / "course.csv").write_text("1")
    second = digest()
    assert second != first
    (tmp_path / "text.py").write_text("a = 2")
    assert digest() not in (first, second)


def test_versions_leave_out_what_is_not_installed():
    found = fingerprint.versions()
    assert {"python", "tensorflow", "keras", "numpy"} <= set(found)
    assert all(found.values())
