"""Two drawn pictures full of texture, made for style transfer: brush strokes and a mosaic.

They are the course's own, so a notebook may show them and whatever is made from them.
"""

from __future__ import annotations

from helpers.arguments import whole

import cv2
import numpy as np

__all__ = ["texture"]

_NIGHT = ((20, 40, 110), (30, 80, 170), (60, 130, 200), (150, 190, 220), (25, 25, 60))
_SHARES = (0.3, 0.3, 0.2, 0.1, 0.1)  # of the strokes in these colours
_LIGHTS = ((240, 200, 60), (250, 230, 140))
_TILES = ((190, 60, 40), (225, 120, 50), (240, 190, 90), (40, 120, 120), (245, 235, 215))
_GROUT = (60, 50, 50)


def texture(name: str, height: int, width: int, seed: int = 0) -> np.ndarray:
    """A drawn picture whose style is plain to see.

    Parameters
    ----------
    name
        ``"strokes"``: short strokes of a brush, mostly blue, along eddies with yellow rings.
        ``"mosaic"``: tiles of five colours, mostly warm, with dark joints.
    height, width
        In pixels, at least 32 each. Strokes and tiles keep their size.
    seed
        Of what is drawn by chance.

    Returns
    -------
    np.ndarray
        RGB, ``(height, width, 3)``, uint8.

    Raises
    ------
    ValueError
        For another name, or a picture that is too small.

    Examples
    --------
    >>> texture("mosaic", 64, 96).shape
    (64, 96, 3)
    """
    drawings = {"strokes": _strokes, "mosaic": _mosaic}
    if name not in drawings:
        raise ValueError(f"There is no texture {name!r}; choose 'strokes' or 'mosaic'.")
    whole("height", height, 32)
    whole("width", width, 32)
    return drawings[name](height, width, np.random.default_rng(seed))


def _strokes(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    canvas = np.full((height, width, 3), _NIGHT[0], np.uint8)
    centres = rng.uniform((0, 0), (width, height), (5, 2))
    spins, reaches = rng.choice((-1, 1), 5), rng.uniform(0.18, 0.35, 5) * height
    for place in rng.uniform((0, 0), (width, height), (height * width // 45, 2)):
        away = place - centres
        distance = np.maximum(np.hypot(*away.T), 1)
        pull = np.exp(-((distance / reaches) ** 2))
        around = np.stack([-away[:, 1], away[:, 0]], axis=1) / distance[:, np.newaxis]
        flow = (3 * spins * pull) @ around + (0.5, 0.12 * np.sin(place[0] / 60))
        ring = pull.max() > 0.5 and np.sin(distance[pull.argmax()] / 5) > 0.2
        colour = _LIGHTS[rng.integers(2)] if ring else _NIGHT[rng.choice(5, p=_SHARES)]
        half = flow / np.hypot(*flow) * rng.uniform(2.5, 5.5)
        start, end = (place - half).astype(int).tolist(), (place + half).astype(int).tolist()
        cv2.line(canvas, start, end, _near(colour, rng), int(rng.integers(2, 4)), cv2.LINE_AA)
    return canvas


def _mosaic(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    canvas = np.full((height, width, 3), _GROUT, np.uint8)
    plan = cv2.Subdiv2D((0, 0, width, height))
    plan.insert(rng.uniform(1, (width - 1, height - 1), (height * width // 220, 2)).tolist())
    hills = cv2.GaussianBlur(rng.normal(size=(height, width)), (0, 0), 25)
    hills = (hills - hills.min()) / np.ptp(hills) * len(_TILES)
    for corners, centre in zip(*map(list, plan.getVoronoiFacetList([])), strict=True):
        x, y = np.clip(centre, 0, (width - 1, height - 1)).astype(int)
        colour = _TILES[int(np.clip(hills[y, x] + rng.normal(0, 0.7), 0, len(_TILES) - 1))]
        tile = 0.86 * np.asarray(corners) + 0.14 * np.asarray(centre)
        cv2.fillPoly(canvas, [(16 * tile).astype("int32")], _near(colour, rng), cv2.LINE_AA, 4)
    return canvas


def _near(colour: tuple[int, int, int], rng: np.random.Generator) -> tuple[float, ...]:
    """A colour a little beside this one."""
    return tuple(np.clip(colour + rng.normal(0, 13, 3), 0, 255).tolist())
