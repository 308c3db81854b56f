"""K networks trained as one against each trained alone."""

from helpers import fold_axis, folds

import keras
import numpy as np
import pytest
from keras import layers

pytestmark = pytest.mark.slow


def build_model(units=8, dropout=0.0, **output):
    return keras.Sequential(
        [
            keras.Input(shape=(3,)),
            layers.Dense(units, activation="relu"),
            layers.Dropout(dropout),
            layers.Dense(1, **output),
        ]
    )


def test_stack_puts_the_folds_side_by_side(districts):
    x, y = districts
    splits = folds.k_fold(24, 4)
    train, validation = fold_axis.stack(x, splits)
    assert train.shape == (18, 4, 3)
    assert validation.shape == (6, 4, 3)
    for fold, split in enumerate(splits):
        assert np.array_equal(train[:, fold], x[split.train])
        assert np.array_equal(fold_axis.stack(y, splits).validation[:, fold], y[split.validation])


def test_each_fold_is_standardised_by_its_own_training_samples(districts):
    x, _ = districts
    splits = folds.k_fold(24, 4)
    together = folds.standardise(*fold_axis.stack(x, splits))
    for fold, split in enumerate(splits):
        alone = folds.standardise(x[split.train], x[split.validation])
        for ours, expected in zip(together, alone, strict=True):
            np.testing.assert_allclose(ours[:, fold], expected, atol=1e-6)


def test_stack_refuses_folds_of_different_sizes():
    with pytest.raises(ValueError, match=r"hold 3 and 4 samples.*divides"):
        fold_axis.stack(np.zeros(10), folds.k_fold(10, 3))


@pytest.mark.parametrize("bias", [True, False])
def test_as_one_answers_as_each_network_alone(bias):
    models = [build_model(use_bias=bias, kernel_regularizer="l2") for _ in range(3)]
    one = fold_axis.as_one(models)
    x = np.random.default_rng(0).normal(size=(5, 3, 3)).astype("float32")
    answers = keras.ops.convert_to_numpy(one(x))
    for fold, model in enumerate(models):
        np.testing.assert_allclose(answers[:, fold], model(x[:, fold]), atol=1e-6)
    assert one.count_params() == sum(model.count_params() for model in models)
    np.testing.assert_allclose(one.losses, sum(model.losses[0] for model in models), rtol=1e-5)


def test_as_one_drops_units_of_each_fold_by_itself():
    one = fold_axis.as_one([build_model(dropout=0.5) for _ in range(2)])
    dropout = one.layers[1]
    dropped = np.asarray(dropout(np.ones((1000, 2, 8)), training=True)) == 0
    assert abs(dropped.mean() - 0.5) < 0.05
    assert (dropped[:, 0] != dropped[:, 1]).any()


def test_as_one_knows_dense_layers_only():
    model = keras.Sequential([keras.Input((4, 1)), layers.LSTM(2)])
    with pytest.raises(ValueError, match=r"is a LSTM layer.*Dense and Dropout"):
        fold_axis.as_one([model, model])


@pytest.mark.parametrize(
    "other",
    [
        {"units": 9},
        {"dropout": 0.1},
        {"activation": "tanh"},
        {"kernel_regularizer": "l2"},
        {"trainable": False},
    ],
)
def test_as_one_wants_networks_that_differ_in_their_weights_only(other):
    fold_axis.as_one([build_model(kernel_initializer=name) for name in ("zeros", "ones")])
    with pytest.raises(ValueError, match="build all by the same function"):
        fold_axis.as_one([build_model(), build_model(**other)])


@pytest.mark.parametrize(
    "setting", ["kernel_constraint", "bias_constraint", "activity_regularizer"]
)
def test_as_one_refuses_what_has_no_counterpart(setting):
    value = "l2" if setting.endswith("regularizer") else "max_norm"
    models = [build_model(**{setting: value}) for _ in range(2)]
    with pytest.raises(ValueError, match=rf"has a {setting}, which .* cannot have; leave it out"):
        fold_axis.as_one(models)
    dropout = keras.Sequential([keras.Input((3,)), layers.Dropout(0.5, noise_shape=(1, 3))])
    with pytest.raises(ValueError, match="has a noise_shape"):
        fold_axis.as_one([dropout, dropout])


def test_as_one_penalises_each_folds_weights_and_biases():
    options = {"kernel_regularizer": "l1", "bias_regularizer": "l2", "bias_initializer": "normal"}
    models = [build_model(**options) for _ in range(3)]
    expected = sum(float(loss) for model in models for loss in model.losses)
    np.testing.assert_allclose(sum(fold_axis.as_one(models).losses), expected, rtol=1e-5)


def test_as_one_computes_in_the_precision_of_the_networks():
    kinds = ("float64", "mixed_float16")
    for policy in kinds:
        stack = [
            keras.Input((3,)),
            layers.Dropout(0.1, dtype=policy),
            layers.Dense(2, dtype=policy),
        ]
        model = keras.Sequential(stack)
        one = fold_axis.as_one([model, model])
        assert [layer.dtype_policy.name for layer in one.layers] == [policy, policy]
        assert one.weights[0].dtype == model.weights[0].dtype
        assert one.layers[-1].trainable


def test_squared_error_is_each_folds_mean_added_up():
    rng = np.random.default_rng(0)
    y, p = rng.normal(size=(2, 6, 3, 1)).astype("float32")
    alone = [float(np.mean(keras.losses.mean_squared_error(y[:, k], p[:, k]))) for k in range(3)]
    together = np.asarray(fold_axis.squared_error(y, p))
    assert together.shape == (6,)
    assert together.mean() == pytest.approx(sum(alone), rel=1e-6)


@pytest.mark.parametrize("batch_size", [1, 6])
def test_folds_trained_as_one_equal_folds_trained_alone(districts, batch_size):
    x, y = districts
    splits = folds.k_fold(24, 4)
    x_train, _ = folds.standardise(*fold_axis.stack(x, splits))
    y_train = fold_axis.stack(y.astype("float32"), splits).train[..., np.newaxis]
    alone = [build_model() for _ in splits]
    one = fold_axis.as_one(alone)
    if batch_size == 1:
        one = fold_axis.SampleBySample(one.layers)
    one.compile("rmsprop", fold_axis.squared_error, jit_compile=batch_size == 1)
    one.fit(x_train, y_train, len(x_train) if batch_size == 1 else 6, 3, shuffle=False, verbose=0)
    assert int(one.optimizer.iterations) == 3 * 18 / batch_size
    for fold, model in enumerate(alone):
        model.compile("rmsprop", "mse")
        model.fit(x_train[:, fold], y_train[:, fold], batch_size, 3, shuffle=False, verbose=0)
        for weights, expected in zip(one.weights, model.weights, strict=True):
            np.testing.assert_allclose(weights[fold], expected, atol=1e-5)


def test_sample_by_sample_reports_the_loss_of_the_epoch(districts):
    x, y = districts
    x, y = folds.standardise(x)[0], y.astype("float32")
    plain = build_model()
    quick = fold_axis.SampleBySample(keras.models.clone_model(plain).layers)
    quick.set_weights(plain.get_weights())
    for model in (plain, quick):
        model.compile("sgd", "mse")
    expected = plain.fit(x, y, batch_size=1, epochs=2, shuffle=False, verbose=0).history["loss"]
    losses = quick.fit(x, y, batch_size=24, epochs=2, shuffle=False, verbose=0).history["loss"]
    np.testing.assert_allclose(losses, expected, rtol=1e-5)


@pytest.mark.parametrize("batch_size", [1, 6])
def test_cross_validate_returns_the_error_by_epoch_and_fold(districts, batch_size):
    x, y = districts
    keras.utils.set_random_seed(0)
    errors = fold_axis.cross_validate(build_model, x, y, folds.k_fold(24, 4), 5, batch_size)
    assert errors.shape == (5, 4)
    assert errors.index.tolist() == [1, 2, 3, 4, 5]
    assert errors.columns.tolist() == ["fold 1", "fold 2", "fold 3", "fold 4"]
    assert (errors.iloc[-1] < errors.iloc[0]).all()


def test_cross_validate_measures_absolute_errors_on_the_validation_samples(districts):
    x, y = districts
    errors = fold_axis.cross_validate(
        lambda: build_model(kernel_initializer="zeros", use_bias=False, trainable=False),
        x,
        y,
        folds.k_fold(24, 4),
        epochs=1,
        batch_size=6,
    )
    expected = np.abs(y).reshape(4, 6).mean(axis=1)  # its answer stays zero
    np.testing.assert_allclose(errors.loc[1], expected, rtol=1e-5)


@pytest.mark.parametrize("batch_size", [1, 2])
def test_cross_validate_trains_as_each_network_alone_with_the_books_optimizer(batch_size):
    """One training sample a fold, so that no order of samples tells the two ways apart."""
    x, y, models = np.array([[1.0, 2, 3], [4, 5, 7]]), np.array([2.0, -1]), []

    def build():
        models.append(build_model(bias_initializer="normal"))
        return models[-1]

    splits = folds.k_fold(2, 2)
    errors = fold_axis.cross_validate(build, x, y, splits, 5, batch_size)
    for fold, (model, split) in enumerate(zip(models, splits, strict=True)):
        x_train, x_val = folds.standardise(x[split.train], x[split.validation])
        model.compile("rmsprop", "mse")
        model.fit(x_train, y[split.train], epochs=5, verbose=0)
        expected = np.abs(model(x_val).numpy().ravel() - y[split.validation]).mean()
        assert errors.iloc[-1, fold] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("number", ["epochs", "batch_size"])
def test_cross_validate_wants_whole_numbers(districts, number):
    numbers = {"epochs": 1, "batch_size": 6, number: 0}
    with pytest.raises(ValueError, match=f"{number} is 0; give a whole number"):
        fold_axis.cross_validate(build_model, *districts, folds.k_fold(24, 4), **numbers)


def test_cross_validate_repeats_for_a_seed(districts):
    def once(seed):
        keras.utils.set_random_seed(seed)
        return fold_axis.cross_validate(
            build_model, *districts, folds.k_fold(24, 4), 1, batch_size=6
        )

    assert once(1).equals(once(1))
    assert not once(1).equals(once(2))
