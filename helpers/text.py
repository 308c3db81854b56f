"""Word-index sequences to tensors and back to words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain

import keras
import numpy as np
import tensorflow as tf

RESERVED = {0: "[pad]", 1: "[start]", 2: "[unknown]"}
_ROWS_AT_ONCE = 1_000  # bounds the index arrays that encoding needs beside its result


def multi_hot(
    sequences: Sequence[Sequence[int]], dimension: int, dtype: str = "uint8"
) -> np.ndarray:
    """Encode each sequence of indices as a vector of zeros and ones.

    Parameters
    ----------
    sequences
        n sequences of indices, each index in ``0 .. dimension - 1``; an empty one gives zeros.
    dimension
        Length of each vector: the size of the vocabulary.
    dtype
        Of the result. The default costs one byte an entry, an eighth of NumPy's float64; a Keras
        layer converts each batch to float32 by itself.

    Returns
    -------
    numpy.ndarray, shape (n, dimension)
        1 where the index occurs in the sequence, however often; 0 elsewhere.

    Raises
    ------
    ValueError
        If `dimension` is not a positive whole number, or an index lies outside it.

    Notes
    -----
    Source: listing L07.3 (B3.2), which fills float64 rows in a loop.
    """
    if not isinstance(dimension, int | np.integer) or dimension < 1:
        raise ValueError(
            f"dimension is {dimension!r}; give the size of the vocabulary, at least 1."
        )
    encoded = np.zeros((len(sequences), dimension), dtype)
    for start in range(0, len(sequences), _ROWS_AT_ONCE):
        part = sequences[start : start + _ROWS_AT_ONCE]
        lengths = [len(sequence) for sequence in part]
        columns = np.fromiter(chain.from_iterable(part), np.int64, sum(lengths))
        rows = np.repeat(np.arange(start, start + len(part)), lengths)
        outside = (columns < 0) | (columns >= dimension)
        if outside.any():
            first = outside.argmax()
            raise ValueError(
                f"Sequence {rows[first]} holds index {columns[first]}, outside 0..{dimension - 1}: "
                "load the data with num_words equal to the dimension, or choose a larger dimension."
            )
        encoded[rows, columns] = 1
    return encoded


def distinct_words(sequences: Sequence[Sequence[int]], dimension: int) -> np.ndarray:
    """Where the ones of :func:`multi_hot` are, as :class:`MultiHotDense` takes them.

    Parameters
    ----------
    sequences, dimension
        As for :func:`multi_hot`.

    Returns
    -------
    numpy.ndarray, shape (n, most different indices in one sequence), uint16
        The different indices of each sequence in ascending order, and `dimension`, which is none,
        up to the end of the row. From 65,536 words on the entries are int32. 25,000 film reviews
        take 29 MB where their float64 vectors take 2 GB; the wide table never exists as a whole.

    Raises
    ------
    ValueError
        As :func:`multi_hot`.
    """
    words, counts = [], []
    for start in range(0, max(len(sequences), 1), _ROWS_AT_ONCE):
        block = multi_hot(sequences[start : start + _ROWS_AT_ONCE], dimension)
        words.append(np.nonzero(block)[1])
        counts.append(np.count_nonzero(block, axis=1))
    counts = np.concatenate(counts)[:, np.newaxis]
    dtype = "uint16" if dimension < 2**16 else "int32"
    table = np.full((len(sequences), counts.max(initial=0)), dimension, dtype)
    table[np.arange(table.shape[1]) < counts] = np.concatenate(words)
    return table


@keras.saving.register_keras_serializable("deep_learning_course")
class MultiHotDense(keras.layers.Dense):
    """A dense layer on multi-hot vectors that adds up weights instead of multiplying by zeros.

    From rows of :func:`distinct_words`, shape ``(n, any)``, it computes what
    ``keras.layers.Dense`` computes from the vectors, shape ``(n, dimension)``, and has the same
    weights.

    Parameters
    ----------
    units
        Length of the output.
    dimension
        Length of the vectors: the size of the vocabulary.
    **options
        As for ``keras.layers.Dense``.
    """

    def __init__(self, units: int, dimension: int, **options):
        super().__init__(units, **options)
        self.dimension = dimension
        self.supports_jit = False  # the compiler XLA has no sparse product

    def build(self, input_shape):
        super().build((None, self.dimension))
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def call(self, words, training=None):
        words = tf.cast(words, "int64")
        ones = tf.where(words < self.dimension)
        shape = [tf.shape(words, "int64")[0], self.dimension]
        rows_and_words = tf.stack([ones[:, 0], tf.gather_nd(words, ones)], axis=1)
        values = tf.ones(tf.shape(ones)[:1], self.compute_dtype)
        vectors = tf.SparseTensor(rows_and_words, values, shape)
        summed = tf.sparse.sparse_dense_matmul(vectors, self.kernel)
        return self.activation(summed + self.bias if self.use_bias else summed)

    def get_config(self) -> dict:
        return super().get_config() | {"dimension": self.dimension}


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
        If the text holds no word.
    """
    if not isinstance(text, str):
        raise TypeError(
            f"The text is of type {type(text).__name__}; give one text as a string, several one "
            "after the other."
        )
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower().replace("’", "'"))
    if not words:
        raise ValueError(f"There is no word in {text!r}; give a text of at least one word.")
    indices = (word_index.get(word, num_words) + 3 for word in words)
    return [1, *(index if index < num_words else 2 for index in indices)]


def decode(sequence: Sequence[int], word_index: Mapping[str, int], index_from: int = 3) -> str:
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
