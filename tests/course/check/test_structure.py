import copy
import dataclasses

from helpers import ledger
from helpers.course import catalog
from helpers.course.check import structure
from tests.course.small_chapters import (
    FINISH,
    begin,
    code,
    expectation,
    figure,
    picture,
    shown,
)

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook, new_output

GRADER = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False}
SOLUTION = GRADER | {"grade_id": "x05-1", "solution": True}
TESTS = GRADER | {"grade_id": "x05-1-tests", "grade": True, "locked": True, "points": 2}

TITLE = f"05 · {catalog.CHAPTERS['05'].title}"
SAMPLE = {"outputs": "sample"}
SHOWN_SAMPLE = shown(begin(profile="sample"))


def good():
    """A notebook that no check complains about."""
    cells = [
        new_markdown_cell(f"# {TITLE}"),
        code("PROFILE = None\nSEED = 0\nUNITS = [16, 32]", "parameters"),
        code('run = lesson.begin("05", PROFILE, SEED)', outputs=[shown(begin())]),
        new_markdown_cell(
            "## 1. A question\n\n```\n# no title\n```\n## Errata\n## Exercises\n## What we learned",
            metadata={"tags": ["errata", "exercises", "summary"]},
        ),
        code("load()", "L05.1", "nbval-check-output"),
        code(
            'run.record("F05.3", accuracy)',
            outputs=[shown(figure("F05.3", 0.98)), shown(expectation("it learns"))],
        ),
        code("plots.show(fig)", outputs=[picture("Loss falls")]),
        code("1 / 0", "E59", "raises-exception", outputs=[error()]),
        code(
            "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION",
            "X05.1",
            nbgrader=SOLUTION,
        ),
        code(
            "assert f()\n### BEGIN HIDDEN TESTS\nassert f() == 1\n### END HIDDEN TESTS",
            nbgrader=TESTS,
        ),
        code("run.finish()", outputs=[shown(FINISH)]),
    ]
    nb = new_notebook(cells=cells)
    for count, cell in enumerate((c for c in nb.cells if c.cell_type == "code"), start=1):
        cell.execution_count = count
    for cell in nb.cells:
        cell.metadata.setdefault("tags", [])
    return nb


def error():
    return new_output("error", ename="ZeroDivisionError", evalue="", traceback=[])


def stream(name, text):
    return new_output("stream", name=name, text=text)


def test_good_notebook_has_no_complaints(rows):
    assert structure.check(good()) == []


def source(number, text):
    def change(nb):
        nb.cells[number].source = text

    return change


def meta(number, **given):
    def change(nb):
        nb.cells[number].metadata["nbgrader"] |= given

    return change


def add(number, output):
    return lambda nb: nb.cells[number].outputs.append(output)


def tag(number, name):
    return lambda nb: nb.cells[number].metadata["tags"].append(name)


def untag(number, name):
    return lambda nb: nb.cells[number].metadata["tags"].remove(name)


def forget(number):
    return lambda nb: nb.cells[number].metadata.pop("nbgrader")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda nb: nb.cells[4].pop("outputs"), "is not a valid notebook"),
        (untag(1, "parameters"), "the tag 'parameters' on its first code cell"),
        (tag(2, "parameters"), "the tag 'parameters' on its first code cell"),
        (lambda nb: nb.cells.insert(1, code("x = 1", count=0)), "on its first code cell"),
        (source(1, "PROFILE = None\nSEED = 0\nprint()"), "only assignments"),
        (source(1, "PROFILE = None\nSEED = 0\na.b = 1"), "only assignments"),
        (source(1, "PROFILE = None\nSEED = 0\nN = load()"), "only assignments"),
        (source(1, "PROFILE = None\nSEED ="), "only assignments"),
        (source(1, "PROFILE = 'full'\nSEED = 0"), "must say PROFILE = None"),
        (source(1, "PROFILE = None"), "must say SEED = 0"),
        (source(3, "# Another title"), "needs one '# Title'"),
        (source(0, "## Digits"), "needs one '# Title'"),
        (source(0, "# 05 · Other digits"), "is called '05 · Other digits', in catalog.CHAPTERS"),
        (source(0, f"# {catalog.CHAPTERS['05'].title}"), "in catalog.CHAPTERS '05 · "),
        (source(0, f"# {TITLE}\n## 1. A question\n## 3. Another"), "numbers its sections 1, 3"),
        (source(0, f"# {TITLE}\n## 2. A question"), "numbers its sections 2, 1; count"),
        (untag(3, "errata"), "order; has exercises, summary"),
        (tag(3, "errata"), "order; has errata, exercises, summary, errata"),
        (lambda nb: nb.cells[3].metadata["tags"].reverse(), "has summary, exercises, errata"),
        (lambda nb: nb.cells[3].metadata.update(tags=[]), "order; has none of them"),
        (source(3, "## Exercises\n## What we learned"), "needs a '## Heading' for each tag"),
        (tag(4, "L06.1"), "'L06.1' is not a ledger row of chapter 05"),
        (tag(4, "E999"), "'E999' is not a ledger row"),
        (tag(4, "todo"), "tag 'todo' is unknown"),
        (tag(0, "nbval-check"), "tag 'nbval-check' is unknown"),
        (source(4, "open('/data/mnist/train.csv')"), "absolute path '/data/mnist/train.csv'"),
        (source(4, "open('C:\\\\data')"), "absolute path"),
        (source(4, "open('~/.keras/x')"), "absolute path"),
        (source(3, "Look into /home/ann/data."), "path of one machine"),
        (add(4, stream("stdout", "saved in /tmp/x3f/model.keras")), "path of one machine"),
        (source(4, "x = 1\n!pip install x"), "code cell 3 has a shell escape"),
        (source(4, "%matplotlib inline"), "code cell 3 has a shell escape"),
        (source(4, "print 'x'"), "code cell 3 is not valid Python"),
        (source(4, "import warnings\nwarnings.filterwarnings('ignore')"), "silences warnings"),
        (source(4, "warnings.simplefilter('ignore')"), "silences warnings"),
        (source(4, "try:\n    f()\nexcept:\n    pass"), "bare except"),
        (source(4, "x = 1\n" * 26), "code cell 3 has 26 lines"),
        (lambda nb: nb.cells[4].update(execution_count=None), "not executed from top to bottom"),
        (lambda nb: nb.cells[4].update(execution_count=9), "not executed from top to bottom"),
        (add(4, picture("")), "1 pictures have no alternative text"),
        (add(4, picture(" ")), "1 pictures have no alternative text"),
        (add(4, picture("up", plain="<Figure size 1x1>")), "1 pictures have another plain text"),
        (add(4, picture("", "image/jpeg")), "1 pictures have no alternative text"),
        (add(4, picture("", "image/svg+xml")), "1 pictures have no alternative text"),
        (add(5, shown(figure("F05.3", 0.98))), "records F05.3 2 times; record it once"),
        (add(4, stream("stderr", "W0000 cuda")), "code cell 3 writes to stderr: 'W0000 cuda'"),
        (add(4, error()), "code cell 3 ends in an error: ZeroDivisionError"),
        (source(2, "run = begin()"), "no cell calls lesson.begin"),
        (lambda nb: nb.cells[2].update(outputs=[]), "no begin record"),
        (lambda nb: nb.cells[5].update(outputs=[]), "no expectation record"),
        (lambda nb: nb.cells[-1].update(outputs=[]), "no finish record"),
        (
            lambda nb: nb.metadata.update(dl_course=SAMPLE),
            "must hold outputs of the profile sample",
        ),
        (lambda nb: nb.metadata.update(dl_course=SAMPLE), "must say 'outputs from the sample"),
        (
            source(0, f"# {TITLE}\n\noutputs from the sample profile"),
            "if, and only if, its metadata",
        ),
        (lambda nb: nb.cells[2].update(outputs=[SHOWN_SAMPLE]), "outputs of the profile full"),
        (untag(4, "L05.1"), "L05.1 (title of L05.1) is not tagged"),
        (untag(7, "E59"), "E59 (title of E59) is not tagged"),
        (untag(8, "X05.1"), "X05.1 (title of X05.1) is not tagged"),
        (meta(8, schema_version=2), "x05-1 must say schema_version 3"),
        (meta(8, grade_id=""), "without grade_id needs a grade_id"),
        (meta(8, task=None), "x05-1 must say task true or false"),
        (meta(8, grade_id="x05-1-tests"), "grade_id 'x05-1-tests' is used 2 times"),
        (source(8, "### BEGIN SOLUTION"), "x05-1 needs ### BEGIN SOLUTION and"),
        (forget(8), "marks a solution but has no nbgrader metadata"),
        (meta(8, solution=False), "exercise X05.1 has no solution cell"),
        (meta(9, points=0), "x05-1-tests needs points above 0"),
        (meta(9, points=True), "x05-1-tests needs points above 0"),
        (meta(9, locked=False), "x05-1-tests holds tests and must be locked"),
        (source(9, "assert f()"), "x05-1-tests needs ### BEGIN HIDDEN TESTS"),
        (forget(9), "1 solution cells but only 0 graded test cells"),
    ],
)
def test_check_complains(rows, change, complaint):
    nb = good()
    change(nb)
    found = structure.check(nb)
    assert any(complaint in one for one in found), found


def test_figure_counts_as_recorded_by_source_or_by_output(rows):
    nb = good()
    nb.cells[5].outputs = []
    assert "F05.3" not in [row.id for row in structure.uncovered(nb)]
    nb = good()
    nb.cells[5].source = "for name, value in found.items():\n    run.record(name, value)"
    assert "F05.3" not in [row.id for row in structure.uncovered(nb)]
    nb.cells[5].outputs = []
    assert structure.covers_the_ledger(nb) == ["F05.3 (title of F05.3) is not recorded"]


def test_record_in_a_comment_or_a_string_covers_nothing(rows):
    for source in ('# run.record("F05.3", 1)', """text = 'run.record("F05.3", 1)'""", "record"):
        nb = good()
        nb.cells[5].source, nb.cells[5].outputs = source, [shown(expectation("it learns"))]
        assert structure.check(nb) == ["F05.3 (title of F05.3) is not recorded"], source


def test_record_over_two_lines_covers_its_row(rows):
    nb = good()
    nb.cells[5].source, nb.cells[5].outputs = 'run.record(\n    "F05.3",\n    1,\n)', []
    assert structure.uncovered(nb) == []


def test_sections_of_a_chapter_may_have_headings_in_any_language(rows):
    nb = good()
    nb.cells[3].source = "## Ошибки\n\nwords\n\n## Übungen\n\n## Que retenir"
    assert structure.check(nb) == []


@pytest.mark.parametrize("role", ["guess", "answer", "exact"])
def test_role_of_a_cell_is_a_known_tag(rows, role):
    nb = good()
    nb.cells[4].metadata["tags"].append(role)
    assert structure.check(nb) == []


def test_figure_with_a_reason_need_not_be_recorded(rows):
    assert "F05.11" in rows
    assert structure.uncovered(good()) == []


def test_graded_answer_needs_no_hidden_tests(rows):
    nb = good()
    nb.cells[8].metadata["nbgrader"] |= {"grade": True, "points": 1}
    assert structure.check(nb) == []


def test_code_that_must_not_parse_is_fine_where_an_exception_is_expected(rows):
    nb = good()
    nb.cells[7].source = "print 'x'"
    assert structure.check(nb) == []


def test_outputs_of_the_sample_profile_are_fine_where_the_notebook_says_so(rows):
    nb = good()
    nb.metadata["dl_course"] = SAMPLE
    nb.cells[0].source = f"# {TITLE}\n\nThe outputs below are outputs from the sample profile."
    nb.cells[2].outputs = [SHOWN_SAMPLE]
    assert structure.check(nb) == []


def test_check_changes_nothing(rows):
    nb = good()
    before = copy.deepcopy(nb)
    structure.check(nb)
    assert nb == before


def test_file_is_held_to_its_name_and_size(rows, tmp_path):
    nb, path = good(), tmp_path / "05_digits.ipynb"
    nbformat.write(nb, path)
    assert structure.check_file(path) == []
    nb.cells[3].source += "\n\n" + "x" * 1_500_000
    other = tmp_path / "06_digits.ipynb"
    nbformat.write(nb, other)
    wrong_name, too_big = structure.check_file(other)
    assert "begins chapter 05, but the file is named 06_digits.ipynb" in wrong_name
    assert "keep it under 1,500,000" in too_big


@pytest.mark.parametrize("value", ["0.5 * 1000", "[784 * 300, 10]", "loss=0.3, accuracy=-(2 / 3)"])
def test_a_constant_is_no_measurement(rows, value):
    nb = good()
    nb.cells[5].source = f'run.record("F05.3", {value})'
    assert structure.check(nb) == ["records F05.3 from numbers alone; print it instead"]


def test_an_open_row_may_be_missing_until_the_chapter_covers_it(rows, monkeypatch):
    new = dataclasses.replace(rows["L05.1"], id="L05.2", open=ledger.TO_COME)
    monkeypatch.setitem(rows, "L05.2", new)
    nb = good()
    assert structure.check(nb) == []
    nb.cells[4].metadata.tags.append("L05.2")
    assert structure.check(nb) == ["L05.2 is covered now: empty its column 'open' in ledger.csv"]


def test_a_row_of_which_only_a_part_is_open_keeps_its_tag(rows, monkeypatch):
    sharper = dataclasses.replace(rows["L05.1"], open="second edition: by hand, too")
    monkeypatch.setitem(rows, "L05.1", sharper)
    assert structure.check(good()) == []
