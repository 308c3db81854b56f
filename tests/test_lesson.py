"""A chapter's run: profiles, seeds, records, expectations."""

import dataclasses
import json
import math
import random
import subprocess
import sys
from pathlib import Path

from helpers import PERSON_VARIABLES, ledger, lesson, record
from helpers.training import quiet

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for name in ("DL_PROFILE", *PERSON_VARIABLES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def full(shown):
    run = lesson.begin("07", "full")
    shown.clear()
    return run


@pytest.fixture
def sample(shown):
    run = lesson.begin("07", "sample")
    shown.clear()
    return run


def payload(shown):
    return shown[-1][0][record.MIME]


def test_profile_is_the_argument_then_the_environment_then_full(monkeypatch):
    assert lesson.resolve_profile(None) == "full"
    monkeypatch.setenv("DL_PROFILE", "sample")
    assert lesson.resolve_profile(None) == "sample"
    assert lesson.resolve_profile("full") == "full"


@pytest.mark.parametrize("wrong", ["Sample", "quick", "1"])
def test_unknown_profile_names_the_two(wrong):
    with pytest.raises(ValueError, match=r"'sample'.*'full'"):
        lesson.resolve_profile(wrong)


@pytest.mark.parametrize("chapter", ["7", "00", "31", 7])
def test_begin_rejects_unknown_chapter(chapter):
    with pytest.raises(ValueError, match="There is no chapter"):
        lesson.begin(chapter)


@pytest.mark.parametrize("seed", [-1, 0.5, "0", None, True, 2**32])
def test_begin_rejects_seed_that_numpy_would_not_take(seed):
    with pytest.raises(ValueError, match=r"The seed is .* from 0 to 4,294,967,295"):
        lesson.begin("07", "sample", seed)


def test_begin_takes_the_greatest_seed(shown):
    assert lesson.begin("07", "sample", 2**32 - 1).seed == 2**32 - 1


def test_begin_sets_a_users_own_settings_aside(shown, monkeypatch):
    keras.config.set_image_data_format("channels_first")
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("mixed_float16")
    np.set_printoptions(precision=2, suppress=True, linewidth=200, sign="+", threshold=3)

    with plt.rc_context({"axes.grid": False}):
        lesson.begin("07", "sample")
        assert plt.rcParams["axes.grid"], "the course's style"
    assert keras.config.image_data_format() == "channels_last"
    assert keras.config.floatx() == "float32"
    assert keras.config.dtype_policy().name == "float32"
    assert keras.layers.Dense(1).dtype_policy.name == "float32"
    assert repr(np.arange(20) / 7)[:40] == "array([0.        , 0.14285714, 0.2857142"


def test_begin_asks_for_each_patch_of_tensorflow(shown, monkeypatch):
    asked = []
    for name in ("leave_tuner_out", "hide_retracing_advice", "let_gpu_memory_grow"):
        monkeypatch.setattr(quiet, name, lambda name=name: asked.append(name))
    lesson.begin("07", "sample")
    assert asked == ["leave_tuner_out", "hide_retracing_advice", "let_gpu_memory_grow"]


def test_another_backend_is_named_with_the_way_back_and_not_patched(shown, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["cpu:0"])
    monkeypatch.setattr(quiet, "leave_tuner_out", lambda: pytest.fail("TensorFlow was patched"))
    lesson.begin("07", "sample")
    told = shown[-1][0]["text/plain"]
    for part in ("runs on torch", "KERAS_BACKEND to tensorflow", "keras.json"):
        assert part in told


def test_begin_seeds_python_numpy_and_keras(shown):
    draws = []
    for _ in range(2):
        lesson.begin("07", "sample", seed=3)
        draws.append((random.random(), np.random.rand(), float(keras.random.normal(()))))
    assert draws[0] == draws[1]


def test_begin_tells_profile_seed_versions_and_device(shown):
    lesson.begin("05", "sample", seed=4)
    data, _ = shown[-1]
    told = data[record.MIME]
    assert told | {"versions": None, "device": None} == {
        "type": "begin",
        "chapter": "05",
        "profile": "sample",
        "seed": 4,
        "versions": None,
        "device": None,
    }
    assert told["versions"]["keras"] == keras.__version__
    for part in ("sample", "seed 4", keras.__version__, told["device"]):
        assert part in data["text/plain"]


def test_describe_device_names_the_gpu_and_changes_nothing(monkeypatch):
    import tensorflow as tf

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["gpu 0"])
    monkeypatch.setattr(
        tf.config.experimental, "set_memory_growth", lambda *_: pytest.fail("a setting changed")
    )
    monkeypatch.setattr(
        tf.config.experimental, "get_device_details", lambda gpu: {"device_name": "Tesla T4"}
    )
    assert lesson.describe_device() == "GPU: Tesla T4"


def gpus(monkeypatch, *names):
    import tensorflow as tf

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: list(names))
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda gpu, on: None)
    monkeypatch.setattr(
        tf.config.experimental, "get_device_details", lambda gpu: {"device_name": gpu}
    )


def test_chapter_that_wants_a_gpu_and_finds_none_says_how_long_and_what_to_do(monkeypatch, shown):
    gpus(monkeypatch)
    lesson.begin("07", "full", without_gpu="3 hours")
    first, (notice, _) = shown
    assert "CPU" in first[0][record.MIME]["device"]
    for part in ("finds none", "about 3 hours", "Change runtime type", "tensorflow[and-cuda]"):
        assert part in notice["text/plain"]
    assert record.MIME not in notice


@pytest.mark.parametrize(
    ("found", "profile", "without_gpu"),
    [(["Tesla T4"], "full", "3 hours"), ([], "sample", "3 hours"), ([], "full", None)],
)
def test_no_word_about_a_gpu_that_is_there_or_not_needed(
    monkeypatch, shown, found, profile, without_gpu
):
    gpus(monkeypatch, *found)
    lesson.begin("07", profile, without_gpu=without_gpu)
    assert len(shown) == 1


@pytest.mark.parametrize(("devices", "expected"), [(["cuda:0"], "GPU (torch)"), (["cpu:0"], "CPU")])
def test_other_backends_name_their_device(monkeypatch, devices, expected):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: devices)
    assert lesson.describe_device().startswith(expected)


def test_verbose_only_where_a_person_watches(sample, monkeypatch):
    assert sample.verbose == 0
    monkeypatch.setenv("JPY_SESSION_NAME", "05.ipynb")
    assert sample.verbose == 1


def test_pick_follows_the_profile(sample, full):
    assert sample.pick(sample=1, full=2) == 1
    assert full.pick(sample=1, full=2) == 2


def test_record_in_full_is_held_against_the_published_figure(full, shown):
    full.record("F07.6", [1, 1, 14, 22, 16])
    assert payload(shown) == {
        "type": "figure",
        "id": "F07.6",
        "value": [1, 1, 14, 22, 16],
        "names": list(ledger.row("F07.6").names),
        "kind": "published",
        "published": [1, 1, 14, 22, 16],
        "within": True,
        "noisy": False,
    }
    full.figures.clear()
    full.record("F07.6", [1, 1, 14, 22, 17])
    assert payload(shown)["within"] is False
    assert "not equal" in shown[-1][0]["text/plain"]


def test_record_with_a_tolerance_says_within_or_outside(full, shown):
    row = ledger.row("F07.3")
    full.record("F07.3", row.published)
    assert "within ±" in shown[-1][0]["text/plain"]
    assert "#009E73" in shown[-1][0]["text/html"], "green"
    full.figures.clear()
    full.record("F07.3", [9.0, 0.5])
    assert "outside ±" in shown[-1][0]["text/plain"]
    assert "#D55E00" in shown[-1][0]["text/html"], "red"


def test_record_says_measured_and_published_as_a_reader_writes_numbers(full, shown):
    full.record("F07.3", [12345.678, 0.88412])
    line = shown[-1][0]["text/plain"]
    assert "· measured test loss 12,346, test accuracy 0.8841 · published 0.293, 0.8833 ·" in line


def test_record_takes_numbers_by_name(full, shown):
    full.record("F07.3", loss=0.3, accuracy_on_test=0.88)
    told = payload(shown)
    assert (told["value"], told["names"]) == ([0.3, 0.88], ["loss", "accuracy on test"])
    assert "measured loss 0.3, accuracy on test 0.88 ·" in shown[-1][0]["text/plain"]
    assert full.figures == {"F07.3": [0.3, 0.88]}


def test_record_of_one_named_number_is_that_number(full, shown):
    full.record("F07.2", epoch=4)
    assert (payload(shown)["value"], payload(shown)["names"]) == (4, ["epoch"])


@pytest.mark.parametrize(("value", "named"), [((), {}), ((0.3,), {"loss": 0.3})])
def test_record_wants_numbers_in_one_of_both_ways(full, value, named):
    with pytest.raises(ValueError, match=r"F07\.3 was given .* or numbers by name: run\.record"):
        full.record("F07.3", *value, **named)


@pytest.fixture
def row(monkeypatch):
    """Puts a changed row in the place of F07.3."""

    def change(**fields):
        changed = dataclasses.replace(ledger.row("F07.3"), **fields)
        monkeypatch.setattr(ledger, "row", lambda _: changed)

    return change


def test_record_says_what_no_source_prints(full, shown, row):
    row(number="expected")
    full.record("F07.3", [0.3, 0.88])
    assert payload(shown)["kind"] == "expected"
    line = shown[-1][0]["text/plain"]
    assert "· expected 0.293, 0.8833 ·" in line
    assert "published" not in line


def test_record_gives_the_reason_for_a_miss(full, shown, row):
    row(missed="another split of the data")
    full.record("F07.3", [9.0, 0.5])
    assert shown[-1][0]["text/plain"].endswith("outside ±0.07, 0.026 · another split of the data")


@pytest.mark.parametrize("fields", [{"trivial": [None, 0.87]}, {"tolerance": [0.07, 0.9]}])
def test_agreement_that_an_untrained_answer_would_share_is_too_noisy_to_say(
    full, shown, row, fields
):
    row(**fields)
    full.record("F07.3", [0.3, 0.88])
    told = payload(shown)
    assert (told["within"], told["noisy"]) == (None, True)
    assert "too noisy to say" in shown[-1][0]["text/plain"]
    full.figures.clear()
    full.record("F07.3", [9.0, 0.88])
    assert (payload(shown)["within"], payload(shown)["noisy"]) == (False, False), "a miss is a miss"


def test_record_of_a_claim_has_no_verdict(full, shown):
    full.record("F07.5", 0.5)
    assert payload(shown)["kind"] == "claim"
    assert shown[-1][0]["text/plain"].endswith("measured 0.5")


def test_record_of_the_same_figure_twice_is_a_sentence(full):
    full.record("F07.5", 0.5)
    with pytest.raises(
        ValueError, match=r"F07\.5 is recorded for the second time: first 0\.5, now"
    ):
        full.record("F07.5", 0.6)
    assert full.figures == {"F07.5": 0.5}


def test_a_person_who_runs_a_cell_again_replaces_the_figure(full, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "07.ipynb")
    full.record("F07.5", 0.5)
    full.record("F07.5", 0.6)
    assert full.figures == {"F07.5": 0.6}


def test_record_in_sample_is_never_compared(sample, shown):
    sample.record("F07.6", [1, 1, 14, 22, 16])
    assert payload(shown)["within"] is None
    assert "not compared" in shown[-1][0]["text/plain"]


def test_record_carries_plain_json_for_numpy_values(full, shown):
    full.record("F07.5", np.float32(0.5))
    assert json.loads(json.dumps(payload(shown)))["value"] == 0.5


def test_record_shows_html_with_its_characters_escaped(full, shown, monkeypatch):
    row = ledger.row("F07.5")
    monkeypatch.setattr(ledger, "row", lambda _: row.__class__(**{**vars(row), "title": "a < b"}))
    full.record("F07.5", 0.5)
    assert "a &lt; b" in shown[-1][0]["text/html"]


@pytest.mark.parametrize("value", [math.nan, math.inf, [0.5, math.nan]])
def test_record_rejects_values_that_are_not_finite(full, value):
    with pytest.raises(ValueError, match=r"F07\.3 .* not finite"):
        full.record("F07.3", value)


@pytest.mark.parametrize("value", ["0.88", None, [], {"a": 1}, True, np.bool_(True), [True]])
def test_record_rejects_what_is_no_number(full, value):
    with pytest.raises(ValueError, match="record a number"):
        full.record("F07.3", value)


def test_record_rejects_unknown_ids_and_says_what_is_close(full):
    with pytest.raises(KeyError, match=r"F07\.33.*F07\.3"):
        full.record("F07.33", 1)


@pytest.mark.parametrize("other", ["F05.3", "L07.1"])
def test_record_rejects_other_chapters_and_kinds(full, other):
    with pytest.raises(ValueError, match="not a figure of chapter 07"):
        full.record(other, 1)


def test_expectation_that_holds_is_told_and_kept(full, shown):
    full.expect("it overfits", np.bool_(True))
    assert payload(shown) == {"type": "expectation", "text": "it overfits", "held": True}
    assert full.expectations == ["it overfits"]
    assert shown[-1][0]["text/plain"] == "Expected and held: it overfits"
    assert "#009E73" in shown[-1][0]["text/html"], "green"


def test_expectation_that_fails_is_told_then_fails_the_run(full, shown):
    with pytest.raises(lesson.ExpectationError, match="Chapter 07 expects that it overfits"):
        full.expect("it overfits", False)
    assert payload(shown)["held"] is False
    assert shown[-1][0]["text/plain"] == "Expected, but it did not hold: it overfits"
    assert "#D55E00" in shown[-1][0]["text/html"], "red"


@pytest.mark.parametrize("condition", [np.array([True, True]), 1, None, "yes"])
def test_expect_wants_one_truth_value(full, condition):
    with pytest.raises(TypeError, match="one True or False"):
        full.expect("it overfits", condition)


def test_finish_tells_seconds_and_memory(full, shown):
    full.record("F07.5", 0.5)
    full.expect("it overfits", True)
    full.finish()
    told = payload(shown)
    assert told["seconds"] >= 0
    assert 50 < told["peak_mb"] < 100_000
    line = shown[-1][0]["text/plain"]
    assert "1 figures recorded, 1 expectations held" in line
    assert f"at most {told['peak_mb']:,} MB" in line


def test_finish_without_a_known_peak_leaves_it_out(full, shown, monkeypatch):
    monkeypatch.setattr(lesson, "peak_mb", lambda: None)
    full.finish()
    assert payload(shown)["peak_mb"] is None
    assert shown[-1][0]["text/plain"].endswith(" s.")


def test_peak_memory_on_windows_without_psutil_is_not_known(monkeypatch):
    monkeypatch.setattr(lesson.sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert lesson.peak_mb() is None


def test_lines_go_through_the_readers_phrases(full, shown, monkeypatch):
    for module in (lesson, record):
        monkeypatch.setattr(module, "say", lambda phrase, /, **facts: f"«{phrase}»")
    full.record("F07.3", [0.3, 0.88])
    line = shown[-1][0]["text/plain"]
    for phrase in ("«measured {value}»", "«published {value}»", "«within ±{tolerance}»"):
        assert phrase in line
    full.expect("it overfits", True)
    assert shown[-1][0]["text/plain"] == "«Expected and held: {text}»"


def test_a_folder_goes_when_the_run_finishes(full):
    folders = [full.folder(), full.folder()]
    assert folders[0] != folders[1]
    for folder in folders:
        assert list(folder.iterdir()) == []
        (folder / "model.keras").write_text("a model")
    full.finish()
    assert not any(folder.exists() for folder in folders)


def test_a_folder_goes_when_the_process_ends():
    program = "from helpers import lesson; print(lesson.Run('07', 'sample', 0).folder())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
        cwd=Path(__file__).parents[1],
    )
    assert Path(done.stdout.strip()).name.startswith("07-")
    assert not Path(done.stdout.strip()).exists()


def build():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def fit(model, *callbacks):
    return model.fit(np.ones((4, 2)), np.ones(4), epochs=2, verbose=0, callbacks=list(callbacks))


def test_full_keeps_by_chapter_and_seed_until_it_finishes(shown, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    runs = [lesson.begin("07", "full", seed=seed) for seed in (0, 1)]
    for run in runs:
        run.keep(build, fit, by_epoch=True, data=np.ones(3))
    folders = [tmp_path / "course" / "07" / f"seed-{seed}" for seed in (0, 1)]
    assert [len(list(folder.glob("*.json"))) for folder in folders] == [1, 1]
    shown.clear()
    runs[0].keep(build, fit, by_epoch=True, data=np.ones(3))
    assert payload(shown) == {"type": "kept", "epochs": 2}
    runs[0].finish()
    assert [folder.exists() for folder in folders] == [False, True]
    runs[1].finish()
    assert not (tmp_path / "course" / "07").exists()


def test_sample_keeps_nothing(shown, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    _, history = lesson.begin("07", "sample").keep(build, fit, seed=3)
    assert len(history.history["loss"]) == 2
    assert list(tmp_path.iterdir()) == []


def test_keep_begins_with_the_seed_of_the_run(shown):
    models = [lesson.begin("07", "sample", seed).keep(build, fit)[0] for seed in (1, 1, 2)]
    first, same, other = (model.get_weights()[0].tolist() for model in models)
    assert first == same != other


def test_kept_network_stays_in_the_cache_when_the_run_finishes(full, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    file = lesson.kept_network("13", "full")
    model = build()
    model.save(file)
    full.finish()
    assert tmp_path in file.parents
    assert file == lesson.kept_network("13", "full")
    assert file != lesson.kept_network("13", "sample")
    again = keras.models.load_model(file)
    assert np.array_equal(again.get_weights()[0], model.get_weights()[0])


def test_kept_network_without_a_cache_goes_elsewhere_and_says_so(shown, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "course").write_text("a file in place of a folder")
    file = lesson.kept_network("13", "full")
    assert file.parent.is_dir()
    assert tmp_path not in file.parents
    assert "cannot be written (" in str(shown)


@pytest.mark.parametrize(("platform", "peak"), [("linux", 2), ("darwin", 0)])
def test_peak_memory_minds_the_platform_unit(monkeypatch, platform, peak):
    resource = pytest.importorskip("resource")

    class Usage:
        ru_maxrss = 2000

    monkeypatch.setattr(lesson.sys, "platform", platform)
    monkeypatch.setattr(resource, "getrusage", lambda who: Usage)
    assert lesson.peak_mb() == peak
