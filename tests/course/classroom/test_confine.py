"""What a confined process may do."""

import subprocess
import sys

from helpers.course.classroom import confine

import pytest

pytestmark = pytest.mark.skipif(not confine.landlock(), reason="needs Landlock, as of Linux 5.13")


@pytest.fixture
def confined(tmp_path):
    """``confined(source)`` runs code that may write ``own`` and read the libraries alone."""
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    (other / "secret").write_text("secret")
    system = ["/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", sys.prefix, sys.base_prefix]
    rules = {"read": system, "write": [str(own)], "limits": {"FSIZE": 1000}, "tcp": False}
    start = [sys.executable, "-I", "-S", confine.__file__, confine.json.dumps(rules)]

    def run(source):
        command = [*start, sys.executable, "-I", "-c", source]
        done = subprocess.run(command, cwd=own, capture_output=True, text=True, check=False)
        return done.stdout.strip(), done.stderr.strip().rpartition("\n")[2]

    return run


def test_it_writes_its_own_folder_and_reads_the_libraries(confined):
    source = "import json, pathlib; pathlib.Path('a').write_text('b'); print('done')"
    assert confined(source) == ("done", "")


@pytest.mark.parametrize(
    "source",
    [
        "open('../other/secret').read()",
        "open('../other/secret', 'w')",
        "import os; os.remove('../other/secret')",
        "import os; os.listdir('..')",
        "import os; os.symlink('../other', 'link'); open('link/secret')",
        "import subprocess; subprocess.run(['cat', '../other/secret'], check=True)",
    ],
)
def test_it_neither_reads_nor_writes_elsewhere(confined, source, tmp_path):
    said, error = confined(source)
    assert said == ""
    assert "Permission denied" in error or "CalledProcessError" in error
    assert (tmp_path / "other" / "secret").read_text() == "secret"


@pytest.mark.skipif(confine.landlock() < 6, reason="needs Landlock 6")
def test_it_ends_no_process_outside_and_opens_no_connection(confined):
    assert "PermissionError" in confined("import os; os.kill(os.getppid(), 0)")[1]
    source = "import socket; socket.create_connection(('127.0.0.1', 9), 2)"
    assert "PermissionError" in confined(source)[1]


def test_its_files_have_an_end(confined):
    assert "File too large" in confined("open('a', 'wb').write(b'x' * 9999)")[1]


def test_command_starts_a_user_of_its_own_where_that_can_be_had(monkeypatch):
    rules = {"read": [], "write": [], "limits": {}, "tcp": False}
    monkeypatch.setattr(confine, "user", lambda number: None)
    assert confine.command(7, rules)[:2] == [sys.executable, "-I"]
    monkeypatch.setattr(confine, "user", lambda number: 61_007)
    monkeypatch.setattr(confine, "_may_read_all", lambda: True)
    command = confine.command(7, rules)
    assert command[:3] == ["setpriv", "--reuid", "61007"]
    assert "--bounding-set=-all,+dac_read_search" in command
    monkeypatch.setattr(confine, "_may_read_all", lambda: False)
    assert "--bounding-set=-all" in confine.command(7, rules)


def test_means_are_said(monkeypatch):
    assert "see the libraries" in confine.means()
    monkeypatch.setattr(confine, "landlock", lambda: 0)
    monkeypatch.setattr(confine, "user", lambda number: None)
    assert "nothing keeps them from your files" in confine.means()
