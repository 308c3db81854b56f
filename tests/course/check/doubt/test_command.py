from pathlib import Path

from helpers.course import __main__ as command_line
from helpers.course import catalog
from helpers.course.check.doubt import runner
from helpers.course.run.plan import Plan

import pytest


@pytest.fixture
def doubts(monkeypatch):
    """Catches what is to be doubted instead of running it."""
    caught = []

    def catch(doubt):
        caught.append(doubt)
        return 1

    monkeypatch.setattr(runner, "run", catch)
    return caught


def test_doubt_takes_its_options(doubts):
    command = "doubt --only 05,7 --spoilers no-learning,changes --jobs 3 --out there --quick --keep"
    assert command_line.main([*command.split(), "--notebooks", "here"]) == 1
    plan = Plan(Path("here"), "sample", Path("there"), only=("05", "07"), jobs=3)
    assert doubts == [runner.Doubt(plan, ("no-learning", "changes"), quick=True, keep=True)]


def test_doubt_without_options_is_all_spoilers_in_all_chapters(doubts):
    command_line.main(["doubt", "--engine", "local"])
    plan = Plan(catalog.NOTEBOOKS, "sample", catalog.ROOT / "runs" / "doubt")
    assert doubts == [runner.Doubt(plan, runner.WAYS, quick=False, keep=False)]


def test_an_unknown_spoiler_is_named_with_those_there_are(capsys):
    with pytest.raises(SystemExit) as stop:
        command_line.main(["doubt", "--spoilers", "no-coffee"])
    assert stop.value.code == 2
    assert "no-coffee" in capsys.readouterr().err
    with pytest.raises(ValueError, match="constant-inputs"):
        runner.ways("no-coffee")
