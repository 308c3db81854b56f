import os
import subprocess
import sys
from pathlib import Path

from helpers.course import __main__ as command_line
from helpers.course import catalog
from helpers.course.check import structure
from helpers.course.publish import results
from helpers.course.run import commit, runner
from helpers.course.run.plan import Plan
from tests.course.small_chapters import chapter

import pytest


@pytest.fixture
def plans(monkeypatch):
    """Catches the plans instead of running them."""
    caught = []

    def catch(plan):
        caught.append(plan)
        return 1

    monkeypatch.setattr(runner, "run", catch)
    monkeypatch.setattr(commit, "update", catch)
    return caught


def test_run_takes_its_options(plans):
    command = "run --profile full --only 05,7 --jobs 3 --seed 4 --out there --force --timeout 60"
    assert command_line.main([*command.split(), "--notebooks", "here"]) == 1
    assert plans == [
        Plan(
            notebooks=Path("here"),
            profile="full",
            out=Path("there"),
            seed=4,
            only=("05", "07"),
            jobs=3,
            timeout=60,
            force=True,
        )
    ]


def test_run_takes_several_seeds(plans):
    command_line.main(["run", "--seeds", "0, 1,20"])
    assert plans[0].seeds == (0, 1, 20)


def test_run_without_options_is_the_sample_of_all_chapters(plans, monkeypatch):
    monkeypatch.delenv("DL_PROFILE", raising=False)
    command_line.main(["run"])
    out = catalog.ROOT / "runs" / "sample"
    assert plans == [Plan(catalog.ROOT / "notebooks", "sample", out)]


def test_profile_comes_from_the_environment(plans, monkeypatch):
    monkeypatch.setenv("DL_PROFILE", "full")
    command_line.main(["run"])
    assert plans[0].profile == "full"


def test_outputs_runs_in_full_with_seed_0(plans, monkeypatch):
    monkeypatch.setenv("DL_PROFILE", "sample")
    assert command_line.main(["outputs", "--only", "05"]) == 1
    assert (plans[0].profile, plans[0].seed, plans[0].only) == ("full", 0, ("05",))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["run", "--only", "6"], "no notebook for chapter 06; choose among 05."),
        (["run", "--only", ","], "',' names no chapter"),
        (["run", "--jobs", "x"], "x is not a whole number of 1 or more"),
        (["run", "--jobs", "0"], "0 is not a whole number of 1 or more"),
        (["run", "--profile", "ful"], "invalid choice: 'ful'"),
        (["run", "--seed", "x"], "invalid int value"),
        (["run", "--seeds", "0,x"], "'0,x' is no list of seeds"),
        (["run", "--seeds", "1,1"], "'1,1' is no list of seeds"),
        (["run", "--seeds", "0,1", "--seed", "2"], "not allowed with argument"),
    ],
)
def test_wrong_arguments_are_said_and_give_status_2(course, capsys, command, said):
    notebooks = course({"05": chapter()})
    with pytest.raises(SystemExit) as end:
        command_line.main([*command, "--notebooks", str(notebooks)])
    assert end.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_unknown_profile_in_the_environment_is_said(monkeypatch, capsys):
    monkeypatch.setenv("DL_PROFILE", "ful")
    with pytest.raises(SystemExit) as end:
        command_line.main(["run"])
    assert end.value.code == 2
    assert "'ful'" in capsys.readouterr().err


def test_interrupt_gives_status_130(monkeypatch):
    def interrupt(plan):
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run", interrupt)
    assert command_line.main(["run"]) == 130


def test_results_takes_check(monkeypatch, tmp_path):
    monkeypatch.setattr(results, "write", lambda root, check: (root, check) == (tmp_path, True))
    assert command_line.main(["results", "--check", "--root", str(tmp_path)])


def test_check_prints_complaints_and_gives_status_1(course, capsys, monkeypatch):
    notebooks = course({"05": chapter(), "07": chapter()})
    assert command_line.main(["check", "--only", "5", "--notebooks", str(notebooks)]) == 1
    said = capsys.readouterr().out
    assert "05_chapter.ipynb: no cell calls lesson.begin" in said
    assert "07_chapter" not in said
    monkeypatch.setattr(structure, "check_file", lambda path: [])
    assert command_line.main(["check", "--notebooks", str(notebooks)]) == 0
    assert "in order" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_console_of_another_alphabet_stops_no_command(tmp_path, command):
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    (notebooks / "05_глава.ipynb").write_text("{")
    variables = os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    out = ["--out", tmp_path / "вывод"] if command == "run" else []
    done = subprocess.run(
        [sys.executable, "-m", "helpers.course", command, "--notebooks", notebooks, *out],
        env=variables,
        cwd=catalog.ROOT,
        capture_output=True,
        encoding="cp1252",
    )
    said = done.stdout + done.stderr
    assert done.returncode in (1, 2)
    assert "05_?????.ipynb" in said
    assert "Traceback" not in said
    assert "charmap" not in said
