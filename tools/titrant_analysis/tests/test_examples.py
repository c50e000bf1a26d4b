"""The worked examples run, and say what the store holds."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import EVERY_PART, MakeRun, write_run
from test_campaign import NAMES, write_index

PACKAGE = Path(__file__).parents[1]


def run_example(name: str, *arguments: object) -> str:
    command = [sys.executable, str(PACKAGE / "examples" / name), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE), "MPLBACKEND": "Agg"}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def store(make_run: MakeRun) -> Path:
    return make_run(*EVERY_PART)


def test_dose_response_figure(store: Path, tmp_path: Path) -> None:
    run_example("dose_response_figure.py", store, tmp_path / "figure.pdf")
    assert (tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF")


def test_answers_to_csv(store: Path, tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    assert "mg/kg" in run_example("answers_to_csv.py", store, tmp_path / "answers.csv")
    rows = list(csv.DictReader((tmp_path / "answers.csv").read_text().splitlines()))
    with h5py.File(store) as file:
        decision = file["/decision"]
        wanted = (decision["target"][()] == 0.9) & (decision["rule"].asstr()[()] == "mean")
        expected = decision["dose"][wanted & (decision["endpoint"].asstr()[()] == "control")]
    assert len(expected) == 8
    np.testing.assert_array_equal([float(row["dose"] or "nan") for row in rows], expected)


def test_population_with_xarray(store: Path) -> None:
    pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    said = run_example("population_with_xarray.py", store)
    with h5py.File(store) as file:
        trough = 7.5 * file["/population/adults/once/concentration"][:, -1]
    assert said.startswith(f"7.5 mg once: {np.median(trough):.2f} ng/mL")


def test_campaign_spread(tmp_path: Path) -> None:
    said = run_example("campaign_spread.py", write_index(tmp_path / "campaign.h5", NAMES)).splitlines()
    assert said[0].endswith("once, endpoint, 90 %, method: 4, 6 mg") and said[1].endswith("0, 8 mg/kg")


def test_compare_two_runs(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.h5"
    write_run(other, EVERY_PART)
    with h5py.File(other, "a") as file:
        file["/decision/dose"][0] += 0.5
    said = run_example("compare_two_runs.py", store, other)
    assert said == "renal once control 0.9 qcnn mean dose: 11 mg -> 11.5 mg\n"


def rscript() -> str | None:
    """R, where it has rhdf5."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    question = [program, "-e", "quit(status = !requireNamespace('rhdf5', quietly = TRUE))"]
    return program if subprocess.run(question, capture_output=True).returncode == 0 else None


def test_the_same_table_by_r(store: Path) -> None:
    program = rscript()
    if program is None:
        pytest.skip("needs R with rhdf5: apt-get install r-bioc-rhdf5")
    command = [program, str(PACKAGE / "examples" / "answers.R"), str(store)]
    by_r = list(csv.DictReader(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()))
    table = [sys.executable, "-m", "titrant_analysis", "table", str(store), "--csv"]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    printed = subprocess.run(table, env=environment, check=True, capture_output=True, text=True).stdout
    by_python = list(csv.DictReader(printed.splitlines()))
    assert len(by_r) == len(by_python) == 96
    numbers = {"NA": np.nan, "NaN": np.nan, "Inf": np.inf}
    for one, other in zip(by_r, by_python, strict=True):
        for name in ("population", "regimen", "endpoint", "method", "rule", "direction"):
            assert one[name] == other[name]
        for name in ("target", "dose", "lower", "upper", "window_end"):
            value = numbers.get(one[name])
            np.testing.assert_allclose(float(one[name]) if value is None else value, float(other[name]), rtol=1e-12)


def test_the_tables_of_a_large_population_are_read_in_pieces(store: Path) -> None:
    from titrant_analysis import open_run

    with open_run(store) as run:
        whole = run.numbers("/population/adults/once/concentration")
        assert whole is not None
        pieces = list(run.blocks("/population/adults/once/concentration", most_bytes=10_000))
        assert len(pieces) > 5
        assert all(values.nbytes <= 10_000 for _, values in pieces)
        np.testing.assert_array_equal(np.concatenate([values for _, values in pieces], axis=1), whole)
