"""Two runs side by side: settings that differ, answers, estimates. (Do they hold the same bits? `titrant compare`.)"""

from __future__ import annotations

import math
from dataclasses import dataclass

from titrant_analysis.decisions import read_decisions
from titrant_analysis.protocol import dose_unit
from titrant_analysis.run import Run
from titrant_analysis.run_tables import parameters
from titrant_analysis.tables import Column, Table

KEYS = ("population", "regimen", "endpoint", "target", "method", "rule", "which", "unit")
"""What tells answers apart; `which`: the dose that answers, or the end of a window of doses."""


@dataclass(frozen=True)
class Comparison:
    """What compare_runs finds; each table has a row per thing that both runs have."""

    settings: Table
    """Keys of the configuration that differ; "" where one run has no such key."""
    answers: Table
    """Doses in the column `unit`; NaN: none of the doses."""
    estimates: Table


def flat_settings(text: str) -> dict[str, str]:
    """The keys of a configuration, as titrant writes it, with their values as text: {"training.steps": "100"}."""
    found: dict[str, str] = {}
    path: list[str] = []
    for line in text.splitlines():
        key, separator, value = line.partition(":")
        if not line.strip() or not separator:
            continue
        depth = (len(key) - len(key.lstrip())) // 2
        path = [*path[:depth], key.strip()]
        if value.strip():
            found[".".join(path)] = value.strip()
    return found


def compare_runs(first: Run, second: Run) -> Comparison:
    """The two runs side by side, in columns `first` and `second`."""
    return Comparison(_settings(first, second), _answers(first, second), _estimates(first, second))


Keys = dict[str, list[float | str]]


def _pairs(name: str, title: str, keys: Keys, pairs: list[tuple[float, float]], unit: str) -> Table:
    numbers = {
        "first": [one for one, _ in pairs],
        "second": [other for _, other in pairs],
        "difference": [other - one for one, other in pairs],
    }
    columns = [Column(key, key, "", values) for key, values in keys.items()]
    columns += [Column(key, key, unit, values) for key, values in numbers.items()]
    return Table(name, title, tuple(columns))


def _settings(first: Run, second: Run) -> Table:
    both = [flat_settings(run.text("/config/resolved") or "") for run in (first, second)]
    different = [key for key in sorted({*both[0], *both[1]}) if both[0].get(key) != both[1].get(key)]
    columns = [Column("key", "key", "", list(different))]
    for name, settings in zip(("first", "second"), both, strict=True):
        columns.append(Column(name, name, "", [settings.get(key, "") for key in different]))
    return Table("settings", "Settings that differ", tuple(columns))


def _answers(first: Run, second: Run) -> Table:
    one, other = _doses(first), _doses(second)
    common = [key for key in one if key in other]
    keys: Keys = {name: [key[place] for key in common] for place, name in enumerate(KEYS)}
    return _pairs("answers", "Answers", keys, [(one[key], other[key]) for key in common], "")


def _doses(run: Run) -> dict[tuple[str | float, ...], float]:
    """The doses of all answers by KEYS."""
    found: dict[tuple[str | float, ...], float] = {}
    for row in read_decisions(run):
        key = (row.population, row.regimen, row.endpoint, row.target, row.method, row.rule)
        unit = dose_unit(run, row.regimen)
        found[(*key, "dose", unit)] = row.dose
        if row.direction == "window":
            found[(*key, "window_end", unit)] = row.window_end
    return found


def _estimates(first: Run, second: Run) -> Table:
    def values(run: Run) -> dict[tuple[str, str], float]:
        columns = {column.name: column.values for column in parameters(run).columns}
        names = zip(columns.get("fit", []), columns.get("parameter", []), columns.get("estimate", []), strict=True)
        return {(str(fit), str(name)): float(value) for fit, name, value in names}

    one, other = values(first), values(second)
    common = [name for name in one if name in other and not math.isnan(one[name])]
    keys: Keys = {"fit": [fit for fit, _ in common], "parameter": [name for _, name in common]}
    return _pairs("estimates", "Estimates", keys, [(one[name], other[name]) for name in common], "")
