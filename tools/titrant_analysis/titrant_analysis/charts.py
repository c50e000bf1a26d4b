"""All charts of a run, in the order of the report: what each is called, how to read it, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from titrant_analysis import chart_tables
from titrant_analysis.calibration import NO_CURVES, NO_RELIABILITY, learning_curves, reliability
from titrant_analysis.circuit import NOTHING as NO_NETWORK
from titrant_analysis.circuit import circuit, circuit_tables
from titrant_analysis.covariates import NOTHING as NO_EFFECTS
from titrant_analysis.covariates import random_effects
from titrant_analysis.critical import NOTHING as NO_CRITICAL_DOSES
from titrant_analysis.critical import critical_doses
from titrant_analysis.dose_response import NOTHING as NO_PASS_RATES
from titrant_analysis.dose_response import dose_response
from titrant_analysis.exposure import NOTHING as NO_EXPOSURE
from titrant_analysis.exposure import exposure
from titrant_analysis.fits import NO_CHECK, NO_RESIDUALS, goodness_of_fit, predictive_check
from titrant_analysis.parameters import NOTHING as NO_FIT
from titrant_analysis.parameters import parameters
from titrant_analysis.responders import NOTHING as NO_RESPONDERS
from titrant_analysis.responders import responders
from titrant_analysis.roc import NOTHING as NO_PREDICTIONS
from titrant_analysis.roc import roc, roc_tables
from titrant_analysis.run import Run
from titrant_analysis.style import AxesGrid
from titrant_analysis.tables import Table
from titrant_analysis.training import training


@dataclass(frozen=True)
class Chart:
    """A picture of a run."""

    name: str
    title: str
    explanation: str
    """How to read it, in a sentence or two."""
    draw: Callable[[Run], AxesGrid]
    tables: Callable[[Run], list[Table]]
    """The numbers behind it; empty where the run has none."""
    reason: str
    """Why there is nothing to show, where there is nothing."""

    def figure(self, run: Run) -> Figure:
        """The whole picture."""
        return self.draw(run)[0][0].figure

    def why_empty(self, run: Run) -> str | None:
        """None: there is something to show."""
        return None if self.tables(run) else " ".join(self.reason.split())


_ALL = (
    Chart(
        "dose_response",
        "Pass rate by dose",
        "Each line is the share of a virtual population that succeeds, predicted by one method; its band is the 90 % "
        "interval. A diamond marks the lowest dose that reaches a target (dotted lines).",
        dose_response,
        chart_tables.dose_response_tables,
        NO_PASS_RATES,
    ),
    Chart(
        "critical_doses",
        "Critical doses",
        "The dose from which on a virtual subject succeeds, by the fitted models alone: how far people differ.",
        critical_doses,
        chart_tables.critical_dose_tables,
        NO_CRITICAL_DOSES,
    ),
    Chart(
        "exposure",
        "Exposure at steady state",
        "Concentration over one dosing interval: the line is the median of the population, the band holds 90 % of it.",
        exposure,
        chart_tables.exposure_tables,
        NO_EXPOSURE,
    ),
    Chart(
        "parameters",
        "Estimates",
        "95 % intervals as multiples of the estimates; within the grey stripe they are known to 15 %.",
        parameters,
        chart_tables.parameter_tables,
        NO_FIT,
    ),
    Chart(
        "goodness_of_fit",
        "Goodness of fit",
        "Points should scatter about the line of agreement, and weighted residuals (CWRES) about 0, mostly within 2, "
        "without a trend.",
        goodness_of_fit,
        chart_tables.goodness_of_fit_tables,
        NO_RESIDUALS,
    ),
    Chart(
        "random_effects",
        "Random effects and covariates",
        "What is left of the differences between people after the model's covariates: a trend is a covariate that the "
        "model lacks.",
        random_effects,
        chart_tables.random_effect_tables,
        NO_EFFECTS,
    ),
    Chart(
        "predictive_check",
        "Visual predictive check",
        "Observed quantiles (lines) should run within the bands, the 90 % intervals of the same quantiles in trials "
        "simulated from the fit.",
        predictive_check,
        chart_tables.predictive_check_tables,
        NO_CHECK,
    ),
    Chart(
        "responders",
        "Responders",
        "How many subjects of the trial succeeded, beside what the fitted models expect of a trial like it.",
        responders,
        chart_tables.responder_tables,
        NO_RESPONDERS,
    ),
    Chart(
        "training",
        "Training",
        "The loss falls while a classifier learns; held-out folds show what it is worth on people it has not seen.",
        training,
        chart_tables.training_tables,
        "No training in this run.\ntitrant run or titrant train makes one",
    ),
    Chart(
        "reliability",
        "Reliability",
        "Of the people given a probability, that share should succeed: points on the diagonal.",
        reliability,
        chart_tables.reliability_tables,
        NO_RELIABILITY,
    ),
    Chart(
        "roc",
        "ROC",
        "Of those who do not succeed, the share taken for successes; of those who do, the share found: the nearer to "
        "the upper left corner the better.",
        roc,
        roc_tables,
        NO_PREDICTIONS,
    ),
    Chart(
        "learning_curves",
        "Learning curves",
        "What more subjects to learn from would bring.",
        learning_curves,
        chart_tables.learning_curve_tables,
        NO_CURVES,
    ),
    Chart(
        "circuit",
        "Quantum network",
        "Time runs from left to right. Blocks of one colour share their angles; M measures a qubit, and what happens "
        "next may depend on it.",
        circuit,
        circuit_tables,
        NO_NETWORK,
    ),
)

CHARTS: dict[str, Chart] = {chart.name: chart for chart in _ALL}
