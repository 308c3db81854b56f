"""The weather of Jena: the table and its subsets, damage, and the claims of the stand-in."""

from __future__ import annotations

import gzip
import os
import zipfile
from functools import cache as keep

from helpers import series
from helpers.data import jena_climate, registry
from helpers.data.registry import DataError
from helpers.data.stand_ins import jena_climate as sample

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

HOURLY = """"Date Time","p (mbar)","T (degC)","wv (m/s)"
01.01.2009 00:10:00,996.52,-8.02,1.03
01.01.2009 01:10:00,996.5,-7.62,-9999.0
13.01.2009 02:10:00,996.63,-8.85,0.16
13.01.2009 03:10:00,996.63,-8.85,0.16
"""


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    """The person who runs the tests may have set a subset."""
    monkeypatch.delenv("DL_JENA_CLIMATE", raising=False)


@pytest.fixture
def some_rows(tmp_path):
    path = tmp_path / "some_rows.csv"
    path.write_text(HOURLY)
    return path


def packed(path, content, **others):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", content)
        for name, other in others.items():
            archive.writestr(name, other)
    return path


# Files


def test_a_given_table_is_read_and_named_without_its_folder(some_rows, capsys):
    table = jena_climate.load_data("full", some_rows)
    assert table.columns.tolist() == ["p (mbar)", "T (degC)", "wv (m/s)"]
    assert set(table.dtypes) == {np.dtype("float32")}
    assert table.index[2] == pd.Timestamp(2009, 1, 13, 2, 10)  # the day comes first
    assert table["T (degC)"].tolist() == pytest.approx([-8.02, -7.62, -8.85, -8.85])
    assert capsys.readouterr().out == (
        "The weather of Jena, only some_rows.csv: 4 rows x 3 of 14 columns, 60 minutes apart; the "
        "public file has 420,551 rows, 10 minutes apart.\n"
    )


def test_the_mark_of_a_missing_wind_speed_becomes_calm(some_rows):
    winds = jena_climate.load_data("full", some_rows)["wv (m/s)"]
    assert winds.tolist() == pytest.approx([1.03, 0, 0.16, 0.16])


def test_the_environment_names_a_file_too(some_rows, monkeypatch):
    monkeypatch.setenv("DL_JENA_CLIMATE", str(some_rows))
    assert len(jena_climate.load_data("full")) == 4


def test_columns_come_in_the_order_of_the_public_file(tmp_path):
    path = tmp_path / "turned.csv"
    time = "01.01.2009 0{}:10:00"
    path.write_text(f"T (degC),Date Time,p (mbar)\n1,{time.format(1)},2\n1,{time.format(2)},2\n")
    assert jena_climate.load_data("full", path).columns.tolist() == ["p (mbar)", "T (degC)"]


def test_the_archive_in_the_cache_is_read_though_packed_on_a_mac(cache, capsys):
    path = cache / "datasets" / "jena_climate_2009_2016.csv.zip"
    path.parent.mkdir(parents=True)
    packed(path, HOURLY, **{"__MACOSX/._table.csv": "no table"})
    assert len(jena_climate.load_data("full")) == 4
    assert capsys.readouterr().out.startswith("The weather of Jena, 4 rows x 3 of 14 columns")


def test_without_the_archive_the_ways_out_are_named(cache):
    with pytest.raises(DataError, match=r"its public address is https.*DL_JENA_CLIMATE.*'sample'"):
        jena_climate.load_data("full")


def test_a_given_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match=r"There is no file .*DL_JENA_CLIMATE unset"):
        jena_climate.load_data("full", tmp_path / "nothing.csv")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a\n1,2\n3,4,5\n"])
def test_another_file_is_a_sentence(tmp_path, content):
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"other\.csv (cannot be read as a table|has the columns)"):
        jena_climate.load_data("full", path)


def test_an_archive_cut_off_or_damaged_or_of_other_files_is_a_sentence(tmp_path):
    good = packed(tmp_path / "good.zip", HOURLY * 100).read_bytes()
    cut, flipped = tmp_path / "cut.zip", tmp_path / "flipped.zip"
    cut.write_bytes(good[: len(good) // 2])
    flipped.write_bytes(good[:80] + bytes([good[80] ^ 255]) + good[81:])
    two = packed(tmp_path / "two.zip", HOURLY, second="1")
    for path in (cut, flipped, two):
        with pytest.raises(DataError, match=f"{path.name} cannot be read as a table"):
            jena_climate.load_data("full", path)


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("996.5,-7.62", "996.5,warm", r"line 3 has no readable T \(degC\)"),
        ("996.5,-7.62", ",-7.62", r"line 3 has no readable p \(mbar\)"),
        (HOURLY[-33:], "13.01.2009 03:1", r"line 5 has no readable"),  # cut off
        ("13.01.2009 02:10:00", "2009-01-13", "line 4 has no readable Date Time"),
    ],
)
def test_a_damaged_line_is_named(some_rows, was, becomes, message):
    assert was in HOURLY
    some_rows.write_text(HOURLY.replace(was, becomes))
    with pytest.raises(DataError, match=rf"some_rows\.csv, {message}"):
        jena_climate.load_data("full", some_rows)


@pytest.mark.parametrize("name", ["T (degC)", "Date Time"])
def test_a_table_without_a_column_it_needs_is_a_sentence(some_rows, name):
    some_rows.write_text(HOURLY.replace(name, "rain (mm)"))
    with pytest.raises(DataError, match=r"some_rows\.csv has the columns .*rain.*; it must be"):
        jena_climate.load_data("full", some_rows)


def own_file(encoding="utf-8", more=",SWDR (W/m²),CO2 (ppm)"):
    """A file as the station gives it away: further columns, with signs that are not ASCII."""
    heading, *lines = HOURLY.splitlines()
    return "\n".join([heading + more, *(f"{line},1.5,405.1" for line in lines)]).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_the_files_of_the_station_are_read_without_their_further_columns(
    some_rows, capsys, encoding
):
    some_rows.write_bytes(own_file(encoding))
    assert jena_climate.load_data("full", some_rows).shape == (4, 3)
    out = capsys.readouterr().out
    assert "are passed over: SWDR (W/m²), CO2 (ppm)." in out
    latin = "some_rows.csv is not UTF-8 text (byte 0xb2); it is read as Latin-1.\n"
    assert out.startswith(latin) == (encoding == "latin-1")


def test_semicolons_are_named(some_rows):
    some_rows.write_text(HOURLY.replace(".", ",").replace(",", ";"))
    with pytest.raises(DataError, match="seem to be separated by semicolons; it must be"):
        jena_climate.load_data("full", some_rows)


def test_decimal_commas_are_shown(some_rows):
    some_rows.write_text(HOURLY.replace("-7.62", '"-7,62"'))
    with pytest.raises(DataError, match=r"line 3 has no .*, there is '-7,62'; .* a decimal point"):
        jena_climate.load_data("full", some_rows)


def test_a_packed_table_is_read_whatever_its_name(tmp_path):
    gz, folder = tmp_path / "table.txt", tmp_path / "folder.zip"
    gz.write_bytes(gzip.compress(HOURLY.encode()))
    with zipfile.ZipFile(folder, "w") as archive:
        archive.mkdir("jena")
        archive.writestr("jena/table.csv", HOURLY)
    for path in (gz, folder):
        assert len(jena_climate.load_data("full", path)) == 4


def test_a_name_with_braces_is_a_name(some_rows, capsys):
    path = some_rows.rename(some_rows.with_name("my {1}{x}.csv"))
    jena_climate.load_data("full", path)
    assert "only my {1}{x}.csv: 4 rows" in capsys.readouterr().out


def test_a_table_of_one_row_is_a_sentence(some_rows):
    some_rows.write_text("\n".join(HOURLY.splitlines()[:2]))
    with pytest.raises(DataError, match="has 1 rows; give at least two"):
        jena_climate.load_data("full", some_rows)


def test_minutes_between_rows_are_those_of_most_rows(some_rows):
    table = jena_climate.load_data("full", some_rows)
    assert jena_climate.minutes_between_rows(table) == 60
    with pytest.raises(ValueError, match="has 1 rows; give at least two"):
        jena_climate.minutes_between_rows(table[:1])


def test_unknown_profile_is_a_sentence():
    with pytest.raises(ValueError, match="The profile is 'some'; give 'sample'"):
        jena_climate.load_data("some")


# The stand-in


@keep
def weather():
    return jena_climate.load_data("sample")


def test_the_sample_needs_no_file_and_says_so(cache, monkeypatch, capsys):
    monkeypatch.setattr(registry, "fetch", None)
    monkeypatch.setenv("DL_JENA_CLIMATE", "/nowhere.csv")
    jena_climate.load_data("sample")
    out = capsys.readouterr().out
    assert out.startswith("Stand-in, not the weather of Jena: generated weather, 210,384 rows x 14")
    assert out.count("\n") == 1
    assert not cache.exists()


def test_every_caller_gets_a_table_of_its_own():
    table = sample.load()
    table.iloc[:] = 0
    assert sample.load().to_numpy().any()


def test_generated_weather_has_the_form_and_ranges_of_the_real_one():
    table = weather()
    assert table.columns.tolist() == list(jena_climate.COLUMNS)
    assert set(table.dtypes) == {np.dtype("float32")}
    assert str(table.index[0]) == "2009-01-01 00:10:00"
    assert jena_climate.minutes_between_rows(table) == 10
    assert not table.isna().any().any()
    low = [913, -23.1, 250, -25.1, 0, 0.9, 0.7, 0, 0.5, 0.8, 1059, 0, 0, 0]
    high = [1016, 37.3, 311.5, 30, 100, 63.8, 42, 46.1, 27, 42, 1394, 28.5, 23.6 + 1, 360]
    assert (table.min() >= low).all()
    assert (table.max() <= high).all()
    assert 9 < table["T (degC)"].mean() < 10


def test_derived_quantities_are_those_of_the_station():
    # The first row of the public file, its dew point and what the station derives.
    values = sample.derive(np.array(996.52), np.array(-8.02), np.array(-8.9))
    public = [996.52, -8.02, 265.4, -8.9, 93.3, 3.33, 3.11, 0.22, 1.94, 3.12, 1307.75]
    np.testing.assert_allclose(values, public, rtol=2e-3, atol=0.006)


def test_the_year_and_the_day_are_in_the_temperature():
    temperature = weather()["T (degC)"]
    months = temperature.groupby(temperature.index.month).mean()
    assert months.idxmin() in (1, 2)
    assert months.idxmax() in (7, 8)
    summer = temperature[temperature.index.month == 7]
    hours = summer.groupby(summer.index.hour).mean()
    assert hours.idxmin() in range(1, 7)
    assert hours.idxmax() in range(12, 18)
    assert 5 < hours.max() - hours.min() < 12


def test_a_learned_model_beats_the_simplest_forecast():
    table = weather()
    temperature = table["T (degC)"].to_numpy()
    x, _ = series.windows(table.to_numpy(), sequence_length=8, sampling_rate=18, ahead=144)
    last, y = x[::24, -1, 1], temperature[-len(x) :][::24]
    x, half = x[::24].reshape(len(y), -1).astype("float64"), len(y) // 2
    line = LinearRegression().fit(x[:half], y[:half]).predict(x[half:])
    simplest, learned = (np.abs(forecast - y[half:]).mean() for forecast in (last[half:], line))
    assert 2.2 < simplest < 3
    assert learned < 0.85 * simplest


REAL = os.environ.get("DL_JENA_CLIMATE")


@pytest.mark.skipif(not REAL, reason="DL_JENA_CLIMATE names no part of the real table")
def test_the_real_table_is_that_of_a_plain_parser():
    table = jena_climate.load_data("full", REAL)
    raw = pd.read_csv(REAL, dtype=str)
    assert len(raw) == len(table)
    for name in set(table) - set(jena_climate._WIND_SPEEDS):
        np.testing.assert_array_equal(table[name], raw[name].astype("float32"))
