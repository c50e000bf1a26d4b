"""All charts of a run, in the order of the report: what each is called, how to read it, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from titrant_analysis import chart_tables
from titrant_analysis.attainment_check import NOTHING as NO_CHECK_OF_ATTAINMENT
from titrant_analysis.attainment_check import attainment_check
from titrant_analysis.calibration import NO_CURVES, NO_RELIABILITY, learning_curves, reliability
from titrant_analysis.circuit import NOTHING as NO_NETWORK
from titrant_analysis.circuit import circuit, circuit_tables
from titrant_analysis.convergence import NOTHING as NO_SAEM
from titrant_analysis.convergence import convergence
from titrant_analysis.covariates import NOTHING as NO_EFFECTS
from titrant_analysis.covariates import random_effects
from titrant_analysis.dose_response import NOTHING as NO_ATTAINMENT
from titrant_analysis.dose_response import dose_response
from titrant_analysis.exposure import NOTHING as NO_EXPOSURE
from titrant_analysis.exposure import exposure
from titrant_analysis.fits import NO_CHECK, NO_RESIDUALS, goodness_of_fit, predictive_check
from titrant_analysis.individual_doses import NOTHING as NO_INDIVIDUAL_DOSES
from titrant_analysis.individual_doses import individual_doses
from titrant_analysis.parameters import NOTHING as NO_FIT
from titrant_analysis.parameters import parameters
from titrant_analysis.protocol import headline_first
from titrant_analysis.roc import NOTHING as NO_PREDICTIONS
from titrant_analysis.roc import roc, roc_tables
from titrant_analysis.run import Run
from titrant_analysis.tables import Table
from titrant_analysis.training import NO_TRAINING, training


@dataclass(frozen=True)
class Chart:
    """What can be drawn of a run: one or more figures, of each endpoint where `by_endpoint`."""

    name: str
    title: str
    explanation: str
    """How to read it, in a sentence or two."""
    draw: Callable[..., list[Figure]]
    """Called with the run, and the endpoint where `by_endpoint`."""
    tables_of: Callable[..., list[Table]]
    """Called likewise: the numbers behind it; empty where the run has none."""
    reason: str
    """Why there is nothing to show, where there is nothing."""
    by_endpoint: bool = False

    def parts(self, run: Run) -> list[str]:
        """The endpoints of which there is something to show, the headline's first; [""] of a chart without endpoints;
        empty where there is nothing at all."""
        endpoints = headline_first(run, run.endpoints()) if self.by_endpoint else [""]
        return [endpoint for endpoint in endpoints if self.tables(run, endpoint)]

    def figures(self, run: Run, endpoint: str = "") -> list[Figure]:
        """The pictures of one part."""
        return self.draw(run, endpoint) if self.by_endpoint else self.draw(run)

    def tables(self, run: Run, endpoint: str = "") -> list[Table]:
        """The numbers behind one part."""
        return self.tables_of(run, endpoint) if self.by_endpoint else self.tables_of(run)

    def why_empty(self, run: Run) -> str | None:
        """None: there is something to show."""
        return None if self.parts(run) else " ".join(self.reason.split())


_ALL = (
    Chart(
        "dose_response",
        "Target attainment by dose",
        "Each line is the share of a virtual population that meets the endpoint, predicted by one method; its band is "
        "the 90 % interval. Diamonds mark the doses that answer: where attainment reaches a target (dotted lines).",
        dose_response,
        chart_tables.dose_response_tables,
        NO_ATTAINMENT,
        by_endpoint=True,
    ),
    Chart(
        "individual_doses",
        "Individual minimum effective doses",
        "The dose from which on a virtual subject meets the endpoint (line), and the dose from which on no longer "
        "(dashed), by the fitted models alone: how far subjects differ.",
        individual_doses,
        chart_tables.individual_dose_tables,
        NO_INDIVIDUAL_DOSES,
        by_endpoint=True,
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
        "convergence",
        "Convergence of SAEM",
        "Every line should run level well before the dotted line, from which on the steps of the iterations shrink; one "
        "that still drifts there has not settled. Values are as they are optimised: logarithms, logits of what lies "
        "between two bounds, coefficients as they are.",
        convergence,
        chart_tables.convergence_tables,
        NO_SAEM,
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
        "What is left of the differences between subjects after the model's covariates: a trend is a covariate that "
        "the model lacks.",
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
        "attainment_check",
        "Successes in the trial",
        "How many subjects of the trial met each endpoint, beside what the fitted models expect of a trial like it.",
        attainment_check,
        chart_tables.attainment_check_tables,
        NO_CHECK_OF_ATTAINMENT,
    ),
    Chart(
        "training",
        "Training",
        "The loss falls while a classifier learns; held-out folds show what it is worth on subjects it has not seen.",
        training,
        chart_tables.training_tables,
        NO_TRAINING,
    ),
    Chart(
        "reliability",
        "Reliability",
        "Of the subjects given a probability, that share should succeed: points on the diagonal.",
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
