"""What is said to a reader: a tidy line with the same facts as JSON, numbers, phrases.

A phrase stands in English where it is said, with names for what is put in. GNU gettext looks it up
in ``helpers/words/LANGUAGE/LC_MESSAGES/helpers.mo`` for the language in ``$DL_LANGUAGE``; where
there is no such file, the reader gets the English.
"""

from __future__ import annotations

import functools
import gettext
import html
import os
from pathlib import Path

from IPython.display import display

_WORDS = Path(__file__).with_name("words")
MIME = "application/vnd.dl-course+json"


def note(payload: dict | None, line: str, colour: str = "#888888") -> None:
    """Show the reader one line; `payload` goes along as JSON for reports and tables."""
    style = f"border-left:4px solid {colour};padding:2px 10px;margin:2px 0"
    data = {
        "text/plain": line,
        "text/html": f'<div style="{style}">{html.escape(line)}</div>',
    }
    display(data if payload is None else data | {MIME: payload}, raw=True)


def number(value: object) -> str:
    """Numbers for a reader: whole and large ones in full, others to four significant digits.

    Parameters
    ----------
    value
        A number, or a nested list of numbers, which are written one after the other.

    Examples
    --------
    >>> number(25000), number(0.88412), number(12345.678), number([1, 2.5])
    ('25,000', '0.8841', '12,346', '1, 2.5')
    """
    if isinstance(value, list | tuple):
        return ", ".join(map(number, value))
    n = float(value)  # type: ignore[arg-type]
    in_full = (n.is_integer() or abs(n) >= 10_000) and abs(n) < 1e15  # a float holds no more digits
    return f"{n:,.0f}" if in_full else f"{n:,.4g}"


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
