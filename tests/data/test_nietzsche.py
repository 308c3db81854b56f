"""The text of chapter 24 and its stand-in."""

from __future__ import annotations

from helpers.data import nietzsche, registry
from helpers.data.stand_ins import nietzsche as sample
from helpers.text import sampling

import pytest


def test_the_file_is_read_as_it_stands(tmp_path, monkeypatch):
    path = tmp_path / "nietzsche.txt"
    path.write_bytes("PREFACE\n\nnaïve".encode())
    monkeypatch.setattr(registry, "fetch", {"nietzsche.txt": path}.get)
    assert nietzsche.load_data("full") == "PREFACE\n\nnaïve"


def test_the_sample_says_that_it_is_none_of_his(capsys):
    assert nietzsche.load_data("sample") == sample.load()
    assert capsys.readouterr().out.startswith("Stand-in, not Nietzsche: a generated text of 80,000")


def test_the_stand_in_has_the_form_of_the_text():
    text = sample.load()
    assert len(text) == sample.LENGTH
    assert text.startswith("1. ")
    assert max(map(len, text.split("\n"))) <= sample.WIDTH
    assert 100 < len(set(sampling.split_words(text))) < 250


def test_the_stand_in_is_the_same_each_time():
    first = sample.load()
    sample.load.cache_clear()
    assert sample.load() == first


@pytest.mark.skipif(
    not registry.entries()["nietzsche.txt"].path.exists(),
    reason="nietzsche.txt is not in the cache",
)
def test_the_real_text_has_as_many_characters_as_keras_counts():
    text = nietzsche.load_data("full")
    assert len(text) == 600_893
    assert len(set(text.lower())) == 57
