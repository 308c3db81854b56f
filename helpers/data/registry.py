"""The files of the real data sets: where they come from, where they lie, and their hashes.

The table is ``registry.csv``, one row a file. A row without a sha256 names a public file whose
hash is not known yet: it is listed, and never downloaded or trusted.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from helpers import PERSON_VARIABLES

import requests

__all__ = [
    "DataError",
    "Entry",
    "cache_dir",
    "entries",
    "fetch",
    "fetch_unhashed",
    "find",
    "sha256_of",
    "state",
]

_TABLE = Path(__file__).with_name("registry.csv")


class DataError(RuntimeError):
    """A real data file is missing, damaged or unknown; the message says what to do."""


@dataclass(frozen=True)
class Entry:
    """One row of the registry: a file in Keras's cache.

    `folder` is ``"datasets"`` or ``"models"``; `sha256` is empty and `bytes` None where they are
    not known.
    """

    file: str
    folder: str
    urls: tuple[str, ...]
    sha256: str
    bytes: int | None
    dataset: str
    chapters: tuple[str, ...]
    licence: str
    citation: str

    @property
    def path(self) -> Path:
        """Where the file lies, or would lie, in the cache."""
        return cache_dir() / self.folder / self.file

    @property
    def size(self) -> str:
        """The size in words, ``"17,464,789 bytes"``."""
        return f"{self.bytes:,} bytes" if self.bytes else "size unknown"


def cache_dir() -> Path:
    """Keras's cache folder: ``$KERAS_HOME``, else ``~/.keras``.

    Raises
    ------
    DataError
        If a file is there in place of a folder.
    """
    folder = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser().absolute()
    if folder.is_file():
        raise DataError(
            f"{folder} is a file, not a folder; let the environment variable KERAS_HOME name a "
            "folder for the data, or leave it unset for ~/.keras."
        )
    return folder


@cache
def entries() -> dict[str, Entry]:
    """All rows of the registry by file name, in the order of the table."""
    with _TABLE.open(newline="", encoding="utf-8") as table:
        rows = [_parse(row) for row in csv.DictReader(table)]
    return {entry.file: entry for entry in rows}


def _parse(row: dict[str, str]) -> Entry:
    parsed: dict[str, Any] = {
        "urls": tuple(row["urls"].split()),
        "chapters": tuple(row["chapters"].split()),
        "bytes": int(row["bytes"]) if row["bytes"] else None,
    }
    return Entry(**row | parsed)


def find(name: str) -> list[Entry]:
    """The entries called `name`: one file, or all files of the data set of that name.

    Raises
    ------
    DataError
        If neither a file nor a data set has that name.
    """
    known = entries().values()
    found = [entry for entry in known if name in (entry.file, entry.dataset)]
    if not found:
        names = {entry.file for entry in known} | {entry.dataset for entry in known}
        close = difflib.get_close_matches(name, sorted(names), cutoff=0.5)
        hint = f"did you mean {' or '.join(close)}" if close else "see python -m helpers.data list"
        raise DataError(f"The registry knows no file or data set called {name!r}: {hint}.")
    return found


def state(entry: Entry) -> str:
    """``"missing"``, ``"present"``, ``"damaged"``, ``"unreadable"``, or ``"no known hash"``.

    The last is a file that is there, but cannot be checked.
    """
    if not entry.path.exists():
        return "missing"
    if not entry.sha256:
        return "no known hash"
    try:
        return "present" if sha256_of(entry.path) == entry.sha256 else "damaged"
    except DataError:
        return "unreadable"


def fetch(file: str) -> Path:
    """Make sure that a real data file is in the cache, unharmed, and say where.

    A file that is there is checked, never replaced. One that is missing is downloaded to a
    temporary name, checked, and moved into place, so that several processes may do it at once.

    Parameters
    ----------
    file
        A file name of the registry, ``"imdb.npz"``.

    Raises
    ------
    DataError
        If the file is unknown, has no known hash, is damaged, or cannot be downloaded or written.
    """
    if file not in entries():
        find(file)  # raises with close matches, unless `file` names a whole data set
        raise DataError(f"{file!r} is a data set; fetch its files one by one.")
    entry = entries()[file]
    if not entry.sha256:
        raise DataError(
            f"{file} has no known hash yet, so it is not downloaded and not trusted; "
            f"its public address is {entry.urls[0]}"
        )
    if entry.path.exists():
        found = sha256_of(entry.path)
        if found != entry.sha256:
            raise DataError(
                f"{entry.path} is damaged or another file: its sha256 is {found} "
                f"({entry.path.stat().st_size:,} bytes), not {entry.sha256} ({entry.size}). "
                "Delete it, so that it is fetched again, or put the right file there; "
                "or use the stand-in: PROFILE = 'sample' in the first code cell."
            )
    else:
        _download(entry)
    return entry.path


def fetch_unhashed(file: str, hint: str) -> Path:
    """As :func:`fetch`; but a file whose hash nobody knows is used as it lies there.

    Such a file is never downloaded.

    Parameters
    ----------
    file
        A file name of the registry.
    hint
        A sentence on what else to do where that file is missing, for the message.

    Raises
    ------
    DataError
        As :func:`fetch`, or if a file without a known hash is not there.
    """
    entry = entries()[file]
    if entry.sha256:
        return fetch(file)
    if not entry.path.exists():
        raise DataError(
            f"{file} is not in {entry.path.parent}, and is not downloaded, since its hash is not "
            f"known; its public address is {entry.urls[0]}. Download it yourself into that folder. "
            f"{hint} Or use the stand-in: PROFILE = 'sample' in the first code cell."
        )
    return entry.path


def sha256_of(path: Path) -> str:
    """The sha256 of a file's content, 64 hexadecimal digits.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({_reason(error)}); make it a readable file, or use the "
            "stand-in: PROFILE = 'sample' in the first code cell."
        ) from error


def _download(entry: Entry) -> None:
    """Try each address in turn; the first file with the right hash is kept."""
    import pooch  # only where it is needed: in a notebook without ipywidgets it warns on import

    reasons = []
    for url in entry.urls:
        try:
            pooch.retrieve(
                url,
                known_hash=f"sha256:{entry.sha256}",
                fname=entry.file,
                path=entry.path.parent,
                downloader=pooch.HTTPDownloader(progressbar=_watched(), chunk_size=1 << 16),
            )
            # The temporary file was private; a cache may be shared by a class.
            entry.path.chmod(0o644)
            return
        except (requests.RequestException, ValueError) as error:
            reasons.append(f"{urlsplit(url).netloc}: {_reason(error)}")
        except OSError as error:
            reasons.append(_reason(error))
            break
    raise DataError(
        f"{entry.file} is not in {entry.path.parent} and could not be put there "
        f"({'; '.join(reasons)}). Put the file with sha256 {entry.sha256} ({entry.size}) into that "
        "folder yourself, or use the stand-in: PROFILE = 'sample' in the first code cell."
    )


def _reason(error: Exception) -> str:
    """A few words on why a file could not be had."""
    match error:
        case requests.HTTPError(response=requests.Response() as response):
            return f"answered {response.status_code}"
        case requests.Timeout():
            return "no answer in time"
        case requests.exceptions.SSLError():
            return (
                "its certificate was refused; behind a firewall that reads along, let the "
                "environment variable REQUESTS_CA_BUNDLE name the file of its certificates"
            )
        case requests.RequestException():
            return "no connection, or it broke"
        case ValueError():
            return "sent other bytes than expected"
        case OSError(errno=int(number)):
            return os.strerror(number)
        case PermissionError():  # pooch's own for a folder that refuses, without a number
            return "the folder cannot be written"
        case _:
            return str(error)


def _watched() -> bool:
    """Whether a person sees a progress bar: at a terminal, or in a notebook they opened."""
    return sys.stderr.isatty() or any(name in os.environ for name in PERSON_VARIABLES)
