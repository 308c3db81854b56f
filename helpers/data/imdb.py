"""IMDB: film reviews as lists of word indices, labelled 1 (positive) or 0 (negative)."""

from __future__ import annotations

from helpers.arguments import whole
from helpers.data import registry
from helpers.data.keras_files import SEED, Part, read_word_index
from helpers.data.profile import announce, is_sample
from helpers.data.stand_ins import imdb as sample
from helpers.text.indices import encode_ranks

import numpy as np

__all__ = ["get_word_index", "load_data"]


def load_data(profile: str, num_words: int = 10_000) -> tuple[Part, Part]:
    """Load the training and the test reviews with their labels.

    Parameters
    ----------
    profile
        ``"full"``: 25,000 + 25,000 real reviews. ``"sample"``: 2,000 + 2,000 generated ones, see
        :mod:`helpers.data.stand_ins.imdb`.
    num_words
        The size of the vocabulary: rarer words become 2.

    Returns
    -------
    tuple
        ``(x_train, y_train), (x_test, y_test)`` as from ``keras.datasets.imdb``: reviews ``(n,)``
        of lists that begin with 1, labels ``(n,)`` of int64.

    Raises
    ------
    ValueError
        For an unknown profile or a `num_words` that is not a whole number of at least 1.
    DataError
        If the real file cannot be had.
    """
    whole("num_words", num_words)
    if is_sample(profile):
        announce("IMDB", "2,000 + 2,000 generated reviews in clumsy English")
        return sample.load().encoded(num_words)
    rng = np.random.RandomState(SEED)  # as Keras does, first for the training part, then the test
    with np.load(registry.fetch("imdb.npz"), allow_pickle=True) as file:
        return _part(file, "train", rng, num_words), _part(file, "test", rng, num_words)


def _part(
    file: np.lib.npyio.NpzFile, part: str, rng: np.random.RandomState, num_words: int
) -> Part:
    """Unpickle, shuffle and encode one half, so that only its raw form is ever in memory."""
    reviews, labels = file[f"x_{part}"], file[f"y_{part}"]
    order = rng.permutation(len(reviews))
    reviews = reviews[order]
    return encode_ranks(reviews, num_words), labels[order]


def get_word_index(profile: str) -> dict[str, int]:
    """Load the dictionary from words to frequency ranks, from 1; an index in a review is 3 more.

    Parameters
    ----------
    profile
        ``"full"`` or ``"sample"``, the same as for the reviews.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the real file cannot be had.
    """
    if is_sample(profile):
        return dict(sample.load().word_index)
    return read_word_index("imdb_word_index.json")
