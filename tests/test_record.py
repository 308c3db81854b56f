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
