import subprocess
import time
from datetime import datetime

from helpers.course.run import origin


def git(folder, *command):
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *who, *command], cwd=folder, check=True, capture_output=True)


def test_a_run_is_of_a_commit_and_says_whether_it_was_changed(tmp_path):
    assert origin.commit(tmp_path) is None
    git(tmp_path, "init")
    (tmp_path / "a").write_text("1")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-m", "first")
    commit = origin.commit(tmp_path)
    assert len(commit) >= 7
    (tmp_path / "a").write_text("2")
    assert origin.commit(tmp_path) == f"{commit} with changes"


def test_a_run_has_an_end_in_utc_and_a_length():
    ran = origin.of_run(time.time() - 5)
    assert ran["seconds"] >= 5
    assert datetime.fromisoformat(ran["finished"]).utcoffset().total_seconds() == 0
