"""What all loaders do with their arguments: check them, and announce a stand-in."""

from __future__ import annotations

from numbers import Integral

from helpers import PROFILES


def is_sample(profile: str) -> bool:
    """Whether `profile` asks for the stand-in.

    Raises
    ------
    ValueError
        If `profile` is neither ``"sample"`` nor ``"full"``.
    """
    if profile not in PROFILES:
        raise ValueError(
            f"The profile is {profile!r}; give 'sample' for the stand-in or 'full' for the real "
            "data, in a chapter run.profile."
        )
    return profile == "sample"


def check_num_words(num_words: int) -> None:
    """Make sure that the size of the vocabulary is a whole number of at least 1.

    Raises
    ------
    ValueError
        If it is not.
    """
    whole = isinstance(num_words, Integral) and not isinstance(num_words, bool)
    if not whole or num_words < 1:
        raise ValueError(
            f"num_words is {num_words!r}; give the size of the vocabulary as a whole number of at "
            "least 1, for example 10_000."
        )


def announce(real: str, stand_in: str) -> None:
    """Print one line, so that nobody takes the stand-in's results for those of the real data."""
    print(f"Stand-in, not {real}: {stand_in}. Its results are not the lecture's.")
