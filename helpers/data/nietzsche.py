"""Nietzsche: a book of his in English, one text of 600,893 characters."""

from __future__ import annotations

from helpers.data import registry
from helpers.data.profile import announce, is_sample
from helpers.data.stand_ins import nietzsche as sample

__all__ = ["load_data"]


def load_data(profile: str) -> str:
    """Load the text, with its capitals and line breaks.

    Parameters
    ----------
    profile
        ``"full"``: the text that Keras's example reads. ``"sample"``: a generated one, with a
        line that says so; see :mod:`helpers.data.stand_ins.nietzsche`.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the file cannot be had.
    """
    if is_sample(profile):
        text = sample.load()
        announce("Nietzsche", f"a generated text of {len(text):,} characters")
        return text
    return registry.fetch("nietzsche.txt").read_text(encoding="utf-8")
