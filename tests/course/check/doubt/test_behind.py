import ast

from helpers.course.check.doubt.behind import Reader, behind


def stands_on(*cells, fixed=()):
    """What the last statement of the last cell stands on, as its code."""
    reader = Reader()
    for number, source in enumerate(cells):
        reader.add(str(number), ast.parse(source))
    last = len(reader.statements) - 1
    return [ast.unparse(reader.statements[i].node) for i in behind(reader.statements, last, fixed)]


def test_names_lead_back_and_what_leads_nowhere_stays_out():
    assert stands_on("a = 1\nb = 2", "c = a + 1", "claim(c)") == ["a = 1", "c = a + 1", "claim(c)"]


def test_a_name_bound_anew_hides_what_it_was():
    assert stands_on("x = 1", "x = 2", "claim(x)") == ["x = 2", "claim(x)"]
    assert stands_on("x = 1", "x = x + 2", "claim(x)")[0] == "x = 1"


def test_what_changes_a_thing_in_place_belongs_to_it():
    assert len(stands_on("x = []", "x.append(1)", "x[0] = 2", "x += [3]", "claim(x)")) == 5
    assert len(stands_on("m = make()", "h = m.fit(1)", "claim(m)")) == 3
    assert len(stands_on("m = make()", "train(m)", "claim(m)")) == 3


def test_showing_a_thing_does_not_change_it():
    assert len(stands_on("x = []", "print(x)", "plots.lines(x)", "claim(x)")) == 2


def test_a_function_brings_what_it_reads_when_it_is_called():
    cells = ("k = 1", "def f(x):\n    return x + k", "k = 2", "claim(f(0))")
    assert stands_on(*cells) == [cells[1], "k = 2", "claim(f(0))"]


def test_cells_that_take_long_imports_and_the_beginning_are_taken_as_they_ran():
    cells = ("a = 1", "m = slow(a)", "b = m + 1", "claim(b)")
    assert stands_on(*cells, fixed={"1"}) == ["b = m + 1", "claim(b)"]
    assert stands_on("import numpy as np", "x = np.ones(3)", "claim(x)")[0] == "x = np.ones(3)"
    assert stands_on("run = lesson.begin('05')", "run.expect('so', x)") == ["run.expect('so', x)"]
