"""What the report says of the classifiers, and of ablations and coverage where a run has them."""

from __future__ import annotations

import math

from titrant_analysis.report.grid import Grid, grid_of, plain_grid
from titrant_analysis.report.formats import interval, number
from titrant_analysis.methods import method_name
from titrant_analysis.run import Run
from titrant_analysis.tables import Column, Table, table_of

METRICS = {
    "log_loss": "log-loss",
    "accuracy": "accuracy",
    "auc": "AUC",
    "brier": "Brier score",
    "ece": "calibration error",
}
SOURCES = {"on_trial": "virtual subjects", "evaluation/pooled": "the other subjects of the trial"}
DAILY = "daily doses of virtual subjects"


def metrics(run: Run) -> Grid | None:
    """Figures on subjects of the trial that the classifier had not seen; repeats of a cross-validation averaged."""
    rows = []
    for group, source in SOURCES.items():
        for name in run.classifiers():
            found = [_metric(run, f"/classifier/{name}/{group}/{metric}") for metric in METRICS]
            if any(found):
                learnt = DAILY if name.endswith("_virtual_daily") else source
                rows.append((method_name(name).split(",")[0], learnt, *found))
    if not rows:
        return None
    order = [SOURCES["on_trial"], DAILY, SOURCES["evaluation/pooled"]]
    rows.sort(key=lambda row: order.index(row[1]))
    headings = ("classifier", "learnt from", *METRICS.values())
    caption = "On the trial's subjects, none of whom it had seen; 90 % intervals by bootstrap over persons"
    return plain_grid(caption, headings, rows, headings[1:2])


def _metric(run: Run, path: str) -> str:
    values = run.numbers(path)
    if values is None or values.size == 0:
        return ""
    lower, upper = run.numbers(f"{path}_lower"), run.numbers(f"{path}_upper")
    ends = "" if lower is None or upper is None else interval(float(lower.mean()), float(upper.mean()), 3)
    return number(float(values.mean()), 3) + (f" ({ends})" if ends else "")


def agreement(run: Run) -> Grid | None:
    """Distance from the mechanistic answers."""
    columns = ("method", "question", "grid_steps", "pass_rate", "unanswered")
    table = table_of(run, "agreement", "", "/agreement", columns)
    if table is None or len(table.columns) < len(columns):
        return None
    rows = [
        (method_name(str(name)), str(question).replace("_", " "), *(number(float(value), 2) for value in values))
        for name, question, *values in table.rows()
    ]
    headings = ("method", "question", "doses apart (grid steps)", "pass rates apart", "answered by one of the two only")
    return plain_grid("Mean distance from the answers of the fitted models", headings, rows, headings[1:2])


def whole_table(run: Run, group: str, caption: str, leading: tuple[str, ...]) -> Grid | None:
    """All columns of a group of the store that share its axis: those named first, then the others."""
    others = [name for name in run.datasets(group) if name not in leading]
    table = table_of(run, group, caption, group, (*leading, *others))
    if table is None or len(table) == 0:
        return None
    columns = tuple(_readable(column) for column in table.columns if column.name not in ("cell", "row"))
    return grid_of(Table(group, caption, columns), most_rows=1000)


def _readable(column: Column) -> Column:
    """A column of the store under the name, and with the values, that the rest of the page has for them."""
    values: list[float | str] = list(column.values)
    if column.name == "classifier":
        values = [method_name(str(value)) for value in values]
    elif "dose" in column.name and column.units not in ("", "1"):
        values = ["above the grid" if value == math.inf else value for value in values]
    return Column(METRICS.get(column.name, column.name), column.long_name, column.units, values)
