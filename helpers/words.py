"""What figures and runs say to a reader: one way out, so that another language has one way in.

A phrase stands in English where it is said, with names for what is put in. GNU gettext looks it up
in ``helpers/words/LANGUAGE/LC_MESSAGES/helpers.mo`` for the language in ``$DL_LANGUAGE``; where
there is no such file, the reader gets the English.
"""

from __future__ import annotations

import functools
import gettext
import os
from pathlib import Path

_FOLDER = Path(__file__).with_name("words")


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
    return gettext.translation("helpers", _FOLDER, [language], fallback=True)
