"""What a chapter reaches: the files of the helpers that its imports lead to, found by reading."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from helpers.course import catalog, notebook

HOUSE = "helpers"
EVERYTHING = "*"  # stands for all that a lazy package offers


def reached(sources: Iterable[str], root: Path = catalog.ROOT) -> set[Path]:
    """The files of the helpers that code imports, directly or through other helpers.

    Nothing is imported: the code is parsed. Of a lazy package only those files count whose names
    the code mentions (``plots.bars`` leads to ``plots/amounts.py``, ``plots.series.forecasts`` to
    ``plots/series.py``); a package that is handed on as a whole, ``dir(plots)``, counts whole.

    Parameters
    ----------
    sources
        Python code, one text a cell or module; a cell that is no Python leads nowhere.
    root
        The folder that holds ``helpers``.

    Returns
    -------
    set of Path
        Modules, the ``__init__.py`` and ``.pyi`` of their packages, and the data files that a
        module names beside itself by ``with_name``.

    Examples
    --------
    >>> files = reached(["from helpers import ledger", "ledger.rows()"])
    >>> sorted(path.name for path in files)
    ['__init__.py', 'ledger.csv', 'ledger.py']
    """
    cells = list(sources)
    bound = _together(cell for cell in cells if HOUSE in cell).bound
    # Cells without such a name need not be parsed, which takes longer than all the rest.
    telling = (cell for cell in cells if HOUSE in cell or any(name in cell for name in bound))
    wanted = [*_together(telling).names]
    found: set[Path] = set()
    asked: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in asked:
            continue
        asked.add(name)
        for path in set(_files(name, root)) - found:
            found.add(path)
            if path.suffix == ".py":
                module = read(path.read_text(encoding="utf-8"))
                wanted += module.names
                for beside in module.beside:
                    found.update(_data(path.with_name(beside)))
    return found


def of_notebook(nb: Any, root: Path = catalog.ROOT) -> set[Path]:
    """The files of the helpers that a notebook reaches; see `reached`."""
    return reached((cell.source for cell in notebook.code_cells(nb)), root)


class Code(NamedTuple):
    """What code says, as far as it tells where it leads.

    Attributes
    ----------
    names
        The dotted names below ``helpers`` that it mentions: ``{"helpers.plots.bars"}``.
    beside
        The files that it reads beside itself: what it gives to ``with_name``.
    strings
        All strings that stand in it.
    bound
        The names that its imports bind, with what they stand for.
    """

    names: set[str]
    beside: set[str]
    strings: set[str]
    bound: dict[str, str]


@cache
def read(code: str) -> Code:
    """Read a module."""
    return _code(_parsed(code))


def _together(cells: Iterable[str]) -> Code:
    """Read cells as one, because one imports a package and another one uses it."""
    body: list[ast.stmt] = []
    for cell in cells:
        lines = cell.splitlines()
        plain = (line for line in lines if not line.lstrip().startswith(("%", "!")))  # no magics
        body += _parsed("\n".join(plain)).body
    return _code(ast.Module(body, []))


def _parsed(code: str) -> ast.Module:
    """Python code as a tree; an empty one if it is no Python."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _code(tree: ast.Module) -> Code:
    names: set[str] = set()
    beside: set[str] = set()
    strings: set[str] = set()
    bound: dict[str, str] = {}
    used: set[tuple[str, ...]] = set()
    for node in _walk(tree):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                strings.add(node.value)
        elif isinstance(node, ast.Name | ast.Attribute):
            used.add(_dotted(node))
        elif isinstance(node, ast.Call):
            match node:
                case ast.Call(ast.Attribute(attr="with_name"), [ast.Constant(str(name))]):
                    beside.add(name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == HOUSE:
                    names.add(alias.name)
                    bound[alias.asname or HOUSE] = alias.name if alias.asname else HOUSE
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == HOUSE:
            for alias in node.names:
                names.add(f"{node.module}.{alias.name}")
                bound[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for first, *rest in used:
        if first in bound:
            names.add(".".join([bound[first], *(rest or [EVERYTHING])]))
    return Code(names, beside, strings, bound)


def _dotted(node: ast.expr) -> tuple[str, ...]:
    """``a.b.c`` as its parts; of what does not begin with a name, an empty part comes first."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return (node.id if isinstance(node, ast.Name) else "", *parts)


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes below `tree`, but of ``a.b.c`` the whole only; `ast.walk` takes thrice as long."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        yield node
        while isinstance(node, ast.Attribute):
            node = node.value
        if isinstance(node, ast.Name | ast.Constant | ast.expr_context):
            continue
        for value in vars(node).values():
            if isinstance(value, ast.AST):
                todo.append(value)
            elif isinstance(value, list):
                todo += [part for part in value if isinstance(part, ast.AST)]


def _files(name: str, root: Path) -> Iterator[Path]:
    """The files behind a dotted name, as far as it leads to files: packages, then a module."""
    folder = root
    parts = name.split(".")
    for position, part in enumerate(parts):
        rest = parts[position + 1 :]
        if (folder / part / "__init__.py").is_file():
            folder /= part
            yield folder / "__init__.py"
            stub = folder / "__init__.pyi"
            if not stub.is_file():
                continue
            yield stub
            offered = _offered(stub.read_text(encoding="utf-8"))
            asked = offered if rest == [EVERYTHING] else {*rest[:1]} & offered.keys()
            yield from {folder / f"{offered[one]}.py" for one in asked}
            if asked:
                return
        else:
            if (folder / f"{part}.py").is_file():
                yield folder / f"{part}.py"
            return


@cache
def _offered(stub: str) -> dict[str, str]:
    """What a lazy package offers, and the module of the package where each name is at home."""
    return {
        alias.asname or alias.name: node.module or alias.name
        for node in ast.walk(ast.parse(stub))
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }


def _data(path: Path) -> Iterator[Path]:
    """A data file, or the files in a folder of them, but for those that a desktop hides there."""
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from (p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
