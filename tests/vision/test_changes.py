"""How fine a change is, its scrambled twin, a grid in it, and a way through a JPEG file."""

from helpers.vision.changes import grid_share, mean_frequency, scramble, through_jpeg
from helpers.vision.inputs import photograph

import numpy as np
import pytest

NOISE = np.random.default_rng(0).normal(size=(64, 96, 3))


@pytest.mark.parametrize("wave", [4, 8, 16])
def test_waves_have_their_frequency_whatever_their_strength_and_mean(wave):
    lines = np.sin(2 * np.pi * np.arange(64) / wave)[:, None, None] * np.ones((64, 32, 3))
    assert mean_frequency(lines) == pytest.approx(1 / wave)
    assert mean_frequency(100 + 7 * lines) == pytest.approx(1 / wave)


def test_noise_is_finer_than_smoothed_noise():
    smooth = NOISE + np.roll(NOISE, 1, 0) + np.roll(NOISE, 1, 1)
    assert mean_frequency(NOISE) == pytest.approx(0.38, abs=0.01)
    assert mean_frequency(smooth) < mean_frequency(NOISE) - 0.05


def test_a_scrambled_change_keeps_its_power_and_frequency_and_loses_its_shape():
    change = np.zeros((64, 96, 3))
    change[20:30, 40:60] = [9, 3, -2]
    other = scramble(change)
    assert other.std() == pytest.approx(change.std())
    assert mean_frequency(other) == pytest.approx(mean_frequency(change))
    np.testing.assert_allclose(other.mean((0, 1)), change.mean((0, 1)), atol=1e-12)
    assert abs(np.corrcoef(other.ravel(), change.ravel())[0, 1]) < 0.3
    assert not np.allclose(scramble(change, 1), other)


def test_a_grid_is_found_at_its_period_and_noise_has_none():
    grid = NOISE.copy()
    grid[::8, ::8] *= 6
    assert grid_share(grid, 8) > 1
    assert grid_share(NOISE, 8) < 0.2
    rolled = np.roll(grid, (3, 5), (0, 1))
    assert grid_share(rolled, 8) == pytest.approx(grid_share(grid, 8), rel=0.1)


def test_jpeg_changes_a_picture_the_more_the_lower_its_quality():
    picture = photograph("cat", 96)
    errors = [np.abs(through_jpeg(picture, q) - picture.astype(int)).mean() for q in (95, 75, 20)]
    assert 0 < errors[0] < errors[1] < errors[2] < 20


def test_messages_say_what_to_give():
    with pytest.raises(ValueError, match="has no frequency"):
        mean_frequency(np.ones((4, 4, 3)))
    with pytest.raises(ValueError, match=r"give \(height, width, channels\)"):
        scramble(np.zeros((4, 4)))
    with pytest.raises(ValueError, match="No square of 9"):
        grid_share(np.ones((8, 20, 3)), 9)
    with pytest.raises(ValueError, match="give uint8"):
        through_jpeg(np.zeros((4, 4, 3)))
