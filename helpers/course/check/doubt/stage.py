"""Where a chapter is run in doubt: its cells in IPython, its claims noted and never raised."""

from __future__ import annotations

import ast
import builtins
import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from helpers.course.check.doubt import spoilers
from helpers.course.check.doubt.behind import Reader, behind

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

HELD, FAILED, UNCLEAR = "held", "failed", "unclear"
TICK, CHECK = "__doubt_tick__", "__doubt_check__"


class TooLongError(BaseException):
    """A cell or a trial took longer than it may; no `except Exception` of a chapter catches it."""


@dataclass
class Claim:
    """One expectation as it was carried out.

    Attributes
    ----------
    cell, statement, number
        The id of its cell, the statement in it, from 0, and which of that statement's claims it is.
    text
        Its sentence.
    outcome
        ``"held"``, ``"failed"``, or ``"unclear"``: false, but after an error of a cell that it
        stands on.
    """

    cell: str
    statement: int
    number: int
    text: str
    outcome: str


@dataclass
class Stage:
    """Runs cells one after the other and notes what they claim.

    Attributes
    ----------
    limit
        Seconds of computing that a cell may take (where the system has interval timers).
    claims, asserts, errors, seconds
        The claims in order; how many asserts held and failed; by cell what it raised and how long
        it computed.
    """

    limit: float = 200.0
    claims: list[Claim] = field(default_factory=list)
    asserts: Counter[bool] = field(default_factory=Counter)
    errors: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    reader: Reader = field(default_factory=Reader)

    def __post_init__(self) -> None:
        settings = Config()
        settings.HistoryManager.enabled = False  # no file of what was typed
        self.shell = InteractiveShell.instance(config=settings, colors="NoColor")
        self.shell.display_pub.publish = lambda *_, **__: None  # figures and tables: for nobody
        self.shell.ast_transformers = [_Noting()]
        setattr(builtins, TICK, self._tick)
        setattr(builtins, CHECK, self._check)
        self.cell = ""
        self.statement = 0
        self._raised: set[tuple[str, int]] = set()
        self._counted: Counter[tuple[str, int]] = Counter()
        self._replayed: list[bool] | None = None
        _watch_claims(self)

    @property
    def names(self) -> dict[str, Any]:
        """The names of the chapter and what they stand for."""
        return self.shell.user_ns

    def run(self, cell: str, source: str, *, fixed: bool = False, may_raise: bool = False) -> None:
        """Run a cell and go on, whatever it raises.

        Parameters
        ----------
        cell, source
            Its id and its code.
        fixed
            Whether it is never run again, as the cell of parameters.
        may_raise
            Whether it is tagged ``raises-exception``.
        """
        spoilers.refresh()
        self.cell, self.statement = cell, 0
        with contextlib.suppress(SyntaxError):
            tree = ast.parse(self.shell.transform_cell(source))
            self.reader.add(cell, tree, fixed or may_raise)
        began = time.process_time()
        with within(self.limit):
            result = self.shell.run_cell(source)
        self.seconds[cell] = time.process_time() - began
        error = result.error_before_exec or result.error_in_exec
        if error is not None and not may_raise:
            self.errors[cell] = f"{type(error).__name__}: {error}"[:500]
            self._raised.add((cell, self.statement))

    def replay(self, statements: list[tuple[str, int, ast.stmt]]) -> list[bool]:
        """Carry statements out again; what the claims in the last of them say.

        Raises
        ------
        Exception
            What the statements raise.
        """
        try:
            for i, (cell, number, node) in enumerate(statements):
                self._replayed = []
                self.cell, self.statement = cell, number
                tree = _Noting().visit(ast.Module([node], type_ignores=[]))
                code = compile(ast.fix_missing_locations(tree), f"<again {i}>", "exec")
                exec(code, self.names)
            return self._replayed or []
        finally:
            self._replayed = None

    def note(self, text: str, condition: Any) -> None:
        """Note a claim where it is carried out."""
        held = bool(condition)
        if self._replayed is not None:
            self._replayed.append(held)
            return
        place = (self.cell, self.statement)
        outcome = HELD if held else UNCLEAR if self._stands_on_an_error() else FAILED
        self.claims.append(Claim(*place, self._counted[place], text, outcome))
        self._counted[place] += 1

    def _stands_on_an_error(self) -> bool:
        """Whether a statement that raised, or one after it in its cell, leads to this claim."""
        if not self._raised:
            return False
        at = self.reader.find(self.cell, self.statement)
        led = {
            (self.reader.statements[i].cell, self.reader.statements[i].number)
            for i in behind(self.reader.statements, at)
        }
        return any(cell == c and n >= number for cell, number in self._raised for c, n in led)

    def _check(self, held: Any) -> None:
        if self._replayed is None:
            self.asserts[bool(held)] += 1

    def _tick(self, statement: int) -> None:
        if self._replayed is None:
            self.statement = statement


def _watch_claims(stage: Stage) -> None:
    """Let `run.expect` note, and not raise; record, keep and draw nothing."""
    from helpers.lesson import Run
    from helpers.training.keep import Keeper

    from matplotlib.figure import Figure

    def expect(self: Any, text: str, condition: Any, *_: Any, **__: Any) -> None:
        stage.note(text, condition)

    def nothing(self: Any, *_: Any, **__: Any) -> None:
        """In place of what a run in doubt must not do."""

    Run.expect = expect  # type: ignore[method-assign]
    Run.record = nothing  # type: ignore[method-assign, assignment]
    Keeper._claim = nothing  # type: ignore[method-assign]
    Figure.savefig = nothing  # type: ignore[method-assign]


class _Noting(ast.NodeTransformer):
    """Says before each statement of a cell which it is; notes its asserts and raises none."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        body: list[ast.stmt] = []
        for number, statement in enumerate(node.body):
            tick = ast.parse(f"{TICK}({number})").body[0]
            body += [ast.copy_location(tick, statement), self.visit(statement)]
        node.body = body
        return ast.fix_missing_locations(node)

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        call = ast.Call(ast.Name(CHECK, ast.Load()), [node.test], [])
        return ast.copy_location(ast.Expr(call), node)

    def _as_it_is(self, node: ast.stmt) -> ast.stmt:
        return node  # in it an assert may be there to be raised: a function guards what it is given

    visit_Try = visit_With = visit_FunctionDef = visit_ClassDef = _as_it_is  # noqa: N815


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `TooLongError` in the block when it computes for longer, where the system can.

    What other processes do meanwhile does not count.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() != threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise TooLongError(f"it computed for longer than {seconds:g} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Nothing that the block prints is seen."""
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield
