"""GloVe: word vectors learned from the English Wikipedia of 2014 and five years of news."""

from __future__ import annotations

from os import PathLike

from helpers.data import given_file, registry
from helpers.data.profile import announce, is_sample
from helpers.data.stand_ins import glove as sample
from helpers.text.vectors import WordVectors, read

__all__ = ["load_data"]

_VARIABLE = "DL_GLOVE"


def load_data(
    profile: str, dimensions: int = 100, path: str | PathLike | None = None
) -> WordVectors:
    """Load the word vectors, and print a line that says which.

    Parameters
    ----------
    profile
        ``"full"``: the real ones. ``"sample"``: a few hundred invented ones of 50 numbers, see
        :mod:`helpers.data.stand_ins.glove`.
    dimensions
        Of the real ones: 50, 100, 200 or 300.
    path
        A file in GloVe's format to read in place of the public one, for example its first lines;
        None: the file that the environment variable ``DL_GLOVE`` names, else the public one,
        400,000 words.

    Raises
    ------
    ValueError
        For an unknown profile, or dimensions that GloVe does not come in.
    DataError
        If the file cannot be had.
    helpers.text.vectors.GloveError
        If it is damaged.
    """
    if dimensions not in (50, 100, 200, 300):
        raise ValueError(f"dimensions is {dimensions!r}; GloVe comes in 50, 100, 200 and 300.")
    if is_sample(profile):
        vectors = sample.load()
        announce("GloVe", f"{len(vectors)} invented word vectors")
        return vectors
    given = given_file.path_of(path, _VARIABLE)
    vectors = read(given or registry.fetch("glove.6B.zip"), dimensions)
    words, size = vectors.vectors.shape
    contents = f"{words:,} words of {size} numbers"
    given_file.announce_given("GloVe", contents, given, "file has 400,000 words")
    return vectors
