"""Individual minimum effective doses: how the doses on which a subject succeeds are spread over a population."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis.pages import draw_pages, tiles
from titrant_analysis.protocol import dose_unit, first_endpoint
from titrant_analysis.run import Numbers, Panel, Run
from titrant_analysis.style import PALETTE, empty_figure, label_logarithmic, say_why_empty, styled

NOTHING = "No individual doses in this run.\nThey need a biomarker model and output.trajectories"
BINS = 40


def dose_ranges(run: Run, panel: Panel, endpoint: str) -> tuple[Numbers, Numbers] | None:
    """The dose from which on each subject succeeds, and the dose below which it does; a subject whose first is not
    below its second never does. None: the run has none."""
    group = f"{panel.group}/mechanistic/{endpoint}"
    found = run.columns(group, ("success_from", "success_to"))
    return None if found is None or found[0].size == 0 else (found[0], found[1])


@styled
def individual_doses(run: Run, endpoint: str | None = None) -> list[Figure]:
    """One panel per regimen, for one endpoint (without: that of the headline); populations over each other. Shares
    that have no such dose are told in words."""
    of = first_endpoint(run) if endpoint is None else endpoint
    known = {panel.regimen for panel in run.panels() if dose_ranges(run, panel, of) is not None}
    regimens = [name for name in run.regimens() if name in known]
    if not regimens:
        return empty_figure(NOTHING)

    def draw(axes: Axes, regimen: str) -> None:
        individual_panel(axes, run, regimen, of)

    title = f"Individual doses by the fitted models, endpoint {of}, {run.name}"
    return draw_pages(tiles(regimens), draw, title, width=4.6, height=3.2)


def individual_panel(axes: Axes, run: Run, regimen: str, endpoint: str) -> None:
    """Minimum effective doses (lines) and, where success ends at some dose, where it does (dashed)."""
    unit = dose_unit(run, regimen)
    drawn = False
    for place, panel in enumerate(panel for panel in run.panels() if panel.regimen == regimen):
        found, doses = dose_ranges(run, panel, endpoint), run.numbers(f"{panel.group}/dose")
        if found is None or doses is None or doses.size == 0:
            continue
        begin, end = found
        ever = begin < end
        edges = np.geomspace(doses[0] / 2, doses[-1], BINS)
        colour = PALETTE[place % len(PALETTE)]
        words = _in_words(begin, end, doses, unit)
        label = f"{panel.population}: {words}" if words else panel.population
        for values, line in ((begin, "-"), (end, "--")):
            inside = values[ever & (values > 0) & (values <= doses[-1])]
            if inside.size == 0:
                continue
            inside = np.clip(inside, edges[0], None)
            shares = np.full(inside.size, 100 / begin.size)
            look = {"histtype": "step", "color": colour, "linewidth": 1.4, "linestyle": line}
            axes.hist(inside, bins=edges, weights=shares, label=label, **look)
            label = "_nolegend_"
        if label != "_nolegend_":
            axes.plot([], [], color=colour, label=label)
        drawn = True
    if not drawn:
        say_why_empty(axes, NOTHING)
        return
    axes.set_xscale("log")
    label_logarithmic(axes.xaxis)
    axes.set_title(regimen)
    axes.set_xlabel(f"Dose, {regimen} ({unit})")
    axes.set_ylabel("Share of subjects (% per bin)")
    axes.margins(y=0.25)  # room for the legend above the populations
    axes.legend(loc="upper left", fontsize=7)


def _in_words(begin: Numbers, end: Numbers, doses: Numbers, unit: str) -> str:
    """Of the subjects who succeeds on all of the doses, who on none of them but above, and who never does."""
    ever, last = begin < end, float(doses[-1])
    shares = {
        "on every dose": ever & (begin <= doses[0]) & (end > last),
        f"above {last:g} {unit}": ever & (begin > last),
        "never": ~ever,
    }
    return ", ".join(f"{100 * found.mean():.1f} % {name}" for name, found in shares.items() if found.any())
