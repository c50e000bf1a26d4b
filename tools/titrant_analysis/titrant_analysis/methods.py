"""Which methods a chart shows: beside those that give the answers a run may hold others, learnt from other subjects."""

from __future__ import annotations

from titrant_analysis.run import Run

OTHER_SOURCES = ("_trial", "_virtual", "_virtual_daily")
"""Endings of the names of those others: `qcnn_virtual_daily`."""

MOST_CURVES = 4
"""Beyond so many, curves in one panel hide each other."""


def answers_first(names: list[str]) -> list[str]:
    """The methods that give the answers, then the others."""
    return sorted(names, key=lambda name: name.endswith(OTHER_SOURCES))


def shown_methods(run: Run) -> list[str]:
    """All methods of a run where they are few, else those that give the answers."""
    names = run.classifiers()
    if len(names) <= MOST_CURVES:
        return names
    return [name for name in names if not name.endswith(OTHER_SOURCES)] or names
