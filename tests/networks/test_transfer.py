"""Transfer: bases, their cut into two, the cache below the cut, and that it changes nothing."""

from functools import cache

from helpers.data import cats_and_dogs
from helpers.networks import load, transfer
from helpers.networks.stand_ins import drawn_base
from helpers.vision import pipeline

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

pytestmark = pytest.mark.slow

SIDE = 32


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def pictures(count=12, side=SIDE):
    x = np.random.default_rng(0).uniform(0, 255, (count, side, side, 3)).astype("float32")
    return x, (np.arange(count) % 2).astype("float32")[:, np.newaxis]


def batches(count=12, size=4):
    return tf.data.Dataset.from_tensor_slices(pictures(count)).batch(size)


def with_batch_norm(dropout=0.0):
    x = inputs = keras.Input((4, 4, 3))
    convolution = layers.Conv2D(5, 3, name="conv")
    for layer in (convolution, layers.BatchNormalization(), layers.Dropout(dropout)):
        x = layer(x)
    return keras.Model(inputs, x)


def settle(model):
    """Let the running averages of batch normalisation be those of the test's pictures."""
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = 0.0
    model(pictures()[0] / 127.5 - 1, training=True)


class Largest(keras.layers.Layer):
    """Passes its input on, and remembers the largest number in it."""

    def build(self, shape):
        self.largest = self.add_weight(shape=(), trainable=False)

    def call(self, x):
        self.largest.assign(keras.ops.max(x))
        return x


def top():
    return keras.Sequential([layers.Flatten(), layers.Dense(1, activation="sigmoid")])


# Bases


@pytest.mark.parametrize(
    ("name", "parameters", "shape", "below"),
    [
        ("vgg16", 14_714_688, (None, 4, 4, 512), (None, 9, 9, 512)),
        ("mobilenet", 1_832_976, (None, 4, 4, 768), (None, 4, 4, 768)),
        ("drawn", 0, (None, 9, 9, 96), (None, 18, 18, 64)),
    ],
)
def test_bases_have_the_architecture_of_their_name(name, parameters, shape, below):
    base = load.load_base(name, 150, trained=False)
    assert base.model.output.shape == shape
    assert base.model.count_params() == parameters or name == "drawn"
    lower, upper = transfer.cut(base.model, base.last_block)
    assert lower.output.shape == below
    assert upper.output.shape == shape


def test_vgg16_and_drawn_pictures_are_blue_first_without_means():
    red = np.array([255, 0, 0], "float32").reshape(1, 1, 1, 3)
    for name in ("vgg16", "drawn"):
        told = load.load_base(name, SIDE, trained=False).prepare(red.copy())
        np.testing.assert_allclose(told[0, 0, 0], (-103.939, -116.779, 131.32), rtol=1e-6)


def test_mobilenet_pictures_run_from_minus_one_to_one():
    prepare = load.load_base("mobilenet", SIDE, trained=False).prepare
    np.testing.assert_allclose(prepare(np.array([0.0, 127.5, 255.0])), (-1, 0, 1))


def test_the_drawn_base_says_that_it_is_a_stand_in(capsys):
    load.load_base("drawn", 48)
    assert "Stand-in, not VGG16 with ImageNet's weights" in capsys.readouterr().out


# The cut


def test_two_halves_one_after_the_other_are_the_whole():
    base = load.load_base("mobilenet", SIDE, trained=False).model
    below, above = transfer.cut(base, "conv_dw_7")
    x, _ = pictures(3)
    np.testing.assert_allclose(above(below(x)), base(x), rtol=1e-5, atol=1e-6)
    assert len(below.weights) + len(above.weights) == len(base.weights)


def test_halves_share_their_weights_with_the_base():
    base = load.load_base("drawn", SIDE, trained=False).model
    _, above = transfer.cut(base, "block4_conv1")
    above.set_weights([np.full(w.shape, 3.0) for w in above.weights])
    assert (base.get_layer("block4_conv2").get_weights()[1] == 3).all()


@pytest.mark.parametrize("layer", ["block5", "input"])
def test_a_wrong_layer_is_answered_with_the_right_ones(layer):
    base = load.load_base("drawn", SIDE, trained=False).model
    name = base.layers[0].name if layer == "input" else layer
    for function in (transfer.cut, transfer.unfreeze):
        with pytest.raises(ValueError, match=r"drawn has no layer .*block1_conv1.*block4_pool"):
            function(base, name)


# Freezing


def test_unfreezing_the_last_block_leaves_six_tensors_of_vgg16():
    base = load.load_base("vgg16", SIDE, trained=False).model
    transfer.unfreeze(base, "block5_conv1")
    assert [w.path.split("/")[0] for w in base.trainable_weights] == [
        f"block5_conv{number}" for number in (1, 1, 2, 2, 3, 3)
    ]


def test_unfreezing_less_freezes_what_was_free_before():
    base = load.load_base("drawn", SIDE, trained=False).model
    for layer, tensors in (("block1_conv1", 16), ("block4_conv1", 4), ("block3_conv1", 8)):
        transfer.unfreeze(base, layer)
        assert len(base.trainable_weights) == tensors


@pytest.mark.parametrize("by_unfreeze", [True, False])
def test_batch_normalisation_keeps_its_averages_only_if_it_stays_frozen(by_unfreeze):
    base = with_batch_norm()
    if by_unfreeze:
        transfer.unfreeze(base, "conv")
    before = base.get_weights()
    model = keras.Sequential([base, top()])
    model.compile("sgd", "binary_crossentropy")
    model.fit(np.random.default_rng(0).normal(5, 3, (8, 4, 4, 3)), np.ones((8, 1)), verbose=0)
    same = [np.array_equal(a, b) for a, b in zip(before, base.get_weights(), strict=True)]
    assert not same[0], "the convolution trains in either case"
    assert same[2:] == 4 * [by_unfreeze]


@pytest.mark.parametrize("trained", [True, False])
def test_unfreezing_reaches_a_compiled_network_only_before_its_first_training_step(trained):
    base = with_batch_norm()
    base.trainable = False
    model = keras.Sequential([base, top()])
    model.compile("sgd", "binary_crossentropy")
    x, y = np.random.default_rng(0).normal(5, 3, (8, 4, 4, 3)), np.ones((8, 1))
    if trained:
        model.fit(x, y, verbose=0)
    before = base.get_weights()
    transfer.unfreeze(base, "conv")
    model.fit(x, y, verbose=0)
    assert np.array_equal(before[0], base.get_weights()[0]) == trained


# The cache


def test_activations_come_in_order_with_their_labels():
    base = load.load_base("drawn", SIDE, trained=False).model
    x, y = transfer.activations(base, batches(10))
    expected, labels = pictures(10)
    np.testing.assert_allclose(x, base(expected), rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(y, labels)
    assert x.dtype == y.dtype == np.float32


def test_activations_are_those_of_the_network_in_use_not_in_training():
    model = with_batch_norm(dropout=0.5)
    x = np.random.default_rng(0).normal(5, 3, (8, 4, 4, 3)).astype("float32")
    before, expected = model.get_weights(), np.asarray(model(x, training=False))
    data = tf.data.Dataset.from_tensor_slices((x, np.zeros((8, 1)))).batch(4)
    np.testing.assert_allclose(transfer.activations(model, data)[0], expected, rtol=1e-5)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_copies_are_passes_with_other_variants():
    data = tf.data.Dataset.from_tensor_slices(pictures(6))
    turned = pipeline.batches(data, 4, augment=layers.RandomRotation(0.5, fill_mode="nearest"))
    stored, labels = transfer.copies(flat(), turned, 3)
    assert stored.shape == (3, 6, SIDE * SIDE * 3)
    assert stored.dtype == np.float32
    assert all(not np.array_equal(a, b) for a, b in ((stored[0], stored[1]), stored[1:]))
    np.testing.assert_array_equal(labels, pictures(6)[1])


def flat():
    return keras.Sequential([keras.Input((SIDE, SIDE, 3)), layers.Flatten()])


@pytest.mark.parametrize("classes", [1, 2])
def test_shuffled_batches_are_refused_whatever_the_labels(classes):
    data = batches(40, 1).shuffle(40).map(lambda x, y: (x, y * (classes - 1)))
    with pytest.raises(ValueError, match="batches are shuffled"):
        transfer.copies(flat(), data, 2)
    single = tf.data.Dataset.from_tensor_slices(pictures(8)).map(lambda x, y: (x, y * 0))
    with pytest.raises(ValueError, match="batches are shuffled"):
        transfer.copies(flat(), pipeline.batches(single, 4, shuffle=True), 2)


def test_labels_in_another_order_are_noticed_where_the_pipeline_does_not_tell():
    rng, (x, y) = np.random.default_rng(0), pictures(40)

    def any_order():
        order = rng.permutation(40)
        yield x[order], y[order]

    types = tuple(tf.TensorSpec(part.shape, part.dtype) for part in (x, y))
    data = tf.data.Dataset.from_generator(any_order, output_signature=types)
    with pytest.raises(ValueError, match="batches are shuffled"):
        transfer.copies(flat(), data, 2)


def test_batches_shuffled_once_for_all_passes_are_taken():
    once = batches(8, 1).shuffle(8, seed=1, reshuffle_each_iteration=False)
    stored, _ = transfer.copies(flat(), once, 2)
    np.testing.assert_array_equal(stored[0], stored[1])


@pytest.mark.parametrize("count", [0, 1.5, True])
def test_copies_are_a_whole_number(count):
    with pytest.raises(ValueError, match=rf"count is {count}; give a whole number"):
        transfer.copies(flat(), batches(), count)


def test_an_epoch_has_every_picture_once_and_the_copies_take_turns():
    stored = np.arange(2 * 5).reshape(2, 5, 1)
    data = transfer.Copies(stored, np.arange(5).reshape(5, 1), batch_size=2, seed=None)
    seen = []
    for _ in range(3):
        pairs = [data[number] for number in range(len(data))]
        assert [y.ravel().tolist() for _, y in pairs] == [[0, 1], [2, 3], [4]]
        seen.append(np.concatenate([x.ravel() for x, _ in pairs]).tolist())
        data.on_epoch_end()
    assert seen == [[0, 6, 2, 8, 4], [5, 1, 7, 3, 9], [0, 6, 2, 8, 4]]


def test_fit_walks_through_the_copies():
    seen = []

    class Spy(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(self.model.layers[0].get_weights()[0].item())

    model = keras.Sequential([keras.Input((1,)), Largest(), layers.Dense(1)])
    model.compile("sgd", "mse")
    stored = np.arange(2 * 5, dtype="float32").reshape(2, 5, 1)
    data = transfer.Copies(stored, np.zeros((5, 1)), batch_size=2, seed=None)
    model.fit(data, epochs=4, verbose=0, shuffle=False, callbacks=[Spy()])
    one, two = [6, 8, 4], [5, 7, 9]  # the largest number in each batch
    assert seen in (2 * (one + two), 2 * (two + one))


def test_shuffled_epochs_have_every_picture_once_as_the_seed_says():
    labels = np.arange(50.0).reshape(50, 1)
    stored = labels + 100 * np.arange(3).reshape(3, 1, 1)  # 207 is the third copy of picture 7

    def epochs(seed):
        data, found = transfer.Copies(stored, labels, 20, seed), []
        for _ in range(2):
            pairs = [data[number] for number in range(len(data))]
            assert all(np.array_equal(x % 100, y) for x, y in pairs)
            found.append(np.concatenate([x for x, _ in pairs]).ravel())
            data.on_epoch_end()
        return found

    one, two = epochs(3)
    for epoch in (one, two):
        np.testing.assert_array_equal(np.sort(epoch % 100), labels.ravel())
        assert set(epoch // 100) == {0, 1, 2}
    assert not np.array_equal(one % 100, two % 100)
    np.testing.assert_array_equal([one, two], epochs(3))
    assert not np.array_equal(one, epochs(4)[0])


@pytest.mark.parametrize("name", ["drawn", "mobilenet"])
def test_fine_tuning_from_the_cache_gives_the_weights_of_fine_tuning_the_whole(name):
    """Same augmented pictures, same batches, same order: the same weights."""
    base = load.load_base(name, SIDE, trained=False)
    settle(base.model)
    below, above = transfer.cut(base.model, base.last_block)
    transfer.unfreeze(base.model, base.last_block)
    classifier = top()
    whole, tail = (keras.Sequential([part, classifier]) for part in (base.model, above))
    variants = np.stack([pictures(12)[0] / 127.5 - scale for scale in (1.0, 0.5)])
    _, labels = pictures(12)
    cached = np.stack([below(x) for x in variants])
    before, results = base.model.get_weights() + classifier.get_weights(), []
    for model, stored in ((whole, variants), (tail, cached)):
        base.model.set_weights(before[: len(base.model.weights)])
        classifier.set_weights(before[len(base.model.weights) :])
        model.compile(keras.optimizers.SGD(1e-3), "binary_crossentropy")
        model.fit(transfer.Copies(stored, labels, 5, seed=None), epochs=4, shuffle=False, verbose=0)
        results.append(base.model.get_weights() + classifier.get_weights())
    moved = [np.abs(a - b).max() for a, b in zip(results[0], before, strict=True)]
    assert sum(m > 0 for m in moved) == len(tail.trainable_weights)
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-3 * max(moved))


# The drawn base


@cache
def drawn_features(trained):
    """Features of the sample profile's drawings, training and validation part, with labels."""
    keras.utils.set_random_seed(1)
    base = load.load_base("drawn", 48, trained=trained)
    folder, found = cats_and_dogs.load_folders("sample"), []
    for part in ("train", "validation"):
        pairs = keras.utils.image_dataset_from_directory(
            folder / part,
            label_mode="binary",
            image_size=(48, 48),
            batch_size=50,
            shuffle=False,
            verbose=False,
        )
        prepared = pairs.map(lambda x, y, prepare=base.prepare: (prepare(x), y))
        found += transfer.activations(base.model, prepared)
    return found


def score(trained):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, y, x_val, y_val = drawn_features(trained)
    line = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
    line.fit(x.reshape(len(x), -1), y.ravel())
    return line.score(x_val.reshape(len(x_val), -1), y_val.ravel())


def test_features_of_the_drawn_base_tell_cats_from_dogs_and_random_ones_hardly():
    assert score(True) > 0.85
    assert score(True) > score(False) + 0.15


def test_drawn_heads_have_all_parts_and_none_of_a_cat_or_a_dog():
    x, y = drawn_base.drawings(400, seed=3)
    assert x.shape == (400, 48, 48, 3)
    assert x.dtype == np.uint8
    assert y.shape == (400, 26)
    assert 0 <= y.min() < y.max() <= 1
    ends = np.cumsum([len(kinds) for kinds in drawn_base.PARTS.values()])
    for one_hot in np.split(y, ends, axis=1)[:-1]:
        np.testing.assert_array_equal(one_hot.sum(axis=1), 1)
        assert (one_hot.sum(axis=0) > 0).all()
    assert not {"pointed", "hanging"} & set(drawn_base.PARTS["ears"])
    assert "whiskers" not in drawn_base.PARTS


def test_the_script_that_made_the_weights_learns_something():
    base = drawn_base.train(pictures=96, epochs=1, verbose=0)
    fresh = drawn_base.build()
    assert [w.shape for w in base.get_weights()] == [w.shape for w in fresh.get_weights()]
