"""Which methods a chart shows: beside those that give the answers a run may hold others, learnt from other subjects."""

from __future__ import annotations

from titrant_analysis.run import Run

OTHER_SOURCES = ("_trial", "_virtual")
"""Endings of the names of those others: `qcnn_trial`."""

NAMES = {
    "qcnn": "QCNN",
    "mechanistic": "fitted models alone",
    "mechanistic_no_occasions": "fitted models alone, without variability between occasions",
    "logistic": "logistic regression",
    "cnn": "1-D CNN",
}
SOURCES = {
    "_virtual": "learnt from virtual subjects",
    "_trial": "learnt from the trial",
}

MOST_CURVES = 4
"""Beyond so many, curves in one panel hide each other."""


def answers_first(names: list[str]) -> list[str]:
    """The methods that give the answers, then the others."""
    return sorted(names, key=lambda name: name.endswith(OTHER_SOURCES))


def shown_methods(run: Run) -> list[str]:
    """All methods of a run where they are few, else those that give the answers."""
    names = run.methods()
    if len(names) <= MOST_CURVES:
        return names
    return [name for name in names if not name.endswith(OTHER_SOURCES)] or names


def method_name(name: str) -> str:
    """In words: "qcnn_trial" is "QCNN, learnt from the trial"; a name that is not known stays as it is."""
    for suffix, source in SOURCES.items():
        if name.endswith(suffix) and name != suffix:
            return f"{method_name(name.removesuffix(suffix))}, {source}"
    kind, _, preset = name.partition("_")
    if name in NAMES:
        return NAMES[name]
    return f"{NAMES[kind]}, preset {preset}" if kind in NAMES else name
