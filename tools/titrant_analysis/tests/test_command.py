from __future__ import annotations

import csv
from pathlib import Path

import h5py
import pytest
from conftest import SETTINGS, MakeRun

from titrant_analysis.__main__ import main
from titrant_analysis.charts import CHARTS


def test_table_lists_every_question(whole_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(whole_run)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 25
    assert lines[0].split()[:4] == ["scenario", "regimen", "target", "classifier"]
    # ED50 3 mg, slope 2.5: the rate reaches 0.9 at 3 * 9^(1/2.5) = 7.22 mg, so at 7.5 mg on the grid.
    assert lines[1].split() == "base daily 90 % qcnn measured day_21 mean 7.5 6 .. above grid - 90.8 % 89.3 %".split()
    assert "none on this grid" in lines[-1]
    assert lines[-1].split()[-4:] == ["-", "98.0", "%", "-"]


def test_table_of_a_run_without_answers(make_run: MakeRun, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(make_run("trial"))]) == 0
    assert "No answers in this run" in capsys.readouterr().out


def test_plot_writes_png_and_svg(whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", str(whole_run), "--output", str(tmp_path / "charts"), "--dose", "daily=10"]) == 0
    written = sorted(file.name for file in (tmp_path / "charts").iterdir())
    assert written == sorted(f"{name}.{kind}" for name in CHARTS for kind in ("png", "svg"))
    assert len(capsys.readouterr().out.splitlines()) == 2 * len(CHARTS)


def test_one_chart_can_be_asked_for(whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", "dose-response", str(whole_run), "--output", str(tmp_path), "--format", "pdf"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "dose_response.pdf")
    assert (tmp_path / "dose_response.pdf").read_bytes().startswith(b"%PDF")
    assert main(["plot", "dose-respond", str(whole_run)]) == 2
    assert "there is no chart 'dose-respond'; the charts are dose-response, " in capsys.readouterr().err


def test_tables_as_csv(make_run: MakeRun, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(make_run("trial", "decision", "estimates"))
    assert main(["table", path, "--what", "parameters", "--csv"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert (rows[0]["fit"], rows[0]["parameter"], float(rows[0]["estimate"])) == ("pk", "clearance", 40.0)
    assert main(["table", path, "--csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 26
    assert main(["table", path, "--what", "metrics"]) == 0
    assert capsys.readouterr().out == "nothing\n"


def test_two_runs_side_by_side(make_run: MakeRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = make_run("decision", "estimates", "trial", "config").rename(tmp_path / "one.h5")
    other = make_run("decision", "estimates", "trial", "config")
    with h5py.File(other, "a") as file:
        file["/decision/minimal_dose"][0] += 0.5
        del file["/config/resolved"]
        file["/config/resolved"] = SETTINGS.replace("seed: 1", "seed: 2")
    assert main(["compare", str(one), str(other)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["seed", "1", "2"]
    assert "".join(lines).count("threshold") == 0
    assert lines[6].split()[-3:] == ["7.5", "8", "0.5"]


def test_bad_input_ends_with_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(tmp_path / "absent.h5")]) == 2
    assert "absent.h5: there is no such file" in capsys.readouterr().err
    for dose in ("daily", "daily=", "=3", "daily=-1", "daily=much"):
        with pytest.raises(SystemExit) as stop:
            main(["plot", "run.h5", "--dose", dose])
        assert stop.value.code == 2
