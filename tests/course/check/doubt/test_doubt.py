"""A toy chapter in doubt: each of its claims is judged right."""

import io
import json

from helpers.course.check.doubt import runner, verdicts
from helpers.course.run.plan import Plan
from helpers.course.run.progress import Progress
from tests.course.small_chapters import code

import pytest
from nbformat.v4 import new_notebook

pytestmark = pytest.mark.slow

TOY = new_notebook(
    cells=[
        code("PROFILE = None\nSEED = 0", "parameters"),
        code(
            "from helpers import lesson\nimport keras\nimport numpy as np\n"
            "from keras import layers\nfrom sklearn.linear_model import LogisticRegression\n"
            "run = lesson.begin('05', PROFILE, SEED)"
        ),
        code(
            "rng = np.random.default_rng(SEED)\nx = rng.normal(size=(600, 4)).astype('float32')\n"
            "y = (x[:, 0] + x[:, 1] > 0).astype(int)\nslope = 2.0"
        ),
        code(
            "model = keras.Sequential(\n    [keras.Input((4,)), layers.Dense(16, 'relu'), "
            "layers.Dense(1, 'sigmoid')]\n)\n"
            "adam = keras.optimizers.Adam(0.02)\n"
            "model.compile(adam, 'binary_crossentropy', metrics=['accuracy'])\n"
            "model.fit(x[:400], y[:400], epochs=10, verbose=0)\n"
            "accuracy = model.evaluate(x[400:], y[400:], verbose=0)[1]\n"
            "linear = LogisticRegression().fit(x[:400], y[:400]).score(x[400:], y[400:])"
        ),
        code(
            "run.expect('true: it reads nine in ten', accuracy > 0.9)\n"
            "run.expect('true: the linear model, too', linear > 0.9)\n"
            "run.expect('chance: it is not always wrong', accuracy > 0.05)\n"
            "curve = model.history.history['accuracy']\n"
            "run.expect('tautology: the best is no less than the last', max(curve) >= curve[-1])\n"
            "assert accuracy > 0.9"
        ),
        code(
            "a, b = 3.0, 4.0\nleft = (a + b) ** 2\nright = a**2 + 2 * a * b + b**2\n"
            "run.expect('identity: the square of a sum', left == right)",
            "exact",
        ),
        code("run.expect('constant: two and two', 2 + 2 == 4)", "exact"),
        code("total = np.arange(5).sum()\nrun.expect('untagged: ten', total == 10)"),
        code("slope = 1 / (0.0 if accuracy < 0.9 else 1.0)"),
        code("run.expect('after an error: a slope', slope == 1)\nrun.finish()"),
    ]
)


@pytest.fixture(scope="module")
def doubted(tmp_path_factory):
    """The results, the exit status and the lines of a doubt of the toy, and how to run it again."""
    import nbformat

    folder = tmp_path_factory.mktemp("toy")
    nbformat.write(TOY, folder / "05_toy.ipynb")

    def run():
        stream = io.StringIO()
        plan = Plan(folder, "sample", folder / "out", jobs=2)
        status = runner.run(runner.Doubt(plan), Progress(stream))
        return status, stream.getvalue()

    status, lines = run()
    return json.loads((folder / "out" / "doubt.json").read_text("utf-8")), status, lines, run


def test_each_claim_is_judged_right(doubted):
    results, status, lines, _ = doubted
    assert status == 1, lines
    found = verdicts.of_chapter("05", results["05"])
    assert all(verdict.holds for verdict in found)
    judged = {verdict.text.split(":")[0] + str(verdict.ordinal): verdict for verdict in found}
    seen = {name for name, verdict in judged.items() if verdict.seen_to_fail}
    assert seen == {"true1", "true2", "identity1"}
    assert judged["true1"].spoiled_by[:2] == ("no-learning", "shuffled-labels")
    assert "no-learning" in judged["true2"].spoiled_by
    assert judged["constant1"].why == "it stands on nothing that can change"
    assert judged["untagged1"].broken_by
    assert judged["after an error1"].outcomes["no-learning"] == "unclear"


def test_asserts_and_errors_are_noted_and_the_chapter_goes_on(doubted):
    results, *_ = doubted
    spoiled = results["05"]["no-learning"]
    assert spoiled["asserts"] == {"held": 0, "failed": 1}
    (error,) = spoiled["errors"].values()
    assert error.startswith("ZeroDivisionError")
    assert not results["05"]["changes"]["errors"]


def test_what_is_unchanged_is_not_run_again(doubted):
    *_, run = doubted
    assert run() == (1, "")
