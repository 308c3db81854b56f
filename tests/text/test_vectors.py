"""Reading word vectors: the three forms of the file, damage, and the words of a vocabulary."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile

from helpers.text import vectors
from helpers.text.vectors import GloveError, WordVectors

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

GOOD = '"the" 0.1 0.2 -0.3\n" 1 2 3\nnan 4 5 6e-3\nдом -0 .5 1.\n'.encode()


def printed_loop(path):
    embeddings_index = {}
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            word, *numbers = line.rstrip("\n").split(" ")
            embeddings_index[word] = np.asarray(numbers, dtype="float32")
    return embeddings_index


def zipped(**texts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name.replace("__", "."), text)
    return packed.getvalue()


@pytest.fixture
def write(tmp_path):
    def write_to(content, name="vectors.txt"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write_to


def test_words_and_numbers_are_those_of_the_printed_loop(write):
    path = write(GOOD)
    read, loop = vectors.read(path), printed_loop(path)
    assert read.words == list(loop) == ['"the"', '"', "nan", "дом"]
    assert read.vectors.dtype == np.float32
    np.testing.assert_array_equal(read.vectors, list(loop.values()))


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=" \n\r\0"), min_size=1)
numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)


@settings(deadline=None)  # it writes files
@given(st.dictionaries(words, st.lists(numbers, min_size=3, max_size=3), min_size=1))
def test_whatever_is_written_is_read(tmp_path_factory, table):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    lines = (f"{word} {' '.join(map(repr, row))}\n" for word, row in table.items())
    path.write_text("".join(lines), encoding="utf-8", newline="")
    read = vectors.read(path)
    assert read.words == list(table)
    np.testing.assert_allclose(read.vectors, list(table.values()), rtol=1e-6)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda text: zipped(glove__txt=text)])
def test_plain_gzip_and_zip_give_the_same(write, pack):
    read = vectors.read(write(pack(GOOD)))
    assert len(read) == 4
    np.testing.assert_allclose(read["nan"], [4, 5, 0.006])


def test_several_blocks_keep_the_order(write, monkeypatch):
    monkeypatch.setattr(vectors, "_BLOCK", 20)
    read = vectors.read(write(b"".join(b"w%d %d 0.5\n" % (i, i) for i in range(200))))
    assert read.words == [f"w{i}" for i in range(200)]
    assert read.vectors[:, 0].tolist() == list(range(200))


def test_dimensions_choose_the_file_of_an_archive(write):
    path = write(zipped(glove__2d__txt="a 1 2\n", glove__12d__txt="a" + " 1" * 12 + "\n"))
    assert vectors.read(path, 2).vectors.shape == (1, 2)
    assert vectors.read(path, 12).vectors.shape == (1, 12)
    with pytest.raises(GloveError, match=r"holds glove.2d.txt, glove.12d.txt; .* not 50"):
        vectors.read(path, 50)


def test_windows_line_ends_and_a_missing_last_one_do_no_harm(write):
    for text in (GOOD.replace(b"\n", b"\r\n"), GOOD[:-1]):
        np.testing.assert_array_equal(
            vectors.read(write(text)).vectors, vectors.read(write(GOOD)).vectors
        )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"word 1 2\n", "2 numbers follow the word, where line 1 has 3"),
        (b"1 2 3 1 2 3\n", "5 numbers follow"),
        (b"one 1 2 3 two 4 5 6\n", "7 numbers follow"),
        (b"two words x 2 3\n", "4 numbers follow"),
        (b"word  1 2 3\n", "4 numbers follow"),
        (b"\n", "0 numbers follow"),
        (b"word 1 x 3\n", "'x' is not a number"),
        (b"word 1 2 \n", "'' is not a number"),
        (b"word 1 nan 3\n", "'nan' is not a number"),
        (b"word 1 2 1e39\n", "'1e39' is not a number"),
        (b"word 1 2 1_0\n", "'1_0' is not a number"),
        (b" 1 2 3\n", "the word is missing"),
        (b"wo\0rd 1 2 3\n", "the word holds a zero byte"),
        (b"\xff\xfe 1 2 3\n", "it is not UTF-8 text"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_damaged_line_is_refused_with_its_number(write, monkeypatch, pack, line, reason):
    monkeypatch.setattr(vectors, "_BLOCK", 30)
    path = write(pack(GOOD * 3 + line + GOOD))
    with pytest.raises(GloveError, match=f"vectors.txt, line 13: {reason}.* fetch or copy it"):
        vectors.read(path)


def test_what_only_pandas_refuses_is_refused_with_its_reason(write):
    with pytest.raises(GloveError, match=r"vectors\.txt, .+\. The file is damaged"):
        vectors.read(write("word １ 2 3\n".encode()))


def test_an_archive_that_breaks_off_is_refused_with_the_line(write):
    packed = gzip.compress(b"".join(b"w%d %d 0.5\n" % (i, i * i) for i in range(20_000)))
    with pytest.raises(GloveError, match=r"line \d{4,5}: the archive breaks off"):
        vectors.read(write(packed[: len(packed) // 2]))


def test_an_archive_with_a_wrong_checksum_is_refused(write):
    packed = bytearray(gzip.compress(GOOD))
    packed[-8] ^= 255
    with pytest.raises(GloveError, match="line 5: the archive breaks off"):
        vectors.read(write(bytes(packed)))


@pytest.mark.parametrize("content", [b"\x1f\x8brubbish", b"PK\x03\x04rubbish"])
def test_a_broken_archive_is_refused(write, content):
    with pytest.raises(GloveError, match=r"vectors\.txt cannot be read"):
        vectors.read(write(content))


@pytest.mark.parametrize("content", [b"", b"\n", b"word\n"])
def test_a_file_without_vectors_is_refused(write, content):
    with pytest.raises(GloveError, match="line 1: there is no word followed by numbers"):
        vectors.read(write(content))


@pytest.mark.parametrize("block", [vectors._BLOCK, 10])
def test_words_with_spaces_are_passed_over_with_a_line(write, monkeypatch, capsys, block):
    monkeypatch.setattr(vectors, "_BLOCK", block)
    spaced = b". . . 1 2 3\nto name@domain.com 4 5 6\n"
    assert vectors.read(write(GOOD + spaced + b"film 7 8 9\n" + spaced)).words[3:] == [
        "дом",
        "film",
    ]
    out = capsys.readouterr().out
    assert out == "vectors.txt: lines passed over, since their words hold spaces: 4.\n"


def test_a_last_block_of_one_line_with_a_spaced_word_is_no_other_word(write, monkeypatch, capsys):
    monkeypatch.setattr(vectors, "_BLOCK", 1)
    assert vectors.read(write(b"the 1 2 3\nat b 1 2 3\n")).words == ["the"]
    assert "spaces: 1." in capsys.readouterr().out


def test_files_without_spaced_words_say_nothing(write, capsys):
    vectors.read(write(GOOD))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"4 3\n" + GOOD, "two counts, as in files of word2vec and fastText"),
        (
            GOOD.replace(b"\n", b" \n"),
            "a space at its end, as in files of fastText",
        ),
    ],
)
def test_a_file_of_another_program_is_called_so(write, content, kind):
    with pytest.raises(GloveError, match=f"vectors.txt, line 1: there (is|are) {kind}"):
        vectors.read(write(content))


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(GloveError, match="There is no file"):
        vectors.read(tmp_path / "nothing.txt")


VECTORS = WordVectors(["film", "good"], np.array([[1, 2], [3, 4]], "float32"))


def test_matrix_for_a_vocabulary_reports_the_words_without_a_vector():
    matrix, missing = VECTORS.matrix_for(["", "[UNK]", "good", "zeamith", "film"])
    assert matrix.tolist() == [[0, 0], [0, 0], [3, 4], [0, 0], [1, 2]]
    assert matrix.dtype == np.float32
    assert missing == ["[UNK]", "zeamith"]


def test_matrix_for_no_words_has_no_rows():
    matrix, missing = VECTORS.matrix_for([])
    assert matrix.shape == (0, 2)
    assert missing == []


def test_words_are_looked_up():
    assert "good" in VECTORS
    assert "bad" not in VECTORS
    assert VECTORS["good"].tolist() == [3, 4]
    with pytest.raises(KeyError):
        VECTORS["bad"]


def test_memory_stays_below_five_times_the_vectors(tmp_path):
    path = tmp_path / "large.txt"
    row = " ".join(["-0.12345"] * 100)
    path.write_text("".join(f"w{i} {row}\n" for i in range(100_000)))
    code = (
        "import resource, sys; from helpers.text import vectors\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak(); table = vectors.read(sys.argv[1]).vectors\n"
        "print((peak() - before) * (1 if sys.platform == 'darwin' else 1024) / table.nbytes)"
    )
    ran = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    assert float(ran.stdout) < 5, ran.stderr
