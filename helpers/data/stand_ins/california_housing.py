"""A stand-in for California housing: 8,000 invented block groups.

It imitates the ranges and the links of the 8 features: two cities by a sloping coast, incomes that
are skewed to the right, totals (rooms, bedrooms, residents, households) that all grow with the size
of the block group. The value of a house is a non-linear function of income, of the way to the coast
and to the nearer city, and of rooms *for each household*, with noise, cut off at 500,001 dollars.

Made to support: a network with standardised features has less than half of the error of the best
constant answer, and less than a linear model.
"""

from __future__ import annotations

from helpers.data.stand_ins.keeping import made_once

import numpy as np

BLOCK_GROUPS = 8_000
CITIES = np.array([[-122.3, 37.8], [-118.2, 34.1]])  # longitude, latitude


@made_once
def load() -> tuple[np.ndarray, np.ndarray]:
    """Features ``(8000, 8)`` in the real order and values in dollars ``(8000,)``, float32."""
    rng = np.random.default_rng(1990)
    n = BLOCK_GROUPS
    city = rng.integers(len(CITIES), size=n)
    spread = np.where(rng.random(n) < 0.25, 1.6, 0.4)  # a quarter lives in the country
    place = CITIES[city] + spread[:, np.newaxis] * rng.normal(size=(n, 2))
    latitude = place[:, 1].clip(32.5, 42.0).round(2)
    # The coast runs from south-east to north-west.
    shore = np.maximum(-117.6 - 1.2 * (latitude - 33.0), -124.35)
    longitude = np.clip(place[:, 0], shore, np.minimum(shore + 6.5, -114.31)).round(2)
    inland = longitude - shore
    place = np.column_stack([longitude, latitude])
    to_city = np.linalg.norm(place[:, np.newaxis] - CITIES, axis=2).min(axis=1)

    income = np.clip(rng.lognormal(1.27, 0.42, n) - 0.15 * inland, 0.5, 15).round(4)
    age = np.clip(rng.normal(36 - 9 * np.minimum(to_city, 2), 10), 1, 52).round()
    households = np.clip(rng.lognormal(6.0, 0.6, n), 5, 6_000).round()
    per_household = np.clip(rng.normal(3.9 + 0.35 * income, 0.8), 1.5, 15)
    rooms = (households * per_household).round()
    bedrooms = (rooms * rng.uniform(0.16, 0.26, n)).round()
    residents = (households * np.clip(rng.normal(2.9, 0.5, n), 1.2, 6)).round()

    value = 1_000 * (
        10
        + 42 * income * (1 - 0.03 * np.maximum(income - 6, 0))
        + 150 * np.exp(-inland / 0.6)
        + 80 * np.exp(-to_city / 0.5)
        - 8 * (per_household - 3.9 - 0.35 * income)
        + 0.4 * (age - 28)
    )
    value = np.clip(value * rng.lognormal(0, 0.13, n), 14_999, 500_001).round(-2)
    value = np.where(value >= 500_000, 500_001, value)
    columns = [longitude, latitude, age, rooms, bedrooms, residents, households, income]
    return np.column_stack(columns).astype("float32"), value.astype("float32")
