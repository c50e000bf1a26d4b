"""The question of a run and its answers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from titrant_analysis.decisions import Decision, read_decisions
from titrant_analysis.methods import OTHER_SOURCES, answers_first, method_name
from titrant_analysis.report.formats import interval, number
from titrant_analysis.report.words import success
from titrant_analysis.run import Run

NONE = "none on this grid"
RULES = {
    "mean": "mean of the predicted probabilities",
    "indicator": "share of subjects with a predicted probability above 0.5",
}


LEADING = {"qcnn": 0, "mechanistic": 1}
"""The methods that stand first in a table."""


def _answers(name: str) -> bool:
    """Whether a method learnt what the answers are learnt from; the others stand beside them for comparison."""
    return not name.endswith(OTHER_SOURCES)


@dataclass(frozen=True)
class Row:
    """One population, regimen and target, with the answer of each method, or None where it was not asked."""

    scenario: str
    regimen: str
    target: float
    answers: tuple[Decision | None, ...]


@dataclass(frozen=True)
class Question:
    """What counts as a success, by which rule a dose is enough, and the answers."""

    name: str
    """In short: "latent, steady state"."""
    success: str
    rule: str
    methods: tuple[str, ...]
    rows: tuple[Row, ...]
    sentence: str

    @property
    def leading(self) -> int:
        """How many of the methods give the answers; those after them learnt from other subjects."""
        return sum(map(_answers, self.methods)) or len(self.methods)

    @property
    def interval_source(self) -> str:
        """What the intervals hold; empty where there are none."""
        sources = {answer.interval_source for row in self.rows for answer in row.answers if answer}
        return "; ".join(sorted(sources - {"", "none"}))


def dose(decision: Decision | None, unit: str = "mg") -> str:
    """"9.5 mg", "none on this grid", or nothing where the question was not asked."""
    if decision is None:
        return ""
    return f"{number(decision.minimal_dose)} {unit}" if decision.answered else NONE


def ends(decision: Decision | None) -> str:
    """The interval of a dose: "7.5 to 12"."""
    return "" if decision is None else interval(decision.lower, decision.upper)


def questions(run: Run) -> list[Question]:
    """The questions of a run, the headline first, each with the answers by the mean rule before those by another."""
    decisions = read_decisions(run)
    keys = dict.fromkeys((decision.label, decision.window, decision.rule) for decision in decisions)
    headlines = list(dict.fromkeys((label, window) for label, window, _ in keys))
    ordered = sorted(keys, key=lambda key: (headlines.index(key[:2]), key[2] != "mean"))
    return [_question(run, key, [d for d in decisions if (d.label, d.window, d.rule) == key]) for key in ordered]


def _question(run: Run, key: tuple[str, str, str], decisions: list[Decision]) -> Question:
    label, window, rule = key
    names = list(dict.fromkeys(decision.classifier for decision in decisions))
    methods = sorted(answers_first(names), key=lambda name: (not _answers(name), LEADING.get(name, len(LEADING))))
    asked = {(d.scenario, d.regimen, d.target, d.classifier): d for d in decisions}
    cells = dict.fromkeys((d.scenario, d.regimen, d.target) for d in decisions)
    rows = tuple(
        Row(scenario, regimen, target, tuple(asked.get((scenario, regimen, target, name)) for name in methods))
        for scenario, regimen, target in cells
    )
    name = ", ".join(filter(None, (label, window.replace("_", " "), "" if rule == "mean" else f"{rule} rule")))
    meaning = success(run, label, window)
    return Question(name, meaning, RULES.get(rule, rule), tuple(methods), rows, _sentence(methods, rows, run.units.dose))


def _sentence(methods: list[str], rows: tuple[Row, ...], unit: str) -> str:
    """The first answer in words, with that of the fitted models beside it."""
    first = rows[0]
    by = {name: answer for name, answer in zip(methods, first.answers, strict=True) if answer is not None}
    name, leading = next(iter(by.items()))
    goal = f"at least {100 * first.target:g} % of the {first.scenario} population"
    if not leading.answered:
        text = f"No {first.regimen} dose of the grid makes {goal} succeed, by the {method_name(name)}"
    else:
        text = (
            f"{dose(leading, unit)} {first.regimen}"
            + (f" (90 % interval {ends(leading)} {unit})" if ends(leading) else "")
            + f" is the lowest dose of the grid at which {goal} succeeds, by the {method_name(name)}"
        )
    beside = by.get("mechanistic")
    if beside is None or name == "mechanistic":
        return text + "."
    known = f" ({ends(beside)} {unit})" if ends(beside) else ""
    return f"{text}. By the {method_name('mechanistic')}: {dose(beside, unit)}{known}."


def meets(decision: Decision) -> str:
    """The probability that the dose meets its target."""
    probability = decision.probability_of_target
    return "" if math.isnan(probability) else f"{probability:.2f}"
