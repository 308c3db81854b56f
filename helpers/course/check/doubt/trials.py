"""Trials of a claim: what it stands on is carried out again in its process, with one change."""

from __future__ import annotations

import ast
import contextlib
import copy
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from helpers.course.check.doubt import changes
from helpers.course.check.doubt.behind import Statement, behind
from helpers.course.check.doubt.stage import HELD, Claim, Stage, TooLongError, silence, within

import numpy as np

SLOW = 5.0  # seconds of computing in a cell; one that takes longer is taken as it ran
TRIAL = 15.0  # seconds that a trial may compute
MOST_BYTES = 300_000_000  # of arrays that are copied for a trial


@dataclass
class Trial:
    """How a claim fared when the code behind it changed.

    Attributes
    ----------
    tried
        How many changes were tried.
    broken_by
        The change after which it was false, or None.
    why
        Why nothing could be tried, or an empty text.
    """

    tried: int = 0
    broken_by: str | None = None
    why: str = ""


@dataclass
class Trials:
    """Tries the claims of one chapter.

    Attributes
    ----------
    stage
        Where the chapter runs.
    seed
        Of the order of the changes, and of every trial.
    each, total
        How many changes at most for a claim, and for the chapter.
    seconds
        How long all trials of the chapter may compute.
    """

    stage: Stage
    seed: int = 0
    each: int = 12
    total: int = 10_000
    seconds: float = 120.0

    results: dict[tuple[str, int, int], Trial] = field(default_factory=dict)

    def of_cell(self, claims: list[Claim]) -> None:
        """Try the claims of a cell that has just run."""
        by_statement: dict[tuple[str, int], list[Claim]] = {}
        for claim in claims:
            if claim.outcome == HELD:
                by_statement.setdefault((claim.cell, claim.statement), []).append(claim)
        for place, several in by_statement.items():
            with _put_back(self.stage.names), silence():
                self._of_statement(place, several)

    def _of_statement(self, place: tuple[str, int], claims: list[Claim]) -> None:
        trials = {claim.number: Trial() for claim in claims}
        for claim in claims:
            self.results[claim.cell, claim.statement, claim.number] = trials[claim.number]
        if self.total <= 0 or self.seconds <= 0:
            self._say(trials, "no time was left")
            return
        chosen = self._stands_on(place)
        plain = [(s.cell, s.number, s.node) for s in chosen]
        copies = _Copies(self.stage.names, chosen)
        unchanged = self._carry_out(plain, copies)
        held = unchanged is not None and all(unchanged) and len(unchanged) > max(trials)
        if not held:
            self._say(trials, "it does not hold when its code runs a second time")
            return
        for where, change in self._order(chosen):
            untried = [t for t in trials.values() if t.broken_by is None and t.tried < self.each]
            if not untried or self.total <= 0 or self.seconds <= 0:
                return
            steps = [*plain]
            steps[where] = (*plain[where][:2], change.node)
            outcome = self._carry_out(steps, copies)
            self.total -= 1
            for number, trial in trials.items():
                if trial.broken_by is None:
                    trial.tried += 1
                    if outcome is not None and number < len(outcome) and not outcome[number]:
                        trial.broken_by = change.words
        if not any(trial.tried for trial in trials.values()):
            slow = len(self._stands_on(place, slow=True)) > len(chosen)
            why = "what it stands on takes long" if slow else "it stands on nothing that can change"
            self._say(trials, why)

    def _stands_on(self, place: tuple[str, int], *, slow: bool = False) -> list[Statement]:
        """What a claim stands on; with `slow` also what takes too long to be carried out again."""
        statements = self.stage.reader.statements
        long = {cell for cell, seconds in self.stage.seconds.items() if seconds > SLOW}
        at = self.stage.reader.find(*place)
        return [statements[i] for i in behind(statements[: at + 1], at, () if slow else long)]

    def _order(self, chosen: list[Statement]) -> list[tuple[int, changes.Change]]:
        """All changes, those of the claim's own cell first, drawn at random within each."""
        draw = random.Random(self.seed)
        found = [(i, change) for i, s in enumerate(chosen) for change in changes.of(s.node)]
        draw.shuffle(found)
        return sorted(found, key=lambda pair: chosen[pair[0]].cell != chosen[-1].cell)

    def _carry_out(
        self, steps: list[tuple[str, int, ast.stmt]], copies: _Copies
    ) -> list[bool] | None:
        """What the claims say after `steps`; None where they raise or take too long."""
        import keras

        before = dict(self.stage.names)
        began = time.process_time()
        try:
            copies.put_in(self.stage.names)
            keras.utils.set_random_seed(self.seed)
            with within(TRIAL):
                return self.stage.replay(steps)
        except (Exception, TooLongError):  # a change may break anything
            return None
        finally:
            self.stage.names.clear()
            self.stage.names.update(before)
            copies.put_back()
            self.seconds -= time.process_time() - began

    @staticmethod
    def _say(trials: dict[int, Trial], why: str) -> None:
        for trial in trials.values():
            trial.why = why


class _Copies:
    """What the statements of a trial take as it is, and might change: copied, or put back."""

    def __init__(self, names: dict[str, Any], statements: list[Statement]):
        import keras

        read = set().union(*(s.reads | s.writes for s in statements))
        self.plain: dict[str, Any] = {}
        self.weights: list[tuple[Any, list[np.ndarray]]] = []
        size = 0
        for name in sorted(read & names.keys()):
            value = names[name]
            if isinstance(value, keras.Model | keras.layers.Layer):
                self.weights.append((value, value.get_weights()))
            elif _is_plain(value):
                size += getattr(value, "nbytes", 0)
                if size < MOST_BYTES:
                    self.plain[name] = copy.deepcopy(value)

    def put_in(self, names: dict[str, Any]) -> None:
        """Let the names stand for fresh copies."""
        names.update({name: copy.deepcopy(value) for name, value in self.plain.items()})

    def put_back(self) -> None:
        """Give models and layers the weights that they had."""
        for thing, weights in self.weights:
            with contextlib.suppress(ValueError):  # built anew, with other shapes
                thing.set_weights(weights)


def _is_plain(value: Any, depth: int = 3) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple | set):
        return depth > 0 and all(_is_plain(part, depth - 1) for part in value)
    return isinstance(
        value, bool | int | float | complex | str | np.ndarray | np.generic | np.random.Generator
    )


@contextlib.contextmanager
def _put_back(names: dict[str, Any]) -> Iterator[None]:
    """After the block all names and all random generators are as they were."""
    from keras.src.backend.common import global_state
    from tensorflow.python.eager import context

    before = dict(names)
    python = random.getstate()
    numpy = np.random.get_state()  # noqa: NPY002 what chapters may draw from
    uids = copy.deepcopy(global_state.get_global_attribute("object_name_uids"))
    own = global_state.get_global_attribute("global_seed_generator")
    state = own and np.array(own.state)
    inside = vars(context.context())
    seeds = {name: copy.deepcopy(inside[name]) for name in ("_seed", "_rng") if name in inside}
    try:
        yield
    finally:
        names.clear()
        names.update(before)
        inside.update(seeds)
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        global_state.set_global_attribute("object_name_uids", uids)
        global_state.set_global_attribute("global_seed_generator", own)
        if own:
            own.state.assign(state)
