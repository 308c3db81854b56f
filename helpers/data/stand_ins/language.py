"""Generated English for the stand-ins of texts: sentences from templates, and invented names."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from helpers.text.indices import encode_ranks

import numpy as np

ONSETS = [*"bcdfghjklmnprstvwz", "br", "ch", "dr", "gr", "kl", "pr", "sh", "st", "tr"]
VOWELS = [*"aeiou", "ai", "ea", "ia", "oo"]
CODAS = [*"lnmrsx", "ck", "nd", "rt", "th"]

Part = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Corpus:
    """Labelled texts as lists of frequency ranks, with the ranks of their words.

    `train` and `test` are pairs of texts ``(n,)``, dtype object, and labels ``(n,)``, int64.
    """

    train: Part
    test: Part
    word_index: dict[str, int]

    def encoded(self, num_words: int) -> tuple[Part, Part]:
        """The corpus as a loader of `keras.datasets` returns it; see `encode_ranks`."""
        (x_train, y_train), (x_test, y_test) = self.train, self.test
        return (
            (encode_ranks(x_train.copy(), num_words), y_train.copy()),
            (encode_ranks(x_test.copy(), num_words), y_test.copy()),
        )


def make_corpus(texts: Sequence[str], labels: Sequence[int], train: int) -> Corpus:
    """Rank the words of all texts by frequency; the first `train` texts are for training."""
    words = [text.split() for text in texts]
    counts = Counter(chain.from_iterable(words))
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    word_index = {word: rank for rank, word in enumerate(ordered, start=1)}
    ranks = np.empty(len(words), dtype=object)
    ranks[:] = [list(map(word_index.__getitem__, text)) for text in words]
    y = np.array(labels, dtype="int64")
    return Corpus((ranks[:train], y[:train]), (ranks[train:], y[train:]), word_index)


class Writer(dict):
    """Fills the slots of a template: those set like a dictionary's, all others at random.

    ``writer.write("the {part} is {praise}")`` takes a random word for each slot from the list of
    that name in `words`; a string is a list of words.
    """

    def __init__(self, rng: random.Random, words: Mapping[str, str | Sequence[str]]) -> None:
        self.rng = rng
        self.words = {
            slot: choice.split() if isinstance(choice, str) else choice
            for slot, choice in words.items()
        }

    def __missing__(self, slot: str) -> str:
        return self.rng.choice(self.words[slot])

    def write(self, template: str) -> str:
        """The template with each slot filled."""
        return template.format_map(self)


def weighted(words: str, heaviest: int = 12) -> list[str]:
    """Repeat the first word `heaviest` times, the second half as often, and so on: Zipf's law."""
    return list(
        chain.from_iterable(
            [word] * max(1, heaviest // rank) for rank, word in enumerate(words.split(), start=1)
        )
    )


def invent_names(rng: random.Random, count: int) -> list[str]:
    """Different pronounceable names of two or three syllables, such as ``"brealthoon"``."""
    names: dict[str, None] = {}
    while len(names) < count:
        syllables = rng.choice((2, 2, 3))
        names[
            "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(syllables))
            + rng.choice(CODAS)
        ] = None
    return list(names)
