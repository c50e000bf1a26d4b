"""How well the fitted models describe the trial: goodness of fit, and the visual predictive check."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from titrant_analysis.pages import draw_pages, tiles
from titrant_analysis.run import Numbers, Run
from titrant_analysis.style import (
    OBSERVED,
    PALETTE,
    QUIET,
    empty_figure,
    finish,
    label_logarithmic,
    new_figure,
    say_why_empty,
    styled,
)

FITS = {"pk": "Concentration", "pd": "Biomarker"}
"""The groups of the fits, and what each measures."""

QUANTILES = ("observed", "simulated_lower", "simulated_upper")
QUANTILE_NAMES = ("5 %", "median", "95 %")

NO_RESIDUALS = "No residuals in this run.\nThey come from a fit: titrant run, or titrant fit"
NO_CHECK = "No predictive check in this run.\nSet diagnostics.simulations above 0"


def fit_unit(run: Run, fit: str) -> str:
    """The unit of what a fit describes."""
    return run.units.concentration if fit == "pk" else run.units.biomarker


@styled
def goodness_of_fit(run: Run) -> list[Figure]:
    """One figure per fit: observed against predicted values, and weighted residuals against time and prediction."""
    fits = [fit for fit in FITS if run.numbers(f"/{fit}/diagnostics/observed") is not None]
    return [_goodness_of(run, fit) for fit in fits] or empty_figure(NO_RESIDUALS)


def _goodness_of(run: Run, fit: str) -> Figure:
    figure, axes = new_figure(1, 4, width=3.0, height=2.7)
    row = axes[0]
    prediction_panel(row[0], run, fit, "pred", "population prediction")
    prediction_panel(row[1], run, fit, "ipred", "individual prediction")
    residual_panel(row[2], run, fit, "time")
    residual_panel(row[3], run, fit, "pred")
    handles = [
        Line2D([], [], linestyle="", marker="o", markersize=4, color=PALETTE[0], label="observation"),
        Line2D([], [], linestyle="", marker="v", markersize=4, color=PALETTE[1], label="below its limit (LLOQ)"),
        Line2D([], [], color=QUIET, label="agreement"),
    ]
    finish(figure, f"Goodness of fit, {FITS[fit].lower()}, {run.name}", handles)
    return figure


def prediction_panel(axes: Axes, run: Run, fit: str, prediction: str, label: str) -> None:
    """Observed against predicted values on logarithmic axes; predictions of 0 are left out."""
    observed, predicted = (run.numbers(f"/{fit}/diagnostics/{name}") for name in ("observed", prediction))
    if observed is None or predicted is None:
        say_why_empty(axes, NO_RESIDUALS)
        return
    positive = (observed > 0) & (predicted > 0)
    censored = _censored(run, fit, observed)
    for shown, marker, colour in ((~censored, "o", PALETTE[0]), (censored, "v", PALETTE[1])):
        chosen = positive & shown
        name = "observation" if marker == "o" else "below the limit of quantification"
        points = {"color": colour, "markersize": 3, "alpha": 0.5, "markeredgewidth": 0, "label": name}
        axes.plot(predicted[chosen], observed[chosen], marker, **points)
    axes.set_xscale("log")
    axes.set_yscale("log")
    if positive.any():
        both = np.concatenate([observed[positive], predicted[positive]])
        ends = [both.min(), both.max()]
        axes.plot(ends, ends, color=QUIET, linewidth=1)
        label_logarithmic(axes.xaxis)
        label_logarithmic(axes.yaxis)
    axes.set_title(f"{FITS[fit]}: {label}")
    unit = fit_unit(run, fit)
    axes.set_xlabel(f"{label.capitalize()} ({unit})")
    axes.set_ylabel(f"Observed ({unit})")


def residual_panel(axes: Axes, run: Run, fit: str, against: str) -> None:
    """Conditional weighted residuals against `time` or `pred`; about standard normal if the model is right."""
    place, residual = (run.numbers(f"/{fit}/diagnostics/{name}") for name in (against, "cwres"))
    if place is None or residual is None or np.isnan(residual).all():
        say_why_empty(axes, NO_RESIDUALS)
        return
    if against == "time":
        place = place / 24
        axes.set_xlabel("Time (days)")
    else:
        axes.set_xscale("log")
        axes.set_xlabel(f"Population prediction ({fit_unit(run, fit)})")
    points = {"color": PALETTE[0], "markersize": 3, "alpha": 0.5, "markeredgewidth": 0, "label": "observation"}
    axes.plot(place, residual, "o", **points)
    if against == "pred" and (place > 0).any():
        label_logarithmic(axes.xaxis)
    for level in (-2, 0, 2):
        axes.axhline(level, color=QUIET, linewidth=1 if level == 0 else 0.8, linestyle="-" if level == 0 else ":")
    reach = max(4.0, 1.05 * float(np.nanmax(np.abs(residual))))
    axes.set_ylim(-reach, reach)
    axes.set_title(f"{FITS[fit]}: weighted residuals")
    axes.set_ylabel("CWRES")


def _censored(run: Run, fit: str, observed: Numbers) -> NDArray[np.bool_]:
    flags = run.numbers(f"/{fit}/diagnostics/censored")
    return np.zeros(observed.size, dtype=np.bool_) if flags is None else np.equal(flags, 1)


@styled
def predictive_check(run: Run) -> list[Figure]:
    """For each fit one panel per dose group: observed quantiles (lines) over those of simulated trials (bands)."""
    handles = [
        Line2D([], [], color=OBSERVED, label="observed 5, 50 and 95 %"),
        Patch(color=PALETTE[0], alpha=0.35, label="simulated 50 %, 90 % interval"),
        Patch(color=PALETTE[5], alpha=0.35, label="simulated 5 and 95 %, 90 % interval"),
    ]
    figures: list[Figure] = []
    for fit in FITS:
        doses = run.numbers(f"/{fit}/vpc/dose")
        if doses is None or run.numbers(f"/{fit}/vpc/observed") is None:
            continue

        def draw(axes: Axes, dose: float, fit: str = fit) -> None:
            check_panel(axes, run, fit, dose)

        title = f"Visual predictive check, {FITS[fit].lower()}, {run.name}"
        pages = tiles([float(dose) for dose in np.unique(doses)])
        figures += draw_pages(pages, draw, title, lambda: handles, width=3.6, height=2.7)
    return figures or empty_figure(NO_CHECK)


def check_panel(axes: Axes, run: Run, fit: str, dose: float) -> None:
    group = f"/{fit}/vpc"
    all_doses, time = run.numbers(f"{group}/dose"), run.numbers(f"{group}/time")
    observed, lower, upper = (run.numbers(f"{group}/{name}") for name in QUANTILES)
    if all_doses is None or time is None or observed is None or lower is None or upper is None:
        say_why_empty(axes, NO_CHECK)
        return
    chosen = np.flatnonzero(all_doses == dose)
    chosen = chosen[np.argsort(time[chosen])]
    days = time[chosen] / 24
    for quantile, colour in ((0, PALETTE[5]), (2, PALETTE[5]), (1, PALETTE[0])):
        axes.fill_between(days, lower[chosen, quantile], upper[chosen, quantile], color=colour, alpha=0.35, linewidth=0)
        style = "-" if quantile == 1 else "--"
        level = f"observed, {QUANTILE_NAMES[quantile]}"
        axes.plot(days, observed[chosen, quantile], style, color=OBSERVED, linewidth=1, label=level)
    if fit == "pk" and (upper[chosen] > 0).any():
        axes.set_yscale("log")  # what is below the limit of quantification is stored as 0, and not drawn
        label_logarithmic(axes.yaxis)
    axes.set_title(f"{dose:g} {run.units.dose}" if dose > 0 else "placebo")
    axes.set_xlabel("Time (days)")
    axes.set_ylabel(f"{FITS[fit]} ({fit_unit(run, fit)})")
