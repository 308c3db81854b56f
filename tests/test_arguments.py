"""What counts as a whole number, and what the message says where it does not."""

from __future__ import annotations

from helpers.arguments import whole

import numpy as np
import pytest


@pytest.mark.parametrize("value", [1, 7, np.int64(7), np.uint8(7), 2**70])
def test_whole_numbers_of_python_and_numpy_come_back_as_int(value):
    assert type(whole("units", value)) is int
    assert whole("units", value) == value


@pytest.mark.parametrize(
    "value", [True, np.True_, 3.0, np.float32(3), "3", None, [3], np.arange(1)]
)
def test_what_only_looks_like_a_whole_number_is_refused(value):
    with pytest.raises(ValueError, match=r"^units is .*; give a whole number of at least 1\.$"):
        whole("units", value)


@pytest.mark.parametrize(("least", "value"), [(1, 0), (0, -1), (2, 1), (1, np.int8(-3))])
def test_the_least_is_the_first_that_is_taken(least, value):
    assert whole("seed", least, least=least) == least
    with pytest.raises(ValueError, match=f"give a whole number of at least {least}"):
        whole("seed", value, least=least)


def test_the_most_is_the_last_that_is_taken():
    assert whole("seed", 9, least=0, most=9) == 9
    with pytest.raises(ValueError, match=r"^seed is 10; give a whole number from 0 to 9\.$"):
        whole("seed", 10, least=0, most=9)


def test_the_message_shows_what_was_given():
    with pytest.raises(ValueError, match=r"^num_words is '10'; "):
        whole("num_words", "10")
