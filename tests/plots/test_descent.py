"""What the pictures of descents say: alternative text, lines, errors."""

import base64
import re
import xml.etree.ElementTree as ElementTree

from helpers import plots, surfaces

import numpy as np
import pytest

SURFACES = [surfaces.valley(), surfaces.valley(9, degrees=30), surfaces.ripples()]
SVG = "{http://www.w3.org/2000/svg}"

pytestmark = pytest.mark.usefixtures("course_style")


@pytest.fixture
def played(monkeypatch):
    """The pages that are displayed by themselves."""
    caught = []
    monkeypatch.setattr("helpers.plots.descent.display", lambda data, raw: caught.append(data))
    return caught


def test_relief_draws_a_landscape_a_surface(shown):
    plots.descent.relief(SURFACES[:2], "Two valleys")
    assert [axis.name for axis in shown.axes] == ["3d", "3d"]
    assert "valley: losses from 0 to 325." in shown.alt
    assert "turned valley: losses from 0 to 211.6." in shown.alt


def test_paths_say_where_each_descent_ends(shown):
    way = [[4.0, 0.0], [1.0, 0.0], [0.0, 2.0]]
    plots.descent.paths({"left": (SURFACES[0], {"SGD": way})}, "Down")
    assert "left, SGD: 2 steps from (4, 0) to (0, 2), loss 50." in shown.alt
    assert shown.axes[0].lines[0].get_xydata().tolist() == way


def test_a_rule_has_one_colour_in_all_panels(shown):
    way = np.zeros((2, 2))
    panels = {
        "left": (SURFACES[0], {"SGD": way, "Adam": way}),
        "right": (SURFACES[2], {"Adam": way}),
    }
    plots.descent.paths(panels, "t")
    left, right = shown.axes
    assert left.lines[3].get_color() == right.lines[0].get_color() == plots.COLOURS[1]
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["SGD", "Adam"]


@pytest.mark.parametrize("shape", [(3,), (1, 2), (4, 3), (2, 2, 2)])
def test_a_path_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match=r"path 'SGD' has shape .*give the start and one point"):
        plots.descent.paths({"p": (SURFACES[0], {"SGD": np.zeros(shape)})}, "t")


def test_slopes_draw_a_panel_a_descent_on_one_curve(shown):
    plots.descent.slopes(np.square, {"small": [2.0, 1.0], "large": [2.0, -3.0, 4.0]}, "t", (-5, 5))
    assert [axis.get_title(loc="left") for axis in shown.axes] == ["small", "large"]
    assert shown.axes[1].lines[1].get_xydata().tolist() == [[2, 4], [-3, 9], [4, 16]]
    assert "small: 1 steps from 2 to 1" in shown.alt
    assert "large: 2 steps from 2 to 4" in shown.alt


def play(played, ways, title="Race"):
    """The page that a race displays and its SVG picture, parsed."""
    plots.descent.race(SURFACES[0], ways, title)
    page = played[-1]["text/html"]
    (picture,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    return page, ElementTree.fromstring(base64.b64decode(picture))


def test_race_moves_each_dot_along_its_path(played):
    _, svg = play(played, {"SGD": [[-5.0, 5.0], [0.0, 0.0], [5.0, -5.0]]})
    (motion,) = svg.iter(f"{SVG}animateTransform")
    at = motion.get("values").split(";")
    assert at[:3] == ["0.0,0.0", "220.0,220.0", "440.0,440.0"]
    assert set(at[3:]) == {"440.0,440.0"}


def test_race_draws_the_trail_as_far_as_the_dot_has_come(played):
    _, svg = play(played, {"SGD": [[0.0, 0.0], [3.0, 0.0], [4.0, 0.0]]})
    (trail,) = svg.iter(f"{SVG}animate")
    assert trail.get("values").split(";")[:3] == ["1.0000", "0.2500", "0.0000"]


def test_race_is_folded_and_described(played):
    way = np.linspace([2.0, 0.0], [1.0, 0.0], 61)
    page, svg = play(played, {"SGD": way, "Adam": way}, "Fast & <slow>")
    assert page.startswith("<details><summary>Play: Fast &amp; &lt;slow&gt;</summary>")
    alt = "valley, after 60 steps: SGD, loss 0.5; Adam, loss 0.5."
    assert f'alt="Fast &amp; &lt;slow&gt;. On the contour lines of the {alt}"' in page
    assert [text.text for text in svg.iter(f"{SVG}text")] == ["SGD", "Adam"]


def test_race_of_six_stays_small(played):
    way = np.random.default_rng(0).normal(size=(101, 2))
    page, _ = play(played, {str(i): way for i in range(6)})
    assert len(page) < 200_000


def test_race_survives_a_descent_that_diverges(played):
    _, svg = play(played, {"SGD": [[1.0, 1.0], [1e300, -np.inf], [np.nan, np.nan]]})
    assert "nan" not in ElementTree.tostring(svg, "unicode").replace(svg[1][0].get("href"), "")


def test_race_wants_paths_of_one_length(played):
    with pytest.raises(ValueError, match=r"'SGD': 1, 'Adam': 2.*same number for all"):
        plots.descent.race(SURFACES[0], {"SGD": np.zeros((2, 2)), "Adam": np.zeros((3, 2))}, "t")
    assert played == []


def test_every_path_is_drawn_and_named_with_a_look_of_its_own(shown):
    ways = {f"rule {i}": np.array([[4.0, 1.0], [i, 0.0]]) for i in range(9)}
    plots.descent.paths({"p": (SURFACES[0], ways)}, "Nine")
    axis = shown.axes[0]
    assert [text.get_text() for text in axis.get_legend().get_texts()] == list(ways)
    handles = axis.get_legend().legend_handles
    assert len({(h.get_color(), h.get_marker(), h.get_linestyle()) for h in handles}) == 9
    assert all(f"p, {name}: 1 steps" in shown.alt for name in ways)


def test_the_ends_of_a_path_are_given_to_four_digits(shown):
    way = [[4.0, 0.0], [1.23456, -1e-9]]
    plots.descent.paths({"p": (SURFACES[0], {"SGD": way})}, "t")
    assert "from (4, 0) to (1.235, 0), loss 0.7621" in shown.alt


def test_a_path_that_diverges_leaves_the_picture_and_the_picture_stays(shown):
    way = [[4.0, 1.0], [1e200, -1e300], [np.inf, np.nan]]
    plots.descent.paths({"p": (SURFACES[0], {"SGD": way})}, "t")
    assert shown.axes[0].axis() == (-5, 5, -5, 5)
    assert "to (inf, nan), loss nan" in shown.alt


def test_a_slope_that_diverges_leaves_the_picture_and_the_picture_stays(shown):
    plots.descent.slopes(np.square, {"SGD": [2.0, 1e200, np.inf]}, "t", (-5, 5))
    left, right, bottom, top = shown.axes[0].axis()
    assert (left, right) == (-5, 5)
    assert bottom < 0 < 25 < top < 30
    assert "2 steps from 2 to inf" in shown.alt


def test_slopes_show_a_loss_below_zero(shown):
    plots.descent.slopes(lambda w: w**2 - 100, {"SGD": [2.0, 1.0]}, "t", (-5, 5))
    bottom, top = shown.axes[0].get_ylim()
    assert bottom < -100
    assert top > -75


def test_every_runner_of_a_race_is_told_apart_and_named(played):
    way = np.linspace([2.0, 0.0], [1.0, 0.0], 3)
    names = [str(i) for i in range(25)]
    _, svg = play(played, dict.fromkeys(names, way))
    key = list(svg.iter(f"{SVG}text"))
    assert [text.text for text in key] == names
    assert max(float(text.get("y")) for text in key) < float(svg.get("height"))
    dots = [(dot.get("fill"), dot.get("stroke")) for dot in svg.iter(f"{SVG}circle")]
    assert len(set(dots[:14])) == 14
    assert dots[:25] == dots[25:], "the key shows the dots that run"
