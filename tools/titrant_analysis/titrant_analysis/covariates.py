"""Individual random effects against covariates: what a fit leaves unexplained."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis.fits import FITS
from titrant_analysis.pages import draw_pages, matrix
from titrant_analysis.run import Numbers, Run
from titrant_analysis.style import OBSERVED, PALETTE, QUIET, empty_figure, say_why_empty, styled

NOTHING = "No random effects in this run.\nThey come from a fit: titrant run, or titrant fit"
NO_COVARIATES = "No covariates in this run.\nThe key data.covariates names those of the data file"
NOT_COVARIATES = ("subject", "id", "dose", "interval")
"""What else /trial has of each subject."""
SPREAD = 0.12
"""Points of a group lie side by side over this much of an axis whose groups are 1 apart."""


def trial_covariates(run: Run) -> list[str]:
    return [name for name in run.datasets("/trial") if name not in NOT_COVARIATES]


@styled
def random_effects(run: Run) -> list[Figure]:
    """One panel for each random effect and covariate of the trial."""
    effects = [(fit, place) for fit in FITS for place in range(len(run.texts(f"/{fit}/random_effect") or []))]
    names = trial_covariates(run)
    if not effects or not names:
        return empty_figure(NO_COVARIATES if effects else NOTHING)

    def draw(axes: Axes, pair: tuple[tuple[str, int], str]) -> None:
        (fit, place), covariate = pair
        random_effect_panel(axes, run, fit, place, covariate)

    pages = matrix(effects, names, lambda effect, covariate: (effect, covariate))
    return draw_pages(pages, draw, f"Random effects against covariates, {run.name}", width=3.9, height=2.5)


def random_effect_panel(axes: Axes, run: Run, fit: str, place: int, covariate: str) -> None:
    """The empirical Bayes estimates of one random effect, with the least-squares line or the means of two groups."""
    etas, subjects, values = (run.numbers(path) for path in (f"/{fit}/eta", f"/{fit}/subject", f"/trial/{covariate}"))
    names = run.texts(f"/{fit}/random_effect")
    if etas is None or subjects is None or values is None or names is None or np.isnan(etas[:, place]).all():
        say_why_empty(axes, NOTHING)
        return
    value = values[subjects.astype(int)]
    known = np.isfinite(etas[:, place]) & np.isfinite(value)  # not so where an individual fit failed
    eta, value = etas[known, place], value[known]
    groups = _groups(run, covariate, value)
    if groups:
        _draw_groups(axes, value, eta, groups)
    else:
        points = {"color": PALETTE[0], "markersize": 3.5, "alpha": 0.6, "markeredgewidth": 0, "label": "subject"}
        axes.plot(value, eta, "o", **points)
        if np.ptp(value) > 0:
            slope, intercept = np.polyfit(value, eta, 1)
            ends = np.array([value.min(), value.max()])
            axes.plot(ends, intercept + slope * ends, color=OBSERVED, linewidth=1)
    axes.axhline(0, color=QUIET, linewidth=0.8, linestyle=":")
    reach = 1.1 * max(0.1, float(np.abs(eta).max(initial=0.0)))
    axes.set_ylim(-reach, reach)
    axes.set_title(f"{names[place]}{_relation(run, fit, names[place], covariate)}")
    axes.set_xlabel(_with_unit(run, covariate))
    axes.set_ylabel(f"Random effect ({fit.upper()})")


def _groups(run: Run, covariate: str, value: Numbers) -> list[str]:
    """Names of the levels 0, 1, ... of a categorical covariate; of one with the values 0 and 1 alone these; else
    none."""
    levels = run.attribute(f"/trial/{covariate}", "levels")
    if levels:
        return levels.split(", ")
    return ["0", "1"] if np.isin(value, (0, 1)).all() else []


def _draw_groups(axes: Axes, value: Numbers, eta: Numbers, groups: list[str]) -> None:
    for group in range(len(groups)):
        of_group = np.sort(eta[value == group])
        if of_group.size == 0:
            continue
        # Side by side by golden-section steps: neighbours in value lie apart, and the chart is the same every time.
        offsets = SPREAD * (2 * (np.arange(of_group.size) * 0.618034 % 1) - 1)
        axes.plot(group + offsets, of_group, "o", color=PALETTE[0], markersize=3.5, alpha=0.6, markeredgewidth=0)
        axes.plot([group - 0.2, group + 0.2], [of_group.mean()] * 2, color=OBSERVED, linewidth=1.6)
    axes.set_xticks(range(len(groups)), groups)
    axes.set_xlim(-0.5, len(groups) - 0.5)
    axes.grid(visible=False, axis="x")


def _with_unit(run: Run, covariate: str) -> str:
    units = run.described(f"/trial/{covariate}")[0]
    return covariate if units in ("", "1") or units.startswith("see ") else f"{covariate} ({units})"


def _relation(run: Run, fit: str, effect: str, covariate: str) -> str:
    """The statistic of the pair as the run holds it, in words."""
    group = f"/{fit}/covariates"
    effects, covariates = run.texts(f"{group}/random_effect"), run.texts(f"{group}/covariate")
    columns = run.columns(group, ("binary", "statistic", "p_value"))
    if effects is None or covariates is None or columns is None:
        return ""
    for place, pair in enumerate(zip(effects, covariates, strict=True)):
        if pair == (effect, covariate):
            binary, statistic, p_value = (float(column[place]) for column in columns)
            return f": {'difference' if binary == 1 else 'r'} {statistic:.2f}, p {p_value:.2g}"
    return ""
