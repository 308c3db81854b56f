"""Tests that a kernel runs without seeing their text, and verdicts that it cannot forge.

See :mod:`helpers.course.classroom.kernel` for the other end.
"""

from __future__ import annotations

import ast
import builtins
import hmac
import json
import marshal
import secrets
import warnings
from dataclasses import dataclass, field
from typing import Any

from helpers.course import notebook
from helpers.course.classroom import kernel

from nbformat.v4 import new_output

BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
ITS_OWN = {"super", "locals", "globals", "vars", "eval", "exec"}  # they look at their caller


@dataclass
class Lesson:
    """What a chapter's tests may rely on: its imports, its functions, and the tests themselves.

    Attributes
    ----------
    imports
        The import statements of its cells.
    tops
        The packages that they import.
    tests
        The text of each test with its hidden part, by its name.
    """

    imports: list[str] = field(default_factory=list)
    tops: set[str] = field(default_factory=set)
    tests: dict[str, str] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    functions: dict[str, dict[str, ast.FunctionDef]] = field(default_factory=dict)


def lesson(nb: Any) -> Lesson:
    """What stands in a chapter with its solutions and hidden tests."""
    found = Lesson()
    functions: dict[str, ast.FunctionDef] = {}
    for cell in notebook.code_cells(nb):
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade"):
            found.tests[marks["grade_id"]] = cell.source
            found.functions[marks["grade_id"]] = dict(functions)
        elif not marks.get("solution"):
            for node in _statements(cell.source):
                _note(found, functions, node)
    found.aliases -= found.bound
    return found


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:  # a line for IPython
        return []


def _note(found: Lesson, functions: dict[str, ast.FunctionDef], node: ast.stmt) -> None:
    if isinstance(node, ast.Import | ast.ImportFrom):
        modules = (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
        found.tops |= {(name or "").split(".")[0] for name in modules}
        found.aliases |= {a.asname or a.name.split(".")[0] for a in node.names}
        found.imports.append(ast.unparse(node))
        return
    if isinstance(node, ast.FunctionDef) and not node.decorator_list:
        functions[node.name] = node
    found.bound |= _stored(node)


def _stored(tree: ast.AST) -> set[str]:
    """Every name that is bound somewhere in a piece of code."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.split(".")[0])
    return found


class _Seal(ast.NodeTransformer):
    """Has a test look up the libraries' names in its own table, and check what it compares."""

    def __init__(self, table: str, aliases: set[str], own: set[str]) -> None:
        self.table, self.aliases, self.own = table, aliases, own
        self.chains: set[str] = set()

    def _entry(self, key: str) -> ast.expr:
        return ast.Subscript(ast.Constant(self.table), ast.Constant(key), ast.Load())

    def _plain(self, value: ast.expr) -> ast.expr:
        if isinstance(value, ast.Constant | ast.Starred | ast.GeneratorExp):
            return value
        return ast.Call(self._entry(""), [value], [])

    def _chain(self, node: ast.expr) -> str | None:
        """``"np.random.normal"`` where that begins with an import or a built-in function."""
        if isinstance(node, ast.Attribute) and (inner := self._chain(node.value)):
            return f"{inner}.{node.attr}"
        name = node.id if isinstance(node, ast.Name) else ""
        is_library = name in self.aliases or name in vars(builtins)
        return name if is_library and name not in self.own else None

    def _look_up(self, node: Any) -> Any:
        chain = self._chain(node) if isinstance(node.ctx, ast.Load) else None
        if chain is None:
            return self.generic_visit(node)
        self.chains.add(chain)
        return self._entry(chain)

    visit_Name = visit_Attribute = _look_up  # noqa: N815

    def visit_Assert(self, node: ast.Assert) -> Any:
        self.generic_visit(node)
        call = ast.Call(self._entry("fail"), [node.msg] if node.msg else [], [])
        wrong = ast.UnaryOp(ast.Not(), self._plain(node.test))
        return ast.If(wrong, [ast.Expr(call)], [])

    def visit_Compare(self, node: ast.Compare) -> Any:
        self.generic_visit(node)
        node.left = self._plain(node.left)
        node.comparators = [self._plain(value) for value in node.comparators]
        return node

    def visit_Call(self, node: ast.Call) -> Any:
        of_library = self._chain(node.func)
        self.generic_visit(node)
        if of_library:
            node.args = [self._plain(value) for value in node.args]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        self.generic_visit(node)
        node.decorator_list.append(self._entry("own"))
        return node


@dataclass
class Seal:
    """One test for one submission.

    Attributes
    ----------
    request
        What is sent to the kernel in place of the cell's text.
    """

    name: str
    source: str
    key: bytes
    nonce: bytes
    request: str

    def hidden(self, line: int) -> bool:
        """Whether a line of the test is none of those that students see."""
        marks = [text.strip() for text in self.source.splitlines()[:line]]
        return marks.count(BEGIN) > marks.count(END)

    def verdict(self, outputs: list[Any]) -> dict[str, Any] | None:
        """What the kernel found, or None where it has not said so."""
        for output in outputs:
            given = output.get("data", {}).get(kernel.VERDICT)
            if isinstance(given, dict) and isinstance(body := given.get("body"), str):
                mac = hmac.digest(self.key, self.nonce + body.encode(), "sha256").hex()
                if hmac.compare_digest(mac.encode(), str(given.get("mac")).encode()):
                    return json.loads(body)
        return None

    def shown(self, outputs: list[Any], verdict: dict[str, Any] | None) -> list[Any]:
        """The outputs that the student may see: none of a hidden test, but for its message."""
        kept, hiding = [], False
        for output in outputs:
            data = output.get("data", {})
            if kernel.HIDDEN in data:
                hiding = data[kernel.HIDDEN] is True
            elif kernel.VERDICT not in data and not hiding:
                kept.append(output)
        if verdict and not verdict["passed"]:
            kept.append(self._error(verdict))
        elif verdict is None and not any(output.output_type == "error" for output in kept):
            kept.append(error("NoVerdict", "the test did not run to its end"))
        return kept

    def _error(self, verdict: dict[str, Any]) -> Any:
        name, message, line = verdict["error"], verdict["message"], verdict["line"]
        hidden = self.hidden(line)
        where = "in a hidden test" if hidden else f"in line {line} of the test"
        lines = [] if hidden or line < 1 else [self.source.splitlines()[line - 1].strip()]
        said = message.strip() or ("a hidden test found a mistake" if hidden else "")
        story = "" if hidden else "".join(verdict["frames"])
        text = "\n".join([f"{name}: {said}".rstrip(": "), f"({where})", *lines, story]).rstrip()
        return new_output("error", ename=name, evalue=said, traceback=[text])


def error(name: str, message: str) -> Any:
    """An output that says that something went wrong."""
    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])


def seal(found: Lesson, name: str, key: bytes) -> Seal:
    """The test of this name, so that only the holder of the key can read or answer it."""
    source, table, nonce = found.tests[name], f"_{secrets.token_hex(8)}", secrets.token_bytes(16)
    tree = ast.parse(source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    sealing = _Seal(table, found.aliases, found.bound | _stored(tree) | ITS_OWN)
    parts = Seal(name, source, key, nonce, "")
    body: list[ast.stmt] = []
    for number, node in enumerate(tree.body):
        given: list[ast.expr] = [ast.Constant(number), ast.Constant(parts.hidden(node.lineno))]
        step = ast.Expr(ast.Call(sealing._entry("step"), given, []))
        body += [ast.copy_location(step, node), ast.copy_location(sealing.visit(node), node)]
    module = ast.fix_missing_locations(ast.Module(body, []))
    with warnings.catch_warnings():  # a text stands in the table's place until the test runs
        warnings.simplefilter("ignore", SyntaxWarning)
        code = compile(module, f"<{name}>", "exec", dont_inherit=True)
    functions = {}
    for function in used & set(found.functions[name]):
        node = found.functions[name][function]
        definition = compile(ast.Module([node], []), f"<the lesson's {function}>", "exec")
        inner = next(c for c in definition.co_consts if hasattr(c, "co_code"))
        functions[function] = definition, inner
    plain = marshal.dumps((table, code, functions, sorted(sealing.chains), len(tree.body)))
    box = kernel.stream(key, nonce, plain)
    mac = hmac.digest(key, nonce + box, "sha256")
    parts.request = f"{kernel.SEALED}{nonce.hex()}{box.hex()}{mac.hex()}"
    return parts
