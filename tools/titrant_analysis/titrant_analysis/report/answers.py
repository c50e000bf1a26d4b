"""The question of a run and its answers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from titrant_analysis.decisions import Decision, read_decisions
from titrant_analysis.methods import answers_first
from titrant_analysis.report.formats import interval, number
from titrant_analysis.report.words import method, success
from titrant_analysis.run import Run

NONE = "none on this grid"
RULES = {
    "mean": "mean of the predicted probabilities",
    "indicator": "share of subjects with a predicted probability above 0.5",
}


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

    success: str
    rule: str
    methods: tuple[str, ...]
    rows: tuple[Row, ...]
    sentence: str

    @property
    def interval_source(self) -> str:
        """What the intervals hold; empty where there are none."""
        sources = {answer.interval_source for row in self.rows for answer in row.answers if answer}
        return "; ".join(sorted(sources - {"", "none"}))


def dose(decision: Decision | None) -> str:
    """"9.5 mg (7.5 .. 12)"."""
    if decision is None:
        return ""
    if not decision.answered:
        return NONE
    ends = interval(decision.lower, decision.upper)
    return f"{number(decision.minimal_dose)} mg" + (f" ({ends})" if ends else "")


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
    methods = sorted(answers_first(names), key=lambda name: ("qcnn", "mechanistic").index(name) if name in ("qcnn", "mechanistic") else 2)
    asked = {(d.scenario, d.regimen, d.target, d.classifier): d for d in decisions}
    cells = dict.fromkeys((d.scenario, d.regimen, d.target) for d in decisions)
    rows = tuple(
        Row(scenario, regimen, target, tuple(asked.get((scenario, regimen, target, name)) for name in methods))
        for scenario, regimen, target in cells
    )
    return Question(success(run, label, window), RULES.get(rule, rule), tuple(methods), rows, _sentence(methods, rows))


def _sentence(methods: list[str], rows: tuple[Row, ...]) -> str:
    """The first answer in words, with that of the fitted models beside it."""
    first = rows[0]
    by = {name: answer for name, answer in zip(methods, first.answers, strict=True) if answer is not None}
    name, leading = next(iter(by.items()))
    goal = f"at least {100 * first.target:g} % of the {first.scenario} population"
    if not leading.answered:
        text = f"No {first.regimen} dose of the grid makes {goal} succeed, by the {method(name)}"
    else:
        ends = interval(leading.lower, leading.upper)
        text = (
            f"{number(leading.minimal_dose)} mg {first.regimen}"
            + (f" (90 % interval {ends} mg)" if ends else "")
            + f" is the lowest dose of the grid at which {goal} succeeds, by the {method(name)}"
        )
    beside = by.get("mechanistic")
    if beside is None or name == "mechanistic":
        return text + "."
    return f"{text}; by the {method('mechanistic')}: {dose(beside)}."


def meets(decision: Decision) -> str:
    """The probability that the dose meets its target."""
    probability = decision.probability_of_target
    return "" if math.isnan(probability) else f"{probability:.2f}"
