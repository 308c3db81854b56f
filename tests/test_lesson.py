"""A chapter's run: profiles, seeds, records, expectations."""

import json
import math
import random

from helpers import PERSON_VARIABLES, ledger, lesson

import keras
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
    return shown[-1][0][lesson.MIME]


def test_profile_is_the_argument_then_the_environment_then_full(monkeypatch):
    assert lesson.resolve_profile(None) == "full"
    monkeypatch.setenv("DL_PROFILE", "sample")
    assert lesson.resolve_profile(None) == "sample"
    assert lesson.resolve_profile("full") == "full"


@pytest.mark.parametrize("wrong", ["Sample", "quick", "1"])
def test_unknown_profile_names_the_two(wrong):
    with pytest.raises(ValueError, match=r"'sample'.*'full'"):
        lesson.resolve_profile(wrong)


@pytest.mark.parametrize("chapter", ["7", "00", "29", 7])
def test_begin_rejects_unknown_chapter(chapter):
    with pytest.raises(ValueError, match="There is no chapter"):
        lesson.begin(chapter)


@pytest.mark.parametrize("seed", [-1, 0.5, "0", None])
def test_begin_rejects_seed_that_is_no_whole_number(seed):
    with pytest.raises(ValueError, match="The seed is"):
        lesson.begin("07", "sample", seed)


def test_begin_seeds_python_numpy_and_keras(shown):
    draws = []
    for _ in range(2):
        lesson.begin("07", "sample", seed=3)
        draws.append((random.random(), np.random.rand(), float(keras.random.normal(()))))
    assert draws[0] == draws[1]


def test_begin_tells_profile_seed_versions_and_device(shown):
    lesson.begin("05", "sample", seed=4)
    data, _ = shown[-1]
    told = data[lesson.MIME]
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


def test_gpu_is_named_and_its_memory_grows(monkeypatch):
    import tensorflow as tf

    grown = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["gpu 0"])
    monkeypatch.setattr(
        tf.config.experimental, "set_memory_growth", lambda gpu, on: grown.append((gpu, on))
    )
    monkeypatch.setattr(
        tf.config.experimental, "get_device_details", lambda gpu: {"device_name": "Tesla T4"}
    )
    assert lesson.describe_device() == "GPU: Tesla T4"
    assert grown == [("gpu 0", True)]


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
    assert "CPU" in first[0][lesson.MIME]["device"]
    for part in ("finds none", "about 3 hours", "Change runtime type", "tensorflow[and-cuda]"):
        assert part in notice["text/plain"]
    assert lesson.MIME not in notice


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
        "published": [1, 1, 14, 22, 16],
        "within": True,
    }
    full.record("F07.6", [1, 1, 14, 22, 17])
    assert payload(shown)["within"] is False
    assert "not equal" in shown[-1][0]["text/plain"]


def test_record_with_a_tolerance_says_within_or_outside(full, shown):
    row = ledger.row("F07.3")
    full.record("F07.3", row.published)
    assert "within ±" in shown[-1][0]["text/plain"]
    full.record("F07.3", [9.0, 0.5])
    assert "outside ±" in shown[-1][0]["text/plain"]


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


@pytest.mark.parametrize("value", ["0.88", None, [], {"a": 1}])
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


def test_expectation_that_fails_is_told_then_fails_the_run(full, shown):
    with pytest.raises(lesson.ExpectationError, match="Chapter 07 expects that it overfits"):
        full.expect("it overfits", False)
    assert payload(shown)["held"] is False


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
    assert "1 figures recorded, 1 expectations held" in shown[-1][0]["text/plain"]


@pytest.mark.parametrize(("platform", "peak"), [("linux", 2), ("darwin", 0)])
def test_peak_memory_minds_the_platform_unit(monkeypatch, platform, peak):
    resource = pytest.importorskip("resource")

    class Usage:
        ru_maxrss = 2000

    monkeypatch.setattr(lesson.sys, "platform", platform)
    monkeypatch.setattr(resource, "getrusage", lambda who: Usage)
    assert lesson.peak_mb() == peak
