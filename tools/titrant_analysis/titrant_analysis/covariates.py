"""Individual random effects against covariates: what a fit leaves unexplained."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis.fits import FITS
from titrant_analysis.run import Numbers, Run
from titrant_analysis.style import OBSERVED, PALETTE, QUIET, finish, new_figure, say_why_empty, styled

NOTHING = "No random effects in this run.\nThey come from a fit: titrant run, or titrant fit"
LABELS = {"body_weight": "Body weight (kg)", "comed": "Comedication"}
GROUPS = {"comed": ("without", "with")}
SPREAD = 0.12
"""Points of a group lie side by side over this much of an axis whose groups are 1 apart."""


@styled
def random_effects(run: Run) -> Figure:
    """One row per random effect, one column per covariate of the trial."""
    pairs = [(fit, place) for fit in FITS for place in range(len(run.texts(f"/{fit}/random_effect") or []))]
    names = [name for name in run.datasets("/trial") if name not in ("subject", "id", "dose", "responder")]
    figure, axes = new_figure(max(1, len(pairs)), max(1, len(names)), width=3.6, height=2.4)
    if not pairs or not names:
        say_why_empty(axes[0][0], NOTHING)
        return figure
    for row, (fit, place) in zip(axes, pairs, strict=True):
        for panel, name in zip(row, names, strict=True):
            random_effect_panel(panel, run, fit, place, name)
    finish(figure, f"Random effects against covariates, {run.name}")
    return figure


def random_effect_panel(axes: Axes, run: Run, fit: str, place: int, covariate: str) -> None:
    """The empirical Bayes estimates of one random effect, with the least-squares line or the means of two groups."""
    etas, subjects, values = (run.numbers(path) for path in (f"/{fit}/eta", f"/{fit}/subject", f"/trial/{covariate}"))
    names = run.texts(f"/{fit}/random_effect")
    if etas is None or subjects is None or values is None or names is None or np.isnan(etas[:, place]).all():
        say_why_empty(axes, NOTHING)
        return
    known = np.isfinite(etas[:, place])  # not so where an individual fit failed
    eta, value = etas[known, place], values[subjects.astype(int)[known]]
    if np.isin(value, (0, 1)).all():
        _draw_groups(axes, value, eta)
        axes.set_xticks([0, 1], GROUPS.get(covariate, ("0", "1")))
    else:
        points = {"color": PALETTE[0], "markersize": 3.5, "alpha": 0.6, "markeredgewidth": 0, "label": "subject"}
        axes.plot(value, eta, "o", **points)
        if np.ptp(value) > 0:
            slope, intercept = np.polyfit(value, eta, 1)
            ends = np.array([value.min(), value.max()])
            axes.plot(ends, intercept + slope * ends, color=OBSERVED, linewidth=1)
    axes.axhline(0, color=QUIET, linewidth=0.8, linestyle=":")
    reach = 1.1 * max(0.1, float(np.abs(eta).max()))
    axes.set_ylim(-reach, reach)
    axes.set_title(f"{names[place]}{_relation(run, fit, names[place], covariate)}")
    axes.set_xlabel(LABELS.get(covariate, covariate))
    axes.set_ylabel(f"Random effect ({fit.upper()})")


def _draw_groups(axes: Axes, value: Numbers, eta: Numbers) -> None:
    for group in (0, 1):
        of_group = np.sort(eta[value == group])
        if of_group.size == 0:
            continue
        # Side by side by golden-section steps: neighbours in value lie apart, and the chart is the same every time.
        offsets = SPREAD * (2 * (np.arange(of_group.size) * 0.618034 % 1) - 1)
        axes.plot(group + offsets, of_group, "o", color=PALETTE[0], markersize=3.5, alpha=0.6, markeredgewidth=0)
        axes.plot([group - 0.2, group + 0.2], [of_group.mean()] * 2, color=OBSERVED, linewidth=1.6)
    axes.set_xlim(-0.5, 1.5)
    axes.grid(visible=False, axis="x")


def _relation(run: Run, fit: str, effect: str, covariate: str) -> str:
    """The statistic of the pair as the run holds it, in words."""
    group = f"/{fit}/covariates"
    effects, covariates = run.texts(f"{group}/random_effect"), run.texts(f"{group}/covariate")
    columns = [run.numbers(f"{group}/{name}") for name in ("binary", "statistic", "p_value")]
    if effects is None or covariates is None or any(column is None for column in columns):
        return ""
    for place, pair in enumerate(zip(effects, covariates, strict=True)):
        if pair == (effect, covariate):
            binary, statistic, p_value = (float(column[place]) for column in columns)
            return f": {'difference' if binary == 1 else 'r'} {statistic:.2f}, p {p_value:.2g}"
    return ""
