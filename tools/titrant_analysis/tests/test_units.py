"""Titles, axes and tables name the units that the datasets of a run have."""

from __future__ import annotations

from pathlib import Path

import h5py
from conftest import EVERY_PART, MakeRun
from matplotlib.figure import Figure
from matplotlib.text import Text

from titrant_analysis import critical_doses, dose_response, exposure, goodness_of_fit, open_run, predictive_check
from titrant_analysis.report.words import success
from titrant_analysis.run import Run, Units
from titrant_analysis.run_tables import decisions
from titrant_analysis.table import decision_table

OTHER = {"mg": "ug", "ng/mL": "mg/L", "ng/mL/mg": "mg/L/ug"}


def in_other_units(path: Path) -> None:
    def change(_: str, found: h5py.Dataset | h5py.Group) -> None:
        units = found.attrs.get("units", "")
        if units in OTHER:
            found.attrs["units"] = OTHER[units]

    with h5py.File(path, "r+") as file:
        file.visititems(change)
        file["/pd/diagnostics/observed"].attrs["units"] = "%"


def words_of(draw: object, run: Run) -> str:
    axes = draw(run)  # type: ignore[operator]
    figure: Figure = axes.flat[0].figure
    return "\n".join(text.get_text() for text in figure.findobj(Text))


def test_units_are_those_of_the_datasets(make_run: MakeRun) -> None:
    whole_run = make_run(*EVERY_PART)
    with open_run(whole_run) as run:
        assert run.units == Units("mg", "ng/mL", "ng/mL")
    in_other_units(whole_run)
    with open_run(whole_run) as run:
        assert run.units == Units("ug", "mg/L", "%")
        for draw in (critical_doses, dose_response, exposure, goodness_of_fit, predictive_check):
            words = words_of(draw, run)
            assert "(mg)" not in words and " mg" not in words and "ng/mL" not in words, words
        assert "minimal dose (ug)" in decision_table(run)
        assert {column.units for column in decisions(run).columns if "dose" in column.name} == {"ug"}
        assert "ng/mL" not in success(run, "measured", "day_21")


def test_units_of_a_run_without_datasets(make_run: MakeRun) -> None:
    with open_run(make_run()) as run:
        assert run.units == Units()
