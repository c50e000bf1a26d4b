"""Reads run stores of titrant and draws them.

>>> from titrant_analysis import open_run, dose_response
>>> with open_run("run.h5") as run:
...     figure = dose_response(run)
"""

from titrant_analysis.calibration import learning_curves, reliability
from titrant_analysis.campaign import Campaign, open_campaign
from titrant_analysis.covariates import random_effects
from titrant_analysis.critical import critical_doses
from titrant_analysis.dose_response import dose_response
from titrant_analysis.exposure import exposure
from titrant_analysis.fits import goodness_of_fit, predictive_check
from titrant_analysis.parameters import parameters
from titrant_analysis.responders import responders
from titrant_analysis.run import Run, RunError, open_run
from titrant_analysis.table import decision_table
from titrant_analysis.training import training

__all__ = [
    "Campaign",
    "Run",
    "RunError",
    "critical_doses",
    "decision_table",
    "dose_response",
    "exposure",
    "goodness_of_fit",
    "learning_curves",
    "open_campaign",
    "open_run",
    "parameters",
    "predictive_check",
    "random_effects",
    "reliability",
    "responders",
    "training",
]
