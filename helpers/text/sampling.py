"""Drawing the next character from a network's prediction, writing texts with it, scoring them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from helpers.arguments import whole

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["draw", "known_words", "repeated_trigrams", "split_words", "temper", "write"]


def temper(logits: ArrayLike, temperature: ArrayLike) -> np.ndarray:
    r"""Probabilities from logits at a temperature, :math:`\text{softmax}(z / T)`.

    The same as :math:`p^{1/T}`, made to sum to 1, for the probabilities :math:`p` of the logits,
    but without their logarithm, which a probability that was rounded to 0 has not.

    Parameters
    ----------
    logits
        Shape ``(..., n)``, in units of nats; log-probabilities are logits too, -inf among them.
    temperature
        One number, or shape ``(...)``: one for each row. 0 gives all to the largest logit.

    Returns
    -------
    np.ndarray
        float64, shape ``(..., n)``; the last axis sums to 1.

    Raises
    ------
    ValueError
        If a temperature is negative or not finite, or a row of logits has no finite largest one.

    Notes
    -----
    Source: listing L24.1 (B8.1).

    Examples
    --------
    >>> temper(np.log([0.5, 0.3, 0.2]), 0.5).round(3)
    array([0.658, 0.237, 0.105])
    """
    z = np.asarray(logits, dtype="float64")
    t = np.asarray(temperature, dtype="float64")[..., np.newaxis]
    if not (np.isfinite(t).all() and (t >= 0).all()):
        raise ValueError(f"The temperature is {temperature!r}; give finite numbers from 0 upwards.")
    highest = z.max(axis=-1, keepdims=True)
    if not np.isfinite(highest).all():
        raise ValueError(
            "The largest logit of a row is not finite: the network diverged, or all its "
            "probabilities are 0."
        )
    powers = np.where(t > 0, np.exp((z - highest) / np.where(t > 0, t, 1)), z == highest)
    return powers / powers.sum(axis=-1, keepdims=True)


def draw(probabilities: ArrayLike, rng: np.random.Generator) -> np.ndarray:
    """Draw one index from each row of probabilities.

    Parameters
    ----------
    probabilities
        Shape ``(..., n)``, the last axis summing to 1.
    rng
        Where the random numbers come from.

    Returns
    -------
    np.ndarray
        Integers from 0 to n − 1, shape ``(...)``.

    Examples
    --------
    >>> draw([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], np.random.default_rng(0)).tolist()
    [1, 0]
    """
    edges = np.cumsum(probabilities, axis=-1)
    chosen = rng.random((*edges.shape[:-1], 1)) * edges[..., -1:]
    return (edges <= chosen).sum(axis=-1)


def write(
    predict: Callable[[np.ndarray], ArrayLike],
    prompts: ArrayLike,
    length: int,
    temperature: ArrayLike,
    seed: int = 0,
    keep: Callable[[np.ndarray], np.ndarray] | None = None,
) -> np.ndarray:
    """Continue several texts at once, a character at a time.

    Each step predicts the next character from the last ones, as many as a prompt has, draws it,
    and appends it.

    Parameters
    ----------
    predict
        Is given windows, integers of the prompts' shape, and returns logits of the next character,
        shape ``(n, characters)``.
    prompts
        Shape ``(n, window)``, the texts' characters as integers.
    length
        How many characters to write.
    temperature
        One for all texts, or one for each.
    seed
        Of the random draws: text i has draws of its own, whatever the other texts are.
    keep
        Given the probabilities, returns those to draw from, as for the `k` most probable only.

    Returns
    -------
    np.ndarray
        The characters written, without the prompts, shape ``(n, length)``.

    Raises
    ------
    ValueError
        If the prompts are not a table of integers, or `length` is below 1.
    """
    whole("length", length)
    text = np.array(prompts)
    if text.ndim != 2 or text.dtype.kind not in "iu":
        raise ValueError(
            f"The prompts have shape {text.shape} and type {text.dtype}; give integers of shape "
            "(texts, characters of a window)."
        )
    window = text.shape[1]
    rngs = [np.random.default_rng([seed, i]) for i in range(len(text))]
    text = np.concatenate([text, np.zeros((len(text), length), text.dtype)], axis=1)
    for end in range(window, window + length):
        probabilities = temper(predict(text[:, end - window : end]), temperature)
        if keep:
            probabilities = keep(probabilities)
        text[:, end] = [draw(row, rng) for row, rng in zip(probabilities, rngs, strict=True)]
    return text[:, window:]


def split_words(text: str) -> list[str]:
    """The words of a text: runs of letters, apostrophes inside them kept, in lower case.

    Examples
    --------
    >>> split_words("--the free spirit's 2 masks_")
    ['the', 'free', "spirit's", 'masks']
    """
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text.lower())


def known_words(text: str, vocabulary: Collection[str]) -> float:
    """The share of a text's words that are in the vocabulary; its cut last word does not count.

    Parameters
    ----------
    text
        As written: it begins and ends anywhere, and its last word, if a letter is the last
        character, is left off. Leave off the prompt, too.
    vocabulary
        All words that count, in lower case.

    Returns
    -------
    float
        From 0 to 1; 0 where there is no whole word, so that a text of dashes is not a good one.

    Examples
    --------
    >>> known_words("the spirit of the wolt and the sou", {"the", "spirit", "of", "and"})
    0.8571428571428571
    """
    words = _whole_words(text)
    return sum(word in vocabulary for word in words) / max(len(words), 1)


def repeated_trigrams(text: str) -> float:
    """The share of a text's runs of three words that have come before in it.

    A cut last word does not count; 0 where there are fewer than three words.

    Examples
    --------
    >>> repeated_trigrams("the will to the will to the will.")
    0.5
    """
    words = _whole_words(text)
    trigrams = list(zip(words, words[1:], words[2:], strict=False))
    return (len(trigrams) - len(set(trigrams))) / max(len(trigrams), 1)


def _whole_words(text: str) -> list[str]:
    words = split_words(text)
    return words[:-1] if text[-1:].isalpha() else words
