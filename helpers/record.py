"""What is said to a reader: a tidy line with the same facts as JSON, numbers, phrases.

A phrase stands in English where it is said, with names for what is put in. GNU gettext looks it up
in ``helpers/words/LANGUAGE/LC_MESSAGES/helpers.mo`` for the language in ``$DL_LANGUAGE``; where
there is no such file, the reader gets the English.
"""

from __future__ import annotations

import functools
import gettext
import html
import math
import os
from collections.abc import Sequence
from pathlib import Path

from helpers import ledger

from IPython.display import display

_WORDS = Path(__file__).with_name("words")
MIME = "application/vnd.dl-course+json"
GREEN, RED, ORANGE, GREY = "#009E73", "#D55E00", "#E69F00", "#888888"


def note(payload: dict | None, line: str, colour: str = GREY) -> None:
    """Show the reader one line; `payload` goes along as JSON for reports and tables."""
    display(bundle(payload, line, colour), raw=True)


def bundle(payload: dict | None, line: str, colour: str = GREY) -> dict:
    """What `note` displays: the line as text and as HTML, and `payload` under `MIME`."""
    style = f"border-left:4px solid {colour};padding:2px 10px;margin:2px 0"
    data: dict = {
        "text/plain": line,
        "text/html": f'<div style="{style}">{html.escape(line)}</div>',
    }
    return data if payload is None else data | {MIME: payload}


def figure(
    row: ledger.Row, value: float | list, profile: str, names: Sequence[str] = ()
) -> tuple[dict, str, str]:
    """What a run measured for a figure, as `note` wants it: payload, line and colour.

    The payload holds ``id``, ``value``, ``names`` (of the numbers, or none), ``kind`` (published,
    expected or claim), ``published`` (the number of the ledger), ``within`` (whether they agree;
    None where that says nothing) and ``noisy`` (they agree, and it says nothing).

    Parameters
    ----------
    row
        The figure's row of the ledger.
    value
        What was measured, in plain numbers.
    profile
        In ``"sample"`` nothing is compared.
    names
        Names of the numbers; by default those of the ledger.

    Raises
    ------
    ValueError
        If the profile is ``"full"`` and `value` has another shape than ``row.published``.
    """
    names = list(names or row.names)
    if len(names) != (len(value) if isinstance(value, list) else 1):
        names = []
    agrees = ledger.within(row, value) if profile == "full" else None
    noisy = bool(agrees) and not ledger.tells_something(row)
    within = None if noisy else agrees
    payload: dict = {"type": "figure", "id": row.id, "value": value, "names": names}
    payload |= {"kind": row.evidence, "published": row.published, "within": within, "noisy": noisy}
    measured = named(value, names, row.tolerance)
    given = number(row.published, row.tolerance) if row.published is not None else ""
    parts = [row.id, row.title, say("measured {value}", value=measured)]
    if row.evidence == "published":
        parts.append(say("published {value}", value=given))
    elif row.evidence == "expected":
        parts.append(say("expected {value}", value=given))
    parts += _verdict(row, within, noisy, profile)
    colour = {True: GREEN, False: RED, None: ORANGE if noisy else GREY}[within]
    return payload, " · ".join(parts), colour


def named(value: object, names: Sequence[str], tolerance: object = None) -> str:
    """Numbers for a reader as `number` writes them, each after its name.

    Examples
    --------
    >>> named([0.25, 0.91], ["loss", "accuracy"]), named(0.5, [])
    ('loss 0.25, accuracy 0.91', '0.5')
    """
    if not names:
        return number(value, tolerance)
    parts = value if isinstance(value, list | tuple) else [value]
    each = zip(names, parts, _for_each(parts, tolerance), strict=True)
    return ", ".join(f"{name} {number(*of_it)}" for name, *of_it in each)


def _verdict(row: ledger.Row, within: bool | None, noisy: bool, profile: str) -> list[str]:
    """How the measured and the published numbers compare, and why they do not agree."""
    if row.evidence == "claim":
        return []
    if profile == "sample":
        return [say("sample profile, not compared")]
    if row.tolerance is None:
        return [row.missed] if row.missed else [say("no tolerance yet")]
    width = number(row.tolerance)
    if noisy:
        phrase = "too noisy to say: ±{tolerance} would hold an untrained answer too"
        return [say(phrase, tolerance=width)]
    if within:
        return [say("within ±{tolerance}", tolerance=width) if row.tolerance else say("equal")]
    said = say("outside ±{tolerance}", tolerance=width) if row.tolerance else say("not equal")
    return [said, row.missed] if row.missed else [said]


def number(value: object, tolerance: object = None) -> str:
    """Numbers for a reader: whole and large ones in full, others to four significant digits.

    Parameters
    ----------
    value
        A number, or a nested list of numbers, which are written one after the other.
    tolerance
        What it is compared with, for all numbers or for each: where it is finer than four digits,
        there are as many as it needs.

    Examples
    --------
    >>> number(25000), number(0.88412), number(12345.678), number([1, 2.5])
    ('25,000', '0.8841', '12,346', '1, 2.5')
    >>> number(0.10536052, tolerance=1e-7)
    '0.1053605'
    """
    if isinstance(value, list | tuple):
        return ", ".join(map(number, value, _for_each(value, tolerance)))
    n = float(value)  # type: ignore[arg-type]
    in_full = (n.is_integer() or abs(n) >= 10_000) and abs(n) < 1e15  # a float holds no more digits
    if in_full:
        return f"{n:,.0f}"
    digits = 4
    if isinstance(tolerance, int | float) and tolerance > 0 and n and math.isfinite(n):
        finer = math.floor(math.log10(abs(n))) - math.floor(math.log10(tolerance)) + 1
        digits = min(max(digits, finer), 12)
    return f"{n:,.{digits}g}"


def _for_each(values: Sequence, tolerance: object) -> Sequence:
    """A tolerance for each of some values, from one for all or from those of other values."""
    if not isinstance(tolerance, list | tuple):
        return [tolerance] * len(values)
    return tolerance if len(tolerance) == len(values) else [None] * len(values)


def say(phrase: str, /, **facts: object) -> str:
    """A phrase in the reader's language, with facts put in.

    Parameters
    ----------
    phrase
        English, with fields as in ``str.format``.
    **facts
        What the fields stand for.

    Examples
    --------
    >>> say("{count} pictures: {names}.", count=2, names="cat; dog")
    '2 pictures: cat; dog.'
    """
    return _translations(os.environ.get("DL_LANGUAGE") or "en").gettext(phrase).format(**facts)


@functools.cache
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation("helpers", _WORDS, [language], fallback=True)
