"""Tables hold the numbers of the store, with its units."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest
from conftest import EVERY_PART as PARTS

from titrant_analysis import open_run
from titrant_analysis.charts import CHARTS
from titrant_analysis.tables import Column, Table, stacked


def test_every_chart_has_its_numbers_or_says_why_not(make_run: Callable[..., Path]) -> None:
    with open_run(make_run(*PARTS)) as run:
        assert {name for name, chart in CHARTS.items() if not chart.tables(run)} == set()
    with open_run(make_run()) as run:
        for chart in CHARTS.values():
            assert chart.tables(run) == []
            reason = chart.why_empty(run)
            assert reason is not None and "in this run" in reason


def test_columns_have_the_values_and_units_of_the_store(make_run: Callable[..., Path]) -> None:
    path = make_run(*PARTS)
    with open_run(path) as run, h5py.File(path) as file:
        table = next(table for table in CHARTS["dose_response"].tables(run) if table.name == "pass_rate_base_daily")
        columns = {column.name: column for column in table.columns}
        assert columns["dose"].units == "mg"
        assert list(columns["dose"].values) == list(file["/scenario/base/daily/dose"])
        assert list(columns["qcnn.pass_rate"].values) == list(file["/scenario/base/daily/qcnn/pass_rate"])
        check = CHARTS["predictive_check"].tables(run)[0]
        observed = next(column for column in check.columns if column.name == "observed")
        assert list(observed.values) == list(file["/pk/vpc/observed"][()].ravel())


def test_tables_of_many_groups_stand_below_each_other() -> None:
    one = Table("", "", (Column("dose", "dose", "mg", [1.0, 2.0]), Column("share", "share", "1", [0.5, 0.6])))
    other = Table("", "", (Column("dose", "dose", "mg", [3.0]),))
    both = stacked("all", "All", [({"who": "a"}, one), ({"who": "b"}, other)])
    assert both is not None
    rows = list(both.rows())
    assert rows[:2] == [("a", 1.0, 0.5), ("a", 2.0, 0.6)]
    assert rows[2][:2] == ("b", 3.0) and math.isnan(float(rows[2][2]))


def test_a_table_becomes_a_data_frame() -> None:
    pytest.importorskip("pandas")
    frame = Table("t", "T", (Column("dose", "dose", "mg", [1.0, 2.0]),)).to_pandas()
    assert frame["dose"].tolist() == [1.0, 2.0]
    assert frame.attrs["units"] == {"dose": "mg"}
