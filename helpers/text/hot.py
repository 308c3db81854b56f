"""Word-index sequences as vectors of zeros and ones, and a layer that takes them apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import keras
import numpy as np
import tensorflow as tf

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
