"""Titles, axes and tables name the units that the datasets of a run have."""

from __future__ import annotations

import re
from pathlib import Path

import h5py
from conftest import EVERY_PART, MakeRun, put
from matplotlib.figure import Figure
from matplotlib.text import Text

from titrant_analysis import (
    attainment_check,
    dose_response,
    dose_unit,
    exposure,
    goodness_of_fit,
    individual_doses,
    open_run,
    predictive_check,
)
from titrant_analysis.run import Run, Units
from titrant_analysis.run_tables import decisions
from titrant_analysis.table import decision_table

OTHER = {"mg": "ug", "ng/mL": "mg/L", "ng/mL per unit of dose": "mg/L per unit of dose"}


def in_other_units(path: Path) -> None:
    def change(_: str, found: h5py.Dataset | h5py.Group) -> None:
        units = found.attrs.get("units", "")
        if units in OTHER:
            found.attrs["units"] = OTHER[units]

    with h5py.File(path, "r+") as file:
        file.visititems(change)
        del file["/protocol/regimen/dose_unit"]
        put(file, "/protocol/regimen/dose_unit", ["ug", "ug/kg"], axes=("/protocol/regimen/name",))
        file["/pd/diagnostics/observed"].attrs["units"] = "%"


def words_of(draw: object, run: Run) -> str:
    figures: list[Figure] = draw(run)  # type: ignore[operator]
    return "\n".join(text.get_text() for figure in figures for text in figure.findobj(Text))


def test_units_are_those_of_the_datasets(make_run: MakeRun) -> None:
    whole_run = make_run(*EVERY_PART)
    with open_run(whole_run) as run:
        assert run.units == Units("mg", "ng/mL", "ng/mL")
    in_other_units(whole_run)
    with open_run(whole_run) as run:
        assert run.units == Units("ug", "mg/L", "%")
        for draw in (attainment_check, individual_doses, dose_response, exposure, goodness_of_fit, predictive_check):
            words = words_of(draw, run)
            assert not re.search(r"\bmg(?!/L)", words) and "ng/mL" not in words, words
        assert re.search(r" \d ug\b", decision_table(run)) and " mg" not in decision_table(run)
        assert [dose_unit(run, name) for name in run.regimens()] == ["ug", "ug/kg"]


def test_answers_in_one_unit_name_it_in_their_columns(make_run: MakeRun) -> None:
    path = make_run(*EVERY_PART)
    with h5py.File(path, "r+") as file:
        del file["/protocol/regimen/dose_unit"]
    with open_run(path) as run:
        columns = {column.name: column.units for column in decisions(run).columns}
    assert [columns[name] for name in ("dose", "lower", "window_end", "target", "method")] == ["mg"] * 3 + ["1", ""]


def test_units_of_a_run_without_datasets(make_run: MakeRun) -> None:
    with open_run(make_run()) as run:
        assert run.units == Units()
