"""A part of a data set that a person has at hand, in place of the whole public file."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import zipfile
import zlib
from os import PathLike
from pathlib import Path
from typing import Any

from helpers.data import registry
from helpers.data.registry import DataError
from helpers.record import say

import pandas as pd

__all__ = ["UNREADABLE", "announce_given", "cached", "path_of", "read_csv"]

UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError)
"""What :func:`read_csv` raises for a file that is empty, cut off or of another kind."""


def path_of(given: str | PathLike | None, variable: str) -> Path | None:
    """The file to read in place of the public one: `given`, else what `variable` names, else None.

    Parameters
    ----------
    given
        A path, or None.
    variable
        The environment variable that is asked next; an empty one names none.

    Raises
    ------
    DataError
        If there is no such file.
    """
    chosen = given or os.environ.get(variable)
    if not chosen:
        return None
    path = Path(chosen).expanduser()
    if not path.is_file():
        raise DataError(
            f"There is no file {path}{', but a folder' if path.is_dir() else ''}; give the path of "
            f"one, or none (and leave the environment variable {variable} unset) for the whole "
            "public data set."
        )
    return path


def cached(file: str, variable: str) -> Path:
    """The public file in Keras's cache; one whose hash nobody knows is used as it is.

    Parameters
    ----------
    file
        A file of the registry.
    variable
        The environment variable that may name another file; an error says so.

    Raises
    ------
    DataError
        As :func:`helpers.data.registry.fetch_unhashed`.
    """
    hint = f"Or let the environment variable {variable} name another one."
    return registry.fetch_unhashed(file, hint)


def announce_given(name: str, contents: str, given: Path | None, public: str) -> None:
    """Print the line that says what was read, and of a given file what the public one has.

    Parameters
    ----------
    name
        Of the data set.
    contents
        What was read.
    given
        The file that was read in place of the public one, or None.
    public
        What the public one has.

    Examples
    --------
    >>> announce_given("GloVe", "2 words", Path("my {1}.txt"), "file has 400,000 words")
    GloVe, only my {1}.txt: 2 words; the public file has 400,000 words.
    >>> announce_given("GloVe", "400,000 words", None, "file has 400,000 words")
    GloVe, 400,000 words.
    """
    if given:
        phrase = "{name}, only {file}: {contents}; the public {public}."
        print(say(phrase, name=name, file=given.name, contents=contents, public=public))
    else:
        print(say("{name}, {contents}.", name=name, contents=contents))


def read_csv(path: Path, **options: Any) -> pd.DataFrame:
    """A table in a CSV file: plain, packed with gzip, or alone in a zip archive.

    Text is UTF-8, UTF-16 if it begins with that encoding's mark, or else Latin-1, which a printed
    line then says.

    Parameters
    ----------
    path
        Of the file, whatever its name ends in.
    **options
        As for ``pandas.read_csv``.

    Raises
    ------
    OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError
        What `UNREADABLE` holds.
    """
    content = _unpacked(path)
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if marked else "utf-8-sig"
    try:
        return pd.read_csv(io.BytesIO(content), encoding=encoding, **options)
    except UnicodeDecodeError as error:
        if marked or b"\0" in content:  # no text, whatever its encoding
            raise
        byte = error.object[error.start]
        phrase = "{file} is not UTF-8 text (byte 0x{byte:02x}); it is read as Latin-1."
        print(say(phrase, file=path.name, byte=byte))
        return pd.read_csv(io.BytesIO(content), encoding="latin-1", **options)


def _unpacked(path: Path) -> bytes:
    """The bytes of a file, or of the one file in an archive."""
    content = path.read_bytes()
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as archive:
            # An archive packed on a Mac holds a second file for each, which is none of ours.
            infos = [i for i in archive.infolist() if not i.is_dir()]
            names = [i.filename for i in infos if not i.filename.startswith("__MACOSX")]
            if len(names) != 1:
                raise ValueError(f"there are {len(names)} files in the archive, not one")
            return archive.read(names[0])
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
