"""What a chapter says of itself: one tidy line for the reader, and the same facts as JSON."""

from __future__ import annotations

import html

from IPython.display import display

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
