"""The key of a training: the same for the same, another for anything that its result depends on."""

import functools
import subprocess
import sys
import types
from pathlib import Path

from helpers.training import key

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

X = np.arange(6.0)


def build():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "relu")])
    model.compile("sgd", "mse")
    return model


def fit(model):
    return model.fit(X, X)


@pytest.fixture(scope="module")
def model():
    return build()


def key_of(model, fit=fit, build=build, **facts):
    return key.training_key(model, build, fit, facts)


def notebook(source, **names):
    """The functions of a cell, in a module of their own, as in a notebook."""
    module = types.ModuleType("notebook")
    vars(module).update(names)
    exec(compile(source, "cell", "exec"), vars(module))
    return module


def test_a_key_is_the_same_each_time_and_has_16_digits(model):
    assert key_of(model) == key_of(model)
    assert len(key_of(model)) == 16
    assert int(key_of(model), 16) >= 0


@pytest.mark.parametrize("name", ["version", "backend"])
def test_another_keras_is_another_key(model, monkeypatch, name):
    before = key_of(model)
    if name == "version":
        monkeypatch.setattr(keras, "__version__", "9.9.9")
    else:
        monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    assert key_of(model) != before


FACTS = {
    "number": (1, 2),
    "truth": (True, 1),
    "text": ("a", "b"),
    "array": (np.arange(6), np.arange(6)[::-1]),
    "shape": (np.zeros((2, 3)), np.zeros((3, 2))),
    "dtype": (np.zeros(2, "float32"), np.zeros(2, "int32")),
    "dates": (np.array(["2020-01-01"], "M8[D]"), np.array(["2020-01-02"], "M8[D]")),
    "objects": (np.array(["a", None], object), np.array(["a", 1], object)),
    "frame": (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 3]})),
    "column": (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]})),
    "series": (pd.Series([1, 2]), pd.Series([2, 1])),
    "index": (pd.Series([1, 2], index=[0, 1]), pd.Series([1, 2], index=[0, 2])),
    "nested": ({"a": {"b": [1, X]}}, {"a": {"b": [1, X + 1]}}),
    "tensor": (tf.constant([1.0]), tf.constant([2.0])),
    "order": ([1, 2], [2, 1]),
    "borders": ([[1], 2], [[1, 2]]),
    "partial": (functools.partial(max, 1), functools.partial(max, 2)),
    "schedule": (
        keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5),
        keras.optimizers.schedules.ExponentialDecay(2.0, 1, 0.5),
    ),
}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_counts_with_what_is_in_it(model, name):
    one, other = FACTS[name]
    assert key_of(model, fact=one) == key_of(model, fact=one)
    assert key_of(model, fact=one) != key_of(model, fact=other)
    assert key_of(model, fact=one) != key_of(model, another=one)


def test_the_order_of_facts_and_of_a_dictionary_does_not_count(model):
    assert key_of(model, a=1, b={"c": 1, "d": 2}) == key_of(model, b={"d": 2, "c": 1}, a=1)
    assert key_of(model, a={"one", "two"}) == key_of(model, a={"two", "one"})


def test_a_path_counts_with_the_content_of_the_file_or_folder(model, tmp_path):
    file = tmp_path / "cats" / "1.jpg"
    file.parent.mkdir()
    keys = set()
    for content in (b"miaow", b"purr"):
        file.write_bytes(content)
        keys |= {key_of(model, data=file), key_of(model, data=tmp_path)}
    file.rename(file.with_name("2.jpg"))
    keys.add(key_of(model, data=tmp_path))
    assert len(keys) == 5
    with pytest.raises(FileNotFoundError, match=r"1\.jpg, but there is no such file"):
        key_of(model, data=file)


def test_windows_on_a_series_count_without_being_copied(model):
    def windows(series, size):
        return np.lib.stride_tricks.sliding_window_view(series, size)

    million = np.arange(1e6)
    huge = windows(million, 100_000)  # 720 GB, if it were copied
    assert key_of(model, x=huge) == key_of(model, x=windows(million.copy(), 100_000))
    others = (windows(million + 1, 100_000), huge[1:], huge[:-1], windows(million, 99_999))
    assert len({key_of(model, x=x) for x in (huge, *others)}) == 5


@pytest.mark.parametrize("fact", [tf.data.Dataset.range(3), {"a": [object()]}])
def test_a_fact_that_cannot_be_looked_into_is_a_sentence(model, fact):
    with pytest.raises(TypeError, match=r"The fact 'data' is or holds \w+, which cannot be"):
        key_of(model, data=fact)


CELL = """
def fit(model):
    # a comment
    def inner(x):
        return helper(x)
    return model.fit(inner(x_train), epochs=EPOCHS)

def helper(x):
    return x * SCALE
"""
NAMES = {"x_train": X, "EPOCHS": 3, "SCALE": 2.0, "unused": 1, "model": object(), "pd": pd}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (CELL.replace("epochs=", "steps="), NAMES),
        (CELL.replace("x * SCALE", "x - SCALE"), NAMES),
        (CELL, NAMES | {"x_train": X + 1}),
        (CELL, NAMES | {"EPOCHS": 4}),
        (CELL, NAMES | {"SCALE": 3.0}),
    ],
    ids=["fit", "a helper of fit", "data", "a number", "a helper's number"],
)
def test_what_the_code_names_counts(model, source, names):
    one, other = notebook(CELL, **NAMES), notebook(source, **names)
    assert key_of(model, fit=one.fit) != key_of(model, fit=other.fit)


def test_comments_and_what_the_code_does_not_name_do_not_count(model):
    one = notebook(CELL, **NAMES)
    other = notebook(CELL.replace("# a comment", "# another\n"), **NAMES | {"unused": 2})
    assert key_of(model, fit=one.fit) == key_of(model, fit=other.fit)


def test_closures_and_defaults_count(model):
    def of(epochs):
        return lambda model, rate=epochs: model.fit(X, epochs=epochs)

    assert key_of(model, fit=of(1)) == key_of(model, fit=of(1)) != key_of(model, fit=of(2))
    cell = "def fit(model, epochs={}): return epochs"
    keys = {key_of(model, fit=notebook(cell.format(n)).fit) for n in (1, 2)}
    assert len(keys) == 2


CLASS = """
class Own(keras.Model):
    rate = 1.0

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    @tf.function
    def step(self, x):
        return x + 1

    def call(self, x):
        return self.dense(x) * self.rate

def build():
    return Own()
"""


@pytest.mark.parametrize("change", [("1.0", "2.0"), ("x + 1", "x + 2"), ("self.dense(x)", "x")])
def test_code_of_a_class_of_ones_own_counts(model, change):
    one = notebook(CLASS, keras=keras, tf=tf)
    other = notebook(CLASS.replace(*change), keras=keras, tf=tf)
    again = notebook(CLASS, keras=keras, tf=tf)
    assert key_of(model, build=one.build) == key_of(model, build=again.build)
    assert key_of(model, build=one.build) != key_of(model, build=other.build)


def test_a_class_that_has_no_config_counts_with_its_weights():
    class Own(keras.layers.Layer):
        def __init__(self, numbers, **options):
            super().__init__(**options)
            self.numbers = self.add_weight(shape=numbers.shape, initializer="zeros")
            self.numbers.assign(numbers)

        def get_config(self):
            raise NotImplementedError

        def call(self, x):
            return x * self.numbers

    keys = set()
    for numbers in (np.ones(3), np.ones(3), np.zeros(3)):
        keras.backend.clear_session()
        own = keras.Sequential([keras.Input((3,)), Own(numbers)])
        keys.add(key_of(own))
    assert len(keys) == 2


PROGRAM = """
from tests.training import test_key as t
t.keras.utils.set_random_seed(0)
lossy = t.keras.Sequential([t.keras.Input((3,)), t.keras.layers.Dense(1)])
lossy.compile("sgd", lambda y, p: t.keras.ops.mean(y - p))
print(t.key_of(lossy, a={"one", "two", "three"}))
"""


def test_another_process_has_the_same_key():
    keys = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            stdout=subprocess.PIPE,
            text=True,
            timeout=300,
            cwd=Path(__file__).parents[2],
        ).stdout.strip()
        for _ in range(2)
    }
    assert len(keys) == 1
    assert len(keys.pop()) == 16
