import random

from helpers.course.check.doubt.stage import Stage
from helpers.course.check.doubt.trials import Trials

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("as_before")

BEGIN = "import numpy as np\nfrom helpers.lesson import Run\nrun = Run('05', 'sample', 0)"


def trials(*cells, **options):
    """The stage after `BEGIN` and the cells, and the trials of the claims in the last of them."""
    stage = Stage()
    found = Trials(stage, **options)
    for number, source in enumerate((BEGIN, *cells)):
        seen = len(stage.claims)
        stage.run(str(number), source, fixed=number == 0)
    found.of_cell(stage.claims[seen:])
    return stage, list(found.results.values())


def test_a_change_breaks_a_claim_and_leaves_no_trace():
    random.seed(3)
    before = random.getstate(), np.random.get_state()[1].tolist()
    cells = ("x = [1, 2]\nx.append(3)", "total = sum(x)", "run.expect('', total == 6)")
    stage, (trial,) = trials(*cells)
    assert trial.broken_by
    assert (stage.names["x"], stage.names["total"]) == ([1, 2, 3], 6)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before


def test_a_claim_without_code_behind_it_cannot_be_tried():
    _, (trial,) = trials("run.expect('', 2 == 2)")
    assert (trial.tried, trial.why) == (0, "it stands on nothing that can change")


def test_a_claim_that_does_not_hold_a_second_time_is_not_tried():
    cells = ("import itertools", "count = itertools.count()", "n = next(count)")
    stage = Stage()
    for number, source in enumerate((BEGIN, *cells, "run.expect('', n == 0)")):
        stage.run(str(number), source, fixed=number < 3)
    found = Trials(stage)
    found.of_cell(stage.claims)
    (trial,) = found.results.values()
    assert (trial.tried, trial.why) == (0, "it does not hold when its code runs a second time")


def test_a_claim_broken_by_an_error_alone_is_not_seen_to_fail():
    _, (trial,) = trials("x = np.ones(4)", "run.expect('', x.reshape(2, 2).shape == (2, 2))")
    assert trial.tried
    assert trial.broken_by is None


def test_claims_of_a_loop_are_tried_one_by_one():
    loop = "for k in (1, 2):\n    run.expect('', a * k == 2 * k or k == 2)"
    _, found = trials("a = 2", loop)
    assert [bool(trial.broken_by) for trial in found] == [True, False]


def test_no_more_changes_than_allowed():
    claim = "run.expect('', x[0] == 1 or True)"
    assert trials("x = [1, 2, 3, 4]", claim, each=2)[1][0].tried == 2
    assert trials("x = [1, 2, 3, 4]", claim, total=0)[1][0].why == "no time was left"


def test_errors_are_noted_and_what_stands_on_them_is_unclear():
    stage = Stage()
    cells = (BEGIN, "a, b = 1, 1", "a = 1 / 0", "run.expect('', a == 2)\nrun.expect('', b == 2)")
    for number, source in enumerate(cells):
        stage.run(str(number), source)
    assert stage.errors == {"2": "ZeroDivisionError: division by zero"}
    assert [claim.outcome for claim in stage.claims] == ["unclear", "failed"]


def test_a_cell_that_may_raise_is_no_error():
    stage = Stage()
    stage.run("0", "1 / 0", may_raise=True)
    assert not stage.errors
