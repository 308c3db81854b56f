import ast

from helpers.course.check.doubt import changes

import pytest


def changed(source):
    (statement,) = ast.parse(source).body
    return [ast.unparse(change.node) for change in changes.of(statement)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 7", ["a = 8"]),
        ("a = 0.5", ["a = 1.0"]),
        ("a = b + c", ["a = b - c"]),
        ("a = b / c", ["a = b * c"]),
        ("a = b < c", ["a = b >= c"]),
        ("a = b and c", ["a = b or c"]),
        ("a = -b", ["a = +b"]),
        ("a = f(b, axis=1)", ["a = f(b, axis=0)"]),
        ("a = f(b, axis=-1)", ["a = f(b, axis=0)"]),
        ("a = f(b, use_bias=False)", ["a = f(b, use_bias=True)"]),
        ("a = b.argmax()", ["a = b.argmin()"]),
        ("a = b @ c", ["a = c @ b"]),
    ],
)
def test_a_number_an_operator_an_axis_a_switch_or_a_comparison_changes(source, expected):
    assert changed(source) == expected


def test_the_code_given_stays_as_it_was():
    statement = ast.parse("a = b + 1").body[0]
    assert len(changes.of(statement)) == 2
    assert ast.unparse(statement) == "a = b + 1"


@pytest.mark.parametrize(
    "source",
    [
        "run.expect('so', True)",
        "run.expect('so', 2 + 2 == 4)",
        "run.expect('so', a == 4)",
        "run.expect('so', abs(a - 0.5) < 0.01)",
        "run.expect('so', np.allclose(a, b, atol=0.1))",
        "run.expect('so', a[0] == np.log(2))",
        "run.expect(f'{3} times', a < b)",
    ],
)
def test_what_a_claim_expects_and_how_it_compares_stays(source):
    assert changed(source) == []


def test_what_a_claim_computes_may_change():
    assert changed("run.expect('so', np.allclose(f(2 * a), 1))") == [
        "run.expect('so', np.allclose(f(2 + a), 1))",
        "run.expect('so', np.allclose(f(3 * a), 1))",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "print(a, 3)",
        "plots.lines(a, 1 + 2)",
        "run.record('F01.1', 3)",
        "rng = np.random.default_rng(3)",
        "a = f(b, seed=3, verbose=0)",
        "assert a == 3",
        "import numpy",
    ],
)
def test_what_decides_nothing_stays(source):
    assert changed(source) == []
