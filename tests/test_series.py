"""Windows against a loop and against Keras, simple forecasts, and testing as time goes on."""

from helpers import series

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression


def by_loop(values, length, rate, ahead):
    """Windows as one writes them by hand: the naive twin."""
    x, y = [], []
    for end in range((length - 1) * rate, len(values) - ahead):
        x.append([values[end - rate * (length - 1 - k)] for k in range(length)])
        y.append(values[end + ahead])
    return np.array(x), np.array(y)


@given(st.integers(1, 40), st.integers(1, 6), st.integers(1, 4), st.integers(1, 5), st.booleans())
def test_windows_equal_the_loop(spare, length, rate, ahead, many):
    n = (length - 1) * rate + ahead + spare
    values = np.arange(n * 2.0).reshape(n, 2) if many else np.arange(float(n))
    found = series.windows(values, length, rate, ahead)
    x, y = by_loop(values, length, rate, ahead)
    assert np.array_equal(found.x, x)
    assert np.array_equal(found.y, y)
    assert len(found.x) == spare


def test_windows_are_those_of_keras():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(60, 3)).astype("float32")
    found = series.windows(values, 5, sampling_rate=3, ahead=4)
    data = keras.utils.timeseries_dataset_from_array(
        values[:-4], values[16:, 0], sequence_length=5, sampling_rate=3, batch_size=7
    )
    x, y = (np.concatenate(parts) for parts in zip(*data.as_numpy_iterator(), strict=True))
    assert np.array_equal(found.x, x)
    assert np.array_equal(found.y[:, 0], y)


def test_windows_are_those_of_the_printed_generator():
    data = np.random.default_rng(0).normal(size=(2000, 2)).astype("float32")
    lookback, step, delay = 1440, 6, 144
    rows = np.arange(lookback, len(data) - delay)
    samples = np.stack([data[range(row - lookback, row, step)] for row in rows])
    found = series.windows(data, lookback // step, sampling_rate=step, ahead=delay + step)
    # The generator begins at row `lookback`, whose window begins at row 0, as the first one here.
    assert np.array_equal(found.x, samples)
    assert np.array_equal(found.y, data[rows + delay])


def test_windows_cost_no_memory_and_cannot_be_written():
    values = np.zeros((1000, 4), "float32")
    found = series.windows(values, 100, sampling_rate=2)
    assert np.shares_memory(found.x, values)
    assert np.shares_memory(found.y, values)
    with pytest.raises(ValueError, match="read-only"):
        found.x[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        found.y[0] = 1
    values[0] = 1  # the series itself is as writable as before


def test_the_shortest_series_makes_one_window():
    x, y = series.windows([1.0, 2.0, 4.0], 2)
    assert x.tolist() == [[1, 2]]
    assert y.tolist() == [4]


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0]])
def test_windows_say_that_a_series_is_too_short(values):
    values = np.array(values, dtype=float)
    with pytest.raises(ValueError, match=rf"has {len(values)} values.*over 3.*shorter windows"):
        series.windows(values, 2)


def test_windows_refuse_missing_values_and_say_where():
    values = np.arange(10.0)
    values[[4, 7]] = np.nan
    with pytest.raises(ValueError, match=r"misses values in 2 of 10 rows.*row 4; fill them"):
        series.windows(values, 2)
    with pytest.raises(ValueError, match=r"in 2 of 10 rows"):
        series.windows(np.stack([values, np.zeros(10)], axis=1), 2)


@pytest.mark.parametrize("values", [np.zeros((5, 2, 2)), np.array(["1", "2", "3"]), np.float64(3)])
def test_windows_refuse_what_is_no_series(values):
    with pytest.raises(ValueError, match=r"give numbers of shape \(n,\)"):
        series.windows(values, 1)


@pytest.mark.parametrize("name", ["sequence_length", "sampling_rate", "ahead"])
@pytest.mark.parametrize("value", [0, -1, 1.5, True])
def test_windows_want_whole_numbers_of_at_least_one(name, value):
    numbers = {"sequence_length": 2, name: value}
    with pytest.raises(ValueError, match=rf"{name} is {value}; give a whole number"):
        series.windows(np.arange(20), **numbers)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 5))
def test_seasonal_naive_is_right_on_a_series_that_repeats(ahead, more, spare):
    period = ahead + more - 1
    season = np.random.default_rng(0).normal(size=period)
    x, y = series.windows(np.tile(season, 60)[:100], more + spare, ahead=ahead)
    assert np.array_equal(series.seasonal_naive(x, period, ahead), y)


def test_seasonal_naive_keeps_the_features():
    values = np.arange(40.0).reshape(20, 2)
    x, y = series.windows(values, 5)
    assert np.array_equal(series.seasonal_naive(x, 3), y - 6)


def test_a_season_of_one_row_repeats_the_last_value():
    x, _ = series.windows(np.random.default_rng(0).normal(size=30), 4)
    assert np.array_equal(series.seasonal_naive(x, 1), x[:, -1])


def test_seasonal_naive_wants_the_value_inside_the_window():
    x, _ = series.windows(np.arange(30.0), 11)
    with pytest.raises(ValueError, match=r"has 11 values.*give windows of at least 12"):
        series.seasonal_naive(x, 12)
    with pytest.raises(ValueError, match="period is 0; give a whole number"):
        series.seasonal_naive(x, 0)
    with pytest.raises(ValueError, match=r"period of 2 is over before.*5 ahead"):
        series.seasonal_naive(x, 2, ahead=5)


def test_linear_finds_a_linear_rule():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 3))
    y = x @ [2, 0, -1] + 5
    np.testing.assert_allclose(series.linear(x[:30], y[:30], x[30:]), y[30:])


def test_linear_takes_windows_with_features():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 4, 2)), rng.normal(size=50)
    flat = x.reshape(50, 8)
    expected = LinearRegression().fit(flat[:40], y[:40]).predict(flat[40:])
    np.testing.assert_allclose(series.linear(x[:40], y[:40], x[40:]), expected)


def test_walk_forward_learns_from_what_was_known_and_nothing_else():
    x, y = series.windows(np.arange(30), 3, ahead=4)  # a value is its own row number
    seen = []

    def forecast(x_train, y_train, x_test):
        seen.append((y_train.min(), y_train.max(), x_test[:, -1]))
        return x_test[:, -1]

    forecasts = series.walk_forward(forecast, x, y, folds=3, test_size=5, ahead=4)
    assert np.array_equal(forecasts, x[-15:, -1])
    for first, last, now in seen:
        assert first == y[0]
        assert last == now[0]  # the newest target known is the newest value of the first window
    assert [len(now) for *_, now in seen] == [5, 5, 5]


def test_walk_forward_is_one_hold_out_after_another():
    x, y = series.windows(np.random.default_rng(0).normal(size=40), 3)
    found = series.walk_forward(series.linear, x, y, folds=2, test_size=6)
    np.testing.assert_allclose(found[:6], series.linear(x[:-12], y[:-12], x[-12:-6]))
    np.testing.assert_allclose(found[6:], series.linear(x[:-6], y[:-6], x[-6:]))


def test_walk_forward_takes_the_column_that_keras_predicts():
    x, y = series.windows(np.arange(20.0), 2)
    found = series.walk_forward(lambda a, b, now: now[:, :1], x, y, folds=2, test_size=3)
    assert found.shape == (6,)


def test_walk_forward_wants_a_number_a_window():
    x, y = series.windows(np.arange(20.0), 2)
    with pytest.raises(ValueError, match=r"has 1 values for 3 windows"):
        series.walk_forward(lambda a, b, now: [0.0], x, y, folds=2, test_size=3)


def test_walk_forward_wants_windows_and_targets_in_pairs():
    x, y = series.windows(np.arange(20.0), 2)
    with pytest.raises(ValueError, match="18 windows but 17 targets"):
        series.walk_forward(series.linear, x, y[1:], folds=2, test_size=3)


def test_walk_forward_wants_something_to_learn_from():
    x, y = series.windows(np.arange(20.0), 2)
    with pytest.raises(ValueError, match="Too many splits"):
        series.walk_forward(series.linear, x, y, folds=3, test_size=6)


# Batches


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 30), st.integers(1, 12))
def test_batches_in_order_are_all_windows_once(count, batch_size):
    x, y = np.arange(count * 2).reshape(count, 2), np.arange(count)
    batches = series.batches(x, y, batch_size)
    parts = [*batches.as_numpy_iterator()]
    assert len(parts) == len(batches)
    assert np.array_equal(np.concatenate([part for part, _ in parts]), x)
    assert np.array_equal(np.concatenate([part for _, part in parts]), y)


def test_drawn_batches_pair_windows_with_their_targets_and_change_with_the_pass():
    x, y = series.windows(np.arange(50.0), 4, ahead=3)
    batches = series.batches(x, y, batch_size=8, steps=20, seed=1)
    assert len(batches) == 20
    first, second = (np.array([y for _, y in batches.as_numpy_iterator()]) for _ in range(2))
    assert first.shape == (20, 8)
    assert {*first.ravel()} == {*y}
    assert not np.array_equal(first, second)
    again = series.batches(x, y, 8, 20, seed=1)
    for drawn, target in again:
        assert np.array_equal(drawn[:, -1] + 3, target)
    assert np.array_equal([y for _, y in again.as_numpy_iterator()], second)


@pytest.mark.parametrize(
    ("steps", "batch_size", "known"), [(2, 8, 8), (None, 11, 11), (None, 8, None)]
)
def test_the_size_of_batches_is_known_where_all_are_full(steps, batch_size, known):
    x, y = series.windows(np.arange(50.0), 4, ahead=3)
    types = series.batches(x, y, batch_size, steps).element_spec
    assert [spec.shape.as_list() for spec in types] == [[known, 4], [known]]


def test_a_network_learns_from_batches():
    x, y = series.windows(np.sin(np.arange(400, dtype="float32")), 2)
    model = keras.Sequential([keras.Input(shape=(2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.05), "mse", steps_per_execution=5)
    train = series.batches(x, y, 32, steps=25)
    history = model.fit(
        train, epochs=4, validation_data=series.batches(x, y, 100), verbose=0
    ).history
    assert history["val_loss"][-1] < 0.01


@pytest.mark.parametrize(
    ("x", "y", "batch_size", "steps", "message"),
    [
        (np.ones((0, 2)), np.ones(0), 1, None, "There are 0 windows and 0 targets"),
        (np.ones((3, 2)), np.ones(4), 1, None, "There are 3 windows and 4 targets"),
        (np.ones((3, 2)), np.ones(3), 0, None, "batch_size is 0"),
        (np.ones((3, 2)), np.ones(3), 1, 0, "steps is 0; give a whole number"),
    ],
)
def test_batches_that_cannot_be_are_a_sentence(x, y, batch_size, steps, message):
    with pytest.raises(ValueError, match=message):
        series.batches(x, y, batch_size, steps)
