import dataclasses

from helpers.course import catalog
from helpers.course.publish import results, spread
from tests.course.small_chapters import FINISH, begin, chapter, code, expectation, figure, shown

import nbformat
import pytest
from nbformat.v4 import new_notebook

KEPT = {"type": "kept", "epochs": 30}
README = (
    "# Course\n\n<!-- chapters:begin -->\nold\n<!-- chapters:end -->\n\n"
    "<!-- counts:begin -->\n<!-- counts:end -->\n\nThe end.\n"
)


def lesson(*tags, recorded=(), finish=True, profile="full"):
    outputs = [shown(begin(profile=profile)), *map(shown, recorded)]
    outputs += [shown(FINISH)] if finish else []
    return new_notebook(cells=[code('lesson.begin("05")', *tags, outputs=outputs)])


FULL = lesson(
    *("L05.1", "X05.1", "E59"), recorded=[figure("F05.3", 0.9771, 0.9785, True), figure("F9", 2)]
)


@pytest.fixture
def root(tmp_path, course, rows, monkeypatch):
    course({"05": FULL})
    (tmp_path / "README.md").write_text(README)
    monkeypatch.setattr(spread, "FILE", tmp_path / "none.csv")
    return tmp_path


def line(text, start):
    return next(line for line in text.splitlines() if line.startswith(start))


def test_results_page_holds_measured_against_published(root):
    assert results.write(root) == 0
    page = (root / "RESULTS.md").read_text("utf-8")
    assert page.index("- Trainings: 1 of 1 published results are met") < page.index("## 05")
    assert "- Arithmetic: 0 of 0 published counts" in page
    assert "- Corrections: 0 of 0 numbers" in page
    assert "1 claims without a number, 0 of them held" in page
    assert "Profile full, seed 0, CPU, 2 cores; Python 3.11.7, TensorFlow 2.20.0" in page
    assert line(page, "| F05.3") == (
        "| F05.3 | title of F05.3 | 0.9785 | ± 0.005 | 0.9771 |  | -0.0014 | within |"
    )
    assert line(page, "| F9").endswith("| 2 |  |  | recorded |")
    assert "- F05.11 title of F05.11: a timing of 2017" in page


def test_readme_gets_the_chapter_table_between_its_marks(root):
    results.write(root)
    readme = (root / "README.md").read_text("utf-8")
    assert readme.startswith("# Course\n\n<!-- chapters:begin -->\n| |")
    assert readme.endswith("<!-- counts:end -->\n\nThe end.\n")
    assert "<!-- counts:begin -->\n- Trainings: 1 of 1" in readme
    assert line(readme, "| 05") == (
        "| 05 | [MNIST with dense layers](notebooks/05_chapter.ipynb) | "
        "S, B§2.1, B§2.5, L, W, G§14.1 | 5 / 5 | 1.5 s | complete; trainings 1 of 1 |"
    )
    assert line(readme, "| 28") == "| 28 | GAN | B§8.5 | 0 / 0 |  | planned |"


@pytest.mark.parametrize(
    ("nb", "end"),
    [
        (lesson("L05.1", profile="sample"), "| 2 / 5 |  | 3 to come, outputs on stand-ins |"),
        (lesson("L05.1", finish=False), "| 2 / 5 |  | not executed |"),
        (
            lesson("L05.1", recorded=[KEPT]),
            "1.5 s, 1 kept training left out | 3 to come |",
        ),
        (chapter(), "| 1 / 5 |  | not executed |"),
    ],
)
def test_status_of_unfinished_chapters(root, course, nb, end):
    if nb.cells[0].cell_type == "markdown":
        nb.cells.append(code('lesson.begin("05")'))
    course({"05": nb})
    results.write(root)
    assert line((root / "README.md").read_text("utf-8"), "| 05").endswith(end)


def test_chapter_never_executed_says_so(root, course):
    course({"07": chapter()})
    results.write(root)
    page = (root / "RESULTS.md").read_text("utf-8")
    assert page.endswith(f"## 07 {catalog.CHAPTERS['07'].title}\n\nNot executed yet.\n")


def test_check_finds_pages_out_of_date_and_writes_nothing(root, capsys):
    assert results.write(root, check=True) == 1
    said = capsys.readouterr().out
    assert "RESULTS.md is out of date; run: make results" in said
    assert "README.md is out of date" in said
    assert not (root / "RESULTS.md").exists()
    results.write(root)
    assert results.write(root, check=True) == 0
    nb = nbformat.read(root / "notebooks" / "05_chapter.ipynb", as_version=4)
    nb.cells[0].outputs[1]["data"]["application/vnd.dl-course+json"]["value"] = 0.5
    nbformat.write(nb, root / "notebooks" / "05_chapter.ipynb")
    assert results.write(root, check=True) == 1


def test_open_rows_are_counted_and_listed_even_where_tagged(root, rows, monkeypatch):
    sharper = dataclasses.replace(rows["L05.1"], open="second edition: by hand")
    monkeypatch.setitem(rows, "L05.1", sharper)
    results.write(root)
    page = (root / "RESULTS.md").read_text("utf-8")
    assert "1 rows of the ledger are not yet covered" in page
    assert "Not yet covered, 1:\n\n- L05.1 title of L05.1 (second edition: by hand)" in page
    assert "| 4 / 5 | 1.5 s | 1 to come; trainings 1 of 1 |" in (root / "README.md").read_text()


def test_spread_over_seeds_stands_beside_the_measured_value(root, monkeypatch, tmp_path):
    spread.save({"F05.3": {0: 0.978, 1: 0.979, 2: 0.980}}, tmp_path / "seeds.csv")
    monkeypatch.setattr(spread, "FILE", tmp_path / "seeds.csv")
    results.write(root)
    row = line((root / "RESULTS.md").read_text("utf-8"), "| F05.3")
    assert "| 0.9771 | 0.979 ± 0.001 (n = 3) | -0.0014 |" in row


def test_expected_numbers_and_claims_are_said_to_be_such(root, course, rows, monkeypatch):
    computed = dataclasses.replace(rows["F05.3"], number="expected")
    monkeypatch.setitem(rows, "F05.3", computed)
    expected = figure("F05.3", 0.9771, 0.9785, True) | {"kind": "expected"}
    nb = lesson("L05.1", "X05.1", "E59", recorded=[expected, figure("F9", 2), expectation("so")])
    course({"05": nb})
    results.write(root)
    page = (root / "RESULTS.md").read_text("utf-8")
    assert "| 0.9785 (expected) |" in line(page, "| F05.3")
    assert line(page, "| F9").endswith("| claim held |")
    assert "- Trainings: 0 of 0" in page
    assert "- Corrections: 1 of 1 numbers" in page


@pytest.mark.parametrize("marks", ["chapters", "counts"])
def test_readme_without_marks_is_refused(root, marks):
    (root / "README.md").write_text(README.replace(f"<!-- {marks}:begin -->", ""))
    with pytest.raises(ValueError, match=f"needs the lines <!-- {marks}:begin -->"):
        results.write(root)


def test_chapter_that_finished_but_never_began_says_so(root, course):
    nb = lesson("L05.1")
    nb.cells[0].outputs = [shown(FINISH)]
    course({"05": nb})
    with pytest.raises(ValueError, match=r"05_chapter.ipynb .* its outputs hold no begin record"):
        results.write(root)


def test_figure_that_is_recorded_twice_is_refused(root, course):
    twice = [figure("F05.3", 0.9771, 0.9785, True)] * 2
    course({"05": lesson("L05.1", recorded=twice)})
    with pytest.raises(ValueError, match=r"05_chapter.ipynb .* records F05.3 2 times"):
        results.write(root)
