from __future__ import annotations

import itertools
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import ALL_PARTS, CONTROL, LARGE, SMALL, Asked, MakeRun, Regimen, put
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis import CHARTS, Panel, dose_response, dose_unit, exposure, individual_doses, open_run, training
from titrant_analysis.decisions import read_decisions
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
        for endpoint in run.endpoints():
            (figure,) = dose_response(run, endpoint)
            assert len(figure.axes) == 4
            for place, (regimen, population) in enumerate(itertools.product(run.regimens(), run.populations())):
                axes, group = figure.axes[place], f"/population/{population}/{regimen}"
                assert axes.get_title(loc="left") == f"{population}, {regimen}"
                for name, colour in zip(run.methods(), PALETTE, strict=False):
                    for dataset, line in (("target_attainment", "-"), ("target_attainment_indicator", "--")):
                        dose, share = curve(axes, colour, line)
                        np.testing.assert_array_equal(dose, run.numbers(f"{group}/dose"))
                        stored = run.numbers(f"{group}/{name}/{endpoint}/{dataset}")
                        np.testing.assert_array_equal(share, 100 * stored)
                assert axes.get_xlabel() == f"Dose, {regimen} ({dose_unit(run, regimen)})"
                assert axes.get_ylabel() == "Target attainment (% of subjects)"


def test_without_an_endpoint_it_is_that_of_the_headline(whole_run: Path) -> None:
    with h5py.File(whole_run, "r+") as file:
        del file["/protocol/headline/endpoint"]
        put(file, "/protocol/headline/endpoint", "safe")
    with open_run(whole_run) as run:
        (figure,) = dose_response(run)
        assert CHARTS["dose_response"].parts(run) == ["safe", "control", "both"]
    assert "endpoint safe" in figure._suptitle.get_text()


def test_figures_have_six_panels_at_most_and_every_panel_is_drawn_once(make_run: MakeRun) -> None:
    with open_run(make_run(*ALL_PARTS, "individual", asked=LARGE)) as run:
        for draw in (dose_response, exposure):
            figures = draw(run)
            assert [len(figure.axes) for figure in figures] == [6, 6, 3]
            titles = [axes.get_title(loc="left").split(":")[0] for figure in figures for axes in figure.axes]
            panels = itertools.product(LARGE.regimens, LARGE.populations)
            assert titles == [f"{population}, {regimen}" for regimen, population in panels]
        (figure,) = individual_doses(run)
        assert [axes.get_title(loc="left") for axes in figure.axes if axes.axison] == list(LARGE.regimens)


def test_answers_are_marked_where_they_are(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        for endpoint in run.endpoints():
            axes = dose_response(run, endpoint)[0].axes[1]  # adults, once
            marked = {tuple(line.get_xydata()[0]) for line in axes.lines if line.get_marker() == "D"}
            expected = set()
            for one in read_decisions(run):
                if (one.population, one.regimen, one.endpoint, one.rule) == ("adults", "once", endpoint, "mean"):
                    shares = run.numbers(f"/population/adults/once/{one.method}/{endpoint}/target_attainment")
                    for dose in {one.dose, one.window_end}:
                        if not np.isnan(dose):
                            expected.add((dose, 100 * shares[round(2 * dose) - 1]))
            assert marked == expected
    assert len(expected) == 4  # windows for 75 %, by two methods


def test_dose_response_shows_the_trial_where_doses_and_outcomes_are_its_own(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        shown = {}
        for endpoint in run.endpoints():
            for axes in dose_response(run, endpoint)[0].axes:
                points = [line for line in axes.lines if line.get_marker() == "o"]
                if points:
                    shown[endpoint, axes.get_title(loc="left")] = [line.get_xydata()[0].tolist() for line in points]
    assert shown == {
        ("control", "adults, once"): [[0.0, 0.0], [1.0, 0.0], [3.0, 50.0], [10.0, pytest.approx(1100 / 12)]]
    }


def test_a_curve_that_rises_to_its_last_dose_is_drawn_whole(make_run: MakeRun) -> None:
    path = make_run("protocol", "classifier", "population")
    with h5py.File(path, "a") as file:
        group = file["/population/adults/once"]
        for name in ("qcnn", "logistic"):  # two doses far from each other, as a bisection gives them
            shares = np.full(group["dose"].size, np.nan)
            shares[[0, -1]] = 0.05, 0.4
            group[f"{name}/control/target_attainment"][...] = shares
            group[f"{name}/control/target_attainment_indicator"][...] = shares
    with open_run(path) as run:
        assert last_interesting_dose(run, Panel("adults", "once"), "control") == 40.0


def test_a_curve_that_falls_is_drawn_until_it_has_fallen(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        panel = Panel("adults", "once")
        last = last_interesting_dose(run, panel, "safe")
        shares = [run.numbers(f"{panel.group}/{name}/safe/target_attainment") for name in run.methods()]
        doses = run.numbers(f"{panel.group}/dose")
    for one in shares:
        assert (one[doses >= last] < one[-1] + 0.02).all()
        assert (one[doses < 30.0] > one[-1] + 0.02).all()


def test_panels_of_a_regimen_share_their_doses(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        (figure,) = dose_response(run)
    limits = [axes.get_xlim() for axes in figure.axes]
    assert limits[0] == limits[1] and limits[2] == limits[3]
    assert limits[0][1] < 40.0  # a plateau is left out, and the chart says so
    assert "the doses end at 40 mg" in texts(figure)
    assert [axes.get_xscale() for axes in figure.axes] == ["linear", "linear", "log", "log"]  # 0.05 to 10 mg/kg, uneven
    assert limits[2][0] < 0.05 and limits[2][1] > 10.0


def test_few_doses_are_marked_one_by_one(make_run: MakeRun) -> None:
    with open_run(make_run("protocol", "classifier", "population", asked=LARGE)) as run:
        figures = dose_response(run)
    found = {axes.get_title(loc="left"): axes.lines[0].get_marker() for figure in figures for axes in figure.axes}
    assert found["adults, twice"] == "." and found["adults, daily"] == ""


def test_a_regimen_of_one_dose_shows_its_interval(make_run: MakeRun) -> None:
    asked = Asked({"adults": 3.0}, {"once": Regimen(24.0, np.array([5.0]))}, {"control": CONTROL}, SMALL.headline)
    with open_run(make_run("protocol", "classifier", "population", asked=asked)) as run:
        (axes,) = dose_response(run)[0].axes
        path = "/population/adults/once/qcnn/control/target_attainment"
        ends = [100 * run.numbers(f"{path}_{end}")[0] for end in ("lower", "upper")]
    (interval,) = axes.collections
    np.testing.assert_allclose(interval.get_segments()[0], [[5.0, ends[0]], [5.0, ends[1]]])


def test_unevaluated_doses_are_left_out(whole_run: Path) -> None:
    with h5py.File(whole_run, "r+") as file:
        file["/population/renal/once/qcnn/control/target_attainment"][::2] = np.nan
        doses = file["/population/renal/once/dose"][1::2]
    with open_run(whole_run) as run:
        dose, share = curve(dose_response(run)[0].axes[0], PALETTE[0], "-")
    np.testing.assert_array_equal(dose, doses)
    assert not np.isnan(share).any()


def test_methods_that_learnt_elsewhere_give_way_to_the_answers(whole_run: Path) -> None:
    with h5py.File(whole_run, "r+") as file:
        for name in ("qcnn_trial", "logistic_trial", "qcnn_virtual"):
            file.copy("/population/renal/once/qcnn", f"/population/renal/once/{name}")
    with open_run(whole_run) as run:
        assert shown_methods(run) == ["qcnn", "logistic"]
        assert [colours(run.methods())[name] for name in ("qcnn", "logistic")] == list(PALETTE[:2])
        drawn = [line for line in dose_response(run)[0].axes[0].lines if len(line.get_xdata()) == 80]
    assert len(drawn) == 4  # two methods, two rules


def test_long_histories_are_smoothed(whole_run: Path) -> None:
    loss = 0.3 + 0.1 * np.random.default_rng(2).normal(size=600)
    with h5py.File(whole_run, "r+") as file:
        for name, values in {"step": np.arange(600.0), "loss": loss}.items():
            del file[f"/classifier/qcnn/control/history/{name}"]
            file[f"/classifier/qcnn/control/history/{name}"] = values
    with open_run(whole_run) as run:
        raw, smooth = training(run)[0].axes[0].lines[:2]
    np.testing.assert_array_equal(raw.get_ydata(), loss)
    assert (smooth.get_xdata()[0], smooth.get_xdata()[-1]) == (19.0, 599.0)
    assert smooth.get_ydata()[-1] == pytest.approx(loss[-20:].mean(), rel=1e-12)


def test_exposure_scales_with_the_dose(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        per_mg = run.numbers("/population/renal/once/concentration")
        (figure,) = exposure(run, {"once": 10.0})
    time, median = curve(figure.axes[0], PALETTE[0], "-")
    np.testing.assert_allclose(median, 10.0 * np.median(per_mg, axis=0), rtol=1e-12)
    assert (time[0], time[-1]) == (0.1875, 23.8125)
    assert "renal, once: 10 mg\n" in f"{texts(figure)}\n"
    assert "adults, by_weight: 1 mg/kg\n(lowest for 90 % control, QCNN)" in texts(figure)
    assert figure.axes[0].get_xticks().tolist() == [0, 6, 12, 18, 24]
    assert figure.axes[2].get_xticks().tolist() == [0, 24, 48, 72, 96, 120, 144, 168]


def test_training_draws_losses_and_folds(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        (figure,) = training(run)
        *losses, log_loss, _, spare = figure.axes
        assert [axes.get_title(loc="left").split(":")[0] for axes in losses] == run.endpoints()
        assert not spare.axison
        for name, colour in zip(run.methods(), PALETTE, strict=False):
            _, values = curve(losses[1], colour, "-")
            np.testing.assert_array_equal(values, run.numbers(f"/classifier/{name}/safe/history/loss"))
            folds = [line for line in log_loss.lines if line.get_marker() == "o" and line.get_color() == colour]
            np.testing.assert_array_equal(folds[0].get_ydata(), run.numbers(f"/classifier/{name}/evaluation/log_loss"))


def test_an_empty_run_says_why_there_is_nothing(make_run: MakeRun) -> None:
    with open_run(make_run()) as run:
        assert "No target attainment in this run" in texts(dose_response(run)[0])
        assert "No concentrations in this run" in texts(exposure(run)[0])
        assert "No training in this run" in texts(training(run)[0])
        assert "No held-out auc in this run" in texts(training(run)[0])


def test_any_part_may_be_absent(make_run: MakeRun, tmp_path: Path) -> None:
    for count in range(1, len(ALL_PARTS)):
        for parts in itertools.combinations(ALL_PARTS, count):
            with open_run(make_run(*parts, trajectories=False, bootstrap=False)) as run:
                for draw in (dose_response, exposure, training):
                    for figure in draw(run):
                        figure.canvas.draw()
                        assert figure.axes, (parts, draw.__name__)


def test_files_keep_text_as_text_and_do_not_change(whole_run: Path, tmp_path: Path) -> None:
    with open_run(whole_run) as run:
        first = save(dose_response(run)[0], tmp_path / "new" / "folder", "chart")
        second = save(dose_response(run)[0], tmp_path / "again", "chart")
    assert [file.name for file in first] == ["chart.png", "chart.svg"]
    assert first[0].read_bytes() == second[0].read_bytes()
    assert first[1].read_bytes() == second[1].read_bytes()
    assert "Target attainment (% of subjects)</text>" in first[1].read_text()
