import csv

from helpers.course import __main__ as command_line
from helpers.course.publish import spread, tolerances
from helpers.course.run import store
from tests.course.small_chapters import figure

import pytest
from nbformat.v4 import new_notebook


@pytest.fixture
def out(tmp_path, rows):
    def write(*figures):
        entry = store.facts(new_notebook(), "full") | {
            "chapter": "05",
            "figures": [one | {"held": None} for one in figures],
        }
        entry |= {"seed": 0, "title": "Digits", "status": "passed", "seconds": 1.0, "error": None}
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


# Written from seeds

HEADER = "id,published,number,tolerance,basis,missed"
TABLE = f"""{HEADER}
F05.1,"[0.25, 0.927]",training,,,not compared: how far seeds scatter has not been measured yet
F05.3,0.9785,training,0.0056,3√2 standard deviations over 10 seeds,
F05.6,2345,arithmetic,0,exact,
F05.7,0.5,training,,,not compared: measured on other data
F05.8,0.2,training,0.1,3√2 standard deviations over 3 seeds,
"""
SEED_VALUES = {
    "F05.1": [[0.25, 0.92], [0.26, 0.93], [0.27, 0.94]],
    "F05.3": [0.978, 0.979, 0.98],
    "F05.6": [2345, 2345, 2345],
    "F05.7": [0.4, 0.5, 0.6],
    "F05.8": [0.2, 0.2, 0.2],
}


@pytest.fixture
def seeded(tmp_path):
    """Results of three seeds, and a table to write into."""
    (tmp_path / "ledger.csv").write_text(TABLE, encoding="utf-8")
    empty = store.facts(new_notebook(), "full")
    entries = []
    for seed in range(3):
        entry = empty | {"chapter": "05", "seed": seed, "title": "Digits", "status": "passed"}
        entry |= {"seconds": 1.0, "error": None, "digest": "", "notebook": None, "html": None}
        figures = [figure(name, v[seed], 1) | {"held": None} for name, v in SEED_VALUES.items()]
        entries.append(entry | {"figures": figures})
    frame = {"profile": "full", "seed": 0, "device": None, "versions": {}}
    store.save(tmp_path, frame | {"chapters": entries})
    return tmp_path


def written(folder):
    return tolerances.write(folder, folder / "ledger.csv", folder / "seeds.csv")


def rows_of(folder):
    with (folder / "ledger.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_tolerances_come_from_the_seeds_and_from_the_printed_digits(seeded, capsys):
    assert written(seeded) == 0
    row = rows_of(seeded)["F05.1"]
    # 3√2 times 0.01 is 0.0424…; half of the last digit is 0.005 and 0.0005
    assert row["tolerance"] == "[0.048, 0.043]"
    assert row["basis"].startswith("3√2 standard deviations over 3 seeds")
    assert row["missed"] == ""
    said = capsys.readouterr().out
    assert "F05.1: ± [0.048, 0.043] (was none)" in said
    assert "3 figures from seeds, 1 new tolerances." in said


def test_other_tolerances_stay(seeded):
    """From more seeds, of arithmetic, on other data, of what does not scatter."""
    before = rows_of(seeded)
    written(seeded)
    after = rows_of(seeded)
    assert {name for name in before if before[name] != after[name]} == {"F05.1"}


def test_what_the_seeds_measured_is_kept(seeded):
    written(seeded)
    kept = spread.load(seeded / "seeds.csv")
    assert kept["F05.3"] == {0: 0.978, 1: 0.979, 2: 0.98}
    assert sorted(kept) == ["F05.1", "F05.3", "F05.7"], "what does not scatter has no spread"


def test_more_seeds_are_not_replaced_by_fewer(seeded):
    former = {"F05.3": dict.fromkeys(range(10), 0.9), "F07.3": dict.fromkeys(range(3), 0.8)}
    spread.save(former, seeded / "seeds.csv")
    written(seeded)
    kept = spread.load(seeded / "seeds.csv")
    assert (kept["F05.3"], kept["F07.3"]) == (former["F05.3"], former["F07.3"])


def test_a_run_without_seeds_writes_nothing(tmp_path, capsys):
    assert written(tmp_path) == 1
    assert "--seeds 0,1,2,3,4" in capsys.readouterr().out
    assert not (tmp_path / "seeds.csv").exists()
