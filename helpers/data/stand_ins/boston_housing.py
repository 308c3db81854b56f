"""A stand-in for Boston housing: 506 invented districts.

It imitates the ranges and the links of the 13 features: districts near the centre have more
industry, crime, dirty air and tax, those far out have larger plots and rooms. The column that
stands for B is noise and plays no part in the price. Prices run from 5 to 50 thousand dollars, are
a non-linear function of the features with noise, and are cut off at 50 like the real ones.

Made to support: with standardised features a network of 64-64-1 units reaches a mean absolute
error of 2 to 3, where the best constant answer has 6 to 7; folds of 100 districts differ clearly
from one another; training for too long makes it worse.
"""

from __future__ import annotations

from helpers.data.stand_ins.keeping import made_once

import numpy as np

DISTRICTS = 506


@made_once
def load() -> tuple[np.ndarray, np.ndarray]:
    """Features ``(506, 13)`` in the real order and prices ``(506,)``, float64."""
    rng = np.random.default_rng(1970)
    n = DISTRICTS
    centre = rng.beta(1.2, 1.2, n)  # 0 is far out, 1 the middle of the city
    wealth = rng.normal(0, 1, n) - 1.2 * (centre - 0.5)
    motorway = rng.random(n) < np.where(centre > 0.6, 0.6, 0.05)
    river = rng.random(n) < 0.07

    crime = np.clip(np.exp(rng.normal(-3.4 + 3 * centre + 2.2 * motorway, 0.9)), 0.006, 89)
    plots = np.where(centre < 0.35, 5 * np.ceil(20 * rng.random(n) ** 1.5), 0)
    industry = np.clip(2 + 17 * centre + rng.normal(0, 3, n), 0.46, 27.7)
    oxides = np.clip(0.4 + 0.3 * centre**1.3 + rng.normal(0, 0.03, n), 0.385, 0.871)
    rooms = np.clip(6.3 + 0.55 * wealth + rng.normal(0, 0.4, n), 3.6, 8.8)
    age = np.clip(25 + 80 * centre + rng.normal(0, 18, n), 2.9, 100)
    distance = np.clip(1.2 + 7 * (1 - centre) ** 1.6 + rng.normal(0, 0.6, n), 1.13, 12.1)
    highways = np.where(motorway, 24, rng.integers(1, 9, n))
    tax = np.where(motorway, 666, np.rint(rng.normal(280 + 60 * centre, 50)).clip(187, 469))
    pupils = np.where(motorway, 20.2, np.clip(rng.normal(17.8, 2.0, n), 12.6, 22).round(1))
    b = np.clip(396.9 - rng.exponential(30, n), 0.3, 396.9)
    lower = np.clip(np.exp(2.25 - 0.5 * wealth + 0.3 * centre + rng.normal(0, 0.25, n)), 1.7, 38)

    comfort = (
        0.33 * np.log(11 / lower)
        + 0.42 * np.maximum(rooms - 6.4, 0) * np.where(motorway, 0.2, 1)
        - 0.08 * np.maximum(5.8 - rooms, 0)
        + 0.12 * river
        - 1.2 * np.maximum(oxides - 0.48, 0)
        - 0.12 * np.abs(np.log(distance / 3))
        - 0.03 * (pupils - 18) * (centre < 0.5)
        - 0.07 * np.log1p(crime) * (1 + motorway)
    )
    price = np.clip(22.5 * np.exp(comfort) + rng.normal(0, 2.0, n), 5, 50).round(1)
    near = crime, plots, industry, river, oxides, rooms, age
    far = distance, highways, tax, pupils, b, lower
    return np.column_stack(near + far).astype("float64"), price
