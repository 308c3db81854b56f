"""Word-index sequences as vectors of zeros and ones, and a layer that takes them apart."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import chain
from typing import Any

from helpers.arguments import whole

import keras
import numpy as np
import tensorflow as tf

__all__ = ["MultiHotDense", "distinct_words", "multi_hot"]

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
        If `dimension` is not a whole number of at least 1, or an index is none or lies outside it.

    Notes
    -----
    Source: listing L07.3 (B3.2), which fills float64 rows in a loop.

    Examples
    --------
    >>> multi_hot([[1, 3, 3], []], 5).tolist()
    [[0, 1, 0, 1, 0], [0, 0, 0, 0, 0]]
    """
    whole("dimension", dimension)
    encoded = np.zeros((len(sequences), dimension), dtype)
    for start in range(0, len(sequences), _ROWS_AT_ONCE):
        part = sequences[start : start + _ROWS_AT_ONCE]
        lengths = [len(sequence) for sequence in part]
        try:  # unlike np.fromiter, array cuts no fraction off
            columns = np.frombuffer(array("q", chain.from_iterable(part)), np.int64)
        except (TypeError, OverflowError) as error:
            raise ValueError(_first_that_is_none(part, start)) from error
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


def _first_that_is_none(sequences: Sequence[Sequence[int]], first: int) -> str:
    """A sentence on the first index that is no whole number of 64 bits."""
    number, index = next(
        (number, index)
        for number, sequence in enumerate(sequences, start=first)
        for index in sequence
        if not hasattr(index, "__index__") or abs(index) >= 2**63
    )
    return (
        f"Sequence {number} holds {index!r}, which is no index; give whole numbers, as the Keras "
        "text data sets hold them."
    )


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

    Examples
    --------
    >>> distinct_words([[1, 3, 3], [2]], 5).tolist()
    [[1, 3], [2, 5]]
    """
    words, found = [], []
    for start in range(0, max(len(sequences), 1), _ROWS_AT_ONCE):
        block = multi_hot(sequences[start : start + _ROWS_AT_ONCE], dimension)
        words.append(np.nonzero(block)[1])
        found.append(np.count_nonzero(block, axis=1))
    counts = np.concatenate(found)[:, np.newaxis]
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

    def __init__(self, units: int, dimension: int, **options: Any) -> None:
        super().__init__(units, **options)
        self.dimension = dimension
        self.supports_jit = False  # the compiler XLA has no sparse product

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        super().build((None, self.dimension))
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def call(self, words: tf.Tensor, training: bool | None = None) -> tf.Tensor:
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
