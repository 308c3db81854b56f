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
