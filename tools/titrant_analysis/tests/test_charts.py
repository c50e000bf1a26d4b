from __future__ import annotations

import itertools
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import ALL_PARTS, GRID, MakeRun
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis import dose_response, exposure, open_run, training
from titrant_analysis.dose_response import last_interesting_dose
from titrant_analysis.methods import shown_methods
from titrant_analysis.style import PALETTE, colours, save


def texts(figure: Figure) -> str:
    return "\n".join(text.get_text() for axes in figure.axes for text in [axes.title, axes._left_title, *axes.texts])


def curve(axes: Axes, colour: str, line: str) -> tuple[np.ndarray, np.ndarray]:
    """The one curve of a colour and line style, by its doses and its values."""
    (found,) = [
        drawn
        for drawn in axes.lines
        if drawn.get_color() == colour and drawn.get_linestyle() == line and len(drawn.get_xdata()) > 2
    ]
    return np.asarray(found.get_xdata()), np.asarray(found.get_ydata())


def test_dose_response_draws_what_is_stored(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        figure = dose_response(run)[0][0].figure
        assert len(figure.axes) == 6
        for place, (scenario, regimen) in enumerate(itertools.product(run.scenarios(), run.regimens())):
            axes = figure.axes[place]
            group = f"/scenario/{scenario}/{regimen}"
            for name, colour in zip(run.classifiers(), PALETTE, strict=False):
                for dataset, line in (("pass_rate", "-"), ("pass_rate_indicator", "--")):
                    dose, rate = curve(axes, colour, line)
                    np.testing.assert_array_equal(dose, run.numbers(f"{group}/dose"))
                    np.testing.assert_array_equal(rate, 100 * run.numbers(f"{group}/{name}/{dataset}"))
            assert axes.get_xlabel() == f"{regimen.capitalize()} dose (mg)"
            assert axes.get_ylabel() == "Pass rate (% of subjects)"


def test_dose_response_shows_the_trial_in_its_panel_only(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        figure = dose_response(run)[0][0].figure
    observed = [[line for line in axes.lines if line.get_marker() == "o"] for axes in figure.axes]
    assert [len(points) for points in observed] == [4, 0, 0, 0, 0, 0]
    shown = [(point.get_xdata()[0], point.get_ydata()[0]) for point in observed[0]]
    assert shown == [(0.0, 0.0), (1.0, 0.0), (3.0, 50.0), (10.0, pytest.approx(1100 / 12))]


def test_a_curve_that_rises_to_its_last_dose_is_drawn_whole(make_run: MakeRun) -> None:
    path = make_run("classifier", "scenario")
    with h5py.File(path, "a") as file:
        group = file["/scenario/base/weekly"]
        for name in ("qcnn", "logistic"):  # two doses far from each other, as a bisection gives them
            rates = np.full(group["dose"].size, np.nan)
            rates[[0, -1]] = 0.05, 0.4
            group[f"{name}/pass_rate"][...] = rates
            group[f"{name}/pass_rate_indicator"][...] = rates
    with open_run(path) as run:
        assert last_interesting_dose(run, "base", "weekly") == GRID["weekly"][-1]


def test_panels_of_a_regimen_share_their_doses(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        figure = dose_response(run)[0][0].figure
    limits = [axes.get_xlim() for axes in figure.axes]
    assert len(set(limits[0::2])) == 1
    assert len(set(limits[1::2])) == 1
    assert limits[0][1] < 40.0  # a plateau is left out, and the chart says so
    assert "the grid ends at 40 mg" in texts(figure)


def test_unevaluated_doses_are_left_out(whole_run: Path) -> None:
    with h5py.File(whole_run, "r+") as file:
        file["/scenario/base/daily/qcnn/pass_rate"][::2] = np.nan
        doses = file["/scenario/base/daily/dose"][1::2]
    with open_run(whole_run) as run:
        dose, rate = curve(dose_response(run)[0][0].figure.axes[0], PALETTE[0], "-")
    np.testing.assert_array_equal(dose, doses)
    assert not np.isnan(rate).any()


def test_methods_that_learnt_elsewhere_give_way_to_the_answers(whole_run: Path) -> None:
    with h5py.File(whole_run, "r+") as file:
        for name in ("qcnn_trial", "logistic_trial", "qcnn_virtual_daily"):
            file.copy("/scenario/base/daily/qcnn", f"/scenario/base/daily/{name}")
    with open_run(whole_run) as run:
        assert shown_methods(run) == ["qcnn", "logistic"]
        assert [colours(run.classifiers())[name] for name in ("qcnn", "logistic")] == list(PALETTE[:2])
        drawn = [line for line in dose_response(run)[0][0].figure.axes[0].lines if len(line.get_xdata()) == 80]
    assert len(drawn) == 4  # two methods, two rules


def test_long_histories_are_smoothed(whole_run: Path) -> None:
    loss = 0.3 + 0.1 * np.random.default_rng(2).normal(size=600)
    with h5py.File(whole_run, "r+") as file:
        for name, values in {"step": np.arange(600.0), "loss": loss}.items():
            del file[f"/classifier/qcnn/history/{name}"]
            file[f"/classifier/qcnn/history/{name}"] = values
    with open_run(whole_run) as run:
        raw, smooth = training(run)[0][0].figure.axes[0].lines[:2]
    np.testing.assert_array_equal(raw.get_ydata(), loss)
    assert (smooth.get_xdata()[0], smooth.get_xdata()[-1]) == (19.0, 599.0)
    assert smooth.get_ydata()[-1] == pytest.approx(loss[-20:].mean(), rel=1e-12)


def test_exposure_scales_with_the_dose(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        per_mg = run.numbers("/scenario/base/daily/concentration")
        figure = exposure(run, {"daily": 10.0})[0][0].figure
    time, median = curve(figure.axes[0], PALETTE[0], "-")
    np.testing.assert_allclose(median, 10.0 * np.median(per_mg, axis=0), rtol=1e-12)
    assert (time[0], time[-1]) == (0.1875, 23.8125)
    assert "base, 10 mg daily" in texts(figure)
    assert "base, 70 mg weekly (minimal for 90 %, QCNN)" in texts(figure)


def test_training_draws_losses_and_folds(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        figure = training(run)[0][0].figure
        loss, log_loss, _ = figure.axes
        for name, colour in zip(run.classifiers(), PALETTE, strict=False):
            _, values = curve(loss, colour, "-")
            np.testing.assert_array_equal(values, run.numbers(f"/classifier/{name}/history/loss"))
            folds = [line for line in log_loss.lines if line.get_marker() == "o" and line.get_color() == colour]
            np.testing.assert_array_equal(folds[0].get_ydata(), run.numbers(f"/classifier/{name}/evaluation/log_loss"))


def test_an_empty_run_says_why_there_is_nothing(make_run: MakeRun) -> None:
    with open_run(make_run()) as run:
        assert "No pass rates in this run" in texts(dose_response(run)[0][0].figure)
        assert "No concentrations in this run" in texts(exposure(run)[0][0].figure)
        assert "No training in this run" in texts(training(run)[0][0].figure)
        assert "No held-out auc in this run" in texts(training(run)[0][0].figure)


def test_any_part_may_be_absent(make_run: MakeRun, tmp_path: Path) -> None:
    for count in range(1, len(ALL_PARTS)):
        for parts in itertools.combinations(ALL_PARTS, count):
            with open_run(make_run(*parts, trajectories=False, bootstrap=False)) as run:
                for draw in (dose_response, exposure, training):
                    axes = draw(run)
                    axes[0][0].figure.canvas.draw()
                    assert axes.size > 0, (parts, draw.__name__)


def test_files_keep_text_as_text_and_do_not_change(whole_run: Path, tmp_path: Path) -> None:
    with open_run(whole_run) as run:
        first = save(dose_response(run)[0][0].figure, tmp_path / "new" / "folder", "chart")
        second = save(dose_response(run)[0][0].figure, tmp_path / "again", "chart")
    assert [file.name for file in first] == ["chart.png", "chart.svg"]
    assert first[0].read_bytes() == second[0].read_bytes()
    assert first[1].read_bytes() == second[1].read_bytes()
    assert "Pass rate (% of subjects)</text>" in first[1].read_text()
