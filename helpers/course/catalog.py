"""The 29 chapters, their notebooks, and what an executed notebook holds."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import helpers

ROOT = Path(helpers.__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"

FILE_NAME = re.compile(r"(\d\d)_\w+\.ipynb")


@dataclass(frozen=True)
class Chapter:
    """One chapter: its two-digit number, its title, and the parts of the sources it covers.

    In `sources` B is the book, S the slides, L the lesson, W the workbook, G the methods guide.
    """

    number: str
    title: str
    sources: str


CHAPTERS: dict[str, Chapter] = {
    number: Chapter(number, title, sources)
    for number, title, sources in [
        ("01", "Neurons and perceptrons", "G§1–8, L"),
        ("02", "Tensor operations", "S, B§2.2–2.3"),
        ("03", "TensorFlow basics", "G§18"),
        ("04", "Gradients, optimizers and losses", "L, B§2.4, S"),
        ("05", "MNIST with dense layers", "S, B§2.1, B§2.5, L, W, G§14.1"),
        ("06", "Keras anatomy", "G§9–12, W, B§3.1–3.3, B§9.1.6"),
        ("07", "IMDB: a yes-or-no question about words", "S, B§3.4"),
        ("08", "Reuters: one topic out of forty-six", "B§3.5"),
        ("09", "Boston housing: a number, from few examples", "B§3.6"),
        ("10", "Machine-learning fundamentals", "B§4, B§9.1.5"),
        ("11", "Convnets on MNIST", "B§5.1, W, G§13.1, G§14.2–14.3"),
        ("12", "CIFAR-10", "W, G§13.2–13.3"),
        ("13", "Cats vs dogs and data augmentation", "B§5.2"),
        ("14", "VGG16: feature extraction and fine-tuning", "B§5.3"),
        ("15", "What convnets see", "B§5.4"),
        ("16", "Text vectorisation, embeddings, GloVe", "B§6.1, G§15"),
        ("17", "Recurrent networks and IMDB", "B§6.2, B§6.3.8, G§16.1–16.6, G§17"),
        ("18", "Airline passengers: is the forecast any good?", "G§16.7"),
        ("19", "Jena: how warm will it be tomorrow?", "B§6.3"),
        ("20", "1D convnets for sequences", "B§6.4"),
        ("21", "Functional API", "B§7.1"),
        ("22", "Callbacks and TensorBoard", "B§7.2, G§18.4"),
        ("23", "Best practices", "B§7.3"),
        ("24", "Text generation with temperature", "B§8.1"),
        ("25", "DeepDream", "B§8.2"),
        ("26", "Neural style transfer", "B§8.3"),
        ("27", "Variational autoencoder", "B§8.4"),
        ("28", "GAN", "B§8.5"),
        ("29", "Limits of deep learning, and a way of working", "B ch. 1, B ch. 9, B§4.5, S"),
    ]
}


def notebooks(folder: Path) -> dict[str, Path]:
    """The chapters' notebooks in `folder`, ``{"05": Path(".../05_mnist.ipynb")}``, in order.

    Raises
    ------
    ValueError
        If two notebooks claim the same chapter.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*.ipynb")):
        match = FILE_NAME.fullmatch(path.name)
        if not match or match[1] not in CHAPTERS:
            continue
        if match[1] in found:
            raise ValueError(
                f"{found[match[1]].name} and {path.name} are both chapter {match[1]}; keep one."
            )
        found[match[1]] = path
    return found


def numbers(text: str) -> tuple[str, ...]:
    """Chapter numbers from a text with commas between them.

    Raises
    ------
    ValueError
        If there is none in it.

    Examples
    --------
    >>> numbers("05, 7")
    ('05', '07')
    """
    found = tuple(part.strip().zfill(2) for part in text.split(",") if part.strip())
    if not found:
        raise ValueError(f"{text!r} names no chapter; give numbers with commas between: 05,07.")
    return found


def select(folder: Path, only: Collection[str] | None = None) -> dict[str, Path]:
    """The notebooks of the chapters in `only`, or all of them.

    Parameters
    ----------
    folder
        Where the notebooks are.
    only
        Chapter numbers of two digits, ``("05", "07")``; None means all.

    Raises
    ------
    ValueError
        If there is no notebook at all, or none for a chapter that was asked for.
    """
    found = notebooks(folder)
    if not found:
        raise ValueError(f"There is no chapter notebook (05_name.ipynb) in {folder}.")
    if only is None:
        return found
    missing = [number for number in only if number not in found]
    if missing:
        raise ValueError(
            f"There is no notebook for chapter {', '.join(missing)}; "
            f"choose among {', '.join(found)}."
        )
    return {number: path for number, path in found.items() if number in only}
