"""Setting up: an environment in order is left alone, an old one updated, a broken one made anew."""

import sys
from pathlib import Path

from helpers.course import environment

import pytest


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "course"\nversion = "1"\ndependencies = ["numpy"]\n'
        "[project.optional-dependencies]\n"
    )
    (tmp_path / "constraints.txt").write_text("numpy==2\n")
    return tmp_path


@pytest.fixture
def commands(monkeypatch):
    """What was run, with the exit status of pip that a test chooses."""
    ran = []

    class Done:
        returncode = 0

    def run(command, **_):
        ran.append([str(part) for part in command])
        done = Done()
        done.returncode = commands_status["pip"] if "install" in ran[-1] else 0
        return done

    commands_status = {"pip": 0}
    monkeypatch.setattr(environment.subprocess, "run", run)
    monkeypatch.setattr(environment, "works", lambda folder: commands_status.get("works", True))
    monkeypatch.setattr(environment, "lacks", lambda *_: commands_status.get("lacks", []))
    return ran, commands_status


def set_up(checkout, options=()):
    (checkout / ".venv").mkdir(exist_ok=True)
    return environment.set_up(checkout / ".venv", list(options), checkout)


def test_an_environment_in_order_is_left_as_it_is(checkout, commands):
    ran, _ = commands
    assert set_up(checkout) == 0
    ran.clear()
    assert set_up(checkout) == 0
    assert ran == []


def test_the_repositorys_address_is_no_reason_to_install_again(checkout, commands):
    ran, _ = commands
    set_up(checkout)
    ran.clear()
    with (checkout / "pyproject.toml").open("a") as file:
        file.write('[tool.course]\nrepository = "me/course"\n')
    assert set_up(checkout) == 0
    assert ran == []


@pytest.mark.parametrize("file", ["pyproject.toml", "constraints.txt"])
def test_other_packages_are_installed_into_the_environment_as_it_is(checkout, commands, file):
    ran, _ = commands
    set_up(checkout)
    ran.clear()
    path = checkout / file
    path.write_text(path.read_text().replace("numpy", "pandas"))
    assert set_up(checkout, ["-c", "constraints.txt"]) == 0
    (command,) = ran
    assert command[1:4] == ["-m", "pip", "install"]


def test_a_failed_installation_keeps_the_old_environment_and_is_tried_again(
    checkout, commands, capsys
):
    ran, status = commands
    status["pip"] = 1
    assert set_up(checkout) == 1
    assert "What was installed before is still there" in capsys.readouterr().err
    status["pip"] = 0
    ran.clear()
    assert set_up(checkout) == 0
    assert len(ran) == 1


def test_an_environment_that_lacks_a_package_is_named_and_gets_it(checkout, commands, capsys):
    ran, status = commands
    set_up(checkout)
    ran.clear()
    status["lacks"] = ["papermill"]
    assert set_up(checkout) == 0
    assert "lacks papermill" in capsys.readouterr().out
    assert [command[1:4] for command in ran] == [["-m", "pip", "install"]]


def test_a_package_that_is_not_there_is_found_out():
    assert environment.lacks(Path(sys.prefix), ["pytest", "no-such-package"]) == ["no-such-package"]


def test_the_packages_are_those_of_the_project_and_all_its_extras():
    names = environment.packages(environment.ROOT)
    assert {"tensorflow", "papermill", "nbgrader", "pytest"} <= set(names)
    assert "deep-learning-course" not in names


def test_a_damaged_environment_is_named_and_made_anew(checkout, commands, capsys):
    ran, status = commands
    status["works"] = False
    assert set_up(checkout) == 0
    assert ran[0][:4] == [sys.executable, "-m", "venv", "--clear"]
    assert "is damaged and is made anew" in capsys.readouterr().out


def test_an_unsupported_python_is_refused_before_anything_is_made(checkout, commands, monkeypatch):
    ran, _ = commands
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 1))
    assert set_up(checkout) == 1
    assert ran == []


def test_an_interpreter_that_is_gone_does_not_work(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "nowhere")
    assert not environment.works(tmp_path)
