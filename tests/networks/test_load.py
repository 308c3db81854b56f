"""Networks and bases by name, the elephants, the drawn stand-ins, and what is refused."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from helpers.data import registry
from helpers.data.registry import DataError
from helpers.networks import load
from helpers.networks.stand_ins import drawn_imagenet as sample
from helpers.vision import cam, maps

import cv2
import keras
import numpy as np
import pytest

FILES = {name: (row.without_top, row.with_top) for name, row in load._TABLE.items()}
REAL = FILES["mobilenet"][1].path
HOME = os.environ.get("KERAS_HOME", "")


@cache
def network():
    return load.load_network("sample")


def answers(pictures):
    return network().model.predict(network().prepare(pictures), verbose=0)


@pytest.mark.parametrize("kind", range(4))
def test_the_stand_in_recognises_new_drawings(kind):
    rng = np.random.default_rng(17)
    drawings = np.stack([sample.draw(kind, rng) for _ in range(30)])
    assert drawings.shape == (30, 64, 64, 3)
    assert drawings.dtype == np.uint8
    assert (answers(drawings).argmax(axis=1) == kind).mean() > 0.8


def test_the_stand_in_sees_the_elephants_where_they_are():
    scene = load.load_photograph("sample")
    assert scene.shape == (351, 525, 3)
    assert scene.dtype == np.uint8
    small = cv2.resize(scene, (64, 64), interpolation=cv2.INTER_AREA)[np.newaxis]
    best = network().decode_predictions(answers(small), top=3)[0]
    assert best[0][1] == "drawn_elephant"
    assert [p for _, _, p in best] == sorted((p for _, _, p in best), reverse=True)
    x = network().prepare(small)
    heat = cam.heat_map(cam.grad_cam(network().model, x, network().last, 0)[0])
    assert heat[2:7].sum() > 0.8 * heat.sum()  # none in the sky above, or at the lower edge


def test_the_stand_in_says_that_it_is_one(capsys):
    load.load_network("sample", "vgg16")
    load.load_photograph("sample")
    lines = capsys.readouterr().out.splitlines()
    assert [line.startswith("Stand-in, not ") for line in lines] == [True, True]


def test_drawings_are_the_same_every_time():
    one, two = (sample.draw(0, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(sample.draw_scene(), sample.draw_scene())


def test_preparing_leaves_the_pictures_alone():
    pictures = np.full((1, 64, 64, 3), 255, "float32")
    assert float(network().prepare(pictures).numpy().max()) == 1
    assert (pictures == 255).all()
    again = network().prepare(np.uint8(pictures))
    np.testing.assert_array_equal(again, network().prepare(pictures))


def test_every_layer_that_is_named_has_maps():
    names = [*network().layers, network().last]
    assert list(maps.activations(network().model, names).output) == names


# The table


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_the_table_is_loaded_unchecked(name):
    for file in filter(None, FILES[name]):
        registered = registry.entries().get(file.name)
        assert file.values or file.md5 or registered.sha256


@pytest.mark.parametrize("name", FILES)
def test_layers_of_the_table_are_layers_of_the_network(name):
    row = load._TABLE[name]
    base = load.load_base(name, 75, trained=False)
    if name == "drawn":
        names = {layer.name for layer in network().model.layers}
    else:
        names = {layer.name for layer in base.model.layers}
    assert {*row.layers, row.last} <= names
    if base.last_block is not None:
        base.model.get_layer(base.last_block)


@pytest.mark.parametrize("name", [name for name in FILES if name != "drawn"])
def test_files_have_the_names_that_keras_gives_them(name):
    module = sys.modules[f"keras.src.applications.{name}"]
    for file, path in zip(FILES[name], ("WEIGHTS_PATH_NO_TOP", "WEIGHTS_PATH"), strict=True):
        if name == "mobilenet":  # Keras puts the name together from its parts
            assert file.name.startswith("mobilenet_7_5_224_tf")
        elif file:
            assert file.name == getattr(module, path).rsplit("/", 1)[-1]
            assert file.md5 in Path(module.__file__).read_text()


def test_pictures_are_prepared_as_the_application_does_it():
    x = np.random.default_rng(0).uniform(0, 255, (2, 75, 75, 3)).astype("float32")
    for name in FILES:
        theirs = getattr(keras.applications, "vgg16" if name == "drawn" else name)
        prepared = load.load_base(name, 75, trained=False).prepare(x)
        np.testing.assert_allclose(prepared, theirs.preprocess_input(x.copy()), rtol=1e-6)


def test_no_stand_in_is_imported_until_it_is_asked_for():
    code = "import sys; from helpers.networks import load, transfer, weights; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = ran.stdout.split()
    assert "helpers.networks.transfer" in modules
    assert not [name for name in modules if "stand_ins." in name]


# What is refused


def test_an_unknown_base_is_refused():
    for base in ("resnet", "drawn", "inception_v3"):  # the last is known without its top only
        with pytest.raises(ValueError, match=rf"no network '{base}' .* 'vgg16' or 'mobilenet'"):
            load.load_network("full", base)
    with pytest.raises(ValueError, match=r"no base 'resnet'; choose one of 'vgg16', .* or 'drawn'"):
        load.load_base("resnet", 48)


@pytest.mark.parametrize("base", ["mobilenet", "vgg16"])
def test_missing_weights_name_the_file_and_the_ways_out(base):
    file = FILES[base][1].name
    with pytest.raises(DataError, match=rf"{file}.*'sample'"):
        load.load_network("full", base)


def test_weights_of_another_network_are_refused(cache):
    path = FILES["mobilenet"][1].path
    assert cache in path.parents
    path.parent.mkdir(parents=True)
    other = keras.applications.MobileNet(alpha=0.75, weights=None)
    other.save_weights(path.with_suffix(".weights.h5"))
    path.with_suffix(".weights.h5").rename(path)
    with pytest.raises(DataError, match=r"holds other weights|cannot be read"):
        load.load_network("full")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sides", "used"),
    [("vgg19", (32, 48), ["block5_conv2"]), ("inception_v3", (75, 80), ["mixed0", "mixed10"])],
)
def test_a_base_is_loaded_from_a_file_with_its_hash_and_from_no_other(
    name, sides, used, cache, monkeypatch
):
    row = load._TABLE[name]
    made = load.load_base(name, sides[0], trained=False).model  # random weights
    row.without_top.path.parent.mkdir(parents=True)
    made.save(row.without_top.path)
    with pytest.raises(DataError, match="is damaged or another file: its md5"):
        load.load_base(name, sides[0])
    found = hashlib.md5(row.without_top.path.read_bytes()).hexdigest()
    known = dataclasses.replace(row.without_top, md5=found)
    monkeypatch.setitem(load._TABLE, name, dataclasses.replace(row, without_top=known))
    loaded = load.load_base(name, sides[1]).model
    for theirs, ours in zip(loaded.get_weights(), made.get_weights(), strict=True):
        np.testing.assert_array_equal(theirs, ours)
    assert {*load._TABLE[name].layers, *used} <= {one.name for one in loaded.layers}


@pytest.mark.skipif(not REAL.exists(), reason=f"the real {REAL.name} is not in the cache")
def test_mobilenet_sees_african_elephants(monkeypatch):
    monkeypatch.setenv("KERAS_HOME", HOME)
    found = load.load_network("full")
    photograph = load.load_photograph("full")
    assert photograph.shape == (351, 525, 3)
    small = cv2.resize(photograph, (found.side, found.side), interpolation=cv2.INTER_AREA)
    predictions = found.model.predict(found.prepare(small[np.newaxis]), verbose=0)
    names = [name for _, name, _ in found.decode_predictions(predictions, top=1000)[0]]
    assert names[0] == "African_elephant"
    expected = ["African_elephant", "tusker", "Indian_elephant"]
    order = predictions[0].argsort()[::-1].tolist()
    assert [names[order.index(number)] for number in found.elephants] == expected
