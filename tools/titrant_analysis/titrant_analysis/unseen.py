"""Where a store has predictions for subjects of the trial that a classifier had not seen."""

from __future__ import annotations

from dataclasses import dataclass

from titrant_analysis.protocol import headline_first, trial_endpoint
from titrant_analysis.run import Run


@dataclass(frozen=True)
class Source:
    """Predictions of one endpoint, and what the classifier had learnt from."""

    endpoint: str
    learnt_from: str
    group: str
    """Below /classifier/<name>."""
    dataset: str

    @property
    def title(self) -> str:
        words = f"learnt from {self.learnt_from}"
        return f"{self.endpoint}: {words}" if self.endpoint else words.capitalize()


OTHERS = "the other subjects of the trial"
VIRTUAL = "virtual subjects"


def sources(run: Run) -> list[Source]:
    """The cross-validation, then the endpoints that classifiers learnt from virtual subjects, the headline's first."""
    found = [Source(trial_endpoint(run), OTHERS, "evaluation", "out_of_fold")]
    found += [
        Source(endpoint, VIRTUAL, f"{endpoint}/on_trial", "probability")
        for endpoint in headline_first(run, run.endpoints())
    ]
    return found
