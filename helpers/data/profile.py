"""The profile that a loader is given: stand-in or real data; and the line that says so."""

from __future__ import annotations

from helpers import PROFILES
from helpers.record import say

__all__ = ["announce", "is_sample"]


def is_sample(profile: str) -> bool:
    """Whether `profile` asks for the stand-in.

    Raises
    ------
    ValueError
        If `profile` is neither ``"sample"`` nor ``"full"``.

    Examples
    --------
    >>> is_sample("sample"), is_sample("full")
    (True, False)
    """
    if profile not in PROFILES:
        raise ValueError(
            f"The profile is {profile!r}; give 'sample' for the stand-in or 'full' for the real "
            "data, in a chapter run.profile."
        )
    return profile == "sample"


def announce(real: str, stand_in: str) -> None:
    """Print one line, so that nobody takes the stand-in's results for those of the real data.

    Examples
    --------
    >>> announce("MNIST", "five drawn digits")
    Stand-in, not MNIST: five drawn digits. Its results are not the lecture's.
    """
    phrase = "Stand-in, not {real}: {stand_in}. Its results are not the lecture's."
    print(say(phrase, real=real, stand_in=stand_in))
