"""A stand-in for the weather of Jena: four generated years, a row every ten minutes.

Temperature is a year, a day that is stronger in summer and under a clear sky, passing highs and
lows of some days, and a little noise. A high or low turns around: the pressure is a quarter of a
turn ahead of the temperature, so that it tells of tomorrow, and so does the way things have moved
over the last hours. The dew point follows more slowly. What follows from these three by physics
(vapour pressures, humidity, density, potential temperature) is computed so; the wind is stronger
when the pressure is low and comes from where the high or low brings it.

Made to support: the temperature of 24 hours before is a fair forecast, with an error of about
2.5 degrees; a model that sees the last hours of all quantities makes a clearly smaller one, most of
all from the latest hours; the seasons differ, so that a part of a year does not stand for the rest.
"""

from __future__ import annotations

from helpers.data.stand_ins.keeping import made_once

import numpy as np
import pandas as pd
from scipy.signal import lfilter

COLUMNS = (
    "p (mbar)",
    "T (degC)",
    "Tpot (K)",
    "Tdew (degC)",
    "rh (%)",
    "VPmax (mbar)",
    "VPact (mbar)",
    "VPdef (mbar)",
    "sh (g/kg)",
    "H2OC (mmol/mol)",
    "rho (g/m**3)",
    "wv (m/s)",
    "max. wv (m/s)",
    "wd (deg)",
)
START, END = "2009-01-01 00:10", "2013-01-01 00:00"
PER_DAY = 144
TURN, FADE = 7 * PER_DAY, 5 * PER_DAY  # rows of a turn of a high or low, and until it is forgotten


@made_once
def load() -> pd.DataFrame:
    """210,384 rows of 14 quantities, float32, named and in the order of the public file."""
    times = pd.date_range(START, END, freq="10min", name="Date Time")
    rng = np.random.default_rng(2009)
    rows = len(times)
    year = 2 * np.pi * np.arange(rows) / (365.25 * PER_DAY)
    day = 2 * np.pi * np.arange(rows) / PER_DAY
    summer = -np.cos(year - 0.33)  # coldest in the third week of January

    front = drive_fronts(rng, rows)
    clear = np.clip(0.6 + 0.35 * smooth_noise(rng, rows, PER_DAY) + 0.25 * front.imag, 0, 1.2)
    sun = -np.cos(day - 0.6)  # coldest before sunrise, warmest in the afternoon
    mean = 9.3 + 9.2 * summer + 2.8 * front.real + 2.6 * smooth_noise(rng, rows, 10 * PER_DAY)
    t = mean + (3.2 + 1.9 * summer) * clear * sun + 0.5 * smooth_noise(rng, rows, 6)

    p = 989.0 + 5.2 * front.imag + 3.5 * smooth_noise(rng, rows, 5 * PER_DAY)
    depression = 1.8 + (1.6 + summer) * clear + 2.2 * np.exp(0.6 * smooth_noise(rng, rows, 72))
    dew = np.minimum(mean - depression + 1.2, t - 0.05)
    gusts = np.exp(0.5 * smooth_noise(rng, rows, 18) - 0.2 * front.imag + 0.25 * sun * clear)
    wind = np.clip(1.7 * gusts - 0.2, 0, 14)
    direction = np.degrees(np.angle(front)) + 210 + 35 * smooth_noise(rng, rows, 12)

    quantities = (
        *derive(p, t, dew),
        wind,
        wind * (1.5 + 0.2 * np.abs(rng.normal(size=rows))) + 0.2,
        direction % 360,
    )
    columns = dict(zip(COLUMNS, quantities, strict=True))
    return pd.DataFrame(columns, index=times).round(2).astype("float32")


def drive_fronts(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Highs and lows: a complex number that turns and fades, and is pushed at random.

    The imaginary part (pressure) is a quarter of a turn ahead of the real part (temperature); each
    has variance 1.
    """
    return _remember(rng.normal(size=(2, rows)), np.exp(-1 / FADE - 2j * np.pi / TURN))


def smooth_noise(rng: np.random.Generator, rows: int, memory: float) -> np.ndarray:
    """Random numbers of variance 1 that are forgotten over `memory` rows."""
    return _remember(rng.normal(size=rows), np.exp(-1 / memory))


def _remember(pushes: np.ndarray, keep: complex) -> np.ndarray:
    """Each value is `keep` times the one before and a push, of such size that the variance stays.

    Two rows of pushes are the real and the imaginary part.
    """
    if pushes.ndim == 2:
        pushes = pushes[0] + 1j * pushes[1]
    size = np.sqrt(1 - np.abs(keep) ** 2)
    return lfilter([size], [1, -keep], pushes, zi=keep * pushes[:1])[0]


def derive(p: np.ndarray, t: np.ndarray, dew: np.ndarray) -> tuple[np.ndarray, ...]:
    """The 11 quantities that follow from pressure, temperature and dew point, in their order."""
    kelvin = t + 273.15
    vp_max, vp_act = vapour_pressure(t), vapour_pressure(dew)
    return (
        p,
        t,
        kelvin * (1000 / p) ** 0.286,
        dew,
        100 * vp_act / vp_max,
        vp_max,
        vp_act,
        vp_max - vp_act,
        622 * vp_act / (p - 0.378 * vp_act),
        1000 * vp_act / p,
        1e5 * ((p - vp_act) / 287.05 + vp_act / 461.5) / kelvin,
    )


def vapour_pressure(t: np.ndarray) -> np.ndarray:
    """Saturation vapour pressure over water, mbar, at `t` °C, by the formula of Magnus."""
    return 6.1078 * 10 ** (7.5 * t / (237.3 + t))
