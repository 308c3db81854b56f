"""Reuters: newswires of 1987 as lists of word indices, labelled with one of 46 topics."""

from __future__ import annotations

from helpers.arguments import whole
from helpers.data.keras_files import Part, read_word_index, read_x_y, split
from helpers.data.profile import announce, is_sample
from helpers.data.stand_ins import reuters as sample
from helpers.text.indices import encode_ranks

import keras

__all__ = ["LABEL_NAMES", "get_word_index", "load_data"]

LABEL_NAMES: tuple[str, ...] = tuple(keras.datasets.reuters.get_label_names())
"""The topic that each label 0 to 45 stands for."""


def load_data(profile: str, num_words: int = 10_000) -> tuple[Part, Part]:
    """Load the training and the test newswires with their topics.

    Parameters
    ----------
    profile
        ``"full"``: 8,982 + 2,246 real newswires. ``"sample"``: 2,343 + 597 generated ones,
        see :mod:`helpers.data.stand_ins.reuters`.
    num_words
        The size of the vocabulary: rarer words become 2.

    Returns
    -------
    tuple
        ``(x_train, y_train), (x_test, y_test)`` as from ``keras.datasets.reuters``: newswires
        ``(n,)`` of lists that begin with 1, topics ``(n,)`` of int64, 0 to 45.

    Raises
    ------
    ValueError
        For an unknown profile or a `num_words` that is not a whole number of at least 1.
    DataError
        If the real file cannot be had.
    """
    whole("num_words", num_words)
    if is_sample(profile):
        announce("Reuters", "2,940 generated newswires in clumsy English")
        return sample.load().encoded(num_words)
    (x_train, y_train), (x_test, y_test) = split(*read_x_y("reuters.npz"))
    return (encode_ranks(x_train, num_words), y_train), (encode_ranks(x_test, num_words), y_test)


def get_word_index(profile: str) -> dict[str, int]:
    """Load the dictionary from words to frequency ranks, from 1; an index in a text is 3 more.

    Parameters
    ----------
    profile
        ``"full"`` or ``"sample"``, the same as for the newswires.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the real file cannot be had.
    """
    if is_sample(profile):
        return dict(sample.load().word_index)
    return read_word_index("reuters_word_index.json")
