"""A stand-in for IMDB: 4,000 generated film reviews, half of them positive.

It imitates the real set's form (lower case, no punctuation, lengths that spread widely around 120
words, a few words that are everywhere and a long tail of names that hardly recur, more than 10,000
words in all) and its difficulty: a review praises some things and blames others, often by denying
the opposite ("not bad"), and a few labels contradict the text.

Made to support: counting words is a good baseline; a small dense network on multi-hot vectors
reaches 0.80 to 0.92 on the test part, learns its training reviews by heart and gets worse when
trained for too long; the order of words says more than the words, so that pairs of words, and
networks that read in order, can do better; the last words, a verdict, say more than the first.
"""

from __future__ import annotations

import random
from functools import lru_cache

from helpers.data.stand_ins.language import Corpus, Writer, invent_names, make_corpus, weighted

TRAIN, TEST = 2_000, 2_000
NAMES = 16_000
WRONG_LABELS = 0.03
AGREEING = 0.83  # share of the opinions that agree with the review's verdict
DENIED = 0.25  # share of the opinions that deny the opposite
NEUTRAL = 0.4  # share of the sentences without an opinion

PRAISE = weighted(
    "good great wonderful excellent funny beautiful moving brilliant superb charming clever "
    "touching fresh witty gripping perfect warm delightful remarkable honest elegant splendid "
    "convincing original thrilling fascinating lovely powerful graceful inspired vivid subtle "
    "tender sharp stunning memorable engaging hilarious rich masterly"
)
BLAME = weighted(
    "bad boring awful terrible stupid poor dull weak silly predictable lame annoying flat "
    "horrible ridiculous tedious clumsy empty cheap pointless wooden shallow tired painful "
    "confused lifeless bland forgettable messy pretentious laughable dreary stale hollow cold "
    "ugly sloppy noisy dreadful unbearable"
)
LIKE = weighted("enjoyed loved liked admired adored treasured")
DISLIKE = weighted("hated disliked endured regretted resented suffered")
GEM = weighted("masterpiece gem triumph delight treat success joy classic")
MESS = weighted("mess disaster bore failure waste mistake shame letdown")
# What the slots of an opinion stand for, by its polarity.
SIDES = {
    True: {"same": PRAISE, "other": BLAME, "verb": LIKE, "gem": GEM, "mess": MESS},
    False: {"same": BLAME, "other": PRAISE, "verb": DISLIKE, "gem": MESS, "mess": GEM},
}

WORDS = {
    "part": weighted(
        "acting story film plot script movie direction music ending dialogue photography cast "
        "pace editing humour scenery soundtrack atmosphere opening premise romance finale score "
        "costume design lighting narration suspense choreography chemistry"
    ),
    "adverb": "very really so quite truly rather simply just plainly",
    "job": "detective teacher soldier doctor farmer singer lawyer thief nurse painter pilot cook "
    "boxer student widow priest sailor reporter",
    "deed": "finds loses steals hides buys inherits destroys follows discovers sells",
    "thing": "letter house ship secret painting diary horse treasure map village bridge garden "
    "violin machine train photograph",
    "kin": "wife husband brother sister mother father son daughter friend neighbour uncle",
    "time": ("last night", "on sunday", "years ago", "at a festival", "on television", "at home"),
    "number": "two three four five six seven eight nine ten twelve twenty forty ninety",
    "kind": "comedy drama thriller western musical romance documentary sequel remake",
}

PLAIN = (
    "the {part} is {adverb} {same}",
    "the {part} is {same} and the {part} is {same} too",
    "the {part} by {name} seems {same} to me",
    "i {verb} the {part} because it is {same}",
    "what a {same} {kind} this is",
    "{name} gives us a {same} {part}",
    "it has a {same} {part} and a {adverb} {same} {part}",
    "we all {verb} the {same} {part} of this {kind}",
)
DENIAL = (
    "the {part} is not {other}",
    "the {part} is never {other} and not {other}",
    "nobody could call the {part} of {name} {other}",
    "there is nothing {other} about the {part}",
    "i did not find the {part} {other} at all",
    "it is not a {other} {kind}",
    "the {part} is hardly {other}",
    "some say the {part} is {other} but that is not true",
    "the {part} could have been {other} but it is {same}",
)
PLOT = (
    "{hero} plays a {job} who {deed} the {thing} of {villain}",
    "the {job} {hero} {deed} a {thing} with the {kin} of {villain}",
    "then {villain} the {job} {deed} the {thing} in {place}",
    "in {place} the {kin} of {hero} meets a {job} called {name}",
    "{hero} and {villain} were seen before in {name} {name}",
    "{hero} was once a {job} but now {deed} things for {villain}",
    "when the {thing} is gone every {job} in {place} asks for {hero}",
    "after {number} days {hero} goes back to {place} for the {thing}",
    "the {thing} belongs to the {kin} of {name} from {name}",
)
REMARK = (
    "i saw it with my {kin} {time}",
    "my {kin} told me about it {time}",
    "it runs for about {number} hours and was made in {place}",
    "it is a {kind} about a {job} and a {thing}",
    "i have seen {number} films by {name} and this is the one with the {thing}",
    "i think this was not the first {kind} with {hero} in it",
    "this {kind} has been shown in {place} and in {name}",
    "my {kin} fell asleep after {number} minutes but my {kin} did not",
    "you may know the book by {name} but i do not",
)
VERDICT = (
    "in the end it is a {same} {kind} and i {verb} it",
    "all in all a {gem} with a {same} {part}",
    "my {kin} and i {verb} this {kind}",
    "others may call it a {mess} but for me it is a {gem}",
    "it looks like a {mess} at first but is {same} in the end",
    "so it is not the {mess} that {name} promised",
    "do not believe those who call it {other}",
    "there is no {mess} here",
)


@lru_cache(maxsize=1)
def load() -> Corpus:
    """The reviews, labelled 1 (positive) or 0."""
    reviews, labels = write_all()
    return make_corpus([" ".join(sentences) for sentences in reviews], labels, TRAIN)


@lru_cache(maxsize=1)
def write_all() -> tuple[list[list[str]], list[int]]:
    """The sentences of each review, and the labels."""
    rng = random.Random(1895)
    names = invent_names(rng, NAMES)
    writer = Writer(rng, WORDS | {"name": names})
    labels = [0, 1] * ((TRAIN + TEST) // 2)
    for part in (slice(0, TRAIN), slice(TRAIN, None)):
        shuffled = labels[part]
        rng.shuffle(shuffled)
        labels[part] = shuffled
    reviews = [
        write_review(writer, positive=bool(label) != (rng.random() < WRONG_LABELS))
        for label in labels
    ]
    return reviews, labels


def write_review(writer: Writer, positive: bool) -> list[str]:
    """The sentences of a review of a film with its own cast, ending in a verdict."""
    rng = writer.rng
    length = min(max(rng.lognormvariate(4.75, 0.6), 20), 1_000)
    for role in ("hero", "villain", "place"):
        writer[role] = writer["name"]
    sentences, words = [], 0
    while words < length - 12:
        if rng.random() < NEUTRAL:
            sentence = writer.write(rng.choice(rng.choice((PLOT, REMARK))))
        else:
            sentence = write_opinion(writer, positive == (rng.random() < AGREEING))
        sentences.append(sentence)
        words += sentence.count(" ") + 1
    writer.words.update(SIDES[positive])
    sentences.append(writer.write(rng.choice(VERDICT)))
    return sentences


def write_opinion(writer: Writer, positive: bool) -> str:
    """A sentence of praise or of blame, direct or by denying the opposite."""
    writer.words.update(SIDES[positive])
    return writer.write(writer.rng.choice(DENIAL if writer.rng.random() < DENIED else PLAIN))
