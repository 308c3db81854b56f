"""The real files, where the cache has them: loaders return what Keras returns, to the bit."""

from __future__ import annotations

from helpers.data import boston_housing, california_housing, imdb, mnist, registry, reuters
from tests.data.conftest import assert_same

import keras
import pytest


def needs(*files):
    """Skip, aloud, where the cache lacks one of the files."""
    missing = [file for file in files if not registry.entries()[file].path.exists()]
    reason = f"{', '.join(missing)} not in the cache {registry.cache_dir()}; try make data"
    return pytest.mark.skipif(bool(missing), reason=reason)


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
