"""The answers of a run as a table for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from titrant_analysis.decisions import Decision, read_decisions
from titrant_analysis.run import Run
from titrant_analysis.tables import Table

NOTHING = "No answers in this run. They come from a dose search: titrant run, or titrant search"

HEADINGS = (
    "scenario",
    "regimen",
    "target",
    "classifier",
    "question",
    "rule",
    "minimal dose",
    "90 % interval",
    "P(meets)",
    "pass rate",
    "one step below",
)
LEFT_ALIGNED = ("scenario", "regimen", "classifier", "question", "rule")


def decision_table(run: Run) -> str:
    """One line per question, in the order of the run, with a heading; no newline at the end."""
    decisions = read_decisions(run)
    if not decisions:
        return NOTHING
    doses = ("minimal dose", "90 % interval")
    headings = tuple(f"{heading} ({run.units.dose})" if heading in doses else heading for heading in HEADINGS)
    left = [heading in LEFT_ALIGNED for heading in HEADINGS]
    return _aligned([headings, *(_cells(decision) for decision in decisions)], left)


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


def _cells(decision: Decision) -> tuple[str, ...]:
    return (
        decision.scenario,
        decision.regimen,
        f"{100 * decision.target:g} %",
        decision.classifier,
        " ".join(filter(None, (decision.label, decision.window))),
        decision.rule,
        f"{decision.minimal_dose:g}" if decision.answered else "none on this grid",
        _interval(decision),
        "-" if math.isnan(decision.probability_of_target) else f"{decision.probability_of_target:.2f}",
        _rate(decision.pass_rate),
        _rate(decision.pass_rate_below),
    )


def _interval(decision: Decision) -> str:
    if math.isnan(decision.lower) or math.isnan(decision.upper):
        return "-"
    return f"{_end(decision.lower)} .. {_end(decision.upper)}"


def _end(dose: float) -> str:
    return "above grid" if math.isinf(dose) else f"{dose:g}"


def _rate(rate: float) -> str:
    return "-" if math.isnan(rate) else f"{100 * rate:.1f} %"
