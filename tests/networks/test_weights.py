"""Weights of trained networks: checked before anyone uses them."""

from helpers.data import registry
from helpers.data.registry import DataError
from helpers.networks import weights
from helpers.networks.stand_ins import drawn_base

import keras
import numpy as np
import pytest


def tiny():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)], name="tiny")


@pytest.fixture
def mobilenet_file(cache, tmp_path, monkeypatch):
    """A file of `tiny`'s weights under MobileNet's name, whose hash nobody knows."""
    model = tiny()
    path = registry.entries()[weights.MOBILENET].path
    path.parent.mkdir(parents=True)
    model.save_weights(tmp_path / "tiny.weights.h5")
    (tmp_path / "tiny.weights.h5").rename(path)
    values = {weights.MOBILENET: weights.digest(model)}
    monkeypatch.setattr(weights, "VALUES", weights.VALUES | values)
    monkeypatch.setattr(keras.Model, "load_weights", load_any_name)
    return path, model


LOAD = keras.Model.load_weights


def load_any_name(model, path):
    """Keras 3's own files end in .weights.h5, those of keras.applications only in .h5."""
    link = path.with_name("again.weights.h5")
    link.write_bytes(path.read_bytes())
    LOAD(model, link)


def test_the_drawn_weights_are_small_and_known():
    assert drawn_base.WEIGHTS.stat().st_size < 2_000_000
    model = drawn_base.build()
    weights.load_weights(model, drawn_base.WEIGHTS.name)
    assert weights.digest(model) == weights.VALUES[drawn_base.WEIGHTS.name]


@pytest.mark.parametrize("damage", ["cut", "another value", "nothing"])
def test_damaged_drawn_weights_are_refused(tmp_path, monkeypatch, damage):
    path = tmp_path / drawn_base.WEIGHTS.name
    if damage == "another value":
        with np.load(drawn_base.WEIGHTS) as stored:
            arrays = [stored[name] for name in stored.files]
        arrays[0][0, 0, 0, 0] += 0.01
        np.savez_compressed(path, *arrays)
    else:
        path.write_bytes(drawn_base.WEIGHTS.read_bytes()[: 200_000 if damage == "cut" else 0])
    monkeypatch.setattr(drawn_base, "WEIGHTS", path)
    with pytest.raises(DataError, match=r"drawn_base\.npz .*; install the course again"):
        weights.load_weights(drawn_base.build(), path.name)


def test_a_file_without_known_hash_is_checked_by_its_values(mobilenet_file):
    _, expected = mobilenet_file
    model = tiny()
    weights.load_weights(model, weights.MOBILENET)
    np.testing.assert_array_equal(model.get_weights()[0], expected.get_weights()[0])


def test_other_values_are_refused_with_both_hashes(mobilenet_file, monkeypatch):
    wrong = {weights.MOBILENET: "0" * 64}
    monkeypatch.setattr(weights, "VALUES", wrong)
    _, expected = mobilenet_file
    with pytest.raises(DataError, match="is damaged or holds other weights") as caught:
        weights.load_weights(tiny(), weights.MOBILENET)
    for part in (weights.digest(expected), "0" * 64, "put the right file there"):
        assert part in str(caught.value)


def test_a_cut_file_is_refused(mobilenet_file):
    path, _ = mobilenet_file
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DataError, match="cannot be read as weights of tiny; put the right file"):
        weights.load_weights(tiny(), weights.MOBILENET)


def test_a_missing_file_without_known_hash_is_not_downloaded(cache):
    with pytest.raises(DataError, match=r"public address is http.*yourself into .*models"):
        weights.load_weights(tiny(), weights.MOBILENET)


def test_vgg16s_file_is_checked_by_the_registry(cache):
    path = registry.entries()[weights.VGG16].path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no weights")
    with pytest.raises(DataError, match="is damaged or another file: its sha256"):
        weights.load_weights(tiny(), weights.VGG16)


def test_a_digest_changes_with_any_value():
    model = tiny()
    before = weights.digest(model)
    assert before == weights.digest(model)
    kernel, bias = model.get_weights()
    model.set_weights([kernel, np.nextafter(bias, 1, dtype="float32")])
    assert weights.digest(model) != before
