"""The questions of a run and their answers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from titrant_analysis import protocol
from titrant_analysis.decisions import NONE, Decision, read_decisions, unsteady_text
from titrant_analysis.methods import OTHER_SOURCES, answers_first, method_name
from titrant_analysis.report.formats import dose_interval, number, percent
from titrant_analysis.report.words import setting
from titrant_analysis.run import Run

RULES = {
    "mean": "mean of the predicted probabilities",
    "indicator": "share of subjects with a predicted probability above 0.5",
}

ASKED = {
    "rising": "What is the lowest dose that is enough for a population?",
    "falling": "What is the highest dose that a population can be given?",
    "window": "Which doses are neither too low nor too high for a population?",
}
SOUGHT = {"rising": "Lowest doses", "falling": "Highest doses", "window": "Windows of doses"}

FEW_ROWS = 12

LEADING = {"qcnn": 0, "mechanistic": 1, "mechanistic_no_occasions": 2}
"""The methods that stand first in a table."""


def _answers(name: str) -> bool:
    """Whether a method learnt what the answers are learnt from; the others stand beside them for comparison."""
    return not name.endswith(OTHER_SOURCES)


@dataclass(frozen=True)
class Row:
    """One population, regimen and target, with the answer of each method, or None where it was not asked."""

    population: str
    regimen: str
    target: float
    unit: str
    answers: tuple[Decision | None, ...]


@dataclass(frozen=True)
class Answers:
    """The answers for one endpoint by one rule."""

    endpoint: str
    success: str
    """What counts as a success, in words; empty where the run does not say."""
    direction: str
    rule: str
    """By which a dose is enough, in words."""
    by_mean: bool
    methods: tuple[str, ...]
    rows: tuple[Row, ...]
    first: Row
    """That of the headline's population, regimen and target, where the endpoint was asked of them."""
    sentence: str
    remarks: tuple[str, ...]
    """What else must be known of the doses."""

    @property
    def name(self) -> str:
        return self.endpoint if self.by_mean else f"{self.endpoint}, indicator rule"

    @property
    def asked(self) -> str:
        return ASKED.get(self.direction, "")

    @property
    def sought(self) -> str:
        return SOUGHT.get(self.direction, "Doses")

    @property
    def is_long(self) -> bool:
        """Whether the table is to be set close."""
        return len(self.rows) > FEW_ROWS

    @property
    def leading(self) -> int:
        """How many of the methods give the answers; those after them learnt from other subjects."""
        return sum(map(_answers, self.methods)) or len(self.methods)

    @property
    def interval_source(self) -> str:
        """What the intervals hold; empty where there are none."""
        sources = {answer.interval_source for row in self.rows for answer in row.answers if answer}
        return "; ".join(sorted(sources - {"", "none"}))


def dose(decision: Decision | None, unit: str) -> str:
    """"9.5 mg", "5 to 40 mg", "5 mg only", "none of the doses", or nothing where the question was not asked."""
    if decision is None:
        return ""
    if not decision.answered:
        return NONE
    if decision.direction != "window":
        return f"{number(decision.dose)} {unit}"
    if decision.dose == decision.window_end:
        return f"{number(decision.dose)} {unit} only"
    return f"{number(decision.dose)} to {number(decision.window_end)} {unit}"


def ends(decision: Decision | None, unit: str = "") -> str:
    """The interval of a dose, "7.5 to 12"; of a window of doses those of both its ends, "4 to 6; 36 to 44"."""
    if decision is None:
        return ""
    first = dose_interval(decision.lower, decision.upper, unit)
    last = dose_interval(decision.window_end_lower, decision.window_end_upper, unit)
    return "; ".join(filter(None, (first, last)))


def meets(decision: Decision) -> str:
    """The probability that the dose meets its target."""
    probability = decision.probability_of_target
    return "" if math.isnan(probability) else f"{probability:.2f}"


def answers(run: Run) -> list[Answers]:
    """The answers for each endpoint, those for the headline's first; those by the rule of the run (`dose.rule`) before
    those by the other."""
    decisions = read_decisions(run)
    preferred = setting(run, "dose", "rule") or "mean"
    asked = dict.fromkeys(decision.endpoint for decision in decisions)
    known = [name for name in run.endpoints() if name in asked]
    found = []
    for endpoint in protocol.headline_first(run, [*known, *(name for name in asked if name not in known)]):
        rows = [decision for decision in decisions if decision.endpoint == endpoint]
        for rule in sorted({row.rule for row in rows}, key=lambda name: (name != preferred, name)):
            found.append(_answers_of(run, endpoint, rule, [row for row in rows if row.rule == rule]))
    return found


def _answers_of(run: Run, endpoint: str, rule: str, decisions: list[Decision]) -> Answers:
    names = list(dict.fromkeys(decision.method for decision in decisions))
    methods = sorted(answers_first(names), key=lambda name: (not _answers(name), LEADING.get(name, len(LEADING))))
    by = {(one.question, one.method): one for one in decisions}
    rows = tuple(
        Row(
            question.population,
            question.regimen,
            question.target,
            protocol.dose_unit(run, question.regimen),
            tuple(by.get((question, name)) for name in methods),
        )
        for question in dict.fromkeys(one.question for one in decisions)
    )
    first = _first(run, rows)
    meaning = protocol.success(run, endpoint)
    sentence = _sentence(endpoint, methods, first)
    direction = decisions[0].direction
    by_mean = rule == "mean"
    told = (unsteady_text(answer, row.unit) for row in rows for answer in row.answers if answer is not None)
    remarks = tuple(dict.fromkeys(filter(None, told)))
    return Answers(
        endpoint, meaning, direction, RULES.get(rule, rule), by_mean, tuple(methods), rows, first, sentence, remarks
    )


def _first(run: Run, rows: tuple[Row, ...]) -> Row:
    asked = protocol.headline(run)
    if asked is None:
        return rows[0]
    wanted = (asked.population, asked.regimen, asked.target)
    return next((row for row in rows if (row.population, row.regimen, row.target) == wanted), rows[0])


def _sentence(endpoint: str, methods: list[str], row: Row) -> str:
    """One answer in words, with that of the fitted models beside it."""
    by = {name: answer for name, answer in zip(methods, row.answers, strict=True) if answer is not None}
    name, leading = next(iter(by.items()))
    goal = f"at least {100 * row.target:g}\u00a0% of population {row.population} meet endpoint {endpoint}"
    text = f"On regimen {row.regimen}, {_told(leading, row.unit, goal)}, by the {method_name(name)}."
    beside = by.get("mechanistic")
    if beside is None or name == "mechanistic":
        return text
    known = f" ({ends(beside, row.unit)})" if ends(beside) else ""
    return f"{text} By the {method_name('mechanistic')}: {dose(beside, row.unit)}{known}."


def _told(decision: Decision, unit: str, goal: str) -> str:
    if not decision.answered:
        best = percent(decision.target_attainment)
        return f"none of the doses is one at which {goal} (the best reaches {best})"
    first = dose_interval(decision.lower, decision.upper, unit)
    if decision.direction == "window":
        last = dose_interval(decision.window_end_lower, decision.window_end_upper, unit)
        known = f" (90 % intervals of its ends: {first} and {last})" if first and last else ""
        if decision.dose == decision.window_end:
            return f"{number(decision.dose)} {unit}{known} is the only dose at which {goal}"
        window = f"{number(decision.dose)} to {number(decision.window_end)} {unit}{known}"
        return f"{window} is the window of doses at which {goal}"
    which = "highest" if decision.direction == "falling" else "lowest"
    known = f" (90 % interval {first})" if first else ""
    return f"{number(decision.dose)} {unit}{known} is the {which} dose at which {goal}"
