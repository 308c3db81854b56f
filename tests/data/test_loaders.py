"""All loaders: their arguments, and the conventions they share."""

from __future__ import annotations

from helpers.data import (
    airline_passengers,
    boston_housing,
    california_housing,
    imdb,
    mnist,
    registry,
    reuters,
)
from helpers.text.indices import decode

import numpy as np
import pytest

LOADERS = [mnist, imdb, reuters, boston_housing, california_housing]
TEXTS = [imdb, reuters]


def name(module):
    return module.__name__.rpartition(".")[2]


@pytest.mark.parametrize("profile", ["Full", "", None, "test", 1])
@pytest.mark.parametrize("module", LOADERS, ids=name)
def test_unknown_profile_is_a_sentence(module, profile):
    with pytest.raises(ValueError, match=f"The profile is {profile!r}; give 'sample'"):
        module.load_data(profile)


@pytest.mark.parametrize("module", TEXTS, ids=name)
def test_word_index_wants_a_profile_too(module):
    with pytest.raises(ValueError, match="The profile is 'real'"):
        module.get_word_index("real")


@pytest.mark.parametrize("num_words", [0, -1, 10.0, "many", None, True])
@pytest.mark.parametrize("module", TEXTS, ids=name)
def test_bad_num_words_is_a_sentence(module, num_words):
    with pytest.raises(ValueError, match=f"num_words is {num_words!r}; give a whole number"):
        module.load_data("sample", num_words=num_words)


@pytest.mark.parametrize("module", TEXTS, ids=name)
def test_num_words_may_be_a_numpy_integer(module):
    (x_train, _), _ = module.load_data("sample", num_words=np.int64(50))
    assert max(map(max, x_train)) == 49


@pytest.mark.parametrize("module", LOADERS, ids=name)
def test_full_without_its_file_names_the_two_ways_out(module, cache, monkeypatch):
    monkeypatch.setattr("requests.get", no_network)
    with pytest.raises(registry.DataError, match=r"sha256 [0-9a-f]{64}.*PROFILE = 'sample'"):
        module.load_data("full")


@pytest.mark.parametrize("module", TEXTS, ids=name)
def test_full_word_index_without_its_file_is_an_error(module, cache, monkeypatch):
    monkeypatch.setattr("requests.get", no_network)
    with pytest.raises(registry.DataError, match=r"_word_index\.json is not in"):
        module.get_word_index("full")


def no_network(*_, **__):
    raise registry.requests.ConnectionError


@pytest.mark.parametrize("module", LOADERS, ids=name)
def test_sample_needs_no_file_and_says_in_one_line_what_it_is(module, cache, monkeypatch, capsys):
    monkeypatch.setattr(registry, "fetch", None)
    module.load_data("sample")
    out = capsys.readouterr().out
    assert out.startswith("Stand-in, not ")
    assert out.count("\n") == 1
    assert not cache.exists()


@pytest.mark.parametrize("module", LOADERS, ids=name)
def test_sample_is_the_same_every_time_and_safe_to_change(module):
    first = module.load_data("sample")
    second = module.load_data("sample")
    for array, again in zip(flat(first), flat(second), strict=True):
        np.testing.assert_array_equal(array, again)
        if array.dtype == object:
            array[0].append(0)
        array[:] = array[::-1].copy()
    for array, again in zip(flat(second), flat(module.load_data("sample")), strict=True):
        np.testing.assert_array_equal(array, again)


def flat(data):
    (x_train, y_train), (x_test, y_test) = data
    return x_train, y_train, x_test, y_test


@pytest.mark.parametrize("module", TEXTS, ids=name)
def test_sample_word_index_is_safe_to_change(module):
    module.get_word_index("sample").clear()
    assert len(module.get_word_index("sample")) > 10_000


@pytest.mark.parametrize("module", TEXTS, ids=name)
def test_sample_texts_keep_the_conventions_of_keras(module):
    x_train, y_train, x_test, y_test = flat(module.load_data("sample", num_words=10_000))
    for x, y in ((x_train, y_train), (x_test, y_test)):
        assert x.dtype == object
        assert y.dtype == np.int64
        assert x.shape == y.shape
        assert all(type(text) is list and text[0] == 1 for text in x)
        assert all(type(index) is int for text in x[:20] for index in text)
        used = {index for text in x for index in text}
        assert {0, 3}.isdisjoint(used)
        assert 2 in used
    assert max(map(max, [*x_train, *x_test])) == 9_999


@pytest.mark.parametrize("module", TEXTS, ids=name)
def test_sample_word_index_ranks_words_by_frequency(module):
    ranks = module.get_word_index("sample")
    assert sorted(ranks.values()) == list(range(1, len(ranks) + 1))
    assert len(ranks) > 10_000
    x_train, _, x_test, _ = flat(module.load_data("sample", num_words=len(ranks) + 4))
    indices = np.concatenate([index for text in (*x_train, *x_test) for index in [text[1:]]])
    counts = np.bincount(indices, minlength=len(ranks) + 4)[4:]
    assert (np.diff(counts) <= 0).all()
    assert counts[-1] == 1


def test_sample_review_decodes_to_english():
    (x_train, _), _ = imdb.load_data("sample")
    text = decode(x_train[0], imdb.get_word_index("sample"))
    words = text.split()
    assert words[0].startswith("[")  # the mark of the start
    assert {"the", "is", "it"} <= set(words)


def test_reuters_label_names_are_in_label_order():
    assert len(reuters.LABEL_NAMES) == 46
    assert reuters.LABEL_NAMES[3:5] == ("earn", "acq")


def test_airline_passengers_are_144_months():
    series = airline_passengers.load_data()
    assert series.shape == (144, 1)
    assert str(series.index[0]) == "1949-01"
    assert str(series.index[-1]) == "1960-12"
    assert series.index.is_monotonic_increasing
    assert series["passengers"].dtype == np.int64
    # Facts of ledger row F18.5, and the sum of the published series.
    assert series["passengers"].agg(["min", "max", "sum"]).tolist() == [104, 622, 40_363]
    assert series["passengers"][:96].max() == 413
    assert series["passengers"].loc["1960-07"] == 622
