from helpers.course.check.doubt.training_data import (
    ConstantInputs,
    ShuffledInputs,
    ShuffledLabels,
    same,
)

import keras
import numpy as np
import pytest
import scipy.sparse
import tensorflow as tf

X = np.arange(60.0).reshape(20, 3)
Y = np.arange(20)


def spoiler(kind):
    return kind(np.random.default_rng(0))


def batches(data):
    return [tuple(np.asarray(part) for part in batch) for batch in data]


def test_shuffled_labels_are_the_same_labels_at_other_examples():
    x, y = spoiler(ShuffledLabels)(X, Y)
    np.testing.assert_array_equal(x, X)
    assert sorted(y) == sorted(Y)
    assert (y != Y).mean() > 0.5


def test_labels_of_several_outputs_stay_together():
    _, y = spoiler(ShuffledLabels)(X, {"one": Y, "two": [10 * Y, 100 * Y]})
    np.testing.assert_array_equal(y["two"][0], 10 * y["one"])
    np.testing.assert_array_equal(y["two"][1], 100 * y["one"])


def test_shuffled_inputs_change_places_within_each_example():
    x, y = spoiler(ShuffledInputs)(X, Y)
    np.testing.assert_array_equal(np.sort(x), X)
    assert (x != X).any()
    np.testing.assert_array_equal(y, Y)
    pictures = np.arange(2 * 4 * 4 * 3).reshape(2, 4, 4, 3)
    new = spoiler(ShuffledInputs).inputs(pictures)
    assert {tuple(p) for p in new[0].reshape(-1, 3)} == {
        tuple(p) for p in pictures[0].reshape(-1, 3)
    }


def test_of_one_place_the_examples_change_theirs():
    x = spoiler(ShuffledInputs).inputs(X[:, :1])
    assert sorted(x[:, 0]) == sorted(X[:, 0])
    assert (x != X[:, :1]).any()


def test_constant_inputs_are_the_first_example_in_every_row_and_batch():
    constant = spoiler(ConstantInputs)
    assert (constant(X, Y)[0] == X[0]).all()
    assert (constant(X[5:], Y[5:])[0] == X[0]).all()


@pytest.mark.parametrize("kind", [ShuffledLabels, ShuffledInputs, ConstantInputs])
def test_the_share_for_validation_stays(kind):
    x, y = spoiler(kind)(X, Y, 0.25)
    np.testing.assert_array_equal(x[15:], X[15:])
    np.testing.assert_array_equal(y[15:], Y[15:])
    assert len(x) == len(y) == 20
    assert (x != X).any() or (y != Y).any()


@pytest.mark.parametrize("kind", [ShuffledLabels, ShuffledInputs, ConstantInputs])
def test_a_dataset_keeps_its_batches_its_types_and_its_length(kind):
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(8)
    new, _ = spoiler(kind)(data, None)
    assert new.element_spec == data.element_spec
    assert int(new.cardinality()) == 3
    assert [len(x) for x, _ in batches(new)] == [8, 8, 4]
    pairs = zip(batches(new), batches(data), strict=True)
    assert any((a != b).any() for new, old in pairs for a, b in zip(new, old, strict=True))


def test_labels_of_a_dataset_come_from_other_batches():
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(2)
    new, _ = spoiler(ShuffledLabels)(data, None)
    assert len({abs(int(y[0]) - 2 * i) for i, (_, y) in enumerate(batches(new))}) > 2


def test_a_generator_and_a_py_dataset_are_spoiled():
    new, _ = spoiler(ConstantInputs)(((X[i : i + 5], Y[i : i + 5]) for i in (0, 5)), None)
    assert (next(new)[0] == X[0]).all()
    assert (next(new)[0] == X[0]).all()

    class Data(keras.utils.PyDataset):
        def __len__(self):
            return 4

        def __getitem__(self, i):
            return X[5 * i : 5 * i + 5], Y[5 * i : 5 * i + 5]

    new, _ = spoiler(ConstantInputs)(Data(), None)
    assert len(new) == 4
    assert (new[3][0] == X[15]).all()  # whichever is asked for first
    assert (new[0][0] == X[15]).all()


def test_a_sparse_table_is_spoiled_by_rows():
    table = scipy.sparse.csr_matrix(X)
    assert (same(table).toarray() == X[0]).all()
    x, y = spoiler(ShuffledInputs).table(table, Y)
    assert x is table
    assert (y != Y).any()
