"""A stand-in for the raw IMDB reviews: those of :mod:`helpers.data.stand_ins.imdb` as typed text.

It imitates what raw text has and word indices have lost: capitals, punctuation, the line breaks
``<br /><br />`` of the web page; and contractions. The real two sets are the same reviews as well.

Made to support, with the word vectors of :mod:`helpers.data.stand_ins.glove`: from 200 reviews a
network with these vectors, held fixed, reaches a clearly higher validation accuracy than one that
learns its own; with more reviews the lead shrinks.
"""

from __future__ import annotations

import random

from helpers.data.stand_ins.imdb import TRAIN, write_all
from helpers.data.stand_ins.keeping import made_once

import numpy as np

ENDS = [". "] * 12 + ["! ", "... ", ".<br /><br />"]
CONTRACTED = {" is not ": " isn't ", " did not ": " didn't ", "it is ": "it's "}
Reviews = tuple[list[str], np.ndarray]


@made_once
def load() -> tuple[Reviews, Reviews]:
    """The training and the test reviews with their labels, 1 (positive) or 0, int64."""
    rng = random.Random(1896)
    reviews, labels = write_all()
    texts, y = [typed(rng, sentences) for sentences in reviews], np.array(labels, dtype="int64")
    return (texts[:TRAIN], y[:TRAIN]), (texts[TRAIN:], y[TRAIN:])


def typed(rng: random.Random, sentences: list[str]) -> str:
    """One text, each sentence with a capital and an end, half of what can be contracted."""
    for long, short in CONTRACTED.items():
        sentences = [rng.choice((s, s.replace(long, short))) for s in sentences]
    text = "".join(sentence[0].upper() + sentence[1:] + rng.choice(ENDS) for sentence in sentences)
    return text.replace(" i ", " I ").removesuffix("<br /><br />").rstrip()
