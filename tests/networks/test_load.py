"""The network with its top and the elephants: the drawn stand-in, and what is refused."""

from __future__ import annotations

from functools import cache

from helpers.data import registry
from helpers.data.registry import DataError
from helpers.networks import load
from helpers.networks.stand_ins import drawn_imagenet as sample
from helpers.vision import cam, maps

import cv2
import keras
import numpy as np
import pytest

REAL = registry.entries()[load.MOBILENET].path


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


def test_an_unknown_base_is_refused():
    with pytest.raises(ValueError, match=r"'resnet'; choose 'mobilenet' or 'vgg16'"):
        load.load_network("full", "resnet")


@pytest.mark.parametrize("base", ["mobilenet", "vgg16"])
def test_missing_weights_name_the_file_and_the_ways_out(cache, base):
    file = {"mobilenet": load.MOBILENET, "vgg16": load.VGG16}[base]
    with pytest.raises(DataError, match=rf"{file}.*'sample'"):
        load.load_network("full", base)


def test_weights_of_another_network_are_refused(cache):
    path = cache / "models" / load.MOBILENET
    path.parent.mkdir(parents=True)
    other = keras.applications.MobileNet(alpha=0.75, weights=None)
    other.save_weights(path.with_suffix(".weights.h5"))
    path.with_suffix(".weights.h5").rename(path)
    with pytest.raises(DataError, match=r"holds other weights|cannot be read"):
        load.load_network("full")


@pytest.mark.skipif(not REAL.exists(), reason=f"the real {REAL.name} is not in the cache")
def test_mobilenet_sees_african_elephants():
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
