"""What a teacher should look at in a submission: code that no exercise of the course needs.

It costs no points: a student may have a reason. It is how a cheat is noticed that is not stopped.
"""

from __future__ import annotations

import ast
from typing import Any

from helpers.course import notebook

MODULES = {"ctypes", "gc", "inspect", "marshal", "builtins", "importlib", "socket", "subprocess"}
WORDS = """
    get_ipython exec eval globals setattr __import__ __builtins__ _getframe settrace setprofile
    modules f_back f_globals f_locals gi_frame __closure__ __code__ __globals__ __subclasses__
    __eq__ __bool__ __array_function__ __array_ufunc__ system popen fork _exit kill
    ast_transformers run_cell atexit
"""
NAMES = set(WORDS.split())


def odd(nb: Any, released: Any) -> list[str]:
    """Remarks on a prepared submission; none for what stands in the chapter as handed out."""
    usual = {cell.source for cell in released.cells}
    lesson = [c for c in notebook.code_cells(released) if "nbgrader" not in c.metadata]
    functions = {name for cell in lesson for name in _defined(cell.source)}
    known = {name for source in usual for name in _names(source)}
    remarks = []
    for cell in notebook.code_cells(nb):
        if cell.source in usual:
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or "a cell of its own"
        strange = sorted(_names(cell.source) & (MODULES | NAMES) - known)
        if strange:
            remarks.append(f"{name} speaks of {', '.join(strange[:5])}")
        rebound = sorted(functions & _defined(cell.source))
        if rebound:
            remarks.append(f"{name} defines anew {', '.join(rebound[:5])}")
        patched = sorted(_patched(cell.source))
        if patched:
            remarks.append(f"{name} assigns to {', '.join(patched[:5])}")
    return remarks


def _tree(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _names(source: str) -> set[str]:
    """Every name, attribute, imported module and text of one word in a piece of code."""
    found = set()
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").split(".")[0], *(alias.name for alias in node.names)}
    return found


def _defined(source: str) -> set[str]:
    tree = _tree(source)
    return {n.name for n in getattr(tree, "body", []) if isinstance(n, ast.FunctionDef)}


def _patched(source: str) -> set[str]:
    """Attributes of imported names that are assigned to: ``np.allclose = …``."""
    tree = _tree(source)
    aliases = {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    } | {"np", "numpy", "tf", "keras", "plt", "layers", "losses", "plots"}
    return {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id in aliases
    }
