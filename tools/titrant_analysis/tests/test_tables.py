"""Tables hold the numbers of the store, with its units."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import EVERY_PART as PARTS
from conftest import put

from titrant_analysis import TABLES, open_run
from titrant_analysis.charts import CHARTS
from titrant_analysis.tables import Column, Table, stacked


def test_every_chart_has_its_numbers_or_says_why_not(make_run: Callable[..., Path]) -> None:
    with open_run(make_run(*PARTS)) as run:
        parts = {name: chart.parts(run) for name, chart in CHARTS.items()}
        assert {name for name, chart in CHARTS.items() if chart.why_empty(run)} == set()
    endpoints = ["control", "safe", "both"]
    assert {name: found for name, found in parts.items() if found != [""]} == {
        "dose_response": endpoints,
        "individual_doses": endpoints,
    }
    with open_run(make_run()) as run:
        for chart in CHARTS.values():
            assert chart.parts(run) == []
            reason = chart.why_empty(run)
            assert reason is not None and "in this run" in reason


def test_columns_have_the_values_and_units_of_the_store(make_run: Callable[..., Path]) -> None:
    path = make_run(*PARTS)
    with open_run(path) as run, h5py.File(path) as file:
        tables = {table.name: table for table in CHARTS["dose_response"].tables(run, "safe")}
        columns = {column.name: column for column in tables["target_attainment_safe_adults_by_weight"].columns}
        group = file["/population/adults/by_weight"]
        assert columns["dose"].units == "mg/kg"
        assert list(columns["dose"].values) == list(group["dose"])
        shares = columns["qcnn.target_attainment"]
        assert list(shares.values) == list(group["qcnn/safe/target_attainment"])
        assert "observed" not in tables  # of the trial's subjects control alone was measured
        check = CHARTS["predictive_check"].tables(run)[0]
        observed = next(column for column in check.columns if column.name == "observed")
        assert list(observed.values) == list(file["/pk/vpc/observed"][()].ravel())


def test_answers_name_the_unit_of_each_dose(make_run: Callable[..., Path]) -> None:
    with open_run(make_run(*PARTS)) as run:
        columns = {column.name: column for column in TABLES["decisions"](run).columns}
    assert columns["dose"].units == "see dose_unit"
    by_regimen = set(zip(columns["regimen"].values, columns["dose_unit"].values, strict=True))
    assert by_regimen == {("once", "mg"), ("by_weight", "mg/kg")}


def test_who_never_succeeds_counts_as_above_all_doses(make_run: Callable[..., Path]) -> None:
    path = make_run(*PARTS)
    with h5py.File(path) as file:
        group = file["/population/adults/once/mechanistic/both"]
        begin, end = group["success_from"][()], group["success_to"][()]
    first = np.sort(np.where(begin < end, begin, np.inf))
    with open_run(path) as run:
        (table,) = CHARTS["individual_doses"].tables(run, "both")
    rows = {row[2]: row[3:] for row in table.rows() if row[:2] == ("adults", "once")}
    assert rows[25.0] == (f"{first[49]:.4g} mg", "0 mg")
    assert rows[75.0][0] == "none"


def test_metrics_tell_endpoint_and_source(make_run: Callable[..., Path]) -> None:
    path = make_run(*PARTS)
    with h5py.File(path, "r+") as file:
        put(file, "/classifier/qcnn/control/on_trial/set", [0])
        put(file, "/classifier/qcnn/control/on_trial/auc", [0.9], axes=("/classifier/qcnn/control/on_trial/set",))
        put(file, "/classifier/qcnn/evaluation/pooled/auc", [0.8], axes=("/classifier/qcnn/evaluation/replicate",))
    with open_run(path) as run:
        rows = [row[:4] for row in TABLES["metrics"](run).rows()]
    assert rows == [("qcnn", "trial", "control", 0.8), ("qcnn", "virtual", "control", 0.9)]


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
