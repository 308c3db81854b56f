"""What the drawing of a model shows: a box a layer, an arrow a tensor, joins and detours."""

from itertools import pairwise

from helpers import plots

import keras
import pytest
from keras import layers, ops
from matplotlib.colors import same_color

pytestmark = pytest.mark.usefixtures("course_style")


def boxes(axis):
    """The middle of each layer's box, by the first line of its text."""
    return {
        text.get_text().split("\n")[0]: text.get_position()
        for text in axis.texts
        if "\n" in text.get_text()
    }


def two_inputs():
    text, question = keras.Input((None,), name="text"), keras.Input((7,), name="question")
    read = layers.LSTM(3)(layers.Embedding(9, 4)(text))
    joined = layers.concatenate([read, layers.Dense(2)(layers.Dense(5, name="early")(question))])
    return keras.Model([text, question], layers.Dense(1, name="answer")(joined))


def test_every_tensor_between_layers_is_an_arrow_in_the_alternative_text(shown):
    x = keras.Input((3,), name="x")
    y = layers.Dense(2, name="y")(x)
    model = keras.Model(x, [layers.Dense(1, name="a")(y), layers.Dense(4, name="b")(y)])
    plots.model_graph(model, "Two heads")
    assert shown.axes[0].get_title("left") == "Two heads"
    assert shown.alt == "Two heads. Arrows: x to y; y to a; y to b."


def test_a_box_tells_kind_shape_and_a_name_that_somebody_gave(shown):
    plots.model_graph(two_inputs(), "t")
    texts = {text.get_text() for text in shown.axes[0].texts}
    assert {"text\n?", "Embedding\n? × 4", "LSTM\n3", "Concatenate\n5"} <= texts
    assert {"answer: Dense\n1", "early: Dense\n5", "Dense\n2"} <= texts


def test_branches_run_down_side_by_side_and_a_join_stands_between(shown):
    plots.model_graph(two_inputs(), "t")
    places = boxes(shown.axes[0])
    assert places["text"][0] == places["Embedding"][0] == places["LSTM"][0]
    assert places["text"][1] > places["Embedding"][1] > places["LSTM"][1]
    assert min(places["text"][0], places["question"][0]) < places["Concatenate"][0]
    assert max(places["text"][0], places["question"][0]) > places["Concatenate"][0]


def test_an_input_stands_right_above_what_reads_it(shown):
    early, late = keras.Input((2,), name="early"), keras.Input((2,), name="late")
    x = layers.Dense(2)(layers.ReLU()(early))
    plots.model_graph(keras.Model([early, late], layers.add([x, late])), "t")
    places = boxes(shown.axes[0])
    assert places["late"][1] == places["Dense"][1] == places["Add"][1] + 1


def test_a_layer_used_twice_is_one_box_with_two_arrows_in_and_two_out(shown):
    left, right = (keras.Input((2,), name=name) for name in ("left", "right"))
    shared = layers.Dense(3, name="shared")
    plots.model_graph(keras.Model([left, right], ops.abs(shared(left) - shared(right))), "t")
    assert sum("shared" in text.get_text() for text in shown.axes[0].texts) == 1
    assert shown.alt.count("to shared") == shown.alt.count("shared to subtract") == 2
    tips = [text.xy for text in shown.axes[0].texts if not text.get_text()]
    _, below = sorted({y for _, y in tips}, reverse=True)[:2]
    assert len({x for x, y in tips if y == below}) == 2  # neither lies on the other


def test_a_link_around_layers_goes_around_their_boxes(shown):
    x = keras.Input((2,), name="x")
    plots.model_graph(keras.Model(x, layers.add([layers.Dense(2)(layers.ReLU()(x)), x])), "t")
    (detour,) = shown.axes[0].lines
    right = max(patch.get_x() + patch.get_width() for patch in shown.axes[0].patches)
    assert detour.get_xdata().max() > right
    plots.model_graph(two_inputs(), "no link around anything")
    assert not shown.axes[0].lines


def test_a_model_used_as_a_layer_is_one_box_of_its_own_colour(shown):
    part = keras.Sequential([keras.Input((2,)), layers.Dense(3), layers.ReLU()], name="part")
    x = keras.Input((2,), name="x")
    plots.model_graph(keras.Model(x, layers.Dense(1)(part(x))), "t")
    fills = [patch.get_facecolor() for patch in shown.axes[0].patches]
    assert len(fills) == 3
    assert "part\n3" in {text.get_text() for text in shown.axes[0].texts}
    assert not any(same_color(a, b) for a, b in pairwise(fills))


def test_a_sequential_is_a_chain_from_its_input(shown):
    row = keras.Sequential(
        [keras.Input((4, 7), name="pictures"), layers.Flatten(), layers.Dense(5), layers.Dense(3)]
    )
    plots.model_graph(row, "A chain")
    texts = [text.get_text() for text in shown.axes[0].texts if "\n" in text.get_text()]
    assert texts == ["pictures\n4 × 7", "Flatten\n28", "Dense\n5", "Dense\n3"]
    assert shown.alt.startswith("A chain. Arrows: pictures to flatten")
    assert shown.alt.count(" to ") == 3
    places = list(boxes(shown.axes[0]).values())
    assert len({x for x, _ in places}) == 1


def test_a_sequential_that_was_built_late_is_drawn(shown):
    row = keras.Sequential([layers.Dense(5)])
    row.build((None, 4))
    plots.model_graph(row, "t")
    assert "Dense\n5" in {text.get_text() for text in shown.axes[0].texts}


def test_a_layer_of_several_outputs_tells_all_their_shapes(shown):
    x = keras.Input((6, 2), name="x")
    whole, state, carry = layers.LSTM(3, return_sequences=True, return_state=True)(x)
    plots.model_graph(keras.Model(x, [whole, layers.add([state, carry])]), "t")
    assert "LSTM\n6 × 3, 3, 3" in {text.get_text() for text in shown.axes[0].texts}


def test_no_layer_lies_outside_the_picture(shown):
    plots.model_graph(two_inputs(), "t")
    (axis,) = shown.axes
    (left, right), (bottom, top) = axis.get_xlim(), axis.get_ylim()
    for box in axis.patches:
        assert left < box.get_x() < box.get_x() + box.get_width() < right
        assert bottom < box.get_y() < box.get_y() + box.get_height() < top


def test_a_sequential_that_is_not_built_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"begin it with keras\.Input"):
        plots.model_graph(keras.Sequential([layers.Dense(1)]), "t")


def test_a_model_without_a_graph_is_refused():
    class Own(keras.Model):
        pass

    with pytest.raises(ValueError, match="has no graph to draw"):
        plots.model_graph(Own(), "t")
