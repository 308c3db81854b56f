"""Weights of trained networks: checked before anyone uses them."""

import hashlib

from helpers.data import registry
from helpers.data.registry import DataError
from helpers.networks import weights
from helpers.networks.stand_ins import drawn_base
from helpers.networks.weights import WeightsFile

import keras
import numpy as np
import pytest


def tiny():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)], name="tiny")


MOBILENET = "mobilenet_7_5_224_tf_no_top.h5"  # a row of the registry without a hash
VGG16 = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"  # one with a hash


@pytest.fixture
def mobilenet_file(cache, tmp_path, monkeypatch):
    """A file of `tiny`'s weights under MobileNet's name, whose hash nobody knows."""
    model = tiny()
    path = registry.entries()[MOBILENET].path
    path.parent.mkdir(parents=True)
    model.save_weights(tmp_path / "tiny.weights.h5")
    (tmp_path / "tiny.weights.h5").rename(path)
    monkeypatch.setattr(keras.Model, "load_weights", load_any_name)
    return path, model


LOAD = keras.Model.load_weights


def load_any_name(model, path):
    """Keras 3's own files end in .weights.h5, those of keras.applications only in .h5."""
    link = path.with_name("again.weights.h5")
    link.write_bytes(path.read_bytes())
    LOAD(model, link)


def test_damaged_files_of_the_course_are_refused_whatever_the_damage(tmp_path, monkeypatch):
    file = WeightsFile("drawn_base.npz", values=weights.digest(stored_base()))
    whole = file.path.read_bytes()
    with np.load(file.path) as stored:
        arrays = [stored[name] for name in stored.files]
    monkeypatch.setattr(weights, "_OWN", tmp_path)
    arrays[0][0, 0, 0, 0] += 0.01
    np.savez_compressed(tmp_path / "changed.npz", *arrays)
    changed = (tmp_path / "changed.npz").read_bytes()
    for content in (changed, whole[:200_000], b""):
        file.path.write_bytes(content)
        with pytest.raises(DataError, match=r"drawn_base\.npz .*; install the course again"):
            weights.load_weights(drawn_base.build(), file)
    file.path.write_bytes(whole)
    weights.load_weights(drawn_base.build(), file)


def stored_base():
    model = drawn_base.build()
    weights.load_weights(model, WeightsFile("drawn_base.npz"))
    return model


def test_a_file_without_known_hash_is_checked_by_its_values(mobilenet_file):
    _, expected = mobilenet_file
    model = tiny()
    weights.load_weights(model, WeightsFile(MOBILENET, weights.digest(expected)))
    np.testing.assert_array_equal(model.get_weights()[0], expected.get_weights()[0])


def test_other_values_are_refused_with_both_hashes(mobilenet_file):
    _, expected = mobilenet_file
    with pytest.raises(DataError, match="is damaged or holds other weights") as caught:
        weights.load_weights(tiny(), WeightsFile(MOBILENET, "0" * 64))
    for part in (weights.digest(expected), "0" * 64, "put the right file there"):
        assert part in str(caught.value)


def test_a_file_is_checked_by_the_hash_that_keras_prints(mobilenet_file):
    path, expected = mobilenet_file
    found = hashlib.md5(path.read_bytes()).hexdigest()
    model = tiny()
    weights.load_weights(model, WeightsFile(MOBILENET, md5=found))
    np.testing.assert_array_equal(model.get_weights()[0], expected.get_weights()[0])
    with pytest.raises(DataError, match=rf"its md5 is {found}, not {'0' * 32}; put the right"):
        weights.load_weights(tiny(), WeightsFile(MOBILENET, md5="0" * 32))


def test_a_cut_file_is_refused(mobilenet_file):
    path, _ = mobilenet_file
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DataError, match="cannot be read as weights of tiny; put the right file"):
        weights.load_weights(tiny(), WeightsFile(MOBILENET))


def test_a_missing_file_without_known_hash_is_not_downloaded(cache):
    with pytest.raises(DataError, match=r"public address is http.*yourself into .*models"):
        weights.load_weights(tiny(), WeightsFile(MOBILENET))


def test_vgg16s_file_is_checked_by_the_registry(cache):
    path = registry.entries()[VGG16].path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no weights")
    with pytest.raises(DataError, match="is damaged or another file: its sha256"):
        weights.load_weights(tiny(), WeightsFile(VGG16))


def test_a_digest_changes_with_any_value():
    model = tiny()
    before = weights.digest(model)
    assert before == weights.digest(model)
    kernel, bias = model.get_weights()
    model.set_weights([kernel, np.nextafter(bias, 1, dtype="float32")])
    assert weights.digest(model) != before
