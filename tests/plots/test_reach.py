"""What the drawing of stacked windows says: the steps that one output sees."""

from helpers import plots

import pytest
from matplotlib.colors import same_color

pytestmark = pytest.mark.usefixtures("course_style")


def heights(shown):
    """The heights of the layers as drawn, top first, and the number of points in each."""
    return [len(points.get_offsets()) for points in shown.axes[0].collections]


def test_two_windows_of_three_see_five_steps(shown):
    plots.reach.receptive_field([(3, 1, 1), (3, 1, 1)], "Five", steps=7)
    assert "width 3, then width 3." in shown.alt
    assert "sees 5 of 7 steps, from step 2 to step 6" in shown.alt
    assert heights(shown) == [3, 5, 7]


def test_doubled_dilations_see_a_power_of_two_without_gaps(shown):
    plots.reach.receptive_field([(2, 1, 1), (2, 1, 2), (2, 1, 4)], "t", steps=12, causal=True)
    assert "dilation 4" in shown.alt
    assert "sees 8 of 12 steps, from step 4 to step 11" in shown.alt


def test_causal_layers_are_as_long_as_the_sequence_and_see_nothing_before_it(shown):
    plots.reach.receptive_field([(2, 1, 4), (2, 1, 4)], "t", steps=6, causal=True)
    assert heights(shown) == [6, 6, 6]
    assert "sees 2 of 6 steps, from step 1 to step 5" in shown.alt


def test_a_stride_makes_a_layer_shorter(shown):
    plots.reach.receptive_field([(3, 1, 1), (2, 2, 1)], "t", steps=8)
    assert "width 2, stride 2" in shown.alt
    assert heights(shown) == [3, 6, 8]
    assert "sees 4 of 8 steps" in shown.alt


def test_an_output_stands_above_the_middle_of_what_it_sees(shown):
    plots.reach.receptive_field([(3, 1, 1)], "t", steps=3)
    top = shown.axes[0].collections[0].get_offsets()
    assert top.tolist() == [[1, 1]]


def test_too_short_a_sequence_is_refused():
    with pytest.raises(ValueError, match="spans 5 steps, and the layer below has 4"):
        plots.reach.receptive_field([(3, 1, 2)], "t", steps=4)


def test_layers_are_named_from_the_input_up(shown):
    plots.reach.receptive_field([(3, 1, 1), (2, 2, 2)], "t", steps=9)
    labels = [label.get_text() for label in shown.axes[0].get_yticklabels()]
    assert labels == ["input", "width 3", "width 2, stride 2, dilation 2"]


def test_what_the_last_output_sees_has_the_colour_of_its_links(shown):
    plots.reach.receptive_field([(3, 1, 1)], "t", steps=5)
    top, below = shown.axes[0].collections
    seen = [same_color(colour, plots.COLOURS[0]) for colour in below.get_facecolors()]
    assert seen == [False, False, True, True, True]
    assert [same_color(c, plots.COLOURS[0]) for c in top.get_facecolors()] == [False, False, True]
    assert len(shown.axes[0].lines) == 3
