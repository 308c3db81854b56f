"""Splits and standardising against scikit-learn's."""

from helpers import folds

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold, RepeatedKFold
from sklearn.preprocessing import StandardScaler


def same(splits, expected):
    expected = list(expected)
    return len(splits) == len(expected) and all(
        np.array_equal(ours, theirs)
        for split, pair in zip(splits, expected, strict=True)
        for ours, theirs in zip(split, pair, strict=True)
    )


@given(n=st.integers(10, 60), k=st.integers(2, 10), repeats=st.integers(1, 3))
def test_k_fold_agrees_with_scikit_learn(n, k, repeats):
    x = np.zeros((n, 1))
    assert same(folds.k_fold(n, k), KFold(k).split(x))
    shuffled = KFold(k, shuffle=True, random_state=7)
    assert same(folds.k_fold(n, k, seed=7), shuffled.split(x))
    iterated = RepeatedKFold(n_splits=k, n_repeats=repeats, random_state=7)
    assert same(folds.k_fold(n, k, repeats, seed=7), iterated.split(x))


@given(n=st.integers(10, 60), k=st.integers(2, 10))
def test_every_sample_validates_once_a_repeat(n, k):
    splits = folds.k_fold(n, k, repeats=2, seed=1)
    validated = np.concatenate([split.validation for split in splits])
    assert np.array_equal(np.bincount(validated), np.full(n, 2))
    assert all(np.array_equal(np.sort(np.concatenate(split)), np.arange(n)) for split in splits)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"folds": 1}, "n_splits=2 or more"),
        ({"folds": 11}, "greater than the number of samples"),
        ({"repeats": 3}, "give a seed"),
        ({"repeats": 0, "seed": 0}, "must be greater than 0"),
    ],
)
def test_k_fold_says_what_cannot_be_divided(arguments, message):
    with pytest.raises(ValueError, match=message):
        folds.k_fold(10, **arguments)


def test_standardise_agrees_with_scikit_learn(districts):
    x, _ = districts
    train, test = folds.standardise(x[:18], x[18:])
    scaler = StandardScaler().fit(x[:18])
    np.testing.assert_allclose(train, scaler.transform(x[:18]), atol=1e-5)
    np.testing.assert_allclose(test, scaler.transform(x[18:]), atol=1e-5)
    assert train.dtype == test.dtype == "float32"


def test_standardise_takes_nothing_from_the_other_data(districts):
    x, _ = districts
    train, _ = folds.standardise(x[:18], x[18:])
    again, _ = folds.standardise(x[:18], x[18:] * 1000)
    assert np.array_equal(train, again)


@pytest.mark.parametrize("rows", [1, 4, 10, 1000])
def test_standardise_makes_a_constant_feature_zero(rows):
    """The deviation of ten rows of 0.1 is not 0 but 1.4e-17: the sum of ten is rounded."""
    train, test = folds.standardise(np.full((rows, 1), 0.1), np.full((2, 1), 0.3))
    np.testing.assert_allclose(train, 0, atol=1e-12)
    np.testing.assert_allclose(test, 0.2)


def test_standardise_scales_features_that_hardly_vary():
    x = np.array([[1.0], [2.0]]) * [1e-20, 1e-3, 0.1, 1, 1e6]
    np.testing.assert_allclose(folds.standardise(x)[0], [[-1] * 5, [1] * 5], rtol=1e-6)


def test_standardise_takes_any_number_of_axes():
    x = np.random.default_rng(0).normal(3, 2, (6, 4, 5))
    train, one = folds.standardise(x, x[:1])
    assert one.shape == (1, 4, 5)
    np.testing.assert_allclose(train, (x - x.mean(axis=0)) / x.std(axis=0), atol=1e-5)
    assert folds.standardise(x[:, 0, 0])[0].shape == (6,)
