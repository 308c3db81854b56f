"""What a claim stands on: the statements before it whose names lead to it.

It is found by names alone, in the order of the cells: a simple version of a program slice. What it
misses shows when the statements are carried out again without a change and the claim does not hold.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# Methods that change what they belong to, where their result says nothing of it.
CHANGING = frozenset(
    """
    fit partial_fit compile build adapt train_on_batch set_weights load_weights apply
    apply_gradients minimize assign assign_add assign_sub append extend insert remove pop clear
    update setdefault add discard sort reverse fill put shuffle resize seed set_state
    """.split()  # noqa: SIM905 shorter to read
)
BINDING = (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
# Functions that show something and change nothing.
SHOWING = frozenset({"print", "display"})
SHOWING_MODULES = frozenset({"plots", "plt", "run"})


@dataclass(frozen=True)
class Statement:
    """One statement at the top level of a cell.

    Attributes
    ----------
    cell, number
        The id of its cell, and its place in it, from 0.
    node
        The statement.
    reads, writes, binds
        Names that it needs; that it binds or changes; that it binds anew, whatever they were.
    fixed
        Whether it is not carried out again: an import, a cell of parameters, ``lesson.begin``.
    """

    cell: str
    number: int
    node: ast.stmt
    reads: frozenset[str] = field(repr=False)
    writes: frozenset[str] = field(repr=False)
    binds: frozenset[str] = field(repr=False)
    fixed: bool = False


class Reader:
    """Reads cells into statements, in order, and knows the functions that they define so far."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self._functions: dict[str, frozenset[str]] = {}

    def add(self, cell: str, tree: ast.Module, fixed: bool = False) -> None:
        """Read one more cell."""
        for number, node in enumerate(tree.body):
            self.statements.append(self._statement(cell, number, node, fixed))

    def find(self, cell: str, number: int) -> int:
        """Where a statement stands among all, the last if its cell was read more than once."""
        found = [i for i, s in enumerate(self.statements) if (s.cell, s.number) == (cell, number)]
        return found[-1]

    def _statement(self, cell: str, number: int, node: ast.stmt, fixed: bool) -> Statement:
        fixed |= isinstance(node, ast.Import | ast.ImportFrom) or _begins(node)
        here = _loaded(node)
        if isinstance(node, ast.FunctionDef):
            here = frozenset().union(*map(_loaded, [*node.decorator_list, node.args]))
        reads = self._through_functions(here)
        bound = frozenset(_bound(node))
        whole = isinstance(
            node,
            ast.Assign
            | ast.AnnAssign
            | ast.FunctionDef
            | ast.ClassDef
            | ast.Import
            | ast.ImportFrom,
        )
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            self._functions[node.name] = _free(node)
        else:
            for name in bound & self._functions.keys():
                del self._functions[name]
        changed = frozenset(_changed(node))
        return Statement(
            cell,
            number,
            node,
            reads | (frozenset() if whole else bound),
            bound | changed,
            bound - changed if whole else frozenset(),
            fixed,
        )

    def _through_functions(self, names: frozenset[str]) -> frozenset[str]:
        """`names`, and what the functions among them read when they are called."""
        found: set[str] = set()
        todo = set(names)
        while todo:
            name = todo.pop()
            found.add(name)
            todo |= self._functions.get(name, frozenset()) - found
        return frozenset(found)


def behind(statements: Sequence[Statement], claim: int, fixed: Iterable[str] = ()) -> list[int]:
    """The statements that `statements[claim]` stands on, and itself, in order.

    Parameters
    ----------
    statements
        All statements up to the claim's.
    claim
        Which one holds the claim.
    fixed
        Cells whose statements are not carried out again, because they take long.
    """
    kept, chosen = set(fixed), [claim]
    needed = set(statements[claim].reads)
    for i in range(claim - 1, -1, -1):
        statement = statements[i]
        if not statement.writes & needed:
            continue
        if statement.fixed or statement.cell in kept:
            needed -= statement.writes  # taken as it is
            continue
        chosen.append(i)
        needed -= statement.binds
        needed |= statement.reads
    return chosen[::-1]


def _begins(node: ast.stmt) -> bool:
    return any(
        isinstance(call, ast.Call) and ast.unparse(call.func) in ("lesson.begin", "begin")
        for call in ast.walk(node)
    )


def _loaded(node: ast.AST) -> frozenset[str]:
    return frozenset(
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    )


def _free(node: ast.FunctionDef | ast.ClassDef) -> frozenset[str]:
    """Names that a function needs from outside when it is called."""
    own = {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
    own |= {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
    return _loaded(node) - own


def _bound(node: ast.stmt) -> Iterable[str]:
    """Names that a statement binds at the level of its cell, not inside of a function."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((name.asname or name.name).split(".")[0] for name in node.names)
        return
    todo: list[ast.AST] = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            yield part.name
        elif isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            yield part.id
        elif not isinstance(part, ast.Lambda | ast.comprehension):
            todo += ast.iter_child_nodes(part)


def _changed(node: ast.stmt) -> Iterable[str]:
    """Names whose things a statement changes: by ``x[0] = …``, ``x.append(…)``, ``train(x)``."""
    for part in ast.walk(node):
        if isinstance(part, ast.Subscript | ast.Attribute) and not isinstance(part.ctx, ast.Load):
            yield from _base(part)
        elif isinstance(part, ast.AugAssign):
            yield from _base(part.target)
        elif isinstance(part, ast.Call) and getattr(part.func, "attr", "") in CHANGING:
            yield from _base(part.func)
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
            call = part.value
            if not (set(_base(call.func)) & (SHOWING | SHOWING_MODULES)):
                for given in call.args:
                    yield from _base(given)


def _base(node: ast.AST) -> Iterable[str]:
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Starred):
        node = node.value
    if isinstance(node, ast.Call):
        yield from _base(node.func)
    elif isinstance(node, ast.Name):
        yield node.id
