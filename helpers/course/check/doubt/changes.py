"""Changes of code after which an exact claim must not hold: a number, an operator, an axis, …

A claim is not to be broken by a change of the claim itself: what it expects, and how it compares,
stays. A number in a call that computes the measured side may change.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

OPERATORS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
OPPOSITES = {"max": "min", "argmax": "argmin", "sum": "mean", "maximum": "minimum", "any": "all"}
OPPOSITES |= {other: one for one, other in OPPOSITES.items()}
# Calls of which a claim consists: what stands beside the measured side is what is expected.
COMPARING = frozenset(
    """
    allclose isclose array_equal equal all any bool set sorted list tuple abs len int
    float
    """.split()  # noqa: SIM905 shorter to read
)
# Calls whose arguments decide nothing that a claim is about.
IDLE = frozenset(
    """
    print display record seed default_rng set_random_seed SeedGenerator summary show note
    """.split()  # noqa: SIM905 shorter to read
)
IDLE_MODULES = frozenset({"plots", "plt", "axis", "axes", "figure"})
IDLE_KEYWORDS = frozenset(
    """
    seed random_state verbose name dtype title label xlabel ylabel atol rtol figsize
    """.split()  # noqa: SIM905 shorter to read
)


@dataclass(frozen=True)
class Change:
    """A statement with one change, and the words for it: ``"axis=1 → axis=0"``."""

    words: str
    node: ast.stmt


def of(statement: ast.stmt) -> list[Change]:
    """All changes of one statement, each by itself, in the order of the code."""
    places = {id(node): i for i, node in enumerate(ast.walk(statement))}
    found = []
    for node in _open_to_change(statement):
        for new, words in _replacements(node):
            changed = copy.deepcopy(statement)
            target = list(ast.walk(changed))[places[id(node)]]
            new(target)
            found.append(Change(words, ast.fix_missing_locations(changed)))
    return found


def _open_to_change(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a statement that may change, without those that state a claim or show it."""
    if isinstance(node, ast.Call):
        name = _called(node)
        if name == "expect":
            for condition in [*node.args[1:], *(k.value for k in node.keywords)]:
                yield from _measured(condition)
            return
        if name in IDLE or _module(node.func) in IDLE_MODULES:
            return
    if isinstance(node, ast.keyword) and node.arg in IDLE_KEYWORDS:
        return
    if isinstance(node, ast.JoinedStr | ast.Assert | ast.Import | ast.ImportFrom):
        return
    yield node
    if isinstance(node, ast.keyword) and node.arg == "axis":
        return
    for child in ast.iter_child_nodes(node):
        yield from _open_to_change(child)


def _measured(condition: ast.AST) -> Iterator[ast.AST]:
    """The parts of a claim's condition that compute what is measured."""
    if isinstance(condition, ast.Call):
        if _called(condition) in COMPARING:
            parts: list[ast.AST] = [*condition.args]
            if isinstance(condition.func, ast.Attribute):  # (…).all()
                parts.append(condition.func.value)
            for compared in parts:
                yield from _measured(compared)
        else:
            named = [part for part in condition.args if _names_a_value(part)]
            if named or _names_a_value(condition.func):
                for part in (*condition.args, *condition.keywords, condition.func):
                    yield from _open_to_change(part)
    elif isinstance(condition, ast.Subscript):
        yield from _measured(condition.value)
    elif isinstance(condition, ast.GeneratorExp | ast.ListComp):
        yield from _measured(condition.elt)
    else:
        for child in ast.iter_child_nodes(condition):
            if isinstance(child, ast.expr):
                yield from _measured(child)


def _names_a_value(node: ast.AST) -> bool:
    """Whether an expression reads a name other than that of a library."""
    return any(
        isinstance(part, ast.Name) and part.id not in ("np", "keras", "tf", "layers", "math", "pd")
        for part in ast.walk(node)
    )


def _replacements(node: ast.AST) -> Iterator[tuple[Callable[[Any], None], str]]:
    """How one part may change, with the words for it."""
    if isinstance(node, ast.keyword):
        old = _literal(node.value)
        if isinstance(old, bool):
            yield _set_value(not old), f"{node.arg}={old} → {node.arg}={not old}"
        elif node.arg == "axis" and isinstance(old, int):
            yield _set_value(int(old == 0)), f"axis={old} → axis={int(old == 0)}"
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        if not isinstance(node.value, bool):
            value = node.value
            new = value + 1 if isinstance(value, int) or value == 0 else 2 * value
            yield (lambda target: setattr(target, "value", new)), f"{value} → {new}"
    elif isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp):
        yield from _operator(node, type(node.op))
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        other = OPERATORS.get(type(node.ops[0]))
        if other:
            yield (
                (lambda target: setattr(target, "ops", [other()])),
                f"{ast.unparse(node)}: {type(node.ops[0]).__name__} → {other.__name__}",
            )
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield (
            (lambda target: setattr(target, "op", ast.UAdd())),
            f"{ast.unparse(node)} → {ast.unparse(node.operand)}",
        )
    elif isinstance(node, ast.Attribute) and node.attr in OPPOSITES:
        other_name = OPPOSITES[node.attr]
        yield (
            (lambda target: setattr(target, "attr", other_name)),
            f"{node.attr} → {other_name}",
        )


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _set_value(value: bool | int) -> Callable[[Any], None]:
    return lambda keyword: setattr(keyword, "value", ast.Constant(value))


def _operator(
    node: ast.BinOp | ast.AugAssign | ast.BoolOp, kind: type
) -> Iterator[tuple[Callable[[Any], None], str]]:
    other = OPERATORS.get(kind)
    if kind is ast.MatMult and isinstance(node, ast.BinOp):
        swapped = f"{ast.unparse(node.right)} @ {ast.unparse(node.left)}"
        yield _swap, f"{ast.unparse(node)} → {swapped}"
    if other:
        yield (
            (lambda target: setattr(target, "op", other())),
            f"{ast.unparse(node)}: {kind.__name__} → {other.__name__}",
        )


def _swap(product: Any) -> None:
    product.left, product.right = product.right, product.left


def _called(node: ast.AST) -> str:
    """The last name of what a call calls, ``"allclose"`` for ``np.allclose(…)``."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _module(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
