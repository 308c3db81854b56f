"""The stand-ins: form, fairness, and the claims that each is made to support.

The claims are tested with quick models of scikit-learn; the chapters assert them with Keras.
"""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from itertools import pairwise

from helpers.data import boston_housing, california_housing, imdb, mnist, reuters
from helpers.data.stand_ins import imdb as imdb_sample
from helpers.data.stand_ins import language
from helpers.data.stand_ins import mnist as mnist_sample
from helpers.data.stand_ins import reuters as reuters_sample

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.model_selection import cross_val_score
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small matrices: threads of several tests at once would only wait for one another."""
    with threadpool_limits(limits=1):
        yield


# MNIST


@cache
def digits():
    (x_train, y_train), (x_test, y_test) = mnist.load_data("sample")
    return x_train, y_train, x_test, y_test


def test_digits_have_the_form_of_mnist():
    x_train, y_train, x_test, y_test = digits()
    assert x_train.shape == (4_000, 28, 28)
    assert x_test.shape == (1_000, 28, 28)
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype("uint8")}
    assert set(y_train) == set(y_test) == set(range(10))


def test_digits_are_white_on_black_in_a_centred_box():
    x_train, *_ = digits()
    assert x_train.min() == 0
    assert x_train.max() == 255
    assert 0.1 < (x_train > 0).mean() < 0.3  # MNIST: 0.19
    share_in_box = x_train[:, 3:-3, 3:-3].sum() / x_train.sum()
    assert share_in_box > 0.99
    mean = x_train.mean(axis=0)
    rows, columns = np.indices(mean.shape)
    assert abs((mean * rows).sum() / mean.sum() - 13.5) < 0.5
    assert abs((mean * columns).sum() / mean.sum() - 13.5) < 0.5


def test_no_original_is_in_both_parts(monkeypatch):
    originals = np.arange(1_797)[:, None] * np.ones(64)
    labels = np.zeros(1_797, dtype=int)
    monkeypatch.setattr(mnist_sample, "load_digits", lambda **_: (originals, labels))
    monkeypatch.setattr(mnist_sample, "enlarge", lambda glyph, *_: glyph[0, 0])
    (train, _), (test, _) = mnist_sample.load.__wrapped__()
    assert set(train).isdisjoint(test)
    assert set(train) | set(test) == set(range(1_797))
    assert max(Counter(train).values()) - min(Counter(train).values()) <= 1


def test_a_full_glyph_fills_the_box_of_20_pixels():
    picture = mnist_sample.enlarge(np.full((8, 8), 16.0))
    assert picture[5:23, 5:23].min() > 230
    assert picture[:3].sum() + picture[-3:].sum() == 0
    np.testing.assert_array_equal(picture, picture.T)


def test_a_glyph_is_shifted_to_the_right_and_down():
    glyph = np.full((8, 8), 16.0)
    moved = mnist_sample.enlarge(glyph, shift=(2, 1))
    np.testing.assert_array_equal(moved[1:, 2:], mnist_sample.enlarge(glyph)[:-1, :-2])


def test_a_glyph_is_turned_anticlockwise():
    glyph = np.zeros((8, 8))
    glyph[:, 4:] = 16.0  # ink on the right goes to the top
    turned = mnist_sample.enlarge(glyph, turn=90)
    assert turned[:12].sum() > 20 * turned[-12:].sum()


def test_a_dense_network_learns_the_digits_and_overfits():
    x_train, y_train, x_test, y_test = digits()
    model = MLPClassifier(128, batch_size=128, max_iter=12, random_state=0)
    with pytest.warns(match="Maximum iterations"):
        model.fit(x_train.reshape(-1, 784) / 255, y_train)
    train_accuracy = model.score(x_train.reshape(-1, 784) / 255, y_train)
    test_accuracy = model.score(x_test.reshape(-1, 784) / 255, y_test)
    assert 0.9 < test_accuracy < train_accuracy


# IMDB


def words(text):
    return list(zip(text, strict=True))


def words_and_pairs(text):
    return [*words(text), *pairwise(text)]


def logistic(train, test, analyzer=words):
    """Accuracy of a linear model of which words a text holds, on both parts."""
    bag = CountVectorizer(analyzer=analyzer, binary=True, min_df=2)
    x_train, x_test = bag.fit_transform(train[0]), bag.transform(test[0])
    model = LogisticRegression(C=0.05, solver="liblinear").fit(x_train, train[1])
    return model.score(x_train, train[1]), model.score(x_test, test[1])


@cache
def reviews():
    return imdb.load_data("sample")


def test_reviews_are_balanced_and_of_the_real_lengths():
    (x_train, y_train), (x_test, y_test) = reviews()
    assert np.bincount(y_train).tolist() == [1_000, 1_000]
    assert np.bincount(y_test).tolist() == [1_000, 1_000]
    lengths = [len(text) for text in (*x_train, *x_test)]
    assert 100 < np.median(lengths) < 140
    assert max(lengths) > 500
    assert min(lengths) < 40


def test_rare_words_are_cut_by_num_words():
    (x_train, _), _ = imdb.load_data("sample", num_words=500)
    everything = np.concatenate(x_train)
    assert everything.max() == 499
    assert 0.05 < (everything == 2).mean() < 0.3


@cache
def baseline():
    return logistic(*reviews())


def test_counting_words_is_a_good_baseline_that_overfits():
    train_accuracy, test_accuracy = baseline()
    assert 0.80 < test_accuracy < 0.92
    assert train_accuracy > test_accuracy + 0.03


def test_pairs_of_words_say_more_than_words():
    assert logistic(*reviews(), words_and_pairs)[1] > baseline()[1] + 0.02


def test_the_last_words_say_less_than_the_review_but_more_than_others():
    def cut(part, where):
        return [text[where] for text in part[0]], part[1]

    train, test = reviews()
    last = logistic(cut(train, slice(-20, None)), cut(test, slice(-20, None)))[1]
    first = logistic(cut(train, slice(20)), cut(test, slice(20)))[1]
    assert baseline()[1] > last > first > 0.52


def test_every_opinion_is_denied_by_some_and_both_kinds_of_evidence_mix():
    ranks = imdb.get_word_index("sample")
    (x_train, y_train), _ = reviews()
    good, bad = ranks["good"] + 3, ranks["bad"] + 3
    both = [good in text and bad in text for text in x_train]
    assert np.mean(both) > 0.1
    praised = np.array([good in text for text in x_train])
    assert 0.55 < y_train[praised].mean() < 0.9


def test_a_negative_review_denies_praise():
    writer = language.Writer(random.Random(0), imdb_sample.WORDS | {"name": ["nobody"]})
    for _ in range(50):
        opinion = imdb_sample.write_opinion(writer, positive=False)
        praise = set(opinion.split()) & set(imdb_sample.PRAISE)
        denial = set(opinion.split()) & {"not", "never", "nobody", "nothing", "hardly", "could"}
        assert not praise or denial


# Reuters


@cache
def newswires():
    return reuters.load_data("sample")


def test_newswires_have_the_real_topics_and_imbalance():
    (x_train, y_train), (x_test, y_test) = newswires()
    assert 2_200 < len(x_train) < 2_500
    assert 550 < len(x_test) < 700
    shares = np.bincount(y_train) / len(y_train)
    assert len(shares) == 46
    assert np.bincount(y_train).min() >= 10
    assert set(y_test) == set(range(46))
    earn, acq = reuters.LABEL_NAMES.index("earn"), reuters.LABEL_NAMES.index("acq")
    assert shares.argsort()[::-1][:2].tolist() == [earn, acq]
    assert 0.3 < np.mean(y_test == earn) < 0.4


def test_stand_in_topics_are_in_label_order():
    assert tuple(topic for topic, *_ in reuters_sample.TOPICS) == reuters.LABEL_NAMES


@cache
def topic_model():
    """Which of the 1,500 commonest words each newswire holds; topics; a linear model's guess."""
    (x_train, y_train), (x_test, y_test) = reuters.load_data("sample", num_words=1_500)
    bag = CountVectorizer(analyzer=words, binary=True)
    x_train, x_test = bag.fit_transform(x_train), bag.transform(x_test)
    model = RidgeClassifier(alpha=20).fit(x_train, y_train)
    return x_train, y_train, x_test, y_test, model.predict(x_test)


def test_topics_can_be_told_and_mistakes_stay_in_the_field():
    *_, truth, guess = topic_model()
    assert 0.72 < np.mean(guess == truth) < 0.88
    field = np.array([field for _, field, *_ in reuters_sample.TOPICS])
    wrong = guess != truth
    assert np.mean(field[guess[wrong]] == field[truth[wrong]]) > 0.4


def test_four_dimensions_are_too_few_for_46_topics():
    x_train, y_train, x_test, y_test, guess = topic_model()
    squeeze = TruncatedSVD(4, random_state=0).fit(x_train)
    model = RidgeClassifier().fit(squeeze.transform(x_train), y_train)
    squeezed = model.score(squeeze.transform(x_test), y_test)
    assert squeezed < np.mean(guess == y_test) - 0.1


# Boston housing


@cache
def districts():
    return boston_housing.load_data("sample")


def test_districts_have_the_form_and_ranges_of_the_real_ones():
    (x_train, y_train), (x_test, y_test) = districts()
    assert x_train.shape == (404, 13)
    assert x_test.shape == (102, 13)
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype("float64")}
    low = [0.006, 0, 0.46, 0, 0.385, 3.56, 2.9, 1.13, 1, 187, 12.6, 0.3, 1.7]
    high = [89, 100, 27.74, 1, 0.871, 8.8, 100, 12.13, 24, 711, 22, 396.9, 38]
    assert (x_train >= low).all()
    assert (x_train <= high).all()
    prices = np.r_[y_train, y_test]
    assert prices.min() >= 5
    assert prices.max() == 50
    assert 20 < prices.mean() < 25


def test_prices_need_a_non_linear_model():
    (x_train, y_train), (x_test, y_test) = districts()
    constant = np.abs(y_test - y_train.mean()).mean()
    linear = np.abs(LinearRegression().fit(x_train, y_train).predict(x_test) - y_test).mean()
    trees = GradientBoostingRegressor(random_state=0).fit(x_train, y_train).predict(x_test)
    assert 6 < constant < 7.2
    assert np.abs(trees - y_test).mean() < 2.6 < linear < constant


def test_folds_differ():
    (x_train, y_train), _ = districts()
    errors = -cross_val_score(
        LinearRegression(), x_train, y_train, cv=4, scoring="neg_mean_absolute_error"
    )
    assert np.ptp(errors) > 0.2


def test_column_b_plays_no_part_in_the_price():
    (x_train, y_train), _ = districts()
    assert abs(np.corrcoef(x_train[:, 11], y_train)[0, 1]) < 0.1
    assert np.corrcoef(x_train[:, 5], y_train)[0, 1] > 0.5  # rooms
    assert np.corrcoef(x_train[:, 12], y_train)[0, 1] < -0.5  # lower status


# California housing


@cache
def block_groups():
    return california_housing.load_data("sample")


def test_block_groups_have_the_form_and_ranges_of_the_real_ones():
    (x_train, y_train), (x_test, y_test) = block_groups()
    assert x_train.shape == (6_400, 8)
    assert x_test.shape == (1_600, 8)
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype("float32")}
    assert (x_train >= [-124.36, 32.5, 1, 2, 1, 3, 1, 0.5]).all()
    assert (x_train <= [-114.3, 42, 52, 39_320, 6_445, 35_682, 6_082, 15]).all()
    assert (x_train[:, 3] > x_train[:, 4]).all()  # rooms, bedrooms
    values = np.r_[y_train, y_test]
    assert values.min() >= 14_999
    assert values.max() == 500_001
    assert 200_000 < values.mean() < 270_000


def test_house_values_need_a_non_linear_model():
    (x_train, y_train), (x_test, y_test) = block_groups()
    constant = np.abs(y_test - np.median(y_train)).mean()
    linear = LinearRegression().fit(x_train.astype("float64"), y_train).predict(x_test)
    trees = GradientBoostingRegressor(random_state=0).fit(x_train, y_train).predict(x_test)
    error, linear_error = np.abs(trees - y_test).mean(), np.abs(linear - y_test).mean()
    assert error < 0.9 * linear_error < 0.6 * constant


# The language of the stand-ins

WORDS = st.text("abc", min_size=1, max_size=3)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=2, max_size=6))
def test_a_corpus_can_be_read_back(texts):
    labels = range(len(texts))
    corpus = language.make_corpus([" ".join(text) for text in texts], labels, train=1)
    word = {rank: word for word, rank in corpus.word_index.items()}
    ranks = [*corpus.train[0], *corpus.test[0]]
    assert [[word[rank] for rank in text] for text in ranks] == texts
    assert [*corpus.train[1], *corpus.test[1]] == list(labels)
    counts = Counter(word for text in texts for word in text)
    by_rank = [counts[word[rank]] for rank in sorted(word)]
    assert by_rank == sorted(by_rank, reverse=True)


@given(st.integers(0, 300), st.integers(0, 10))
def test_names_are_as_many_as_asked_and_all_different(count, seed):
    names = language.invent_names(random.Random(seed), count)
    assert len(set(names)) == len(names) == count
    assert all(name.isalpha() and name.islower() for name in names)


def test_first_words_are_the_heaviest():
    assert Counter(language.weighted("a b c d", heaviest=4)) == {"a": 4, "b": 2, "c": 1, "d": 1}


def test_writer_fills_set_slots_and_random_ones():
    writer = language.Writer(random.Random(0), {"colour": "red blue", "animal": ["old cat"]})
    writer["hero"] = "anna"
    text = writer.write("{hero} and {hero} see a {colour} {animal}")
    assert text in {f"anna and anna see a {colour} old cat" for colour in ("red", "blue")}
    assert len({writer.write("{colour}") for _ in range(30)}) == 2
