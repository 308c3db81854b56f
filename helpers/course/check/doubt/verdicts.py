"""Which claims of a chapter were seen to fail, from what its runs in doubt noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.course.check.doubt import CHANGES
from helpers.course.check.doubt.spoilers import NAMES

NOT_REACHED = "not reached"


@dataclass(frozen=True)
class Verdict:
    """What is known of one claim.

    Attributes
    ----------
    chapter, cell, ordinal
        Where it stands: its chapter, the id of its cell, and which of the cell's claims it is,
        from 1.
    text
        Its sentence, as the chapter says it where nothing is spoiled, if that is known.
    exact
        Whether its cell is tagged ``exact``.
    outcomes
        By spoiler: ``"held"``, ``"failed"``, ``"unclear"`` (false after an error of a cell that it
        stands on), or ``"not reached"``.
    changes
        How many changes of the code were tried.
    broken_by
        The change after which it was false, or None.
    why
        Why no change could be tried, or an empty text.
    holds
        Whether it holds where nothing is spoiled; None if no such run came to it.
    """

    chapter: str
    cell: str
    ordinal: int
    text: str
    exact: bool
    outcomes: Mapping[str, str]
    changes: int = 0
    broken_by: str | None = None
    why: str = ""
    holds: bool | None = None

    @property
    def spoiled_by(self) -> tuple[str, ...]:
        """The spoilers under which it failed."""
        return tuple(name for name in NAMES if self.outcomes.get(name) == "failed")

    @property
    def seen_to_fail(self) -> bool:
        """Whether a spoiler broke it or, of an exact claim, a change of the code."""
        return bool(self.spoiled_by or (self.exact and self.broken_by))


def of_chapter(chapter: str, runs: Mapping[str, Mapping[str, Any]]) -> list[Verdict]:
    """One verdict for each claim that any run of a chapter came to, in the order of the cells.

    Parameters
    ----------
    chapter
        Its number.
    runs
        By spoiler, and ``"changes"``: what `helpers.course.check.doubt.worker` noted, with
        ``cells``, the ids of the code cells in order, and ``exact``, those with the tag.
    """
    told: dict[tuple[str, int, int], dict[str, Any]] = {}
    for way in (CHANGES, *NAMES):
        for claim in runs.get(way, {}).get("claims", []):
            place = (claim["cell"], claim["statement"], claim["number"])
            told.setdefault(place, {"text": claim["text"]})[way] = claim["outcome"]
    last = next(iter(runs.values()), {})
    order = {cell: i for i, cell in enumerate(last.get("cells", []))}
    tried = {tuple(place): trial for *place, trial in runs.get(CHANGES, {}).get("trials", [])}
    verdicts: list[Verdict] = []
    ordinal = 0
    for place in sorted(told, key=lambda p: (order.get(p[0], len(order)), *p[1:])):
        found, trial = told[place], tried.get(place, {})
        ordinal = ordinal + 1 if verdicts and verdicts[-1].cell == place[0] else 1
        verdicts.append(
            Verdict(
                chapter,
                place[0],
                ordinal,
                found["text"],
                place[0] in last.get("exact", []),
                {name: found.get(name, NOT_REACHED) for name in NAMES if name in runs},
                trial.get("tried", 0),
                trial.get("broken_by"),
                trial.get("why", ""),
                found[CHANGES] == "held" if CHANGES in found else None,
            )
        )
    return verdicts


def counts(verdicts: list[Verdict]) -> dict[str, int]:
    """How many claims there are, were seen to fail, are exact and were, and never were."""
    seen = [verdict for verdict in verdicts if verdict.seen_to_fail]
    return {
        "claims": len(verdicts),
        "seen to fail": len(seen),
        "exact and seen to fail": sum(verdict.exact for verdict in seen),
        "never seen to fail": len(verdicts) - len(seen),
    }
