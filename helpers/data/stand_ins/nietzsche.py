"""A stand-in for Nietzsche: 80,000 characters of generated aphorisms.

They imitate the real text's form (numbered paragraphs, lines of about 70 characters, capitals,
commas, dashes, questions and exclamations) but for its wealth: there are some 200 words, and
sentences come from a grammar of a few dozen templates.

Made to support: a small network learns to write whole words within a minute on a CPU; drawn at a
low temperature they are known ones and come again and again, drawn at a high one some are
invented; and a network that learns from every character is ahead of one that learns from one in
sixty.
"""

from __future__ import annotations

import random
import textwrap
from functools import lru_cache

from helpers.data.stand_ins.language import Writer, weighted

LENGTH = 80_000
WIDTH = 70

WORDS = {
    "noun": weighted(
        "man will spirit truth soul world power morality virtue instinct science life faith "
        "conscience taste value heart herd master slave mask danger solitude friend enemy art "
        "pride pity reason sense custom honesty longing cruelty"
    ),
    "plural": weighted(
        "men philosophers instincts things virtues values opinions passions spirits masters "
        "women thoughts masks nations ages prejudices artists scholars priests sentiments"
    ),
    "quality": weighted(
        "free noble great moral strong higher good evil deep common subtle modern german old new "
        "dangerous weak religious cold sublime tired profound ancient secret proud"
    ),
    "verb": weighted(
        "is has becomes wants loves needs fears believes knows despises conceals overcomes "
        "measures commands obeys judges forgets"
    ),
    "verbs": weighted(
        "are have become want love need fear believe know despise conceal overcome measure "
        "command obey judge forget"
    ),
    "adverb": weighted("always perhaps never still only almost again thus finally merely hardly"),
    "link": weighted("and but for because although while as"),
}

SENTENCES = (
    "the {noun} of the {quality} {noun} {verb} the {noun}",
    "a {quality} {noun} {adverb} {verb} a {noun}",
    "all {quality} {plural} {verbs} the {noun} of {plural}",
    "it is {adverb} the {noun} that {verb} the {noun}",
    "there is no {noun} that is not {adverb} {quality}",
    "what the {noun} {verb}, the {noun} {verb}",
    "one {verb} the {noun}, one {adverb} {verb} {plural}",
    "{plural} {adverb} {verbs} {plural}--and the {noun} {verb}",
    "he who {verb} the {noun} {adverb} {verb} the {quality} {noun}",
    "we {quality} {plural} {verbs} our {noun}",
    "in the {noun} of {plural} there is {adverb} a {quality} {noun}",
)
ENDS = (".", ".", ".", "?", "!", "--", ":", ";")


@lru_cache(maxsize=1)
def load() -> str:
    """The text: paragraphs with a number each, lines broken between words."""
    writer = Writer(random.Random(1886), WORDS)
    paragraphs: list[str] = []
    length = 0
    while length < LENGTH:
        paragraphs.append(_write_paragraph(writer, len(paragraphs) + 1))
        length += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs)[:LENGTH]


def _write_paragraph(writer: Writer, number: int) -> str:
    sentences = [_write_sentence(writer) for _ in range(writer.rng.randint(2, 6))]
    return textwrap.fill(f"{number}. " + " ".join(sentences), WIDTH, break_on_hyphens=False)


def _write_sentence(writer: Writer) -> str:
    sentence = writer.write(writer.rng.choice(SENTENCES))
    if writer.rng.random() < 0.4:
        sentence += f", {writer['link']} " + writer.write(writer.rng.choice(SENTENCES))
    return sentence[0].upper() + sentence[1:] + writer.rng.choice(ENDS)
