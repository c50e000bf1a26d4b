"""The answers of a run as a table for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from titrant_analysis.decisions import NONE, Decision, read_decisions, unsteady_text
from titrant_analysis.protocol import dose_unit
from titrant_analysis.run import Run
from titrant_analysis.tables import Table

NOTHING = "No answers in this run. They come from a dose search: titrant run, or titrant search"

HEADINGS = (
    "population",
    "regimen",
    "endpoint",
    "target",
    "method",
    "rule",
    "doses",
    "90 % interval",
    "P(meets)",
    "attainment",
    "one dose beside",
)
LEFT_ALIGNED = ("population", "regimen", "endpoint", "method", "rule")


def decision_table(run: Run) -> str:
    """One line per question, method and rule, in the order of the run, with a heading; no newline at the end."""
    decisions = read_decisions(run)
    if not decisions:
        return NOTHING
    left = [heading in LEFT_ALIGNED for heading in HEADINGS]
    lines = _aligned([HEADINGS, *(_cells(one, dose_unit(run, one.regimen)) for one in decisions)], left)
    remarks = dict.fromkeys(filter(None, (unsteady_text(one, dose_unit(run, one.regimen)) for one in decisions)))
    return "\n".join([lines, *remarks])


def text_table(table: Table) -> str:
    """Any table in lines for a terminal: texts to the left, numbers with up to six digits to the right."""
    if len(table) == 0:
        return "nothing"
    units = (f" ({column.units})" if column.units not in ("", "1") else "" for column in table.columns)
    headings = tuple(column.name + unit for column, unit in zip(table.columns, units, strict=True))
    rows = [tuple(value if isinstance(value, str) else f"{value:.6g}" for value in row) for row in table.rows()]
    left = [isinstance(column.values[0], str) for column in table.columns]
    return _aligned([headings, *rows], left)


def _aligned(rows: Sequence[tuple[str, ...]], left: Sequence[bool]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(left))]
    lines = []
    for row in rows:
        cells = (
            text.ljust(width) if to_left else text.rjust(width)
            for text, width, to_left in zip(row, widths, left, strict=True)
        )
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _cells(decision: Decision, unit: str) -> tuple[str, ...]:
    probability = decision.probability_of_target
    return (
        decision.population,
        decision.regimen,
        decision.endpoint,
        f"{100 * decision.target:g} %",
        decision.method,
        decision.rule,
        _doses(decision, unit),
        _intervals(decision),
        "-" if math.isnan(probability) else f"{probability:.2f}",
        _share(decision.target_attainment),
        _share(decision.target_attainment_beside),
    )


def _doses(decision: Decision, unit: str) -> str:
    if not decision.answered:
        return NONE
    if decision.direction == "window":
        return f"{decision.dose:g} .. {decision.window_end:g} {unit}"
    return f"{'at most' if decision.direction == 'falling' else 'from'} {decision.dose:g} {unit}"


def _intervals(decision: Decision) -> str:
    ends = [(decision.lower, decision.upper), (decision.window_end_lower, decision.window_end_upper)]
    return "; ".join(f"{_end(low)} .. {_end(high)}" for low, high in ends if not math.isnan(low + high)) or "-"


def _end(dose: float) -> str:
    return "above" if math.isinf(dose) else f"{dose:g}" if dose > 0 else "below"


def _share(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.1f} %"
