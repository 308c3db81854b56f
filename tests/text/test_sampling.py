"""Drawing characters, writing texts with a prediction, and scoring them."""

from __future__ import annotations

from helpers.text import sampling

import numpy as np
import pytest
from scipy import special

P = np.array([0.5, 0.3, 0.15, 0.05])


@pytest.mark.parametrize("temperature", [0.2, 0.5, 1.0, 1.2, 10.0])
def test_logits_divided_by_the_temperature_are_powers_of_the_probabilities(temperature):
    powers = P ** (1 / temperature)
    assert np.allclose(sampling.temper(np.log(P) + 7, temperature), powers / powers.sum())


def test_temperature_1_is_the_softmax():
    logits = np.random.default_rng(0).normal(size=(3, 4, 5)) * 100
    assert np.allclose(sampling.temper(logits, 1), special.softmax(logits, axis=-1))


def test_each_row_has_its_own_temperature():
    logits = np.log([P, P])
    both = sampling.temper(logits, [0.5, 2])
    assert np.allclose(both, [sampling.temper(np.log(P), t) for t in (0.5, 2)])


def test_temperature_0_takes_the_largest_and_shares_among_equals():
    assert sampling.temper([[0, 3, 1], [2, 2, 0]], 0).tolist() == [[0, 1, 0], [0.5, 0.5, 0]]


def test_a_probability_of_0_stays_one():
    with np.errstate(divide="ignore"):
        logits = np.log([0.0, 0.25, 0.75])
    assert np.allclose(sampling.temper(logits, 1), [0, 0.25, 0.75])


@pytest.mark.parametrize("temperature", [-0.1, np.inf, np.nan, [1, -1]])
def test_an_impossible_temperature_is_named(temperature):
    with pytest.raises(ValueError, match="finite numbers from 0 upwards"):
        sampling.temper(np.log([P, P]), temperature)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_logits_of_a_network_that_diverged_are_refused(bad):
    with pytest.raises(ValueError, match="the network diverged"):
        sampling.temper([0.0, bad], 1)


def test_a_row_in_which_nothing_is_possible_is_refused():
    with pytest.raises(ValueError, match="all its probabilities are 0"):
        sampling.temper([-np.inf, -np.inf], 1)


def test_draws_come_as_often_as_their_probability_says():
    drawn = sampling.draw(np.tile(P, (100_000, 1)), np.random.default_rng(0))
    shares = np.bincount(drawn, minlength=4) / len(drawn)
    assert (np.abs(shares - P) < 4 * np.sqrt(P * (1 - P) / len(drawn))).all()


def test_what_has_probability_0_is_never_drawn():
    class Edge:
        """The smallest number that a generator gives, and the largest."""

        def __init__(self, value):
            self.random = lambda shape: np.full(shape, value)

    for value in (0.0, np.nextafter(1, 0)):
        assert sampling.draw([[0.0, 0.4, 0.6, 0.0]], Edge(value))[0] in (1, 2)


def next_letter(windows):
    """Sure that the next number is one more than the last, modulo 4."""
    return np.log(np.eye(4)[(windows[:, -1] + 1) % 4] + 1e-9)


def test_a_text_is_continued_from_its_own_characters():
    written = sampling.write(next_letter, [[0, 1], [3, 2]], 5, temperature=0)
    assert written.tolist() == [[2, 3, 0, 1, 2], [3, 0, 1, 2, 3]]


def test_the_prediction_gets_windows_as_long_as_the_prompt():
    seen = []

    def predict(windows):
        seen.append(windows.tolist())
        return next_letter(windows)

    sampling.write(predict, [[0, 1, 2]], 2, 0)
    assert seen == [[[0, 1, 2]], [[1, 2, 3]]]


def test_a_text_does_not_depend_on_those_beside_it():
    def flat(windows):
        return np.zeros((len(windows), 50))

    prompts = np.zeros((3, 2), int)
    together = sampling.write(flat, prompts, 20, 1.0, seed=5)
    alone = sampling.write(flat, prompts[:1], 20, 1.0, seed=5)
    assert together[0].tolist() == alone[0].tolist()
    assert together[0].tolist() != together[1].tolist()
    assert alone.tolist() != sampling.write(flat, prompts[:1], 20, 1.0, seed=6).tolist()


def test_a_rule_decides_what_is_drawn_from():
    def only_the_last(probabilities):
        return np.eye(4)[np.full(len(probabilities), 3)]

    assert sampling.write(next_letter, [[0]], 3, 1.0, keep=only_the_last).tolist() == [[3, 3, 3]]


@pytest.mark.parametrize("prompts", [[0, 1], [[0.5, 1.0]]])
def test_prompts_are_a_table_of_integers(prompts):
    with pytest.raises(ValueError, match="integers of shape"):
        sampling.write(next_letter, prompts, 3, 1.0)


def test_words_are_runs_of_letters():
    assert sampling.split_words("It's 2 o'clock--'tis _Über_") == [
        "it's",
        "o'clock",
        "tis",
        "über",
    ]


def test_a_cut_last_word_does_not_count():
    assert sampling.known_words("free spi", {"free"}) == 1
    assert sampling.known_words("free spi ", {"free"}) == 0.5
    assert sampling.known_words("-- ", {"free"}) == 0


def test_repeated_trigrams_count_each_return():
    assert sampling.repeated_trigrams("a b c d.") == 0
    assert sampling.repeated_trigrams("a a a a a.") == pytest.approx(2 / 3)
    assert sampling.repeated_trigrams("a b") == 0
