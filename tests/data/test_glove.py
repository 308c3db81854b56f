"""GloVe's loader and its stand-in."""

from __future__ import annotations

import gzip
import os

from helpers.data import glove, registry
from helpers.data.registry import DataError
from helpers.data.stand_ins import glove as sample
from helpers.text.vectors import GloveError

import numpy as np
import pytest


@pytest.fixture
def some_lines(tmp_path):
    path = tmp_path / "some_lines.txt"
    path.write_text("the 0.1 0.2\nfilm 0.3 0.4\n")
    return path


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv("DL_GLOVE", raising=False)


def test_a_given_file_is_read_in_place_of_the_public_one(some_lines, capsys):
    assert glove.load_data("full", path=some_lines).words == ["the", "film"]
    out = capsys.readouterr().out
    assert out == (
        "GloVe, only some_lines.txt: 2 words of 2 numbers; the public file has 400,000 words.\n"
    )


def test_the_environment_names_a_file_too(some_lines, monkeypatch):
    monkeypatch.setenv("DL_GLOVE", str(some_lines))
    assert len(glove.load_data("full")) == 2


def test_without_either_the_public_archive_is_fetched(some_lines, monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(registry, "fetch", lambda file: asked.append(file) or some_lines)
    glove.load_data("full", 50)
    assert asked == ["glove.6B.zip"]
    assert capsys.readouterr().out == "GloVe, 2 words of 2 numbers.\n"


def test_a_given_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match=r"There is no file .*DL_GLOVE unset"):
        glove.load_data("full", path=tmp_path / "nothing.txt")


def test_damage_is_named(some_lines):
    some_lines.write_text("the 0.1 0.2\nfilm 0.3\n")
    with pytest.raises(GloveError, match=r"some_lines\.txt, line 2"):
        glove.load_data("full", path=some_lines)


@pytest.mark.parametrize("dimensions", [64, 0, None, "100"])
def test_dimensions_are_those_that_glove_comes_in(dimensions):
    with pytest.raises(ValueError, match=f"dimensions is {dimensions!r}; GloVe comes in 50"):
        glove.load_data("full", dimensions)


def test_unknown_profile_is_a_sentence():
    with pytest.raises(ValueError, match="The profile is 'Full'"):
        glove.load_data("Full")


def test_the_sample_needs_no_file_says_what_it_is_and_is_safe_to_change(monkeypatch, capsys):
    monkeypatch.setattr(registry, "fetch", None)
    first = glove.load_data("sample")
    assert capsys.readouterr().out.startswith("Stand-in, not GloVe: ")
    first.vectors[:] = 0
    first.words.clear()
    second = glove.load_data("sample")
    assert len(second) > 300
    assert second.vectors.dtype == np.float32
    assert second.vectors.shape == (len(second), sample.DIMENSIONS)
    assert second.vectors.all(axis=1).all()


def cosine(first, second):
    return first @ second / np.linalg.norm(first) / np.linalg.norm(second)


def nearest(vectors, vector, without):
    lengths = np.linalg.norm(vectors.vectors, axis=1)
    order = np.argsort(-(vectors.vectors @ vector) / lengths)
    return next(vectors.words[i] for i in order if vectors.words[i] not in without)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (("man", "king", "woman"), "queen"),
        (("man", "actor", "woman"), "actress"),
        (("france", "paris", "italy"), "rome"),
        (("japan", "tokyo", "russia"), "moscow"),
    ],
)
def test_the_invented_vectors_know_the_analogies(question, answer):
    vectors = glove.load_data("sample")
    a, b, c = (vectors[word] for word in question)
    assert nearest(vectors, b - a + c, question) == answer


def test_opposites_are_alike_but_on_either_side():
    vectors = glove.load_data("sample")
    assert cosine(vectors["good"], vectors["bad"]) > cosine(vectors["good"], vectors["wife"])
    assert cosine(vectors["good"], vectors["great"]) > cosine(vectors["good"], vectors["bad"]) + 0.3


def test_every_word_of_a_template_has_a_meaning():
    meanings = sample.describe_words()
    assert meanings["masterpiece"]["opinion"] == -meanings["mess"]["opinion"] > 0
    assert meanings["detective"] == {"job": 1.0}
    assert meanings["the"] == {"grammar": 1.0}
    assert not any("{" in word for word in meanings)


PART = os.environ.get("DL_GLOVE")


@pytest.mark.skipif(not PART, reason="DL_GLOVE names no part of GloVe")
def test_the_real_vectors_are_those_of_a_plain_loop():
    read = glove.load_data("full", path=PART)
    opened = gzip.open if PART.endswith(".gz") else open
    with opened(PART, "rt", encoding="utf-8", newline="\n") as file:
        for line, word, vector in zip(file, read.words, read.vectors, strict=True):
            found, *numbers = line.split(" ")
            assert found == word
            np.testing.assert_array_equal(vector, np.array(numbers, "float32"))
