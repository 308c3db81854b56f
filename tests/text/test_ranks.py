"""Keras's convention for texts."""

from __future__ import annotations

from helpers.text.indices import _LARGEST_RANK, INDEX_FROM, START, UNKNOWN, encode_ranks

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

RANKS = st.lists(st.integers(1, _LARGEST_RANK), max_size=8)


def as_array(texts):
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array


@given(st.lists(RANKS, max_size=5), st.integers(1, _LARGEST_RANK + 10))
def test_encode_is_what_keras_does_word_by_word(texts, num_words):
    shifted = [[START] + [rank + INDEX_FROM for rank in text] for text in texts]
    expected = [[index if index < num_words else UNKNOWN for index in text] for text in shifted]
    assert encode_ranks(as_array(texts), num_words).tolist() == expected


def test_encode_works_in_place():
    texts = as_array([[1, 2], [3]])
    assert encode_ranks(texts, 100) is texts
    assert texts.tolist() == [[1, 4, 5], [1, 6]]


def test_equal_indices_are_one_object():
    first, second = encode_ranks(as_array([[5_000], [5_000]]), 10_000)
    assert first[1] == 5_003
    assert first[1] is second[1]
