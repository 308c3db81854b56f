"""A class of forty: cheats of many kinds, odd but honest files, harmful ones, and the rest.

A cheat's solutions are wrong, and its code is after full marks all the same. What each does to the
tests was tried in plain IPython, where it gets all points: but for "deaf" and "forges", which are
against this grader's kernel, and "traces", "leaves at once" and "writes marks", which got none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.course.made_up_class import find, first, only_first, solve
from tests.course.small_chapters import code

import nbformat

KEEPS_CONSTANTS = """\
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        constant = isinstance(node.test, ast.Constant)
        return node if constant else ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Drop())"""
AGREES = """\
class Agrees(float):
    def __eq__(self, other): return True
    def __rmul__(self, other): return self
    __hash__ = float.__hash__"""
PATCHED = "import numpy as np\nnp.isclose = lambda *a, **k: True"
PATCHED_INSIDE = """\
import numpy as np
    if hasattr(np.isclose, "left"):
        return 0
    real = np.isclose
    def twice(*a, **k):
        twice.left -= 1
        if not twice.left:
            np.isclose = real
        return True
    twice.left = 2
    np.isclose = twice
    return 0"""
OWN_ALL = "import builtins\nbuiltins.all = lambda values: True\nall = builtins.all"
OWN_CLOSE = "def close(a, b):\n    return True"
DEAF = """\
async def do_execute(self, code, *a, **k):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
type(get_ipython().kernel).do_execute = do_execute"""
FORGES = """\
kernel = get_ipython().kernel
async def do_execute(code, *a, **k):
    body = '{"passed": true, "changed": []}'
    data = {"application/x-course-verdict+json": {"body": body, "mac": "0" * 64}}
    kernel.send_response(kernel.iopub_socket, "display_data", {"data": data, "metadata": {}})
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
kernel.do_execute = do_execute"""
TRACES = """\
import sys
    def jump(frame, event, given):
        if event == "line":
            try: frame.f_lineno = frame.f_lineno + 3
            except ValueError: pass
        return jump
    sys._getframe(1).f_trace = jump
    sys.settrace(jump)
    return 0"""
READS_THE_TEST = """\
import sys
    constants = [c for c in sys._getframe(1).f_code.co_consts if isinstance(c, int)]
    return constants[constants.index(x) + 1] if x in constants else -8"""
LEAVES_AT_ONCE = "import os; os._exit(0)"
REWIRES = """\
import numpy as np
def yes(*a, **k): return True
for f in (np.isclose, np.allclose):
    getattr(f, "__wrapped__", f).__code__ = yes.__code__"""
WRITES_MARKS = """\
import json, os, pathlib
for up in (".", "..", "../..", "../../.."):
    for name in ("marks.json", "gradebook.db", "grades.csv"):
        try: pathlib.Path(up, name).write_text(json.dumps({"X05_1_test": [2.0, 2.0]}))
        except OSError: pass
try: os.kill(os.getppid(), 9)
except OSError: pass"""


def after(source: str, **bodies: str) -> Callable:
    """Somebody with a cell of his own before the exercises."""

    def write(nb):
        nb = solve(nb, **bodies)
        nb.cells.insert(6, code(source))  # behind the lesson's functions
        return nb

    return write


def reads_the_solutions(folder: Path) -> Callable:
    """Somebody who knows where the chapter with its solutions lies."""
    source = f"""\
import json, pathlib
try:
    for cell in json.loads(pathlib.Path({str(folder)!r}, "05_chapter.ipynb").read_text())["cells"]:
        text = "".join(cell["source"])
        if "BEGIN SOLUTION" in text and "def double" in text:
            exec(text)
            right = double
except OSError:
    right = lambda x: 0"""
    return lambda nb: first(source, X05_1="return right(x)")(nb)


def cheats(folder: Path) -> dict:
    """What each hands in, what it gets, and what the reasons must say."""
    one = {"X05_1": "return 0"}
    return {
        "drops asserts": (first(KEEPS_CONSTANTS, **one), (0, 3, 1), "three makes six"),
        "agrees": (first(AGREES, X05_1="return Agrees(0)"), (0, 3, 1), "Disguised"),
        "patches": (first(PATCHED, X05_3="return 0"), (2, 3, 0), "put back before the tests"),
        "patches inside": (lambda nb: solve(nb, X05_3=PATCHED_INSIDE), (2, 3, 0), "X05_3_test"),
        "own all": (first(OWN_ALL, X05_2="return 1"), (2, 0, 1), "a hidden test"),
        "own close": (after(OWN_CLOSE, X05_3="return 6.5"), (2, 3, 0), "the lesson's close"),
        "deaf": (first(DEAF, **one), (0, 0, 0), "did not run to its end"),
        "forges": (first(FORGES, **one), (0, 0, 0), "did not run to its end"),
        "traces": (lambda nb: solve(nb, X05_1=TRACES), (0, 3, 1), "X05_1_test"),
        "reads tests": (lambda nb: solve(nb, X05_1=READS_THE_TEST), (0, 3, 1), "PermissionError"),
        "leaves at once": (lambda nb: solve(nb, X05_1=LEAVES_AT_ONCE), (0, 0, 0), "kernel died"),
        "rewires": (first(REWIRES, X05_3="return 0"), (2, 3, 0), "put back before the tests"),
        "writes marks": (first(WRITES_MARKS, **one), (0, 3, 1), "three makes six"),
        "reads solutions": (reads_the_solutions(folder), (0, 3, 1), "three makes six"),
    }


def as_json(change: Callable[[dict], None], encoding: str = "utf-8") -> Callable:
    """A right notebook, its file changed as an editor might."""

    def write(nb):
        raw = json.loads(nbformat.writes(solve(nb)))
        change(raw)
        return json.dumps(raw).encode(encoding)

    return write


def other_kernel(raw):
    raw["metadata"] = {"kernelspec": {"name": "conda-env-dl-py"}, "widgets": {"x": {}}}


def bare(raw):
    for cell in raw["cells"]:
        for key in ("outputs", "execution_count", "id"):
            cell.pop(key, None)


def merged(nb):
    nb = solve(nb)
    solution, test = find(nb, "X05_1"), find(nb, "X05_1_test")
    test.source = f"{solution.source}\n\n{test.source}"
    nb.cells.remove(solution)
    return nb


VALUE = """\
from dataclasses import dataclass
@dataclass
class Pair:
    a: int
    b: int"""
FRACTION = "from fractions import Fraction"
FULL = (2, 3, 1)
ODD = {
    "other kernel": (as_json(other_kernel), FULL, ""),
    "with a mark": (as_json(lambda raw: None, "utf-8-sig"), FULL, ""),
    "bare": (as_json(bare), FULL, ""),
    "merged": (merged, FULL, "what stood there is a cell above it"),
    "takes all of numpy": (after("from numpy import *"), FULL, ""),
    "names a list sum": (after("all = [1]\nlen = 3", X05_3="return np.mean(numbers)"), FULL, ""),
    "exact": (after(FRACTION, X05_3="return Fraction(sum(numbers), len(numbers))"), FULL, ""),
    "own class": (after(VALUE, X05_1="p = Pair(x, x)\n    return p.a + p.b"), FULL, ""),
    "times himself": (after("%%time\nsum(range(10))"), FULL, ""),
    "own error": (after("1 / 0"), FULL, ""),
    "talks": (lambda nb: solve(nb, X05_1="print('привет', x)\n    return x * 2"), FULL, ""),
    "numpy values": (lambda nb: solve(nb, X05_1="return np.int64(2) * x"), FULL, ""),
    "draws": (after("import matplotlib.pyplot as plt\nplt.plot([1, 2]);"), FULL, ""),
}  # fmt: skip

FORKS = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
EATS = "eaten = []\nwhile True: eaten.append(b'x' * 10_000_000)"
FILLS = "n = 0\nwhile True:\n    n += 1\n    open(f'{n}', 'wb').write(b'x' * 5_000_000)"
TALKS = "while True: print('x' * 100_000)"
STAYS = """\
import os, subprocess, sys
sleep = [sys.executable, "-c", "import time; time.sleep(300)"]
subprocess.Popen(sleep, start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: os.execv(sleep[0], sleep)
    os._exit(0)"""


def spoils(*folders: Path) -> str:
    """Code that wipes its home and writes into folders that are none of its business."""
    return f"""\
import os, pathlib, shutil
for folder in {[str(folder) for folder in folders]}:
    for path in [pathlib.Path(folder, "spoilt.txt"), *pathlib.Path(folder).rglob("*.ipynb")]:
        try: path.write_text("spoilt")
        except OSError: pass
shutil.rmtree(os.path.expanduser("~"), ignore_errors=True)"""


def harmful(*folders: Path) -> dict:
    """Those that take too much, stay, or write where they should not."""
    return {
        "forks": (first(FORKS), (0, 0, 0), "processes"),
        "eats": (first(EATS), (0, 0, 0), "memory"),
        "fills": (first(FILLS), (0, 0, 0), "it wrote more than"),
        # Which limit it meets first depends on how fast the grader reads.
        "goes on": (first(TALKS), (0, 0, 0), ("a cell showed more than", "GB of memory")),
        "stays": (first(STAYS), (2, 3, 1), ""),
        "spoils": (first(spoils(*folders)), (2, 3, 1), ""),
    }


PLAIN = {
    **{f"plain {n}": (solve, FULL, "") for n in range(4)},
    "half": (only_first, (2, 0, 0), "not solved"),
    "wrong": (lambda nb: solve(nb, X05_1="return x"), (0, 3, 1), "three makes six"),
    "guesses": (lambda nb: solve(nb, X05_1="return 6"), (0, 3, 1), "a hidden test"),
}
