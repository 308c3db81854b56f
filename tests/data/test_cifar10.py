"""CIFAR-10: the archive as Keras reads it, subsets, and the claims of the stand-in."""

from __future__ import annotations

from functools import cache as keep

from helpers.data import cifar10, registry
from helpers.data.stand_ins import cifar10 as sample

import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid


@pytest.fixture(autouse=True)
def no_subset(monkeypatch):
    """The person who runs the tests may have set a subset."""
    monkeypatch.delenv("DL_CIFAR10", raising=False)


# The archive; that it is read as Keras reads it is in test_like_keras.py


def test_without_the_archive_the_two_ways_out_are_named(cache, monkeypatch):
    def no_network(*_, **__):
        raise registry.requests.ConnectionError

    monkeypatch.setattr("requests.get", no_network)
    with pytest.raises(registry.DataError, match=r"sha256 [0-9a-f]{64}.*PROFILE = 'sample'"):
        cifar10.load_data("full")


def test_names_are_in_label_order():
    assert tuple(sample.SHAPES) == cifar10.LABEL_NAMES
    assert cifar10.LABEL_NAMES[3] == "cat"


# A subset


def arrays(**other):
    part = {
        "x_train": np.full((3, 32, 32, 3), 7, dtype="uint8"),
        "y_train": np.array([[0], [9], [4]], dtype="uint8"),
        "x_test": np.zeros((2, 32, 32, 3), dtype="uint8"),
        "y_test": np.array([[1], [2]], dtype="uint8"),
    }
    return part | other


@pytest.mark.parametrize("by_variable", [True, False], ids=["variable", "path"])
def test_a_subset_is_read_and_named_without_its_folder(tmp_path, monkeypatch, capsys, by_variable):
    path = tmp_path / "some.npz"
    np.savez(path, **arrays(), train_index=np.arange(3))
    if by_variable:
        monkeypatch.setenv("DL_CIFAR10", str(path))
    (x_train, y_train), (x_test, y_test) = cifar10.load_data("full", None if by_variable else path)
    np.testing.assert_array_equal(x_train, arrays()["x_train"])
    np.testing.assert_array_equal(y_test, arrays()["y_test"])
    assert (y_train.shape, x_test.shape) == ((3, 1), (2, 32, 32, 3))
    out = capsys.readouterr().out
    assert out.startswith("A subset of CIFAR-10: 3 of 50,000 training and 2 pictures to test")
    assert "some.npz" in out
    assert str(tmp_path) not in out


@pytest.mark.parametrize(
    "content", [b"", b"no archive", b"PK\x03\x04 half an archive"], ids=["empty", "text", "cut"]
)
def test_another_file_is_a_sentence(tmp_path, content):
    path = tmp_path / "other.npz"
    path.write_bytes(content)
    with pytest.raises(registry.DataError, match=r"other\.npz cannot be read.*x_train, y_train"):
        cifar10.load_data("full", path)


@pytest.mark.parametrize("name", ["list.npy", "mnist.npz"])
def test_another_numpy_file_is_a_sentence(tmp_path, name):
    path = tmp_path / name
    np.save(path, np.arange(3)) if name.endswith("npy") else np.savez(path, x_train=np.zeros(3))
    with pytest.raises(registry.DataError, match="cannot be read as a part of CIFAR-10"):
        cifar10.load_data("full", path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"y_train": np.array([0, 9, 4], dtype="uint8")},
        {"x_test": np.zeros((2, 28, 28), dtype="uint8")},
        {"y_test": np.zeros((5, 1), dtype="uint8")},
    ],
    ids=["flat labels", "grey", "too many labels"],
)
def test_pictures_of_another_shape_are_a_sentence(tmp_path, wrong):
    path = tmp_path / "other.npz"
    np.savez(path, **arrays(**wrong))
    with pytest.raises(registry.DataError, match=r"should be \(n, 32, 32, 3\) and \(n, 1\)"):
        cifar10.load_data("full", path)


# The stand-in


@keep
def drawings():
    return cifar10.load_data("sample")


def test_drawings_have_the_form_of_cifar10():
    (x_train, y_train), (x_test, y_test) = drawings()
    assert x_train.shape == (1_000, 32, 32, 3)
    assert x_test.shape == (300, 32, 32, 3)
    assert (y_train.shape, y_test.shape) == ((1_000, 1), (300, 1))
    assert {part.dtype for part in (x_train, y_train, x_test, y_test)} == {np.dtype("uint8")}
    assert x_train.min() == 0
    assert x_train.max() == 255
    assert np.ptp(np.bincount(np.concatenate([y_train, y_test]).ravel())) == 0


def test_sample_needs_no_file_and_says_so(cache, monkeypatch, capsys):
    monkeypatch.setattr(registry, "fetch", None)
    monkeypatch.setenv("DL_CIFAR10", "/nowhere.npz")
    cifar10.load_data("sample")
    assert capsys.readouterr().out.startswith("Stand-in, not CIFAR-10: 1,300 small drawings")
    assert not cache.exists()


def test_every_caller_gets_drawings_of_its_own():
    (first, _), _ = sample.load()
    first[:] = 0
    (second, _), _ = sample.load()
    assert second.any()


def test_a_thing_is_drawn_in_its_own_shape_anywhere():
    rng = np.random.default_rng(0)
    ships = np.stack([sample.draw("ship", rng) for _ in range(60)])
    assert len({ship.tobytes() for ship in ships}) == 60
    means = ships.mean(axis=(1, 2))
    assert means.std(axis=0).min() > 15  # colours differ


def test_colour_helps_and_is_not_enough():
    (x_train, y_train), (x_test, y_test) = drawings()
    flat_train, flat_test = x_train.reshape(1_000, -1) / 255, x_test.reshape(300, -1) / 255
    nearest_mean = NearestCentroid().fit(flat_train, y_train.ravel()).score(flat_test, y_test)
    assert 0.15 < nearest_mean < 0.5


def test_unknown_profile_is_a_sentence():
    with pytest.raises(ValueError, match="The profile is 'some'; give 'sample'"):
        cifar10.load_data("some")


def test_some_labels_are_wrong_in_both_parts(monkeypatch):
    names = list(sample.SHAPES)
    monkeypatch.setattr(sample, "draw", lambda name, _: np.full(1, names.index(name)))
    for things, labels in sample.load.__wrapped__():
        assert 0.08 < (things != labels).mean() < 0.2


def test_a_subset_that_is_not_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("DL_CIFAR10", str(tmp_path / "none.npz"))
    with pytest.raises(registry.DataError, match=r"There is no file .*none\.npz.*DL_CIFAR10"):
        cifar10.load_data("full")
