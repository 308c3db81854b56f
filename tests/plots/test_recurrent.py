"""What the figures of recurrent networks say: steps, gates, gradients, alternative text, errors."""

from helpers import plots

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("course_style")


def texts(shown, panel=0):
    return [text.get_text() for text in shown.axes[panel].texts]


def test_the_unrolled_loop_shows_every_word_and_every_state(shown):
    plots.recurrent.unrolled(["not", "bad"], "One cell, two steps")
    assert {"not", "bad", "$h_{1}$", "$h_{2}$"} <= set(texts(shown))
    assert texts(shown).count("W, U, b") == 3
    assert "drawn 2 times, for the words not, bad" in shown.alt


def test_a_single_word_is_nothing_to_unroll():
    with pytest.raises(ValueError, match="1 words were given"):
        plots.recurrent.unrolled(["not"], "t")


@pytest.fixture
def reading():
    forget = np.full((3, 2), 0.9)
    forget[1] = 0.1
    return {
        "words": ["it", "is", "bad"],
        "opinion": [0.5, 0.6, 0.1],
        "gates": {"forget": forget, "input": np.full((3, 2), 0.5)},
        "carry": np.array([[0, 0], [1, -2], [0.5, 0]]),
    }


def test_gates_say_where_the_network_forgets_and_where_it_turns(shown, reading):
    plots.recurrent.gates(**reading, title="It reads")
    assert "Probability 0.50 after the first and 0.10 after the last" in shown.alt
    assert "moves most at 'bad'" in shown.alt
    assert "forget gate 0.63, lowest at 'is' (0.10)" in shown.alt
    assert "carry of 2 units reaches ±2.00" in shown.alt


def test_gates_are_drawn_as_their_mean_over_the_units(shown, reading):
    plots.recurrent.gates(**reading, title="t")
    forget, entry = shown.axes[1].lines
    assert np.allclose(forget.get_ydata(), [0.9, 0.1, 0.9])
    assert np.allclose(entry.get_ydata(), 0.5)
    carried = shown.axes[2].images[0].get_array()
    assert np.array_equal(carried, reading["carry"].T)


def test_gates_refuse_another_number_of_steps(reading):
    with pytest.raises(ValueError, match="'carry' has 2 steps for 3 words"):
        plots.recurrent.gates(**reading | {"carry": np.zeros((2, 2))}, title="t")
