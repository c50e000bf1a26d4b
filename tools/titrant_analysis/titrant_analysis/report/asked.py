"""What the run was asked, in tables: regimens, endpoints, populations."""

from __future__ import annotations

import numpy as np

from titrant_analysis import protocol
from titrant_analysis.report.formats import number
from titrant_analysis.report.grid import Grid, plain_grid
from titrant_analysis.run import Run

FEW_DOSES = 8


def asked(run: Run) -> list[Grid]:
    """A table each of the regimens, the endpoints and the populations; empty where the run says nothing of them."""
    return [grid for grid in (_regimens(run), _endpoints(run), _populations(run)) if grid is not None]


def _regimens(run: Run) -> Grid | None:
    rows = [
        (name, number(protocol.dose_interval(run, name)), _doses(run, name), protocol.definition(run, "regimen", name))
        for name in run.texts("/protocol/regimen/name") or []
    ]
    headings = ("regimen", "hours between doses", "doses", "in the configuration")
    return plain_grid("Regimens", headings, rows, headings[2:]) if rows else None


def _doses(run: Run, regimen: str) -> str:
    """The doses among which answers were sought: all of a few, else their ends."""
    unit = protocol.dose_unit(run, regimen)
    panel = next((panel for panel in run.panels() if panel.regimen == regimen), None)
    doses = None if panel is None else run.numbers(f"{panel.group}/dose")
    if doses is None:
        return unit
    if doses.size <= FEW_DOSES:
        return f"{', '.join(number(dose) for dose in np.ravel(doses))} {unit}"
    return f"{number(doses[0])} to {number(doses[-1])} {unit}, {doses.size} doses"


def _endpoints(run: Run) -> Grid | None:
    rows = [
        (name, protocol.success(run, name), protocol.definition(run, "endpoint", name))
        for name in run.texts("/protocol/endpoint/name") or []
    ]
    headings = ("endpoint", "what a success is", "in the configuration")
    return plain_grid("Endpoints", headings, rows, headings[1:]) if rows else None


def _populations(run: Run) -> Grid | None:
    rows = [
        (name, protocol.definition(run, "population", name)) for name in run.texts("/protocol/population/name") or []
    ]
    headings = ("population", "in the configuration")
    return plain_grid("Populations", headings, rows, headings[1:]) if rows else None
