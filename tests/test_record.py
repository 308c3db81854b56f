"""The reader's phrases: English as written, another language where there is a catalogue."""

from helpers import record

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo


def test_without_a_catalogue_a_phrase_is_said_as_it_stands(monkeypatch):
    monkeypatch.setenv("DL_LANGUAGE", "xx")
    assert record.say("{count:,} pictures", count=1000) == "1,000 pictures"


def test_a_catalogue_changes_the_words_and_keeps_the_facts(monkeypatch, tmp_path):
    catalogue = Catalog("de")
    catalogue.add("{count} pictures of {what}", "{what}: {count} Bilder")
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "helpers.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(record, "_WORDS", tmp_path)
    monkeypatch.setenv("DL_LANGUAGE", "de")
    record._translations.cache_clear()
    assert record.say("{count} pictures of {what}", count=3, what="cats") == "cats: 3 Bilder"
    record._translations.cache_clear()


def test_a_phrase_without_its_fact_is_an_error():
    with pytest.raises(KeyError):
        record.say("{count} pictures")


@pytest.mark.parametrize(
    ("value", "tolerance", "text"),
    [
        (0.0520460629, 1e-8, "0.05204606"),
        (0.9785, 0.0056, "0.9785"),
        (12345.678, 0.01, "12,346"),
        (0, 1e-9, "0"),
        ([0.123456789, 0.987654321], [1e-6, 0.1], "0.123457, 0.9877"),
        ([0.123456789, 0.5], [1e-6, 0.1, 3], "0.1235, 0.5"),
        ([[0.1234567], [0.5]], [[1e-6], [1]], "0.123457, 0.5"),
        (float("nan"), 1e-9, "nan"),
    ],
)
def test_as_many_digits_as_the_tolerance_tells_apart(value, tolerance, text):
    assert record.number(value, tolerance) == text


def test_names_stand_before_their_numbers():
    assert record.named([[1, 2], 0.25], ["rows", "rest"]) == "rows 1, 2, rest 0.25"
    assert record.named(0.1234567, ["loss"], 1e-6) == "loss 0.123457"
