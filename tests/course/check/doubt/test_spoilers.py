from helpers.course.check.doubt import spoilers

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV

X = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
Y = X[:, :1].copy()

pytestmark = pytest.mark.usefixtures("as_before")


def model():
    net = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    net.compile(keras.optimizers.Adam(0.1, weight_decay=0.1), "mse")
    return net


def moved(train):
    net = model()
    before = net.get_weights()
    train(net)
    return any((a != b).any() for a, b in zip(before, net.get_weights(), strict=True))


def step(net):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((net(X) - Y) ** 2)
    gradients = tape.gradient(loss, net.trainable_variables)
    net.optimizer.apply_gradients(zip(gradients, net.trainable_variables, strict=True))


WAYS = {
    "fit": lambda net: net.fit(X, Y, verbose=0),
    "train_on_batch": lambda net: net.train_on_batch(X, Y),
    "a step with a tape": step,
}


@pytest.mark.parametrize("way", WAYS)
def test_without_learning_no_weight_moves(way):
    assert moved(WAYS[way])
    spoilers.install("no-learning")
    assert not moved(WAYS[way])


def test_without_learning_a_step_by_hand_changes_nothing():
    spoilers.install("no-learning")
    for variable in (tf.Variable([1.0]), keras.Variable([1.0])):
        variable.assign_sub([0.5])
        assert float(variable[0]) == 1.0


@pytest.mark.parametrize("name", spoilers.NAMES)
def test_an_estimator_learns_from_spoiled_examples_alone(name):
    x = np.repeat(X, 10, axis=0)
    assert Ridge().fit(x, x[:, 0]).score(X, X[:, 0]) > 0.9
    spoilers.install(name)
    assert Ridge().fit(x, x[:, 0]).score(X, X[:, 0]) < 0.9
    search = GridSearchCV(Ridge(), {"alpha": [1.0]}, cv=2).fit(x, x[:, 0])
    assert search.best_estimator_.score(X, X[:, 0]) < 0.9


@pytest.mark.parametrize("name", spoilers.NAMES[1:])
def test_fit_gets_spoiled_data_and_validates_on_what_is_given(name):
    spoilers.install(name)
    seen = []

    class Watch(keras.Model):
        def call(self, x):
            return x[:, :1] * 1.0

        def train_step(self, data):
            seen.append([np.asarray(part) for part in data[:2]])
            return {"loss": 0.0}

        def test_step(self, data):
            np.testing.assert_array_equal(np.asarray(data[0]), X[:32])
            return {"loss": 0.0}

    net = Watch()
    net.compile("sgd", "mse", run_eagerly=True)
    net.fit(X, Y, validation_data=(X[:32], Y[:32]), shuffle=False, batch_size=64, verbose=0)
    (x, y), *_ = seen
    assert (x != X).any() or (y != Y).any()


def test_an_unknown_spoiler_is_named():
    with pytest.raises(ValueError, match="no-coffee"):
        spoilers.install("no-coffee")
