"""Keras's convention for texts: each word is a number, its frequency rank plus three."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from helpers.arguments import whole

import numpy as np

__all__ = [
    "INDEX_FROM",
    "PAD",
    "RESERVED",
    "START",
    "UNKNOWN",
    "decode",
    "encode",
    "encode_ranks",
]

PAD, START, UNKNOWN = 0, 1, 2
INDEX_FROM = 3  # what is added to a rank, so that the most frequent word, of rank 1, becomes 4
RESERVED = {PAD: "[pad]", START: "[start]", UNKNOWN: "[unknown]"}

_LARGEST_RANK = 88_584  # of IMDB, the largest vocabulary of the course's texts


def encode(text: str, word_index: Mapping[str, int], num_words: int) -> list[int]:
    """A new text as indices, as the Keras text data sets encode theirs.

    Parameters
    ----------
    text
        Any text; lower-cased, apostrophes inside words kept, other punctuation dropped.
    word_index
        Word to frequency rank, the most frequent word having rank 1.
    num_words
        Size of the vocabulary: a word whose index reaches it becomes 2, unknown.

    Returns
    -------
    list of int
        1 (start), then rank + 3 of each word, or 2 where the word is unknown.

    Raises
    ------
    TypeError
        If `text` is not one string.
    ValueError
        If the text holds no word, or `num_words` is not a whole number of at least 1.

    Examples
    --------
    >>> encode("A good, good film!", {"the": 1, "good": 2, "film": 3}, num_words=6)
    [1, 2, 5, 5, 2]
    """
    whole("num_words", num_words)
    if not isinstance(text, str):
        raise TypeError(
            f"The text is of type {type(text).__name__}; give one text as a string, several one "
            "after the other."
        )
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower().replace("’", "'"))
    if not words:
        raise ValueError(f"There is no word in {text!r}; give a text of at least one word.")
    indices = (word_index.get(word, num_words) + INDEX_FROM for word in words)
    return [index if index < num_words else UNKNOWN for index in (START, *indices)]


def decode(
    sequence: Sequence[int], word_index: Mapping[str, int], index_from: int = INDEX_FROM
) -> str:
    """The words of an encoded text, as one string.

    Parameters
    ----------
    sequence
        Indices as the Keras text data sets hold them.
    word_index
        Word to frequency rank, the most frequent word having rank 1.
    index_from
        What was added to each rank to make room for the reserved indices 0 (padding), 1 (start)
        and 2 (unknown word), which appear in brackets. With 0 no index is reserved.

    Raises
    ------
    ValueError
        If an index belongs to no word.

    Notes
    -----
    Source: listing L07.2 (B§3.4.1).

    Examples
    --------
    >>> decode([1, 5, 2, 6], {"the": 1, "good": 2, "film": 3})
    '[start] good [unknown] film'
    """
    words = {rank + index_from: word for word, rank in word_index.items()}
    if index_from:
        words |= RESERVED
    unknown = next((index for index in sequence if index not in words), None)
    if unknown is not None:
        raise ValueError(
            f"Index {unknown} belongs to no word of the {len(word_index)} given: use the word "
            f"index of the same data set and the index_from it was loaded with, here {index_from}."
        )
    return " ".join(words[index] for index in sequence)


def encode_ranks(texts: np.ndarray, num_words: int) -> np.ndarray:
    """Turn texts of frequency ranks into Keras's indices, in place.

    Each text becomes ``[1, rank + 3, rank + 3, ...]``; an index of `num_words` or more becomes 2.
    The same number is the same object everywhere: a list then costs eight bytes a word.

    Parameters
    ----------
    texts
        Shape ``(n,)``, dtype object: lists of ranks, 1 the most frequent word. Each is replaced.
    num_words
        The size of the vocabulary, the reserved indices 0 to 2 included.

    Returns
    -------
    np.ndarray
        `texts` itself.

    Notes
    -----
    Source: ``keras.datasets.imdb``, which takes twice the time and memory.

    Examples
    --------
    >>> texts = np.empty(2, dtype=object)
    >>> texts[:] = [3, 1], [2]
    >>> encode_ranks(texts, num_words=6).tolist()
    [[1, 2, 4], [1, 5]]
    """
    indices = range(INDEX_FROM, INDEX_FROM + _LARGEST_RANK + 1)
    index_of_rank = [i if i < num_words else UNKNOWN for i in indices].__getitem__
    start = START if num_words > START else UNKNOWN
    for i, ranks in enumerate(texts):
        texts[i] = [start, *map(index_of_rank, ranks)]
    return texts
