"""Tables of a run for programs of one's own: answers, estimates, metrics, and every dataset of a group."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import fields

from titrant_analysis.chart_tables import parameter_tables
from titrant_analysis.decisions import TEXTS, Decision, read_decisions
from titrant_analysis.protocol import dose_unit, trial_endpoint
from titrant_analysis.run import Run, open_run
from titrant_analysis.tables import Column, Table, stacked, table_of

DOSES = ("dose", "lower", "upper", "window_end", "window_end_lower", "window_end_upper")
METRICS = ("log_loss", "accuracy", "auc", "brier", "ece")


def decisions(run: Run) -> Table:
    """The answers, a row per question, method and rule; `dose` is NaN where none of the doses reaches the target.
    Doses are in the unit of their regimen, which the column `dose_unit` names."""
    rows = read_decisions(run)
    units = [dose_unit(run, row.regimen) for row in rows]
    of_doses = units[0] if len(set(units)) == 1 else "see dose_unit"
    columns = []
    for name in (field.name for field in fields(Decision)):
        values = [getattr(row, name) for row in rows]
        unit = of_doses if name in DOSES else "" if name in TEXTS else "1"
        columns.append(Column(name, run.described(f"/decision/{name}")[1] or name, unit, values))
    columns.append(Column("dose_unit", "unit of the doses", "", list(units)))
    return Table("decisions", "Answers", tuple(columns))


def parameters(run: Run) -> Table:
    """Estimates of both fits, a row per parameter."""
    parts = [({"fit": table.name}, table) for table in parameter_tables(run)]
    return stacked("parameters", "Estimates", parts) or Table("parameters", "Estimates", ())


def metrics(run: Run) -> Table:
    """Metrics on the trial's subjects, held out in each repeat of the cross-validation, or learnt from virtual ones."""
    places = [(trial_endpoint(run), "evaluation/pooled", "trial")]
    places += [(endpoint, f"{endpoint}/on_trial", "virtual") for endpoint in run.endpoints()]
    parts = []
    for endpoint, group, source in places:
        for name in run.methods():
            table = table_of(run, name, "", f"/classifier/{name}/{group}", METRICS)
            if table is not None:
                parts.append(({"classifier": name, "learnt_from": source, "endpoint": endpoint}, table))
    return stacked("metrics", "Held-out metrics", parts) or Table("metrics", "Held-out metrics", ())


TABLES: dict[str, Callable[[Run], Table]] = {"decisions": decisions, "parameters": parameters, "metrics": metrics}


def gather(paths: Sequence[str | os.PathLike[str]], of: Callable[[Run], Table] = decisions) -> Table:
    """One table over many stores, told apart by the column `run`: as `titrant campaign gather` for any runs."""
    parts = []
    for path in paths:
        with open_run(path) as run:
            parts.append(({"run": os.fspath(path)}, of(run)))
    return stacked("gathered", "Gathered from many runs", parts) or Table("gathered", "", ())
