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
from titrant_analysis.report import answers, asked, classifiers, fits, origin
from titrant_analysis.report.formats import number, percent
from titrant_analysis.report.grid import Grid, grid_of
from titrant_analysis.report.hover import hover_points
from titrant_analysis.report.svg import inline_svg
from titrant_analysis.report.thin import thin
from titrant_analysis.run import Run, open_run

MOST_PROCESSES = 4


@dataclass(frozen=True)
class Drawing:
    """A figure on the page, with hover values, and what was left out of it."""

    svg: str
    points: str
    note: str


@dataclass(frozen=True)
class Part:
    """The figures of a chart, of one endpoint where it has such, and the numbers behind them."""

    endpoint: str
    drawings: tuple[Drawing, ...]
    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class Picture:
    """A chart on the page: its parts, or the reason why there is none."""

    name: str
    title: str
    explanation: str
    reason: str
    parts: tuple[Part, ...]


def _draw(store: str, name: str, place: int, endpoint: str) -> Part:
    """A part of a chart, in a process of its own. The store was checked when the report began."""
    chart = CHARTS[name]
    title = f"{chart.title}, {endpoint}" if endpoint else chart.title
    drawings = []
    with Run(h5py.File(store, "r")) as run:
        identifier = f"c{list(CHARTS).index(name)}-{place}"
        for count, figure in enumerate(chart.figures(run, endpoint)):
            figure.suptitle("")  # the page has titles of its own
            note = thin(figure)
            svg = inline_svg(figure, f"{identifier}-{count}", title, chart.explanation)
            drawings.append(Drawing(svg, hover_points(figure), note))
        grids = tuple(grid_of(table) for table in chart.tables(run, endpoint))
    return Part(endpoint, tuple(drawings), grids)


def pictures(run: Run, store: str, names: Sequence[str] = tuple(CHARTS)) -> dict[str, Picture]:
    """All charts by name, their parts drawn side by side."""
    wanted = [(name, place, endpoint) for name in names for place, endpoint in enumerate(CHARTS[name].parts(run))]
    processes = min(MOST_PROCESSES, len(os.sched_getaffinity(0)))
    if processes == 1:
        drawn = [_draw(store, *part) for part in wanted]
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            drawn = list(pool.map(_draw, [store] * len(wanted), *zip(*wanted))) if wanted else []
    found = {}
    for name in names:
        chart = CHARTS[name]
        parts = tuple(part for (of, *_), part in zip(wanted, drawn, strict=True) if of == name)
        reason = "" if parts else " ".join(chart.reason.split())
        found[name] = Picture(name, chart.title, chart.explanation, reason, parts)
    return found


def render(store: str | os.PathLike[str]) -> str:
    """The report of a run as HTML. Raises RunError where the file is no whole run store."""
    path = os.fspath(store)
    with open_run(path) as run:
        drawn = pictures(run, path)
        environment = Environment(
            loader=PackageLoader("titrant_analysis.report"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        environment.filters.update(number=number, percent=percent, method=method_name)
        return environment.get_template("report.html").render(
            store=run.name,
            complete=run.complete,
            version=run.attribute("/", "titrant_version"),
            questions=answers.answers(run),
            asked=asked.asked(run),
            dose=answers.dose,
            ends=answers.ends,
            meets=answers.meets,
            pictures=drawn,
            fits=fits.fits(run),
            metrics=classifiers.metrics(run),
            agreement=classifiers.agreement(run),
            ablation=classifiers.ablation(run),
            coverage=classifiers.coverage(run),
            quantum=origin.quantum(run) if run.methods() else [],
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
