"""Encoding and decoding of word indices."""

from helpers import text
from helpers.text import hot

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import MultiLabelBinarizer

INDEX = {"the": 1, "film": 2, "don't": 3, "good": 4}
sequences = st.lists(st.lists(st.integers(0, 29), max_size=40), max_size=30)


def printed_loop(sequences, dimension):
    results = np.zeros((len(sequences), dimension))
    for i, sequence in enumerate(sequences):
        results[i, sequence] = 1.0
    return results


@given(sequences)
def test_multi_hot_equals_the_printed_loop(data):
    assert np.array_equal(text.multi_hot(data, 30), printed_loop(data, 30))


@given(sequences)
def test_multi_hot_equals_scikit_learn(data):
    library = MultiLabelBinarizer(classes=range(30)).fit_transform(data)
    assert np.array_equal(text.multi_hot(data, 30), library)


def test_multi_hot_works_across_its_row_blocks(monkeypatch):
    monkeypatch.setattr(hot, "_ROWS_AT_ONCE", 2)
    data = [[1], [2, 2], [], [0, 4], [3]]
    assert np.array_equal(text.multi_hot(data, 5), printed_loop(data, 5))


def test_multi_hot_is_one_byte_an_entry_unless_asked():
    assert text.multi_hot([[1]], 4).dtype == np.uint8
    assert text.multi_hot([[1]], 4, "float32").dtype == np.float32


def test_multi_hot_of_nothing_has_no_rows():
    assert text.multi_hot([], 7).shape == (0, 7)


def test_multi_hot_takes_object_arrays_as_keras_returns_them():
    data = np.array([[1, 2], [3]], dtype=object)
    assert text.multi_hot(data, 4).sum() == 3


@pytest.mark.parametrize("index", [5, 700, -1])
def test_multi_hot_rejects_index_beyond_dimension(index):
    with pytest.raises(ValueError, match=rf"Sequence 1 holds index {index}, outside 0\.\.4"):
        text.multi_hot([[0], [1, index]], 5)


@pytest.mark.parametrize("index", [1.7, 1.0, np.float32(2), "1", None, [1], 2**70])
@pytest.mark.parametrize("encode", [text.multi_hot, text.distinct_words])
def test_what_is_no_index_is_refused_not_rounded(encode, index):
    with pytest.raises(ValueError, match=r"^Sequence 1 holds .*, which is no index; give whole"):
        encode([[0], [1, index]], 5)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64"])
def test_multi_hot_takes_the_whole_numbers_of_numpy(dtype):
    assert text.multi_hot(np.array([[1, 3]], dtype), 5).tolist() == [[0, 1, 0, 1, 0]]


@pytest.mark.parametrize("dimension", [0, -3, 2.5, "10", True])
def test_multi_hot_rejects_dimension_that_is_no_size(dimension):
    with pytest.raises(ValueError, match="give a whole number of at least 1"):
        text.multi_hot([[0]], dimension)


def test_decode_names_the_reserved_indices():
    assert text.decode([1, 4, 5, 2, 0], INDEX) == "[start] the film [unknown] [pad]"


def test_decode_without_offset_reserves_nothing():
    assert text.decode([1, 2], INDEX, index_from=0) == "the film"


@pytest.mark.parametrize(("sequence", "index_from"), [([3], 3), ([99], 3), ([0], 0)])
def test_decode_rejects_index_of_no_word(sequence, index_from):
    with pytest.raises(ValueError, match=f"Index {sequence[0]} belongs to no word"):
        text.decode(sequence, INDEX, index_from)


@pytest.mark.parametrize("num_words", [0, 7.0, None, True])
def test_encode_wants_a_whole_number_of_words(num_words):
    with pytest.raises(ValueError, match=r"^num_words is .*; give a whole number of at least 1"):
        text.encode("the film", INDEX, num_words)


@pytest.mark.parametrize("num_words", [1, 2, 3, 6, 100])
def test_encode_and_encode_ranks_keep_one_convention(num_words):
    ranks = np.empty(1, dtype=object)
    ranks[0] = [INDEX["the"], INDEX["good"], INDEX["film"]]
    encoded = text.encode_ranks(ranks, num_words)[0]
    assert text.encode("The good film", INDEX, num_words) == encoded


def test_encode_lowers_case_and_drops_punctuation():
    assert text.encode("The FILM, (the) film!", INDEX, 10) == [1, 4, 5, 4, 5]


def test_encode_keeps_apostrophes_inside_words():
    assert text.encode("'Don't'", INDEX, 10) == [1, 6]


def test_encode_marks_words_outside_the_vocabulary_unknown():
    assert text.encode("good film xyzzy", INDEX, 7) == [1, 2, 5, 2]


@given(st.lists(st.sampled_from(sorted(INDEX)), min_size=1))
def test_decode_undoes_encode(words):
    encoded = text.encode(" ".join(words), INDEX, 100)
    assert text.decode(encoded, INDEX) == " ".join(["[start]", *words])


@pytest.mark.parametrize("nothing", ["", "  ", "?!...", "_"])
def test_encode_rejects_text_without_words(nothing):
    with pytest.raises(ValueError, match="There is no word"):
        text.encode(nothing, INDEX, 10)


def test_encode_takes_the_apostrophe_of_printed_text():
    assert text.encode("Don’t", INDEX, 10) == [1, 6]


def test_encode_of_unknown_words_only_is_all_unknown():
    assert text.encode("xyzzy ПЛУГ 42", INDEX, 10) == [1, 2, 2, 2]


def test_encode_and_multi_hot_take_a_text_of_a_million_words():
    encoded = text.encode("the film " * 500_000, INDEX, 10)
    assert len(encoded) == 1_000_001
    assert text.multi_hot([encoded, [4]], 10).tolist()[0] == [0, 1, 0, 0, 1, 1, 0, 0, 0, 0]
    assert text.decode(encoded, INDEX).count("film") == 500_000


@given(st.text(), st.integers(3, 9))
def test_encode_stays_inside_the_vocabulary_whatever_the_text(anything, num_words):
    encoded = text.encode(f"{anything} film", INDEX, num_words)
    assert encoded[0] == 1
    assert set(encoded[1:]) <= set(range(2, num_words))


@pytest.mark.parametrize("wrong", [None, 3, b"film", ["film"]])
def test_encode_wants_one_string(wrong):
    with pytest.raises(TypeError, match=f"of type {type(wrong).__name__}; give one text"):
        text.encode(wrong, INDEX, 10)


def test_decode_of_nothing_is_empty():
    assert text.decode([], INDEX) == ""


def vectors_of(table, dimension):
    """The multi-hot vectors that a table of distinct words stands for."""
    rows = [[index for index in row if index != dimension] for row in table.tolist()]
    assert all(row == sorted(set(row)) for row in rows)
    return text.multi_hot(rows, dimension)


@given(sequences)
def test_distinct_words_are_the_ones_of_multi_hot(data):
    table = text.distinct_words(data, 30)
    assert table.dtype == np.uint16
    assert table.shape[1] == max((len(set(row)) for row in data), default=0)
    assert np.array_equal(vectors_of(table, 30), text.multi_hot(data, 30))


def test_distinct_words_work_across_row_blocks(monkeypatch):
    monkeypatch.setattr(hot, "_ROWS_AT_ONCE", 2)
    table = text.distinct_words([[1], [2, 2], [], [0, 4], [3]], 5)
    assert table.tolist() == [[1, 5], [2, 5], [5, 5], [0, 4], [3, 5]]


def test_distinct_words_of_a_large_vocabulary_do_not_wrap_around():
    assert text.distinct_words([[65_535]], 65_536).tolist() == [[65_535]]
    assert text.distinct_words([[7], [0, 65_534]], 65_535).tolist() == [[7, 65_535], [0, 65_534]]


def test_distinct_words_reject_what_multi_hot_rejects():
    with pytest.raises(ValueError, match="holds index 5"):
        text.distinct_words([[5]], 5)
    with pytest.raises(ValueError, match="give a whole number of at least 1"):
        text.distinct_words([], 0)


DATA = [[0, 3], [], [29, 1, 29], [5]]


def two_layers(**options):
    """(MultiHotDense, Keras's Dense) of the same weights, for vectors of 30."""
    sparse, dense = text.MultiHotDense(4, 30, **options), keras.layers.Dense(4, **options)
    dense.build((None, 30))
    sparse.build((None, None))
    weights = np.random.default_rng(0).normal(size=(30, 4)), np.arange(4.0)
    for layer in (sparse, dense):
        layer.set_weights(weights[: len(layer.weights)])
    return sparse, dense


@pytest.mark.parametrize("options", [{"activation": "relu"}, {"use_bias": False}, {}])
def test_multi_hot_dense_gives_what_dense_gives(options):
    sparse, dense = two_layers(**options)
    out = sparse(text.distinct_words(DATA, 30))
    assert out.shape == (4, 4)
    assert np.allclose(out, dense(text.multi_hot(DATA, 30, "float32")), atol=1e-6)


def test_multi_hot_dense_learns_as_dense_learns():
    inputs = text.distinct_words(DATA, 30), text.multi_hot(DATA, 30, "float32")
    target = np.random.default_rng(1).normal(size=(4, 4)).astype("float32")
    learned = []
    for layer, x in zip(two_layers(kernel_regularizer="l2"), inputs, strict=True):
        model = keras.Sequential([layer])
        model.compile("rmsprop", "mse")
        model.fit(x, target, epochs=5, batch_size=4, verbose=0)
        learned.append(layer.get_weights())
    for sparse, dense in zip(*learned, strict=True):
        assert np.allclose(sparse, dense, atol=1e-5)


def test_a_saved_multi_hot_dense_answers_as_before(tmp_path):
    inputs = keras.Input((None,), dtype="uint16")
    model = keras.Sequential([inputs, text.MultiHotDense(3, 12, activation="tanh")])
    model.save(tmp_path / "words.keras")
    words = text.distinct_words([[0, 11], [5]], 12)
    loaded = keras.models.load_model(tmp_path / "words.keras")
    assert np.allclose(loaded(words), model(words))
    assert loaded.output_shape == model.output_shape == (None, 3)
    assert loaded.count_params() == 12 * 3 + 3
