"""GloVe's word vectors: read their text files quickly, and look up the words of a vocabulary."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import IO, cast

from helpers.record import say

import numpy as np
import pandas as pd

__all__ = ["GloveError", "WordVectors", "read"]

_BLOCK = 1 << 22  # bytes; bounds what parsing needs beside its result
_LARGEST = float(np.finfo("float32").max)
_BROKEN_ARCHIVE = (EOFError, OSError, zlib.error, zipfile.BadZipFile)


class GloveError(ValueError):
    """A file of word vectors is missing or damaged; the message says where and what to do."""


@dataclass(frozen=True)
class WordVectors:
    """Words, the most frequent first, and a vector for each.

    Attributes
    ----------
    words
        n words.
    vectors
        Shape (n, dimensions), float32: row i belongs to word i.

    Examples
    --------
    >>> vectors = WordVectors(["film", "good"], np.array([[1, 2], [3, 4]], "float32"))
    >>> "good" in vectors, "bad" in vectors, vectors["good"].tolist()
    (True, False, [3.0, 4.0])
    """

    words: list[str]
    vectors: np.ndarray

    @cached_property
    def index(self) -> dict[str, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self.index

    def __getitem__(self, word: str) -> np.ndarray:
        """The vector of a word, shape (dimensions,).

        Raises
        ------
        KeyError
            If the word has none.
        """
        return self.vectors[self.index[word]]

    def matrix_for(self, vocabulary: Sequence[str]) -> tuple[np.ndarray, list[str]]:
        """The vectors of a vocabulary as the weights of an ``Embedding``, and the words without.

        Parameters
        ----------
        vocabulary
            Words in the order of their tokens, as ``TextVectorization.get_vocabulary()`` returns
            them; the empty word stands for padding.

        Returns
        -------
        matrix : numpy.ndarray, shape (len(vocabulary), dimensions), float32
            Row i is the vector of word i, or zeros.
        missing : list of str
            The words that have no vector, in the order of the vocabulary, padding left out.

        Notes
        -----
        Source: listing L16.10 (B6.11).

        Examples
        --------
        >>> vectors = WordVectors(["film", "good"], np.array([[1, 2], [3, 4]], "float32"))
        >>> matrix, missing = vectors.matrix_for(["", "good", "zeamith"])
        >>> matrix.tolist(), missing
        ([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]], ['zeamith'])
        """
        rows = np.array([self.index.get(word, -1) for word in vocabulary], dtype="int64")
        matrix = np.zeros((len(rows), self.vectors.shape[1]), dtype="float32")
        matrix[rows >= 0] = self.vectors[rows[rows >= 0]]
        missing = [word for word, row in zip(vocabulary, rows, strict=True) if row < 0 and word]
        return matrix, missing


def read(path: str | PathLike, dimensions: int = 100) -> WordVectors:
    """Read a file of word vectors: a line a word, then its numbers, separated by single spaces.

    Lines whose word itself holds spaces, as some of ``glove.840B`` do (". . .", "to
    name@domain.com"), are passed over, and a printed line says how many.

    Parameters
    ----------
    path
        Plain text, text packed with gzip, or a zip archive such as the original ``glove.6B.zip``.
    dimensions
        Which file of an archive with several to read: the one named ``….100d.txt`` for 100.
        Other files hold as many numbers a word as their first line.

    Raises
    ------
    GloveError
        If the file is missing, empty or damaged (with the number of the first bad line), or the
        archive holds no file of that many dimensions.

    Notes
    -----
    Source: listing L16.10 (B6.10), which splits each line in a loop. Here pandas parses blocks of
    lines, two at a time: half the processor time for 400,000 lines of 100 numbers, on two cores.
    """
    path = Path(path)
    try:
        with _opened(path, dimensions) as file:
            first = file.readline()
    except _BROKEN_ARCHIVE as error:
        raise GloveError(f"{path.name} cannot be read: {error}.") from error
    if re.fullmatch(rb"\d+ \d+\r?\n?", first):
        raise GloveError(
            f"{path.name}, line 1: there are two counts, as in files of word2vec and fastText; "
            "take this line away."
        )
    if first.rstrip(b"\r\n").endswith(b" "):
        raise GloveError(
            f"{path.name}, line 1: there is a space at its end, as in files of fastText; take the "
            "spaces at the ends of lines away."
        )
    size = len(first.split(b" ")) - 1
    if size < 1:
        raise GloveError(
            f"{path.name}, line 1: there is no word followed by numbers; give a file of word "
            "vectors in GloVe's format."
        )
    try:
        return _parse(path, dimensions, size)
    except (ValueError, *_BROKEN_ARCHIVE) as error:
        place = _first_damage(path, dimensions, size) or str(error)
        raise GloveError(
            f"{path.name}, {place}. The file is damaged: fetch or copy it again."
        ) from error


def _parse(path: Path, dimensions: int, size: int) -> WordVectors:
    """All lines, two blocks at a time; ValueError if one of them is damaged."""
    words: list[str] = []
    vectors, passed_over = np.empty((0, size), "float32"), 0
    with _opened(path, dimensions) as file, ThreadPoolExecutor(2) as pool:
        texts = iter(lambda: file.read(_BLOCK) + file.readline(), b"")
        # A few blocks ahead, so that both cores are busy and memory stays bounded.
        while several := list(islice(texts, 4)):
            blocks = pool.map(lambda text: _parse_block(text, size), several)
            for some_words, some, spaced in blocks:
                words += some_words
                passed_over += spaced
                # Grows where it lies, as a rule; a concatenation would need all of it twice.
                vectors.resize((len(words), size), refcheck=False)
                vectors[len(vectors) - len(some) :] = some
    if passed_over:
        phrase = "{file}: lines passed over, since their words hold spaces: {count:,}."
        print(say(phrase, file=path.name, count=passed_over))
    return WordVectors(words, vectors)


def _parse_block(text: bytes, size: int) -> tuple[list[str], np.ndarray, int]:
    """The words and vectors of some whole lines, and how many were passed over."""
    try:
        return *_parse_lines(text, size), 0
    except ValueError:
        lines = list(io.BytesIO(text))
        single = [line for line in lines if not _has_spaced_word(line, size)]
        if len(single) == len(lines):
            raise
        return *_parse_lines(b"".join(single), size), len(lines) - len(single)


def _parse_lines(text: bytes, size: int) -> tuple[list[str], np.ndarray]:
    if not text:
        return [], np.empty((0, size), "float32")
    with np.errstate(over="ignore"):  # what is too large becomes infinite and is refused below
        table = pd.read_csv(
            io.BytesIO(text),
            sep=" ",
            header=None,
            names=range(size + 1),
            dtype={0: object} | dict.fromkeys(range(1, size + 1), "float32"),
            quoting=csv.QUOTE_NONE,  # a quotation mark is a word like any other, and so is "nan"
            na_filter=False,
            skip_blank_lines=False,
            lineterminator="\n",
            low_memory=False,
        )
    if not isinstance(table.index, pd.RangeIndex):  # pandas took surplus columns for an index
        raise ValueError("there are more numbers than in line 1")
    words, vectors = table.pop(0).tolist(), table.to_numpy()
    if "" in words or b"\0" in text or not np.isfinite(vectors).all():
        raise ValueError("a word is empty or broken, or a number is not finite")
    return words, vectors


@contextmanager
def _opened(path: Path, dimensions: int) -> Iterator[IO[bytes]]:
    """The text as bytes, unpacked on the way."""
    if not path.is_file():
        raise GloveError(f"There is no file {path}; give the path of a file of word vectors.")
    with path.open("rb") as file:
        packed = file.peek(4)[:4]
        if packed.startswith(b"\x1f\x8b"):
            with gzip.open(file) as unpacked:
                yield cast("IO[bytes]", unpacked)
        elif packed == b"PK\x03\x04":
            with zipfile.ZipFile(file) as archive, archive.open(_member(archive, dimensions)) as m:
                yield io.BufferedReader(m)  # type: ignore[type-var]
        else:
            yield file


def _member(archive: zipfile.ZipFile, dimensions: int) -> str:
    """The name of the file to read in a zip archive."""
    names = [name for name in archive.namelist() if name.endswith(".txt")]
    fitting = [name for name in names if name.endswith(f".{dimensions}d.txt")]
    if len(fitting) == 1:
        return fitting[0]
    if len(names) == 1:
        return names[0]
    raise GloveError(
        f"{Path(archive.filename or 'The archive').name} holds {', '.join(names) or 'no .txt file'}"
        f"; choose dimensions for which there is one file, not {dimensions}."
    )


def _first_damage(path: Path, dimensions: int, size: int) -> str:
    """Where the file is damaged and how, found line by line; empty if nothing is found."""
    number = 0
    try:
        with _opened(path, dimensions) as file:
            for number, line in enumerate(file, start=1):
                if not _has_spaced_word(line, size) and (problem := _problem(line, size)):
                    return f"line {number}: {problem}"
    except _BROKEN_ARCHIVE as error:
        return f"line {number + 1}: the archive breaks off ({error})"
    return ""


def _problem(line: bytes, size: int) -> str:
    """What is wrong with a line, or nothing."""
    try:
        word, *numbers = line.decode("utf-8").rstrip("\r\n").split(" ")
    except UnicodeDecodeError:
        return "it is not UTF-8 text"
    if "\0" in word:
        return "the word holds a zero byte"
    if len(numbers) != size:
        return f"{len(numbers)} numbers follow the word, where line 1 has {size}"
    if not word:
        return "the word is missing"
    bad = next((number for number in numbers if not _is_number(number)), None)
    return "" if bad is None else f"{bad!r} is not a number"


def _has_spaced_word(line: bytes, size: int) -> bool:
    """Whether a line is whole but for spaces in its word, none of whose parts is a number."""
    parts = line.decode("utf-8", "replace").rstrip("\r\n").split(" ")
    word, numbers = parts[:-size], parts[-size:]
    return (
        len(word) > 1
        and all(part and not _is_number(part) for part in word)
        and all(map(_is_number, numbers))
    )


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) <= _LARGEST and "_" not in text
    except ValueError:
        return False
