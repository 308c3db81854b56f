from helpers.course import files

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
