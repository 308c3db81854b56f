"""A stand-in for GloVe: invented vectors of 50 numbers for the words of the generated reviews.

A vector is a sum of the directions of what its word is, and of noise that is the word's own. Words
of one kind share a direction; praise and blame are opposite ends of another; and a few families of
words that the reviews do not use (kings and queens, animals, countries and their capitals) differ
by the same direction each. Names have no vector, as rare names have none in GloVe.

Made to support: a word's nearest neighbours are of its kind; king - man + woman is closest to
queen, and the like; and what :mod:`helpers.data.stand_ins.imdb_reviews` says.
"""

from __future__ import annotations

import re

from helpers.data.stand_ins import imdb
from helpers.data.stand_ins.keeping import made_once
from helpers.text.vectors import WordVectors

import numpy as np

DIMENSIONS = 50
NOISE = 0.4  # length of a word's own part, where most directions have length 1
OPINION = 0.9  # how far praise and blame lie from what is neither

OPINIONS = {
    "adjective": (imdb.PRAISE, imdb.BLAME),
    "feeling": (imdb.LIKE, imdb.DISLIKE),
    "judgement": (imdb.GEM, imdb.MESS),
}
TEMPLATES = (*imdb.PLAIN, *imdb.DENIAL, *imdb.PLOT, *imdb.REMARK, *imdb.VERDICT)
FAMILIES = {
    "royal male": "king prince emperor duke",
    "royal female": "queen princess empress duchess",
    "person male": "man boy actor",
    "person female": "woman girl actress",
    "canine pet": "dog",
    "canine wild": "wolf",
    "feline pet": "cat",
    "feline wild": "tiger lion",
    "country": "france italy germany spain russia japan greece poland",
    "capital": "paris rome berlin madrid moscow tokyo athens warsaw",
}
# Words in the same place of both lists share a direction of their own.
COUNTERPARTS = {"royal": "royal", "person": "person", "country": "land", "capital": "land"}


@made_once
def load() -> WordVectors:
    """Some hundred words, those of the templates first, with vectors of 50 numbers, float32."""
    meanings = describe_words()
    kinds = sorted({kind for meaning in meanings.values() for kind in meaning})
    weights = np.array(
        [[meaning.get(kind, 0.0) for kind in kinds] for meaning in meanings.values()]
    )
    rng = np.random.default_rng(2014)
    # The rows of a random rotation are directions at right angles.
    directions = np.linalg.qr(rng.normal(size=(DIMENSIONS, DIMENSIONS)))[0][: len(kinds)]
    noise = rng.normal(0, NOISE / np.sqrt(DIMENSIONS), (len(weights), DIMENSIONS))
    return WordVectors(list(meanings), (weights @ directions + noise).astype("float32"))


def describe_words() -> dict[str, dict[str, float]]:
    """For each word, how far it goes in which direction."""
    plain = " ".join(re.sub(r"\{\w+\}", " ", template) for template in TEMPLATES)
    grammar = [*plain.split(), "n't", "'s"]  # GloVe's own way to split "isn't" and "it's"
    meanings = {word: {"grammar": 1.0} for word in grammar}
    for kind, words in imdb.WORDS.items():
        words = words.split() if isinstance(words, str) else " ".join(words).split()
        meanings |= {word: {kind: 1.0} for word in words}
    for kind, sides in OPINIONS.items():
        for sign, words in zip((1, -1), sides, strict=True):
            meanings |= {word: {kind: 1.0, "opinion": sign * OPINION} for word in words}
    for family, words in FAMILIES.items():
        kinds = dict.fromkeys(family.split(), 1.0)
        own = COUNTERPARTS.get(family.split()[0])
        for place, word in enumerate(words.split()):
            meanings[word] = kinds | ({f"{own} {place}": 1.0} if own else {})
    return meanings
