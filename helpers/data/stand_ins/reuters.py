"""A stand-in for Reuters: 2,940 generated newswires on the 46 real topics.

It imitates the real set's form (lower case, no punctuation, around 90 words, numbers and names
that hardly recur, more than 10,000 words in all) and its imbalance: two topics hold more than half
of the newswires, most topics hardly any, though each has ten for training. Topics of one field,
such as grain and wheat, share much of their vocabulary.

Made to support: always answering the largest topic is right in about a third of the cases; a
64-64-46 network on multi-hot vectors reaches 0.75 to 0.85 on the test part; squeezing 46 topics
through a layer of 4 units costs clearly; mistakes stay within a field.
"""

from __future__ import annotations

import random
from functools import lru_cache

from helpers.data.stand_ins.language import Corpus, Writer, invent_names, make_corpus, weighted

NAMES = 14_000
TRAIN_SHARE, TEST_SHARE = 0.2, 0.05  # of the real newswires of a topic
TRAIN_LEAST, TEST_LEAST = 10, 3
BORDERLINE = 0.08  # share of the newswires that are about another topic of their field
OWN_WORDS, FIELD_WORDS, OTHER_WORDS = 0.6, 0.25, 0.15  # where a newswire's telling words come from

# In the order of the labels: topic, its field, how many real newswires there are, its words.
TOPICS = (
    ("cocoa", "farm", 67, "cocoa buffer beans ghana icco"),
    ("grain", "farm", 537, "grain maize corn harvest bushels crop"),
    ("veg-oil", "farm", 94, "vegoil palm oils sunflower margarine"),
    ("earn", "firm", 3972, "net profit shr cts loss revs quarter dividend earnings qtr"),
    ("acq", "firm", 2423, "stake merger offer shares takeover bid buyout acquisition"),
    ("wheat", "farm", 22, "wheat flour durum subsidy winter"),
    ("copper", "metal", 62, "copper cathode chile strike smelting"),
    ("housing", "economy", 19, "housing starts permits homes builders"),
    ("money-supply", "money", 177, "supply m1 m2 m3 aggregates"),
    ("coffee", "farm", 126, "coffee ico quota brazil colombia"),
    ("sugar", "farm", 154, "sugar beet cane whites molasses"),
    ("trade", "economy", 473, "trade surplus tariffs exports imports japan"),
    ("reserves", "money", 62, "reserves holdings sdr assets swaps"),
    ("ship", "transport", 209, "ship port vessel tanker freight gulf"),
    ("cotton", "farm", 28, "cotton bales lint textile"),
    ("carcass", "farm", 29, "beef carcass pork slaughter meat"),
    ("crude", "energy", 543, "crude barrel opec oil output bpd"),
    ("nat-gas", "energy", 51, "pipeline cubic methane wells gasfield"),
    ("cpi", "economy", 86, "inflation consumer index cpi cost"),
    ("money-fx", "money", 682, "dollar currency intervention yen mark liquidity"),
    ("interest", "money", 339, "rate prime discount lending repurchase"),
    ("gnp", "economy", 127, "growth gnp gdp product forecast"),
    ("meal-feed", "farm", 22, "meal feed pellets protein fishmeal"),
    ("alum", "metal", 53, "aluminium bauxite alumina potline"),
    ("oilseed", "farm", 81, "soybean rapeseed crushers seeds oilseed"),
    ("gold", "metal", 123, "gold ounces ore mine bullion"),
    ("tin", "metal", 32, "tin itc malaysia smelter"),
    ("strategic-metal", "metal", 19, "titanium cobalt uranium tungsten"),
    ("livestock", "farm", 58, "cattle pigs herd livestock farmers"),
    ("retail", "economy", 23, "retail sales stores shops spending"),
    ("ipi", "economy", 57, "industry production factories manufacturing capacity"),
    ("iron-steel", "metal", 52, "steel iron furnace mills coils"),
    ("rubber", "farm", 42, "rubber latex tyre plantations inro"),
    ("heat", "energy", 16, "heating distillate gallon kerosene"),
    ("jobs", "economy", 57, "jobs unemployment workers jobless payrolls"),
    ("lei", "economy", 16, "indicators composite outlook revision barometer"),
    ("bop", "economy", 60, "payments deficit account current balance"),
    ("zinc", "metal", 21, "zinc galvanising slab smelters"),
    ("orange", "farm", 22, "orange juice citrus frost florida"),
    ("pet-chem", "energy", 29, "ethylene chemical plastics polymer plant"),
    ("dlr", "money", 46, "greenback dlr plaza parity louvre"),
    ("gas", "energy", 38, "gasoline pump octane motorists"),
    ("silver", "metal", 16, "silver troy comex coins"),
    ("wpi", "economy", 27, "wholesale producer goods prices wpi"),
    ("hog", "farm", 17, "hog sows piglets barrows"),
    ("lead", "metal", 19, "lead batteries ingots scrap"),
)

WORDS = {
    "office": "ministry government company bank agency board committee department",
    "city": "london rome tokyo paris chicago geneva washington bonn zurich",
    "moved": "rose fell climbed dropped increased declined eased",
    "month": "january february march april may june july october november december",
    "unit": "dlrs tonnes stg pct yen marks units",
    "number": [str(number) for number in range(2, 1_000)],
    "report": weighted(
        "report statement plan meeting decision agreement review contract policy talks auction "
        "survey budget inquiry programme"
    ),
}

TEMPLATES = (
    "the {office} said {word} and {word} {moved} to {number} mln {unit} from {number}",
    "{name} said its {word} {moved} {number} {unit} in {month}",
    "{word} {moved} {number} vs {number} a year ago",
    "the {word} of {name} was {number} {unit} after {number} in {month}",
    "traders in {city} told reuters that {word} {moved} before the {report}",
    "a spokesman for {name} in {city} declined to comment on the {word}",
    "the {report} on {word} will be published in {month} {name} said",
    "{name} and {name} gave no details of the {report}",
    "it said the {report} of {month} was due to {word}",
)


OWN = [words.split() for _, _, _, words in TOPICS]
# For each topic, all topics of its field.
FIELD = [[i for i, other in enumerate(TOPICS) if other[1] == topic[1]] for topic in TOPICS]


@lru_cache(maxsize=1)
def load() -> Corpus:
    """The newswires, labelled 0 to 45."""
    rng = random.Random(1987)
    writer = Writer(rng, WORDS | {"name": invent_names(rng, NAMES)})
    train = shuffled_labels(rng, TRAIN_SHARE, TRAIN_LEAST)
    labels = train + shuffled_labels(rng, TEST_SHARE, TEST_LEAST)
    return make_corpus([write_newswire(writer, topic) for topic in labels], labels, len(train))


def shuffled_labels(rng: random.Random, share: float, least: int) -> list[int]:
    """`share` of the real number of newswires for each topic, but at least `least`."""
    labels = [
        topic
        for topic, (_, _, count, _) in enumerate(TOPICS)
        for _ in range(max(least, round(share * count)))
    ]
    rng.shuffle(labels)
    return labels


def write_newswire(writer: Writer, topic: int) -> str:
    """A newswire whose telling words come from its topic, from its field, and from anywhere."""
    rng = writer.rng
    length = min(max(rng.lognormvariate(4.4, 0.7), 12), 800)
    if rng.random() < BORDERLINE:
        topic = rng.choice(FIELD[topic])
    sources = [topic], FIELD[topic], range(len(TOPICS))
    sentences, words = [], 0
    while words < length:
        source = rng.choices(sources, weights=(OWN_WORDS, FIELD_WORDS, OTHER_WORDS))[0]
        writer.words["word"] = OWN[rng.choice(source)]
        sentence = writer.write(rng.choice(TEMPLATES))
        sentences.append(sentence)
        words += sentence.count(" ") + 1
    return " ".join([*sentences, "reuter 3"])
