from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MakeRun

from titrant_analysis.__main__ import main


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
    charts = sorted(
        ("dose_response", "critical_doses", "exposure", "goodness_of_fit", "predictive_check", "training",
         "reliability", "learning_curves", "parameters", "random_effects", "responders")
    )
    assert written == [f"{name}.{kind}" for name in charts for kind in ("png", "svg")]
    assert len(capsys.readouterr().out.splitlines()) == 22


def test_bad_input_ends_with_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(tmp_path / "absent.h5")]) == 2
    assert "absent.h5: there is no such file" in capsys.readouterr().err
    for dose in ("daily", "daily=", "=3", "daily=-1", "daily=much"):
        with pytest.raises(SystemExit) as stop:
            main(["plot", "run.h5", "--dose", dose])
        assert stop.value.code == 2
