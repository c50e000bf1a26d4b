from __future__ import annotations

import csv
import re
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import LARGE, SETTINGS, MakeRun

from titrant_analysis.__main__ import main
from titrant_analysis.charts import CHARTS


def test_table_lists_every_question(whole_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(whole_run)]) == 0
    lines = [re.split(r"  +", line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 1 + 2 * 12 * 2 * 2  # methods, panels and endpoints, targets, rules
    assert lines[0] == [
        "population", "regimen", "endpoint", "target", "method", "rule", "doses", "90 % interval", "P(meets)",
        "attainment", "one dose beside",
    ]
    rows = {tuple(line[:6]): line[6:] for line in lines[1:]}
    # ED50 3 mg, slope 2.5: attainment is 0.9 at 3 * 9^(1/2.5) = 7.22 mg, so it reaches that at 7.5 mg of the list; on
    # the safe side it is 0.9 at 24 / 9^(1/2.5) = 9.97 mg.
    first = ("adults", "once")
    by = ("qcnn", "mean")
    assert rows[(*first, "control", "90 %", *by)] == ["from 7.5 mg", "6 .. above", "0.62", "90.8 %", "89.3 %"]
    assert rows[(*first, "safe", "90 %", *by)] == ["at most 9.5 mg", "below .. 11.4", "0.62", "91.0 %", "89.9 %"]
    window = ["5 .. 15 mg", "4 .. 6; 12 .. 18", "0.62", "76.7 %", "72.3 %"]
    assert rows[(*first, "both", "75 %", *by)] == window
    assert rows[(*first, "both", "90 %", *by)] == ["none of the doses", "-", "-", "86.6 %", "-"]
    assert rows["adults", "by_weight", "control", "90 %", "qcnn", "mean"][0] == "from 1 mg/kg"


def test_table_of_a_run_without_answers(make_run: MakeRun, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(make_run("trial"))]) == 0
    assert "No answers in this run" in capsys.readouterr().out


def test_plot_writes_png_and_svg(whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", str(whole_run), "--output", str(tmp_path / "charts"), "--dose", "once=10"]) == 0
    written = sorted(file.name for file in (tmp_path / "charts").iterdir())
    names = [name for name in CHARTS if name != "dose_response"]
    names += [f"dose_response_{endpoint}" for endpoint in ("control", "safe", "both")]
    assert written == sorted(f"{name}.{kind}" for name in names for kind in ("png", "svg"))
    assert len(capsys.readouterr().out.splitlines()) == len(written)


def test_an_endpoint_can_be_asked_for(make_run: MakeRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(make_run("protocol", "classifier", "population", asked=LARGE))
    options = ["--output", str(tmp_path), "--format", "pdf"]
    assert main(["plot", "dose-response", store, "--endpoint", "safe", *options]) == 0
    files = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert files == [f"dose_response_safe_{place}.pdf" for place in (1, 2, 3)]
    assert main(["plot", "dose-response", store, "--endpoint", "secure"]) == 2
    assert "has no endpoint 'secure'; it has control, safe, both, reduced" in capsys.readouterr().err


def test_one_chart_can_be_asked_for(whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", "dose-response", str(whole_run), "--output", str(tmp_path), "--format", "pdf"]) == 0
    assert str(tmp_path / "dose_response_control.pdf") in capsys.readouterr().out.splitlines()
    assert (tmp_path / "dose_response_control.pdf").read_bytes().startswith(b"%PDF")
    assert main(["plot", "dose-respond", str(whole_run)]) == 2
    assert "there is no chart 'dose-respond'; the charts are dose-response, " in capsys.readouterr().err


def test_tables_as_csv(make_run: MakeRun, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(make_run("protocol", "trial", "decision", "estimates"))
    assert main(["table", path, "--what", "parameters", "--csv"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert (rows[0]["fit"], rows[0]["parameter"], float(rows[0]["estimate"])) == ("pk", "clearance", 40.0)
    assert main(["table", path, "--csv"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert len(rows) == 96
    assert {row["dose_unit"] for row in rows} == {"mg", "mg/kg"}
    assert main(["table", path, "--what", "metrics"]) == 0
    assert capsys.readouterr().out == "nothing\n"


def test_two_runs_side_by_side(make_run: MakeRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = make_run("protocol", "decision", "estimates", "trial", "config").rename(tmp_path / "one.h5")
    other = make_run("protocol", "decision", "estimates", "trial", "config")
    with h5py.File(other, "a") as file:
        file["/decision/dose"][0] += 0.5
        window = int(np.flatnonzero(file["/decision/window_end"][()] > 0)[0])
        file["/decision/window_end"][window] += 1
        del file["/config/resolved"]
        file["/config/resolved"] = SETTINGS.replace("seed: 1", "seed: 2")
    assert main(["compare", str(one), str(other)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[2] == ["seed", "1", "2"] and lines[3] == []
    moved = [line for line in lines[6:102] if line[-1:] not in (["0"], ["nan"])]
    assert moved[0] == "renal once control 0.9 qcnn mean dose mg 11 11.5 0.5".split()
    assert [line[6:8] + line[-1:] for line in moved[1:]] == [["window_end", "mg", "1"]]


def test_bad_input_ends_with_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(tmp_path / "absent.h5")]) == 2
    assert "absent.h5: there is no such file" in capsys.readouterr().err
    for dose in ("once", "once=", "=3", "once=-1", "once=much"):
        with pytest.raises(SystemExit) as stop:
            main(["plot", "run.h5", "--dose", dose])
        assert stop.value.code == 2
