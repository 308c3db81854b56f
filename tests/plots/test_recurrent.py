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
    assert "0.50 after the first and 0.10 after the last" in shown.alt
    assert "moves most at 'bad'" in shown.alt
    assert "forget gate 0.63, lowest at 'is' (0.10)" in shown.alt
    assert "cell state of 2 units reaches ±2." in shown.alt


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


def test_every_gate_is_drawn_and_named_with_a_look_of_its_own(shown, reading):
    names = [f"g{i}" for i in range(9)]
    values = {name: np.full((3, 2), i / 10) for i, name in enumerate(names)}
    plots.recurrent.gates(**reading | {"gates": values}, title="Nine")
    lines = shown.axes[1].lines
    assert [line.get_ydata()[0] for line in lines] == pytest.approx(np.arange(9) / 10)
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 9
    assert [text.get_text() for text in shown.axes[1].get_legend().get_texts()] == names
    assert all(f"{name} gate" in shown.alt for name in names)


def test_no_gate_looks_like_training(shown, reading):
    gates = {name: np.ones((3, 2)) for name in ("input", "forget", "cell", "output")}
    plots.recurrent.gates(**reading | {"gates": gates}, title="Four")
    lines = shown.axes[1].lines
    assert plots.STYLES["training"] not in [line.get_linestyle() for line in lines]


def test_panels_are_named_in_the_words_of_the_field(shown, reading):
    plots.recurrent.gates(**reading, title="t")
    labels = [axis.get_ylabel() for axis in shown.axes]
    assert labels[0] == "probability of\nthe positive class"
    assert labels[3] == "cell state"


def test_the_whole_range_of_probabilities_and_gates_is_shown(shown, reading):
    plots.recurrent.gates(**reading, title="t")
    low, high = shown.axes[0].get_ylim()
    assert -0.1 < low < 0 < 1 < high < 1.1
    assert shown.axes[1].get_ylim() == (0, 1)
    candidate = {"cell": np.full((3, 2), -0.5)}
    plots.recurrent.gates(**reading | {"gates": candidate}, title="t")
    assert shown.axes[1].get_ylim() == (-1, 1)


def test_a_reading_that_has_diverged_keeps_its_limits(shown, reading):
    nan = float("nan")
    state = np.array([[0, 0], [nan, -2], [np.inf, 0]])
    gates = {"forget": np.array([[0.2, 0.2], [nan, nan], [0.5, 0.5]])}
    lost = {"opinion": [0.5, nan, 0.9], "carry": state, "gates": gates}
    plots.recurrent.gates(**reading | lost, title="t")
    assert shown.axes[2].images[0].get_clim() == (-2, 2)
    assert "lowest at 'it' (0.20)" in shown.alt


def test_white_is_a_cell_state_of_zero_even_where_all_are(shown, reading):
    plots.recurrent.gates(**reading | {"carry": np.zeros((3, 2))}, title="t")
    assert shown.axes[2].images[0].get_clim() == (-1, 1)


def test_gates_refuse_means_in_place_of_units(reading):
    with pytest.raises(ValueError, match=r"'forget' has shape \(3,\); give \(T, units\)"):
        plots.recurrent.gates(**reading | {"gates": {"forget": np.ones(3)}}, title="t")
