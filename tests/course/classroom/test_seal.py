"""Tests that a kernel runs unread: in this process, with what a student might put in their way."""

import hmac
import json
import secrets
import subprocess
import sys
import threading
from types import SimpleNamespace

from helpers.course.classroom import guard, kernel, notice, pristine, seal
from tests.course import made_up_class
from tests.course.small_chapters import chapter, code

import numpy as np
import pytest
from nbformat.v4 import new_output

KEY = secrets.token_bytes(32)


@pytest.fixture(autouse=True)
def traces():
    """A judge takes away what traces the process; here it is the measurement of coverage."""
    before, of_threads, profiled = sys.gettrace(), threading.gettrace(), sys.getprofile()
    yield
    sys.settrace(before)
    threading.settrace(of_threads)  # type: ignore[arg-type]
    sys.setprofile(profiled)


class Guard:
    testing = False


class Kernel:
    """Stands for the student's kernel: a name space, and what was sent to the grader."""

    def __init__(self, **space):
        events = SimpleNamespace(trigger=lambda name: None)
        self.shell = SimpleNamespace(user_ns=space, events=events, execution_count=1)
        self.iopub_socket, self.outputs = None, []

    def send_response(self, socket, kind, content):
        self.outputs.append(new_output(kind, data=content["data"]))


def outcome(source, lesson="import numpy as np", **space):
    """What a test says of the student's names, and its outputs as a page shows them."""
    marks = {"grade_id": "X05_1_test", "grade": True, "solution": False}
    found = seal.lesson(chapter(code(lesson), code(source, nbgrader=marks)))
    test = seal.seal(found, "X05_1_test", KEY)
    imported = {"np": np}
    libraries = pristine.Libraries({"numpy"}, set())
    there = Kernel(**space)
    judge = kernel._judging(imported, libraries, Guard())
    judge.__code__ = guard.with_constants(judge.__code__, {"the grader's key": KEY})
    judge(there, test.request.removeprefix(kernel.SEALED))
    verdict = test.verdict(there.outputs)
    return verdict, test.shown(there.outputs, verdict)


def test_right_answer_passes_and_wrong_one_says_where():
    assert outcome("assert double(2) == 4, 'four'", double=lambda x: 2 * x)[0]["passed"] is True
    verdict, shown = outcome("y = double(2)\nassert y == 4, f'not {y}'", double=lambda x: x)
    assert (verdict["error"], verdict["message"], verdict["line"]) == ("AssertionError", "not 2", 2)
    assert "in line 2 of the test" in shown[-1].traceback[0]


def test_names_that_a_test_binds_stay_for_the_lesson():
    there = {"double": lambda x: 2 * x, "seen": []}
    assert outcome("y = double(2)\nseen.append(y)\nassert [y for y in seen] == [4]", **there)[0][
        "passed"
    ]
    assert there["seen"] == [4]


def test_a_test_does_not_use_what_the_student_calls_by_a_librarys_or_a_built_in_name():
    fake = SimpleNamespace(isclose=lambda *a: True)
    verdict, _ = outcome(
        "assert np.isclose(f(), 1)\nassert all([f()])", np=fake, all=max, f=lambda: 0
    )
    assert verdict["passed"] is False
    assert outcome("assert all([f()]), sum([f()])", all=0, sum=0, f=lambda: 1)[0]["passed"]


def test_functions_of_the_lesson_are_put_back():
    lesson = "def near(a, b):\n    return abs(a - b) < 1"
    verdict, _ = outcome("assert near(f(), 5)", lesson, near=lambda a, b: True, f=lambda: 0)
    assert verdict["passed"] is False
    assert verdict["changed"] == ["the lesson's near"]


def test_replaced_function_of_a_library_is_put_back_and_named(monkeypatch):
    libraries = pristine.Libraries({"numpy"}, set())
    real = np.isclose
    monkeypatch.setattr(np, "isclose", lambda *a: True)
    assert libraries.mend() == ["numpy.isclose"]
    assert np.isclose is real
    assert libraries.mend() == []


def test_value_that_compares_itself_fails():
    def agrees():  # a class that is made after the kernel's start, as a student's are
        return type("Agrees", (), {"__eq__": lambda self, other: True})()

    for value in (agrees, lambda: [agrees()], lambda: {"a": (agrees(),)}):
        verdict, _ = outcome("assert f() == 6", f=value)
        assert verdict["error"] == "Disguised"


def test_class_of_the_test_may_compare_itself():
    source = "class Any:\n    def __eq__(self, other):\n        return True\nassert f(Any()) == 3"
    assert outcome(source, f=lambda x: x)[0]["passed"] is True


def test_test_that_is_left_early_has_not_passed():
    for leave in (SystemExit(0), KeyboardInterrupt(), StopIteration()):

        def f(leave=leave):
            raise leave

        assert outcome("f()", f=f)[0]["passed"] is False


def test_hidden_part_shows_its_message_and_nothing_else():
    source = (
        f"assert f(1) == 1\n{seal.BEGIN}\nassert f(7) == 7, 'seven'\n{seal.END}\nprint('passed')"
    )
    verdict, shown = outcome(source, f=lambda x: 1)
    assert verdict["line"] == 3
    said = json.dumps(shown)
    assert "seven" in said
    assert "f(7)" not in said


def test_what_is_printed_in_a_hidden_part_is_left_out():
    source = f"a = 1\n{seal.BEGIN}\nb = 2\n{seal.END}"
    found = seal.lesson(chapter(code(source, nbgrader={"grade_id": "T", "grade": True})))
    test = seal.seal(found, "T", KEY)
    hide = [new_output("display_data", data={kernel.HIDDEN: on}) for on in (False, True, False)]
    seen, secret, late = (new_output("stream", text=text) for text in ("a", "b", "c"))
    shown = test.shown([hide[0], seen, hide[1], secret, hide[2], late], {"passed": True})
    assert shown == [seen, late]


def test_verdict_without_the_key_or_of_another_test_counts_for_nothing():
    found = seal.lesson(chapter(code("a = 1", nbgrader={"grade_id": "T", "grade": True})))
    test, other = seal.seal(found, "T", KEY), seal.seal(found, "T", KEY)
    body = json.dumps({"passed": True})
    right = hmac.digest(KEY, test.nonce + body.encode(), "sha256").hex()
    for given in ({"body": body, "mac": "0" * 64}, {"body": body}, {"mac": right}, "yes", None):
        assert test.verdict([new_output("display_data", data={kernel.VERDICT: given})]) is None
    answer = [new_output("display_data", data={kernel.VERDICT: {"body": body, "mac": right}})]
    assert test.verdict(answer) == {"passed": True}
    assert other.verdict(answer) is None
    assert test.shown([], None)[0].evalue == "the test did not run to its end"


def test_text_of_a_test_is_not_in_what_is_sent():
    source = "assert f('a secret input') == 'a secret answer'"
    found = seal.lesson(chapter(code(source, nbgrader={"grade_id": "T", "grade": True})))
    request = seal.seal(found, "T", KEY).request
    assert b"secret" not in bytes.fromhex(request.removeprefix(kernel.SEALED))


# What is noticed


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import gc", "speaks of gc"),
        ("get_ipython().run_cell('x')", "speaks of get_ipython, run_cell"),
        ("getattr(x, '_getframe')", "speaks of _getframe"),
        ("import numpy as np\nnp.isclose = 1", "assigns to np.isclose"),
        ("def show(**payload): pass", "defines anew show"),
    ],
)
def test_what_no_exercise_needs_is_noticed(source, said):
    released = chapter()
    nb = chapter(code(source))
    assert any(said in remark for remark in notice.odd(nb, released))


def test_usual_work_is_not_noticed():
    nb = made_up_class.solve(made_up_class.exercises())
    assert notice.odd(nb, made_up_class.exercises()) == []
    assert notice.odd(chapter(code("%matplotlib inline\nx = (")), chapter()) == []


def test_this_process_is_as_it_was():
    assert sys.gettrace() is None or "coverage" in repr(sys.gettrace())


GUARDED = """
import inspect, os, traceback

os.environ["PYTHONPATH"] = "/nowhere"
from helpers.course.classroom import guard

guarding, space = guard.Guard("kernel"), {}
exec(compile("def f(): pass\\ndef g(): return f.__code__", "<test>", "exec"), space)
test = compile("names = [h.__code__.co_name for h in (f, g)]", "<test>", "exec")
guarding.test, guarding.testing = guard.codes(test), True
exec(test, space)
print(*space["names"])
try:
    space["g"]()
except PermissionError as error:
    print(error)
"""


def test_a_test_may_read_the_code_of_a_function_which_may_not():
    done = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True)
    told = "object.__getattr__ is not for a function that is tested"
    assert done.stdout.splitlines() == ["f g", told], done.stderr
