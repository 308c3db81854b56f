"""From a small archive of known order, loaders return what Keras's return; no cache is needed."""

from __future__ import annotations

import io
import pickle
import tarfile

from helpers.data import boston_housing, california_housing, cifar10, imdb, mnist, reuters
from tests.data.conftest import assert_same

import keras
import numpy as np
import pytest


@pytest.fixture
def keras_reads(monkeypatch):
    """Let a loader of Keras read a file on this machine, whatever its hash."""

    def read(name, path):
        monkeypatch.setattr(f"keras.src.datasets.{name}.get_file", lambda *_, **__: str(path))
        return getattr(keras.datasets, name).load_data

    return read


def npz(**arrays):
    """The bytes of an .npz file."""
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def texts(*lengths):
    """Lists of ranks of these lengths, no two alike, with ranks on both sides of 20."""
    lists = np.empty(len(lengths), dtype=object)
    lists[:] = [[number + 1, *range(9, 9 + length)] for number, length in enumerate(lengths)]
    return lists


def test_mnist(pass_for_real, keras_reads):
    pictures = np.arange(12 * 28 * 28).reshape(12, 28, 28).astype("uint8")
    y = np.arange(12, dtype="uint8")
    parts = {"x_train": pictures[:7], "y_train": y[:7], "x_test": pictures[7:], "y_test": y[7:]}
    path = pass_for_real("mnist.npz", npz(**parts))
    assert_same(mnist.load_data("full"), keras_reads("mnist", path)())


@pytest.mark.parametrize("num_words", [20, 1, 2, 10_000])
def test_imdb(pass_for_real, keras_reads, num_words):
    train = {"x_train": texts(3, 9, 1, 14, 5, 2, 20), "y_train": np.arange(7)}
    test = {"x_test": texts(8, 2, 17, 4, 6), "y_test": np.arange(10, 15)}
    path = pass_for_real("imdb.npz", npz(**train, **test))
    theirs = keras_reads("imdb", path)(num_words=num_words)
    assert_same(imdb.load_data("full", num_words), theirs)


@pytest.mark.parametrize("num_words", [20, 1, 2, 10_000])
def test_reuters(pass_for_real, keras_reads, num_words):
    path = pass_for_real(
        "reuters.npz", npz(x=texts(3, 9, 1, 14, 5, 2, 20, 7, 4, 11, 6), y=np.arange(11))
    )
    theirs = keras_reads("reuters", path)(num_words=num_words)
    assert_same(reuters.load_data("full", num_words), theirs)


@pytest.mark.parametrize(
    ("module", "dtype"), [(boston_housing, "float64"), (california_housing, "float32")]
)
def test_housing(pass_for_real, keras_reads, module, dtype):
    name = module.__name__.rpartition(".")[2]
    path = pass_for_real(
        f"{name}.npz",
        npz(x=np.arange(33, dtype=dtype).reshape(11, 3), y=np.arange(11, dtype=dtype)),
    )
    assert_same(module.load_data("full"), keras_reads(name, path)())


def test_cifar10(pass_for_real, keras_reads, tmp_path):
    """Keras gives each training batch 10,000 rows, and repeats a row to fill them."""
    rng = np.random.default_rng(0)
    sizes = {f"data_batch_{i}": 1 for i in range(1, 6)} | {"test_batch": 7}
    with tarfile.open(fileobj=(packed := io.BytesIO()), mode="w:gz") as tar:
        for number, (name, size) in enumerate(sizes.items()):
            data = rng.integers(256, size=(size, 3_072), dtype="uint8")
            labels = list(range(number, number + size))
            content = pickle.dumps({b"data": data, b"labels": labels}, protocol=3)
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    path = pass_for_real("cifar-10-batches-py-target_archive", packed.getvalue())
    with tarfile.open(path) as tar:
        tar.extractall(tmp_path, filter="data")
    (x_train, y_train), test = keras_reads("cifar10", tmp_path)()
    theirs = (x_train[::10_000], y_train[::10_000]), test
    assert_same(cifar10.load_data("full"), theirs)
