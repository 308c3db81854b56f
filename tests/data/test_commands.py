"""``python -m helpers.data list | fetch | verify``."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from helpers.data import registry
from helpers.data.__main__ import main
from tests.data.conftest import CONTENT

import pytest


def put(entry, content=CONTENT):
    entry.path.parent.mkdir(parents=True, exist_ok=True)
    entry.path.write_bytes(content)


def test_list_shows_every_file_with_size_state_and_chapters(cache, capsys):
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert str(cache) in out
    for entry in registry.entries().values():
        assert entry.file in out
    (line,) = [line for line in out.splitlines() if line.startswith("imdb.npz")]
    assert line.split()[1:6] == ["17.5", "MB", "missing", "chapters", "07"]


@pytest.mark.parametrize("command", ["list", "verify"])
@pytest.mark.parametrize(
    ("content", "sha256", "word", "status"),
    [
        (CONTENT, None, "present", 0),
        (CONTENT[:9], None, "damaged", 1),
        (CONTENT, "", "no known hash", 0),
    ],
)
def test_state_and_exit_status(cache, register, capsys, command, content, sha256, word, status):
    entry = register() if sha256 is None else register(sha256=sha256)
    put(entry, content)
    assert main([command]) == status
    captured = capsys.readouterr()
    assert word in captured.out
    assert ("delete it and fetch it again" in captured.err) == bool(status)


def test_verify_leaves_out_what_is_missing(cache, capsys):
    assert main(["verify"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"Cache: {cache}"]


@pytest.mark.parametrize("names", [[], ["tiny"], ["tiny.bin"]])
def test_fetch_downloads_by_file_by_data_set_or_all(cache, register, server, capsys, names):
    entry = register(server.url("/right"))
    assert main(["fetch", *names]) == 0
    announced, fetched = capsys.readouterr().out.splitlines()
    assert announced == "1 files, of which 1 are to be downloaded: 0 MB."
    assert fetched == f"1 of 1, 0.0 MB: {entry.path}"
    assert entry.path.read_bytes() == CONTENT


def test_fetch_goes_on_after_a_failure_and_reports_it(cache, register, server, monkeypatch, capsys):
    entry = register(server.url("/right"))
    broken = replace(entry, file="broken.bin", urls=(server.url("/wrong"),))
    entries = {broken.file: broken, entry.file: entry}
    monkeypatch.setattr(registry, "entries", lambda: entries)
    assert main(["fetch", "tiny"]) == 1
    captured = capsys.readouterr()
    assert "broken.bin is not in" in captured.err
    assert captured.out.splitlines()[1:] == [f"2 of 2, 0.0 MB: {entry.path}"]


def test_fetch_finds_a_wrong_name_before_it_downloads(cache, register, server, capsys):
    register(server.url("/right"))
    assert main(["fetch", "tiny", "tinny"]) == 1
    assert "did you mean tiny" in capsys.readouterr().err
    assert server.asked == []


def test_fetch_without_names_says_which_files_must_be_fetched_by_hand(
    cache, register, server, capsys
):
    entry = register(server.url("/right"), sha256="")
    assert main(["fetch"]) == 0
    assert server.asked == []
    line = capsys.readouterr().out.splitlines()[-1]
    assert line == f"  {server.url('/right')} (0.0 MB, chapter 07) into {entry.path.parent}"
    put(entry)
    assert main(["fetch"]) == 0
    assert "by hand" not in capsys.readouterr().out
    assert main(["fetch", "tiny"]) == 1
    assert "no known hash" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["list", "verify", "fetch"])
def test_a_file_in_place_of_the_cache_is_a_sentence(monkeypatch, tmp_path, capsys, command):
    (tmp_path / "keras").touch()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    assert main([command]) == 1
    assert "is a file, not a folder" in capsys.readouterr().err


def test_command_line_does_not_wait_for_tensorflow(cache):
    program = (
        "import runpy, sys; sys.argv[1:] = ['list']\n"
        "try: runpy.run_module('helpers.data', run_name='__main__')\n"
        "except SystemExit as end: assert end.code == 0 and 'tensorflow' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
