"""What the report says of the classifiers, and of ablations and coverage where a run has them."""

from __future__ import annotations

import math
from collections.abc import Callable

from titrant_analysis.decisions import NONE
from titrant_analysis.methods import method_name
from titrant_analysis.protocol import dose_unit, headline
from titrant_analysis.report.formats import interval, number
from titrant_analysis.report.grid import Grid, grid_of, plain_grid
from titrant_analysis.run import Run
from titrant_analysis.tables import Column, Table, table_of
from titrant_analysis.unseen import sources

METRICS = {
    "log_loss": "log-loss",
    "accuracy": "accuracy",
    "auc": "AUC",
    "brier": "Brier score",
    "ece": "calibration error",
}

def metrics(run: Run) -> Grid | None:
    """Figures on subjects of the trial that the classifier had not seen; repeats of a cross-validation averaged."""
    rows = []
    of_trial, *virtual = sources(run)
    places = [*((source, source.group) for source in virtual), (of_trial, f"{of_trial.group}/pooled")]
    for source, group in places:
        for name in run.methods():
            found = [_metric(run, f"/classifier/{name}/{group}/{metric}") for metric in METRICS]
            if any(found):
                rows.append((method_name(name).split(",")[0], source.learnt_from, source.endpoint, *found))
    if not rows:
        return None
    headings = ("classifier", "learnt from", "endpoint", *METRICS.values())
    caption = "On the trial's subjects, none of whom it had seen; 90 % intervals by bootstrap over subjects"
    return plain_grid(caption, headings, rows, headings[1:3])


def _metric(run: Run, path: str) -> str:
    values = run.numbers(path)
    if values is None or values.size == 0:
        return ""
    lower, upper = run.numbers(f"{path}_lower"), run.numbers(f"{path}_upper")
    ends = "" if lower is None or upper is None else interval(float(lower.mean()), float(upper.mean()), 3)
    return number(float(values.mean()), 3) + (f" ({ends})" if ends else "")


def agreement(run: Run) -> Grid | None:
    """Distance from the mechanistic answers."""
    columns = ("method", "endpoint", "grid_steps", "target_attainment", "unanswered")
    table = table_of(run, "agreement", "", "/agreement", columns)
    if table is None or len(table.columns) < len(columns):
        return None
    rows = [
        (method_name(str(name)), str(endpoint), *(number(float(value), 2) for value in values))
        for name, endpoint, *values in table.rows()
    ]
    headings = (
        "method",
        "endpoint",
        "doses apart (steps of the doses)",
        "target attainment apart",
        "answered by one of the two only",
    )
    return plain_grid("Mean distance from the answers of the fitted models", headings, rows, headings[1:2])


def ablation(run: Run) -> Grid | None:
    """Variants of the run; their doses answer the headline."""
    first = headline(run)
    unit = run.units.dose if first is None else dose_unit(run, first.regimen)
    return _whole_table(run, "/ablation", "Variants of the run", ("variant", "settings"), lambda _: unit)


def coverage(run: Run) -> Grid | None:
    """How often intervals hold the true dose of simulated trials."""
    regimens = run.texts("/coverage/regimen") or []
    leading = ("method", "population", "regimen", "endpoint", "target")
    return _whole_table(run, "/coverage", "Simulated trials", leading, lambda row: dose_unit(run, regimens[row]))


def _whole_table(
    run: Run, group: str, caption: str, leading: tuple[str, ...], unit: Callable[[int], str]
) -> Grid | None:
    """All columns of a group of the store that share its axis: those named first, then the others. `unit` is that of
    the doses in a row."""
    others = [name for name in run.datasets(group) if name not in leading]
    table = table_of(run, group, caption, group, (*leading, *others))
    if table is None or len(table) == 0:
        return None
    columns = tuple(_readable(column, unit) for column in table.columns if column.name != "row")
    return grid_of(Table(group, caption, columns), most_rows=1000)


def _readable(column: Column, unit: Callable[[int], str]) -> Column:
    """A column of the store under the name, and with the values, that the rest of the page has for them."""
    values: list[float | str] = list(column.values)
    units = column.units
    if column.name == "method":
        values = [method_name(str(value)) for value in values]
    elif units not in ("", "1"):
        values = [
            f"{number(float(value))} {unit(row)}" if math.isfinite(float(value)) else NONE
            for row, value in enumerate(column.values)
        ]
        units = ""
    return Column(METRICS.get(column.name, column.name), column.long_name, units, values)
