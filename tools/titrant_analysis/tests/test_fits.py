from __future__ import annotations

import h5py
import numpy as np
from conftest import ALL_PARTS, MakeRun
from matplotlib.figure import Figure

from titrant_analysis import (
    critical_doses,
    goodness_of_fit,
    learning_curves,
    open_run,
    parameters,
    predictive_check,
    random_effects,
    reliability,
    responders,
)

EMPTY = (
    critical_doses,
    goodness_of_fit,
    learning_curves,
    parameters,
    predictive_check,
    random_effects,
    reliability,
    responders,
)


def words(figure: Figure) -> str:
    return "\n".join(text.get_text() for axes in figure.axes for text in axes.texts)


def test_charts_say_why_there_is_nothing(make_run: MakeRun) -> None:
    with open_run(make_run("trial")) as run:
        for chart in EMPTY:
            assert "in this run" in words(chart(run)[0][0].figure), chart.__name__


def test_goodness_of_fit_draws_every_observation(make_run: MakeRun) -> None:
    path = make_run("trial", "fits")
    with open_run(path) as run:
        figure = goodness_of_fit(run)[0][0].figure
        assert len(figure.axes) == 8
        seen, censored = figure.axes[1].lines[:2]
        ipred, observed = run.numbers("/pk/diagnostics/ipred"), run.numbers("/pk/diagnostics/observed")
        np.testing.assert_array_equal(seen.get_xdata(), ipred[1:])
        np.testing.assert_array_equal(seen.get_ydata(), observed[1:])
        np.testing.assert_array_equal(censored.get_ydata(), observed[:1])
        np.testing.assert_array_equal(figure.axes[2].lines[0].get_xdata(), run.numbers("/pk/diagnostics/time") / 24)
        np.testing.assert_array_equal(figure.axes[2].lines[0].get_ydata(), run.numbers("/pk/diagnostics/cwres"))
        np.testing.assert_array_equal(figure.axes[3].lines[0].get_xdata(), run.numbers("/pk/diagnostics/pred"))


def test_predictive_check_has_a_panel_per_dose_group(make_run: MakeRun) -> None:
    with open_run(make_run("trial", "fits")) as run:
        figure = predictive_check(run)[0][0].figure
        titles = [axes.get_title(loc="left") for axes in figure.axes if axes.axison]
        assert titles == ["1 mg", "3 mg", "10 mg", "placebo", "1 mg", "3 mg", "10 mg"]
        first = next(axes for axes in figure.axes if axes.axison)
        medians = [line for line in first.lines if line.get_linestyle() == "-"]
        np.testing.assert_array_equal(medians[0].get_ydata(), run.numbers("/pk/vpc/observed")[:3, 1])
        assert first.get_yscale() == "log"


def test_reliability_leaves_empty_bins_out(make_run: MakeRun) -> None:
    with open_run(make_run("trial", "classifier", "learning")) as run:
        figure = reliability(run)[0][0].figure
    points = figure.axes[0].collections[0].get_offsets()
    assert len(points) == 8  # of ten bins, two are empty


def test_learning_curves_draw_the_mean(make_run: MakeRun) -> None:
    path = make_run("classifier", "learning")
    with open_run(path) as run:
        figure = learning_curves(run)[0][0].figure
    line = figure.axes[0].lines[0]
    np.testing.assert_allclose(line.get_ydata(), [0.31, 0.301, 0.3002])


def test_critical_doses_tell_the_share_beyond_the_grid(make_run: MakeRun) -> None:
    path = make_run(*ALL_PARTS, "critical")
    with h5py.File(path) as file:
        doses = file["/scenario/base/daily/mechanistic/critical_dose"][()]
    with open_run(path) as run:
        figure = critical_doses(run)[0][0].figure
    label = figure.axes[0].get_legend().get_texts()[0].get_text()
    assert label == f"base: {100 * np.mean(doses > 40.0):.1f} % above 40 mg"
