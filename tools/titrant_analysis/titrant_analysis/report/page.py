"""The report: one HTML file that says what a run answers, shows why, and asks nothing of the network."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import h5py
from jinja2 import Environment, PackageLoader, StrictUndefined

from titrant_analysis.charts import CHARTS
from titrant_analysis.methods import method_name
from titrant_analysis.report import answers, classifiers, fits, origin
from titrant_analysis.report.formats import number, percent
from titrant_analysis.report.grid import Grid, grid_of
from titrant_analysis.report.hover import hover_points
from titrant_analysis.report.svg import inline_svg
from titrant_analysis.report.thin import thin
from titrant_analysis.run import Run, open_run

MOST_PROCESSES = 4


@dataclass(frozen=True)
class Picture:
    """A chart on the page: its drawing with hover values and tables, or why there is none."""

    name: str
    title: str
    explanation: str
    reason: str = ""
    note: str = ""
    svg: str = ""
    points: str = "[]"
    grids: tuple[Grid, ...] = ()


def _draw(store: str, name: str) -> Picture:
    """One chart, in a process of its own. The store was checked when the report began."""
    chart = CHARTS[name]
    with Run(h5py.File(store, "r")) as run:
        reason = chart.why_empty(run)
        if reason is not None:
            return Picture(name, chart.title, chart.explanation, reason)
        figure = chart.figure(run)
        figure.suptitle("")  # the page has titles of its own
        note = thin(figure)
        svg = inline_svg(figure, f"c{list(CHARTS).index(name)}", chart.title, chart.explanation)
        grids = tuple(grid_of(table) for table in chart.tables(run))
        return Picture(name, chart.title, chart.explanation, "", note, svg, hover_points(figure), grids)


def pictures(store: str, names: Sequence[str] = tuple(CHARTS)) -> dict[str, Picture]:
    """All charts by name, drawn side by side."""
    processes = min(MOST_PROCESSES, len(os.sched_getaffinity(0)))
    if processes == 1:
        return {name: _draw(store, name) for name in names}
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        return dict(zip(names, pool.map(_draw, [store] * len(names), names), strict=True))


def render(store: str | os.PathLike[str]) -> str:
    """The report of a run as HTML. Raises RunError where the file is no whole run store."""
    path = os.fspath(store)
    with open_run(path) as run:
        drawn = pictures(path)
        environment = Environment(
            loader=PackageLoader("titrant_analysis.report"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        environment.filters.update(number=number, percent=percent, method=method_name)
        asked = answers.questions(run)
        return environment.get_template("report.html").render(
            store=run.name,
            complete=run.complete,
            version=run.attribute("/", "titrant_version"),
            questions=asked,
            dose=answers.dose,
            ends=answers.ends,
            meets=answers.meets,
            pictures=drawn,
            fits=fits.fits(run),
            metrics=classifiers.metrics(run),
            agreement=classifiers.agreement(run),
            ablation=classifiers.whole_table(run, "/ablation", "Variants of the run", ("variant", "settings")),
            coverage=classifiers.whole_table(
                run, "/coverage", "Simulated trials", ("classifier", "scenario", "regimen", "label", "window", "target")
            ),
            quantum=origin.quantum(run) if run.classifiers() else [],
            resources=origin.resources(run),
            stages=origin.stages(run),
            provenance=origin.provenance(run),
            has_config=run.text("/config/resolved") is not None,
        )


def write_report(store: str | os.PathLike[str], output: str | os.PathLike[str] | None = None) -> Path:
    """Writes the report, beside the store as <store>.html unless told otherwise, and returns its path.

    The file appears under its name when it is whole.
    """
    target = Path(output) if output else Path(store).with_suffix(".html")
    text = render(store)
    unfinished = target.with_name(f".{target.name}.partial")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, target)
    return target
