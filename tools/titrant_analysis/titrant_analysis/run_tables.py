"""Tables of a run for programs of one's own: answers, estimates, metrics, and every dataset of a group."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import fields

from titrant_analysis.chart_tables import parameter_tables
from titrant_analysis.decisions import Decision, read_decisions
from titrant_analysis.run import Run, open_run
from titrant_analysis.tables import Column, Table, stacked, table_of

DOSES = ("minimal_dose", "lower", "upper")
METRICS = ("log_loss", "accuracy", "auc", "brier", "ece")


def decisions(run: Run) -> Table:
    """The answers, a row per question and method; `minimal_dose` is NaN where no dose of the grid is enough."""
    rows = read_decisions(run)
    columns = []
    for field in fields(Decision):
        values = [getattr(row, field.name) for row in rows]
        units = "" if rows and isinstance(values[0], str) else run.units.dose if field.name in DOSES else "1"
        columns.append(Column(field.name, run.described(f"/decision/{field.name}")[1] or field.name, units, values))
    return Table("decisions", "Lowest doses", tuple(columns))


def parameters(run: Run) -> Table:
    """Estimates of both fits, a row per parameter."""
    parts = [({"fit": table.name}, table) for table in parameter_tables(run)]
    return stacked("parameters", "Estimates", parts) or Table("parameters", "Estimates", ())


def metrics(run: Run) -> Table:
    """Metrics on the trial's subjects, held out in each repeat of the cross-validation, or learnt from virtual ones."""
    parts = []
    for group, source in (("evaluation/pooled", "trial"), ("on_trial", "virtual")):
        for name in run.classifiers():
            table = table_of(run, name, "", f"/classifier/{name}/{group}", METRICS)
            if table is not None:
                parts.append(({"classifier": name, "learnt_from": source}, table))
    return stacked("metrics", "Held-out metrics", parts) or Table("metrics", "Held-out metrics", ())


TABLES: dict[str, Callable[[Run], Table]] = {"decisions": decisions, "parameters": parameters, "metrics": metrics}


def gather(paths: Sequence[str | os.PathLike[str]], of: Callable[[Run], Table] = decisions) -> Table:
    """One table over many stores, told apart by the column `run`: as `titrant campaign gather` for any runs."""
    parts = []
    for path in paths:
        with open_run(path) as run:
            parts.append(({"run": os.fspath(path)}, of(run)))
    return stacked("gathered", "Gathered from many runs", parts) or Table("gathered", "", ())
