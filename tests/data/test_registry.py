"""The registry: its table, and what happens to files that are missing, damaged or out of reach."""

from __future__ import annotations

import errno
import inspect
import os
import re
import subprocess
import sys

from helpers.data import registry
from helpers.data.registry import DataError, fetch, find, state
from tests.data.conftest import CONTENT, SHA256

import keras
import pooch
import pytest
import requests

ENTRIES = list(registry.entries().values())
TWO_WAYS_OUT = re.compile(rf"sha256 {SHA256} \({len(CONTENT):,} bytes\).*PROFILE = 'sample'")


def put(entry, content=CONTENT):
    entry.path.parent.mkdir(parents=True)
    entry.path.write_bytes(content)


# The table


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.file)
def test_every_row_is_complete(entry):
    assert entry.folder in ("datasets", "models")
    assert entry.urls
    assert all(url.startswith("https://") for url in entry.urls)
    assert re.fullmatch(r"([0-9a-f]{64})?", entry.sha256)
    assert entry.bytes or not entry.sha256
    assert all(re.fullmatch(r"\d\d", chapter) for chapter in entry.chapters)
    assert all([entry.dataset, entry.chapters, entry.licence, entry.citation])


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("mnist.npz", "mnist"),
        ("imdb.npz", "imdb"),
        ("reuters.npz", "reuters"),
        ("boston_housing.npz", "boston_housing"),
        ("california_housing.npz", "california_housing"),
        ("cifar-10-batches-py-target_archive", "cifar10"),
    ],
)
def test_hash_and_first_address_are_those_of_keras(file, module):
    source = inspect.getsource(getattr(keras.datasets, module).load_data)
    entry = registry.entries()[file]
    assert entry.sha256 in source
    assert entry.urls[0].rpartition("/")[0] in source


def test_cache_is_keras_home(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert registry.cache_dir() == tmp_path
    assert registry.entries()["mnist.npz"].path == tmp_path / "datasets" / "mnist.npz"


def test_cache_is_dot_keras_at_home_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert registry.cache_dir() == tmp_path / ".keras"


def test_an_empty_variable_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert registry.cache_dir() == tmp_path / ".keras"


def test_a_file_in_place_of_the_cache_is_named(monkeypatch, tmp_path):
    (tmp_path / "keras").touch()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    with pytest.raises(DataError, match=r"keras is a file, not a folder; .*KERAS_HOME"):
        fetch("mnist.npz")


def test_find_takes_a_file_or_a_whole_data_set():
    assert [entry.file for entry in find("imdb.npz")] == ["imdb.npz"]
    assert [entry.file for entry in find("imdb")] == ["imdb.npz", "imdb_word_index.json"]


def test_find_suggests_what_was_meant():
    with pytest.raises(DataError, match=r"'minst.npz': did you mean mnist.npz"):
        find("minst.npz")
    with pytest.raises(DataError, match=r"'\?': see python -m helpers.data list"):
        find("?")


# Files that are there


def test_present_file_is_used_without_asking_the_network(cache, register):
    entry = register()
    put(entry)
    assert fetch("tiny.bin") == cache / "datasets" / "tiny.bin"
    assert state(entry) == "present"


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT[:-1] + b"?", b""])
def test_damaged_file_is_neither_loaded_nor_replaced(cache, register, server, content):
    entry = register(server.url("/right"))
    put(entry, content)
    assert state(entry) == "damaged"
    with pytest.raises(DataError) as caught:
        fetch("tiny.bin")
    message = str(caught.value)
    assert str(entry.path) in message
    assert f"({len(content):,} bytes), not {SHA256} ({len(CONTENT):,} bytes)" in message
    assert "Delete it" in message
    assert "PROFILE = 'sample'" in message
    assert entry.path.read_bytes() == content
    assert server.asked == []


def test_unreadable_file_is_an_error_that_says_so(cache, register):
    entry = register()
    entry.path.mkdir(parents=True)
    assert state(entry) == "unreadable"
    with pytest.raises(DataError, match=r"cannot be read \(Is a directory\)"):
        fetch("tiny.bin")


def test_read_only_cache_that_has_the_file_works(cache, register, monkeypatch):
    put(register())

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("os.makedirs", refuse)
    assert fetch("tiny.bin").read_bytes() == CONTENT


# Files that must be downloaded


def test_missing_file_is_downloaded_once_and_readable_by_all(cache, register, server, capfd):
    entry = register(server.url("/right"))
    assert state(entry) == "missing"
    fetch("tiny.bin")
    fetch("tiny.bin")
    assert entry.path.read_bytes() == CONTENT
    assert entry.path.stat().st_mode & 0o444 == 0o444
    assert os.listdir(entry.path.parent) == ["tiny.bin"]
    assert server.asked == ["/right"]
    assert "%" not in capfd.readouterr().err  # no progress bar where nobody watches


def test_progress_is_shown_to_a_person(cache, register, server, monkeypatch, capfd):
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")
    register(server.url("/right"))
    fetch("tiny.bin")
    assert "100%" in capfd.readouterr().err


def test_next_address_is_tried_after_failures(cache, register, server):
    paths = ["/missing", "/wrong", "/half", "/right"]
    entry = register(*map(server.url, paths))
    assert fetch("tiny.bin") == entry.path
    assert entry.path.read_bytes() == CONTENT
    assert server.asked == paths


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/missing", "answered 404"),
        ("/wrong", "sent other bytes than expected"),
        ("/half", "no connection, or it broke"),
    ],
)
def test_failed_download_leaves_nothing_and_says_why(cache, register, server, path, reason):
    entry = register(server.url(path))
    with pytest.raises(DataError, match=rf"127.0.0.1:\d+: {reason}") as caught:
        fetch("tiny.bin")
    assert TWO_WAYS_OUT.search(str(caught.value))
    assert str(entry.path.parent) in str(caught.value)
    assert os.listdir(entry.path.parent) == []


def test_no_network_is_one_clear_error(cache, register):
    register()
    with pytest.raises(DataError, match="no connection, or it broke") as caught:
        fetch("tiny.bin")
    assert TWO_WAYS_OUT.search(str(caught.value))


def test_a_refused_certificate_is_called_so(cache, register, monkeypatch):
    def refuse(*_, **__):
        raise requests.exceptions.SSLError("self-signed certificate")

    monkeypatch.setattr("requests.get", refuse)
    register()
    with pytest.raises(DataError, match=r"its certificate was refused; .* REQUESTS_CA_BUNDLE"):
        fetch("tiny.bin")


def test_certificates_that_are_not_there_are_named(cache, register, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/corp/ca.pem")
    register("https://127.0.0.1:9/tiny.bin")
    with pytest.raises(DataError, match=r"TLS CA certificate bundle.*/etc/corp/ca\.pem") as caught:
        fetch("tiny.bin")
    assert "cannot be written" not in str(caught.value)


def test_server_that_does_not_answer_is_named(cache, register, monkeypatch):
    def stay_silent(*_, **__):
        raise requests.ReadTimeout

    monkeypatch.setattr("requests.get", stay_silent)
    register()
    with pytest.raises(DataError, match=r"127.0.0.1:9: no answer in time"):
        fetch("tiny.bin")


def test_full_disk_is_an_error_that_says_so(cache, register, server, monkeypatch):
    def fill_up(self, url, output_file, pooch):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", fill_up)
    entry = register(server.url("/right"), server.url("/right"))
    with pytest.raises(DataError, match=r"\(No space left on device\)") as caught:
        fetch("tiny.bin")
    assert TWO_WAYS_OUT.search(str(caught.value))
    assert os.listdir(entry.path.parent) == []


def refuse_temporary_files(*_, **__):
    raise PermissionError(errno.EACCES, "Permission denied")


def test_folder_that_refuses_files_is_named(cache, register, server, monkeypatch):
    entry = register(server.url("/right"))
    entry.path.parent.mkdir(parents=True)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse_temporary_files)
    with pytest.raises(DataError, match=r"\(the folder cannot be written\)") as caught:
        fetch("tiny.bin")
    assert str(entry.path.parent) in str(caught.value)
    assert server.asked == []


@pytest.mark.skipif(
    getattr(os, "geteuid", int)() == 0, reason="root may write to a read-only folder"
)
def test_read_only_folder_without_the_file_is_named(cache, register, server):
    entry = register(server.url("/right"))
    entry.path.parent.mkdir(parents=True)
    entry.path.parent.chmod(0o555)
    try:
        with pytest.raises(DataError, match=r"\(the folder cannot be written\)"):
            fetch("tiny.bin")
    finally:
        entry.path.parent.chmod(0o755)


# Names and hashes that do not lead to a file


def test_file_without_a_known_hash_is_refused_even_if_it_is_there(cache, register, server):
    entry = register(server.url("/right"), sha256="")
    with pytest.raises(DataError, match=r"tiny.bin has no known hash yet") as caught:
        fetch("tiny.bin")
    assert entry.urls[0] in str(caught.value)
    put(entry)
    assert state(entry) == "no known hash"
    with pytest.raises(DataError, match="not trusted"):
        fetch("tiny.bin")
    assert server.asked == []


def test_fetch_wants_a_file_not_a_data_set():
    with pytest.raises(DataError, match="'imdb' is a data set; fetch its files one by one"):
        fetch("imdb")
    with pytest.raises(DataError, match=r"no file or data set called 'imbd.npz'"):
        fetch("imbd.npz")


def test_an_unhashed_file_is_used_where_it_lies_and_never_downloaded(cache, register, server):
    entry = register(server.url("/right"), sha256="")
    with pytest.raises(DataError, match=r"tiny\.bin is not in .*Or ask me\. .*'sample'") as caught:
        registry.fetch_unhashed("tiny.bin", "Or ask me.")
    assert entry.urls[0] in str(caught.value)
    put(entry, b"anything")
    assert registry.fetch_unhashed("tiny.bin", "") == entry.path
    assert server.asked == []


def test_a_file_with_a_hash_is_checked_by_fetch_unhashed_too(cache, register):
    put(register(), b"anything")
    with pytest.raises(DataError, match="is damaged or another file"):
        registry.fetch_unhashed("tiny.bin", "")


# Several processes

CHILD = """
import dataclasses, sys
from helpers.data import registry
entry = dataclasses.replace(
    registry.entries()["mnist.npz"], file="tiny.bin", urls=(sys.argv[1],), sha256=sys.argv[2]
)
registry.entries = lambda: {"tiny.bin": entry}
print(registry.fetch("tiny.bin"))
"""


def start_child(url):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, url, SHA256],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_may_fetch_at_once(cache, register, server):
    entry = register(server.url("/together"))  # answers only when both have asked
    children = [start_child(entry.urls[0]) for _ in range(2)]
    for child in children:
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
        assert out.strip() == str(entry.path)
    assert server.asked == ["/together"] * 2
    assert entry.path.read_bytes() == CONTENT
    assert os.listdir(entry.path.parent) == ["tiny.bin"]


def test_killed_download_leaves_no_file_under_the_name(cache, register, server):
    entry = register(server.url("/stalled"))
    child = start_child(entry.urls[0])
    assert server.stalled.wait(timeout=60)
    child.kill()
    child.communicate()
    assert not entry.path.exists()
    register(server.url("/right"))
    assert fetch("tiny.bin").read_bytes() == CONTENT
