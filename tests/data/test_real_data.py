"""The real files, where the cache has them: loaders return what Keras returns, to the bit."""

from __future__ import annotations

from helpers.data import boston_housing, california_housing, imdb, mnist, registry, reuters

import keras
import numpy as np
import pytest


def needs(*files):
    """Skip, aloud, where the cache lacks one of the files."""
    missing = [file for file in files if not registry.entries()[file].path.exists()]
    reason = f"{', '.join(missing)} not in the cache {registry.cache_dir()}; try make data"
    return pytest.mark.skipif(bool(missing), reason=reason)


def assert_same(ours, theirs):
    for our_part, their_part in zip(ours, theirs, strict=True):
        for our_array, their_array in zip(our_part, their_part, strict=True):
            assert our_array.dtype == their_array.dtype
            assert our_array.shape == their_array.shape
            if our_array.dtype == object:
                assert our_array.tolist() == their_array.tolist()
                assert type(our_array[0]) is type(their_array[0]) is list
                assert type(our_array[0][0]) is type(their_array[0][0]) is int
            else:
                np.testing.assert_array_equal(our_array, their_array)


@needs("mnist.npz")
def test_mnist_is_that_of_keras():
    assert_same(mnist.load_data("full"), keras.datasets.mnist.load_data())


@needs("imdb.npz")
def test_imdb_is_that_of_keras():
    ours = imdb.load_data("full", num_words=10_000)
    assert_same(ours, keras.datasets.imdb.load_data(num_words=10_000))


@needs("reuters.npz")
@pytest.mark.parametrize("num_words", [10_000, 1])
def test_reuters_is_that_of_keras(num_words):
    ours = reuters.load_data("full", num_words=num_words)
    assert_same(ours, keras.datasets.reuters.load_data(num_words=num_words))


@needs("boston_housing.npz")
def test_boston_housing_is_that_of_keras():
    assert_same(boston_housing.load_data("full"), keras.datasets.boston_housing.load_data())


@needs("california_housing.npz")
def test_california_housing_is_that_of_keras():
    assert_same(california_housing.load_data("full"), keras.datasets.california_housing.load_data())


@needs("imdb_word_index.json", "reuters_word_index.json")
@pytest.mark.parametrize("module", [imdb, reuters], ids=["imdb", "reuters"])
def test_word_index_is_that_of_keras(module):
    name = module.__name__.rpartition(".")[2]
    theirs = getattr(keras.datasets, name).get_word_index()
    assert list(module.get_word_index("full").items()) == list(theirs.items())
