"""The drawing of the training loop."""

from helpers.plots import loop

import pytest

LINES = ["a = 1", "b = 2", "c = 3", "d = 4"]


def test_each_line_of_code_has_the_number_of_its_arrow(shown):
    loop.training_loop(LINES, "Round")
    below = [text.get_text() for text in shown.axes[1].texts]
    assert below == ["1  a = 1", "2  b = 2", "3  c = 3", "4  d = 4"]
    in_circles = [t.get_text() for t in shown.axes[0].texts if t.get_text().isdigit()]
    assert set(in_circles) == {"1", "2", "3", "4"}


def test_the_words_say_how_the_loss_comes_back_to_the_weights(shown):
    loop.training_loop(LINES, "Round")
    assert "3: loss → optimizer; 4: optimizer → weights; 1: weights → layers" in shown.alt
    assert "Lines of code: 1: a = 1; 2: b = 2" in shown.alt


def test_the_loop_has_four_steps():
    with pytest.raises(ValueError, match="3 lines were given; the loop has four steps"):
        loop.training_loop(LINES[:3], "Round")
