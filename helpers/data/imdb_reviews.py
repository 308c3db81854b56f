"""IMDB as raw text: film reviews as they were written, labelled 1 (positive) or 0 (negative)."""

from __future__ import annotations

import tarfile
from os import PathLike
from pathlib import Path

from helpers.data import given_file, registry
from helpers.data.profile import announce, is_sample
from helpers.data.registry import DataError
from helpers.data.stand_ins import imdb_reviews as sample

import numpy as np

__all__ = ["load_data"]

_VARIABLE = "DL_IMDB_REVIEWS"
_FOLDERS = {"neg": 0, "pos": 1}

Reviews = tuple[list[str], np.ndarray]


def load_data(profile: str, path: str | PathLike | None = None) -> tuple[Reviews, Reviews]:
    """Load the training and the test reviews with their labels, and print a line that says which.

    Parameters
    ----------
    profile
        ``"full"``: the real ones. ``"sample"``: 2,000 + 2,000 generated ones, see
        :mod:`helpers.data.stand_ins.imdb_reviews`.
    path
        A CSV file, packed or not, to read in place of the public archive: columns ``review`` and
        ``sentiment`` (positive or negative), the first half for training and the second for the
        test. None: the file that the environment variable ``DL_IMDB_REVIEWS`` names, else the
        archive, 25,000 + 25,000 reviews.

    Returns
    -------
    tuple
        ``(texts_train, y_train), (texts_test, y_test)``: texts a list of n strings, labels ``(n,)``
        of int64. In the archive's order all negative reviews come first: shuffle them.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the file cannot be had, or is not such a table.
    """
    if is_sample(profile):
        announce("IMDB", "2,000 + 2,000 generated reviews in clumsy English")
        return sample.load()
    given = given_file.path_of(path, _VARIABLE)
    parts = _from_table(given) if given else _from_archive(registry.fetch("aclImdb_v1.tar.gz"))
    numbers = " + ".join(f"{len(texts):,}" for texts, _ in parts)
    public = "archive has 25,000 + 25,000"
    given_file.announce_given("IMDB", f"{numbers} reviews", given, public)
    return parts


def _from_table(path: Path) -> tuple[Reviews, Reviews]:
    """The two halves of a table."""
    try:
        table = given_file.read_csv(path, dtype=str, keep_default_na=False)
        labels = table["sentiment"].map({"negative": 0, "positive": 1})
        texts = table["review"].tolist()
    except (KeyError, *given_file.UNREADABLE) as error:
        raise DataError(
            f"{path.name} is not a CSV file with the columns review and sentiment ({error})."
        ) from error
    if labels.isna().any():
        row = labels.isna().idxmax()
        raise DataError(
            f"{path.name}, review {row + 1} has the sentiment {table['sentiment'][row]!r}; it must "
            "be positive or negative."
        )
    y, half = labels.to_numpy("int64"), len(texts) // 2
    return (texts[:half], y[:half]), (texts[half:], y[half:])


def _from_archive(path: Path) -> tuple[Reviews, Reviews]:
    """The files of the folders train/neg, train/pos, test/neg and test/pos, in order of names."""
    found: dict[tuple[str, int, str], str] = {}
    with tarfile.open(path, "r|gz") as archive:  # as a stream: each file is unpacked once
        for member in archive:
            folder = Path(member.name).parent.as_posix().removeprefix("aclImdb/")
            part, _, kind = folder.partition("/")
            wanted = part in ("train", "test") and kind in _FOLDERS
            file = archive.extractfile(member) if wanted else None  # None for a folder, too
            if file:
                found[part, _FOLDERS[kind], member.name] = file.read().decode("utf-8")
    return _part(found, "train"), _part(found, "test")


def _part(found: dict[tuple[str, int, str], str], part: str) -> Reviews:
    keys = sorted(key for key in found if key[0] == part)
    return [found[key] for key in keys], np.array([label for _, label, _ in keys], dtype="int64")
