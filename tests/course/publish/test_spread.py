from helpers.course.publish import spread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st


def test_spread_is_mean_deviation_and_number_of_seeds():
    assert spread.text([0.97, 0.98, 0.99]) == "0.98 ± 0.01 (n = 3)"
    assert spread.text([[1, 10], [2, 10], [3, 10]]) == "2 ± 1, 10 ± 0 (n = 3)"
    assert spread.text([[float(n)] * 6 for n in range(3)]).endswith("… (6 numbers) (n = 3)")


@pytest.mark.parametrize("values", [[], [0.9, 0.8], [5, 5, 5]])
def test_too_few_seeds_or_none_that_differ_have_no_spread(values):
    assert spread.text(values) == ""


def test_two_seeds_give_no_tolerance():
    with pytest.raises(ValueError, match="2 seeds tell no spread; run at least 3"):
        spread.tolerance([1, 2], "1.5")


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=6, unique=True))
def test_a_tolerance_is_never_narrower_than_the_spread_and_hardly_wider(values):
    exact = 3 * np.sqrt(2) * np.std(values, ddof=1) + 0.0005
    assert exact * (1 - 1e-6) <= spread.tolerance(values, "1.234") <= exact * 1.11


def test_half_units_keep_the_shape_of_the_numbers():
    assert spread.half_units("[[0.5570, 0.7149], [4, 1e3]]") == [[5e-05, 5e-05], [0.5, 500]]


def test_what_is_saved_is_loaded(tmp_path):
    values = {"F10.2": {0: [1, 2.5]}, "F05.11": {1: 3, 0: 2}}
    spread.save(values, tmp_path / "seeds.csv")
    assert spread.load(tmp_path / "seeds.csv") == values
    lines = (tmp_path / "seeds.csv").read_text().splitlines()
    assert lines == ["id,seed,value", "F05.11,0,2", "F05.11,1,3", 'F10.2,0,"[1, 2.5]"']


def test_seeds_of_a_run_are_gathered_by_figure():
    entries = [
        {"seed": 0, "figures": [{"id": "F05.3", "value": 0.9}]},
        {"seed": 1, "figures": [{"id": "F05.3", "value": 0.8}, {"id": "F05.5", "value": 1}]},
    ]
    assert spread.gather(entries) == {"F05.3": {0: 0.9, 1: 0.8}, "F05.5": {1: 1}}
