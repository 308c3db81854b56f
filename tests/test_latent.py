"""The small variational autoencoder learns with all its weights; jumps are measured rightly."""

from helpers.latent import build_vae, jumps

import keras
import numpy as np
import pytest

PICTURES = np.random.default_rng(0).random((16, 8, 12, 3), dtype="float32")


@pytest.fixture
def vae():
    keras.utils.set_random_seed(0)
    model = build_vae((8, 12, 3), code=3, width=8)
    model.compile(keras.optimizers.Adam(0.01))
    return model


def test_every_trainable_weight_moves_in_two_steps(vae):
    before = vae.encoder.get_weights() + vae.decoder.get_weights()
    vae.fit(PICTURES, batch_size=8, epochs=1, verbose=0)
    after = vae.encoder.get_weights() + vae.decoder.get_weights()
    assert len(before) == len(vae.trainable_weights) == 12
    assert all((was != now).any() for was, now in zip(before, after, strict=True))


def test_a_frozen_decoder_stays_where_the_encoder_moves(vae):
    vae.decoder.trainable = False
    before = vae.encoder.get_weights(), vae.decoder.get_weights()
    vae.fit(PICTURES, batch_size=8, epochs=1, verbose=0)
    moved = [
        not np.array_equal(a, b) for a, b in zip(before[0], vae.encoder.get_weights(), strict=True)
    ]
    assert all(moved)
    assert all(map(np.array_equal, before[1], vae.decoder.get_weights()))


def test_the_costs_are_those_of_the_formulas(vae):
    vae.encoder.layers[-1].set_weights([np.zeros((8, 6)), np.array([1, 2, 3, -60, -60, -60.0])])
    logits = np.asarray(vae.decoder(np.array([[1.0, 2.0, 3.0]])), dtype="float64")
    x = PICTURES.astype("float64")
    error = (np.logaddexp(0, logits) - x * logits).sum(axis=(1, 2, 3))
    divergence = 0.5 * (1 + 4 + 9 + 3 * (60 - 1))
    told = vae.costs(PICTURES, training=False)
    assert np.allclose(told[0], error, rtol=1e-5)
    assert np.allclose(told[1], divergence, rtol=1e-5)


def test_beta_weighs_the_divergence():
    model = build_vae((8, 8, 1), beta=0.25, width=2)
    model.compile()
    told = model.evaluate(PICTURES[:, :8, :8, :1], verbose=0, return_dict=True)
    parts = told["reconstruction"] + 0.25 * told["divergence"]
    assert told["loss"] == pytest.approx(parts, rel=1e-5)


def test_half_the_log_variance_is_the_logarithm_of_a_deviation(vae):
    vae.encoder.layers[-1].set_weights([np.zeros((8, 6)), np.log([1, 1, 1, 4, 4, 4.0])])
    seen = []
    vae.decoder = lambda z, training: seen.append(np.asarray(z)) or z
    vae(np.repeat(PICTURES[:1], 20_000, axis=0))
    assert seen[0].std() == pytest.approx(2, abs=0.05)


def test_pictures_come_back_in_their_shape(vae):
    assert vae.decoder(np.zeros((5, 3))).shape == (5, 8, 12, 3)


@pytest.mark.parametrize("wrong", [{"shape": (0, 8, 1)}, {"code": 0}, {"width": 2.0}])
def test_what_cannot_be_built_is_refused(wrong):
    with pytest.raises(ValueError, match="give"):
        build_vae(**{"shape": (8, 8, 1)} | wrong)


def test_a_step_of_a_picture_is_a_jump_however_fine_the_line():
    largest = [jumps(lambda z: z[:, :1] > 0.3, [[0.0, 5]], [[1.0, 5]], n).max() for n in (4, 64)]
    assert largest == [1, 1]


def test_a_smooth_picture_changes_half_as_much_in_half_a_step():
    changes = [jumps(lambda z: 3 * z, [[0.0, 0]], [[1.0, 1]], n) for n in (4, 8)]
    assert np.allclose(changes[0], 3 / 4)
    assert np.allclose(changes[1], 3 / 8)


def test_each_line_has_a_row_of_jumps():
    assert jumps(lambda z: z, np.zeros((5, 2)), np.ones((5, 2)), 7).shape == (5, 7)


def test_lines_need_as_many_ends_as_starts():
    with pytest.raises(ValueError, match="lines, code"):
        jumps(lambda z: z, np.zeros((5, 2)), np.ones((4, 2)), 7)
