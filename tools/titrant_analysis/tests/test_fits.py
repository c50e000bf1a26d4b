from __future__ import annotations

import h5py
import numpy as np
from conftest import ALL_PARTS, MakeRun
from matplotlib.figure import Figure

from titrant_analysis import (
    attainment_check,
    goodness_of_fit,
    individual_doses,
    learning_curves,
    open_run,
    parameters,
    predictive_check,
    random_effects,
    reliability,
)

EMPTY = (
    attainment_check,
    goodness_of_fit,
    individual_doses,
    learning_curves,
    parameters,
    predictive_check,
    random_effects,
    reliability,
)


def words(figure: Figure) -> str:
    return "\n".join(text.get_text() for axes in figure.axes for text in axes.texts)


def test_charts_say_why_there_is_nothing(make_run: MakeRun) -> None:
    with open_run(make_run("trial")) as run:
        for chart in EMPTY:
            assert "in this run" in words(chart(run)[0]), chart.__name__


def test_goodness_of_fit_draws_every_observation(make_run: MakeRun) -> None:
    path = make_run("trial", "fits")
    with open_run(path) as run:
        figure, of_biomarker = goodness_of_fit(run)
        assert len(figure.axes) == len(of_biomarker.axes) == 4
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
        figures = predictive_check(run)
        titles = [[axes.get_title(loc="left") for axes in figure.axes] for figure in figures]
        assert titles == [["1 mg", "3 mg", "10 mg"], ["placebo", "1 mg", "3 mg", "10 mg"]]
        first = figures[0].axes[0]
        medians = [line for line in first.lines if line.get_linestyle() == "-"]
        np.testing.assert_array_equal(medians[0].get_ydata(), run.numbers("/pk/vpc/observed")[:3, 1])
        assert first.get_yscale() == "log"


def test_reliability_leaves_empty_bins_out(make_run: MakeRun) -> None:
    with open_run(make_run("protocol", "trial", "classifier", "learning")) as run:
        (figure,) = reliability(run)
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "control: learnt from the other subjects of the trial",
        "control: learnt from virtual subjects",
    ]
    points = figure.axes[0].collections[0].get_offsets()
    assert len(points) == 8  # of ten bins, two are empty


def test_learning_curves_draw_the_mean(make_run: MakeRun) -> None:
    path = make_run("classifier", "learning")
    with open_run(path) as run:
        (figure,) = learning_curves(run)
    line = figure.axes[0].lines[0]
    np.testing.assert_allclose(line.get_ydata(), [0.31, 0.301, 0.3002])


def test_individual_doses_tell_who_succeeds_on_no_dose_or_above_the_last(make_run: MakeRun) -> None:
    path = make_run(*ALL_PARTS, "individual")
    with h5py.File(path, "r+") as file:
        doses = file["/population/adults/once/mechanistic/control/success_from"]
        doses[10:20] = 41.0
        doses[20:24] = 0.5
        doses = doses[()]
    with open_run(path) as run:
        axes = individual_doses(run, "control")[0].axes[0]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels[1] == "adults: 2.0 % on every dose, 5.0 % above 40 mg, 5.0 % never"
    drawn = axes.patches[1].get_xy()
    inside = doses[doses <= 40.0]
    assert drawn[:, 1].max() == 100 * np.histogram(inside, np.geomspace(0.25, 40.0, 40))[0].max() / doses.size


def test_individual_doses_show_both_ends_of_success(make_run: MakeRun) -> None:
    with open_run(make_run(*ALL_PARTS, "individual")) as run:
        lines = {
            endpoint: [patch.get_linestyle() for patch in individual_doses(run, endpoint)[0].axes[0].patches]
            for endpoint in run.endpoints()
        }
        never = [text.get_text() for text in individual_doses(run, "both")[0].axes[0].get_legend().get_texts()]
    assert lines == {"control": ["-", "-"], "safe": ["--", "--"], "both": ["-", "--", "-", "--"]}
    assert never[0].endswith("52.5 % never")  # every second subject, and 5 % of the others
