"""The loader of the raw reviews, and their stand-in."""

from __future__ import annotations

import gzip
import io
import random
import re
import tarfile

from helpers.data import glove, imdb, imdb_reviews, registry
from helpers.data.registry import DataError
from helpers.data.stand_ins.imdb_reviews import typed

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

TABLE = 'review,sentiment\n"Good, ""really"" good.<br />",positive\nNA,negative\nBad.,negative\n'


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv("DL_IMDB_REVIEWS", raising=False)


@pytest.fixture
def table(tmp_path):
    def write(text):
        path = tmp_path / "part.csv.gz"
        path.write_bytes(gzip.compress(text.encode()))
        return path

    return write


def test_a_given_table_is_halved(table, capsys):
    (train, y_train), (test, y_test) = imdb_reviews.load_data("full", table(TABLE))
    assert train == ['Good, "really" good.<br />']
    assert test == ["NA", "Bad."]
    assert y_train.tolist() == [1]
    assert y_test.tolist() == [0, 0]
    assert y_test.dtype == np.int64
    assert capsys.readouterr().out == (
        "IMDB, only part.csv.gz: 1 + 2 reviews; the public archive has 25,000 + 25,000.\n"
    )


def test_the_environment_names_a_table_too(table, monkeypatch):
    monkeypatch.setenv("DL_IMDB_REVIEWS", str(table(TABLE)))
    assert imdb_reviews.load_data("full")[0][0][0].startswith("Good")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("text,label\na,1\n", "is not a CSV file with the columns review and sentiment"),
        ("", "is not a CSV file with the columns review and sentiment"),
        (TABLE + "So so.,neutral\n", "review 4 has the sentiment 'neutral'"),
    ],
)
def test_another_table_is_refused(table, text, reason):
    with pytest.raises(DataError, match=f"part.csv.gz.* {reason}"):
        imdb_reviews.load_data("full", table(text))


def test_a_broken_table_is_refused(table):
    path = table(TABLE * 50)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DataError, match="is not a CSV file"):
        imdb_reviews.load_data("full", path)


def test_a_given_table_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match=r"There is no file .*DL_IMDB_REVIEWS unset"):
        imdb_reviews.load_data("full", tmp_path / "nothing.csv")


def test_the_public_archive_is_read_in_order_of_names(tmp_path, monkeypatch, capsys):
    files = {
        "aclImdb/README": "not a review",
        "aclImdb/train/urls_pos.txt": "not a review",
        "aclImdb/train/unsup/0_0.txt": "no label",
        "aclImdb/train/pos/1_9.txt": "kind one",
        "aclImdb/train/pos/0_9.txt": "kind zero – ça",
        "aclImdb/train/neg/0_2.txt": "unkind",
        "aclImdb/test/neg/0_1.txt": "test unkind",
        "aclImdb/test/pos/0_8.txt": "test kind",
    }
    path = tmp_path / "reviews.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    asked = []
    monkeypatch.setattr(registry, "fetch", lambda file: asked.append(file) or path)
    (train, y_train), (test, y_test) = imdb_reviews.load_data("full")
    assert asked == ["aclImdb_v1.tar.gz"]
    assert train == ["unkind", "kind zero – ça", "kind one"]
    assert y_train.tolist() == [0, 1, 1]
    assert test == ["test unkind", "test kind"]
    assert y_test.tolist() == [0, 1]
    assert capsys.readouterr().out == "IMDB, 3 + 2 reviews.\n"


def test_unknown_profile_is_a_sentence():
    with pytest.raises(ValueError, match="The profile is None"):
        imdb_reviews.load_data(None)


# The stand-in


def sample():
    return imdb_reviews.load_data("sample")


def words(text):
    return re.sub(r"<br />|[^\w']", " ", text.lower()).split()


def test_the_sample_says_what_it_is_and_is_safe_to_change(monkeypatch, capsys):
    monkeypatch.setattr(registry, "fetch", None)
    (train, y_train), _ = sample()
    assert capsys.readouterr().out.startswith("Stand-in, not IMDB: ")
    first = train[0]
    train[0], y_train[:] = "", 7
    (again, y_again), _ = sample()
    assert again[0] == first
    assert set(y_again) == {0, 1}


def test_the_sample_holds_the_reviews_of_the_encoded_stand_in():
    (train, y_train), (test, y_test) = sample()
    (x_train, labels), (x_test, test_labels) = imdb.load_data("sample")
    assert np.array_equal(y_train, labels)
    assert np.array_equal(y_test, test_labels)
    ranks = imdb.get_word_index("sample")
    long = {"isn't": "is not", "didn't": "did not", "it's": "it is"}
    for raw, tokens in zip((*train[:30], *test[:30]), (*x_train[:30], *x_test[:30]), strict=True):
        spelt = " ".join(long.get(word, word) for word in words(raw)).split()
        expected = [ranks[w] + 3 if ranks[w] + 3 < 10_000 else 2 for w in spelt]
        assert tokens == [1, *expected]


def test_the_sample_looks_typed():
    (train, _), _ = sample()
    assert all(text[0].isupper() and text[-1] in ".!" for text in train)
    everything = " ".join(train)
    for part in ("<br /><br />", "! ", "isn't", " is not ", " I "):
        assert part in everything
    assert " i " not in everything


def test_typed_ends_each_sentence():
    text = typed(random.Random(3), ["it is bad", "i am here"])
    assert re.fullmatch(r"It('s| is) bad(\.|!|\.\.\.)(<br /><br />| )I am here(\.|!|\.\.\.)", text)


def test_from_200_reviews_the_invented_vectors_help_and_from_many_they_do_not():
    vectors = glove.load_data("sample")
    (train, y_train), (test, y_test) = sample()

    def means(texts):
        rows = [[vectors.index[w] for w in words(t) if w in vectors] for t in texts]
        return np.array([vectors.vectors[row].mean(axis=0) for row in rows])

    def with_vectors(n):
        model = LogisticRegression(C=10, max_iter=1_000).fit(means(train[:n]), y_train[:n])
        return model.score(means(test), y_test)

    def with_own_words(n):
        bag = CountVectorizer(analyzer=words, binary=True)
        model = LogisticRegression(C=0.1, max_iter=1_000).fit(
            bag.fit_transform(train[:n]), y_train[:n]
        )
        return model.score(bag.transform(test), y_test)

    def lead(n):
        return with_vectors(n) - with_own_words(n)

    assert lead(200) > 0.03
    assert lead(2_000) < 0
