import ast
import time

from helpers.course.check.doubt import stage

import pytest


def noted(source):
    tree = stage._Noting().visit(ast.parse(source))
    return [line for line in ast.unparse(tree).splitlines() if stage.TICK not in line]


def test_asserts_of_a_cell_are_noted_in_loops_too():
    assert noted("assert a, 'no'") == [f"{stage.CHECK}(a)"]
    assert noted("for a in b:\n    assert a")[1].strip() == f"{stage.CHECK}(a)"


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    assert x",
        "try:\n    assert x\nexcept AssertionError:\n    pass",
        "with pytest.raises(AssertionError):\n    assert x",
    ],
)
def test_where_an_assert_may_be_there_to_be_raised_it_stays(source):
    assert "assert x" in "\n".join(noted(source))


def test_every_statement_of_a_cell_is_announced():
    tree = stage._Noting().visit(ast.parse("a = 1\nb = 2"))
    assert ast.unparse(tree).count(stage.TICK) == 2


@pytest.mark.skipif(not hasattr(stage.signal, "setitimer"), reason="no interval timers here")
def test_computing_too_long_is_stopped_and_waiting_is_not():
    with stage.within(0.2):
        time.sleep(0.4)

    def compute():
        with stage.within(0.2):
            while True:
                pass

    with pytest.raises(stage.TooLongError, match=r"longer than 0\.2 s"):
        compute()
