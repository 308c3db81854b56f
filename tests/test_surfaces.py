"""The surfaces: values, slopes, errors."""

from helpers import surfaces

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

SURFACES = [surfaces.valley(), surfaces.valley(9, degrees=30), surfaces.ripples()]
WEIGHTS = st.tuples(*[st.floats(-5, 5)] * 2).map(np.array)


@given(WEIGHTS)
def test_gradients_are_the_slopes_of_the_values(w):
    for surface in SURFACES:
        nudged = [
            (surface.value(w + e) - surface.value(w - e)) / 2e-5 for e in 1e-5 * np.identity(2)
        ]
        np.testing.assert_allclose(surface.gradient(w), nudged, atol=1e-6)


@given(WEIGHTS)
def test_nothing_is_below_the_minimum(w):
    for surface in SURFACES:
        assert surface.value(np.array(surface.minimum)) <= surface.value(w)


@given(WEIGHTS)
def test_turning_a_valley_turns_its_values_along(w):
    quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])  # a row vector times it is turned by 90 degrees
    turned = surfaces.valley(degrees=90)
    assert turned.value(w @ quarter) == pytest.approx(surfaces.valley().value(w), abs=1e-9)


@pytest.mark.parametrize("surface", SURFACES)
def test_surfaces_take_many_points_at_once(surface):
    points = np.random.default_rng(0).normal(size=(4, 3, 2))
    assert surface.value(points).shape == (4, 3)
    assert surface.gradient(points).shape == (4, 3, 2)
    assert surface.value(points)[2, 1] == pytest.approx(surface.value(points[2, 1]))


def test_ripples_have_dents_beside_the_minimum():
    ripples = surfaces.ripples()
    dent, wall = ripples.value(np.array([[2.99, 0.0], [1.65, 0.0]]))
    assert 0 < dent < wall


def test_a_valley_without_walls_is_refused():
    with pytest.raises(ValueError, match="give a positive number"):
        surfaces.valley(steepness=0)


def test_the_grid_is_centred_on_the_minimum():
    moved = surfaces.Surface("moved", lambda w: w.sum(-1), lambda w: w, (2.0, -1.0), reach=1)
    x, y, loss = moved.grid(3)
    assert (x[0].tolist(), y[:, 0].tolist()) == ([1, 2, 3], [-2, -1, 0])
    assert loss[0, 2] == 3 - 2
