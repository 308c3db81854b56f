from helpers.course import __main__ as command_line
from helpers.course.run import store
from tests.course.small_chapters import figure

import pytest
from nbformat.v4 import new_notebook


@pytest.fixture
def out(tmp_path, rows):
    def write(*figures):
        entry = store.facts(new_notebook(), "full") | {"chapter": "05", "figures": list(figures)}
        entry |= {"title": "Digits", "status": "passed", "seconds": 1.0, "error": None}
        entry |= {"digest": "", "notebook": None, "html": None}
        store.save(tmp_path, store.load(tmp_path) | {"chapters": [entry]})
        return str(tmp_path)

    return write


def measured(value):
    """F05.3 as a run in full records it."""
    return figure("F05.3", value, 0.9785, abs(value - 0.9785) <= 0.005)


def test_figures_within_their_tolerance_pass(out, capsys):
    assert command_line.main(["tolerances", "--out", out(measured(0.98))]) == 0
    assert "1 figures compared, 0 out of tolerance" in capsys.readouterr().out


def test_figure_out_of_tolerance_is_named_and_fails(out, capsys):
    assert command_line.main(["tolerances", "--out", out(measured(0.95), measured(0.98))]) == 1
    said = capsys.readouterr().out
    assert "F05.3 title of F05.3: measured 0.95, published 0.9785 ± 0.005" in said
    assert "2 figures compared, 1 out of tolerance" in said


def test_figure_whose_miss_the_ledger_explains_passes(out, rows):
    object.__setattr__(rows["F05.3"], "missed", "another split")
    assert command_line.main(["tolerances", "--out", out(measured(0.95))]) == 0


def test_run_with_nothing_to_compare_is_no_success(out, capsys):
    assert command_line.main(["tolerances", "--out", out()]) == 1
    assert "holds no figure to compare" in capsys.readouterr().out
