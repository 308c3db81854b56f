"""Files that a person gives in place of the public ones, and the line that says so."""

from __future__ import annotations

import gzip
import zipfile

from helpers.data import given_file
from helpers.data.registry import DataError

import pytest

TABLE = "a,b\n1,2\n"


def test_a_path_is_asked_before_the_variable(monkeypatch, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.touch()
    two.touch()
    monkeypatch.setenv("DL_SOMETHING", str(two))
    assert given_file.path_of(one, "DL_SOMETHING") == one
    assert given_file.path_of(None, "DL_SOMETHING") == two


@pytest.mark.parametrize("value", ["", None])
def test_an_empty_variable_names_no_file(monkeypatch, value):
    monkeypatch.delenv("DL_SOMETHING", raising=False)
    if value is not None:
        monkeypatch.setenv("DL_SOMETHING", value)
    assert given_file.path_of(None, "DL_SOMETHING") is None


def test_a_folder_is_called_one(tmp_path):
    with pytest.raises(DataError, match=r"There is no file .*, but a folder; .*DL_SOMETHING unset"):
        given_file.path_of(tmp_path, "DL_SOMETHING")


@pytest.mark.parametrize("name", ["table.csv", "{}", "my {1}.csv", "{0!r}.csv", "%s"])
def test_what_was_read_is_told_whatever_the_file_is_called(tmp_path, capsys, name):
    given_file.announce_given("GloVe", "2 words", tmp_path / name, "file has 400,000 words")
    out = capsys.readouterr().out
    assert out == f"GloVe, only {name}: 2 words; the public file has 400,000 words.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_text_is_read_without_a_word(tmp_path, capsys, encoding):
    path = tmp_path / "table.csv"
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    path.write_bytes((mark + "größe,дом\n1,2\n").encode(encoding))
    assert given_file.read_csv(path).columns.tolist() == ["größe", "дом"]
    assert capsys.readouterr().out == ""


def test_latin_1_is_read_and_the_byte_named(tmp_path, capsys):
    path = tmp_path / "table.csv"
    path.write_bytes("W/m²,b\n1,2\n".encode("latin-1"))
    assert given_file.read_csv(path).columns.tolist() == ["W/m²", "b"]
    out = capsys.readouterr().out
    assert out == "table.csv is not UTF-8 text (byte 0xb2); it is read as Latin-1.\n"


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n\xb2\0,2\n")
    with pytest.raises(given_file.UNREADABLE):
        given_file.read_csv(path)


def test_packed_tables_are_read_by_their_content_not_their_name(tmp_path):
    gz, folder = tmp_path / "gz.csv", tmp_path / "zip.csv"
    gz.write_bytes(gzip.compress(TABLE.encode()))
    with zipfile.ZipFile(folder, "w") as archive:
        archive.mkdir("data")
        archive.writestr("data/table.csv", TABLE)
        archive.writestr("__MACOSX/data/._table.csv", "none of ours")
    for path in (gz, folder):
        assert given_file.read_csv(path).to_dict("list") == {"a": [1], "b": [2]}


def test_an_archive_of_two_tables_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("one.csv", TABLE)
        archive.writestr("two.csv", TABLE)
    with pytest.raises(ValueError, match="there are 2 files in the archive, not one"):
        given_file.read_csv(tmp_path / "two.zip")
