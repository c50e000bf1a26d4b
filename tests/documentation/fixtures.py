"""The folder that examples are executed in: it looks like a checkout with a build, and has the files that examples read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent

BELL = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit[2] c;\nh q[0];\ncx q[0], q[1];\nc = measure q;\n'


def environment(folder: Path, titrant: str, mpiexec: str) -> dict[str, str]:
    """What an example finds: the stand-ins first on the PATH."""
    return {
        **os.environ,
        "PATH": f"{folder / 'stand_ins'}:{os.environ['PATH']}",
        "TITRANT_REAL": titrant,
        "TITRANT_REAL_MPIEXEC": mpiexec,
        "TITRANT_DEVICE_COUNTS": str(HERE.parent / "end_to_end" / "device_counts.py"),
        "MPLBACKEND": "Agg",
    }


def properties(readout_time: bool = True) -> str:
    """Of four qubits in a row, in the format of IBM's properties."""

    def item(name: str, value: float, unit: str = "") -> dict[str, object]:
        return {"name": name, "value": value, "unit": unit, "date": "2001-01-01"}

    def gate(kind: str, qubits: list[int], error: float, length: float) -> dict[str, object]:
        values = [item("gate_error", error), item("gate_length", length, "ns")]
        return {"gate": kind, "qubits": qubits, "parameters": values}

    times = [item("T1", 100.0, "us"), item("T2", 80.0, "us")]
    records = [item("prob_meas0_prep1", 0.03), item("prob_meas1_prep0", 0.01)]
    records += [item("readout_length", 1.2, "us")] if readout_time else []
    singles = [gate(kind, [qubit], 0.001, 50) for kind in ("sx", "x") for qubit in range(4)]
    couplings = [gate("ecr", [qubit, qubit + 1], 0.01, 500) for qubit in range(3)]
    about = {"backend_name": "four", "backend_version": "1.0", "last_update_date": "2001-01-01", "general": []}
    return json.dumps({**about, "qubits": 4 * [times + records], "gates": singles + couplings})


def make_folder(folder: Path, source: Path, build: Path, titrant: str, mpiexec: str) -> dict[str, str]:
    """Fills the folder; returns the environment for examples."""
    folder.mkdir(parents=True)
    shutil.copytree(HERE / "stand_ins", folder / "stand_ins")
    (folder / "stand_ins/mpirun").symlink_to("mpiexec")
    (folder / "stand_ins/srun").symlink_to("sbatch")
    if Path("/usr/bin/python3").exists():  # Debian's, whatever else is on the PATH
        (folder / "stand_ins/python3").symlink_to("/usr/bin/python3")
    shutil.copytree(source / "configs", folder / "configs")
    shutil.copytree(source / "jobs", folder / "jobs")
    for place in ("tools", "src", "tests", "packaging"):
        (folder / place).symlink_to(source / place)
    for file in (*(folder / "configs").glob("*.yaml"), *(folder / "jobs").glob("*.sbatch")):
        shutil.copy(file, folder)
    (folder / "build/release/bin").mkdir(parents=True)
    (folder / "build/release/bin/titrant").symlink_to(folder / "stand_ins/titrant")
    (folder / "build/release/tests").symlink_to(build / "tests")

    known = environment(folder, titrant, mpiexec)

    def run(*command: str) -> None:
        subprocess.run(command, cwd=folder, env=known, check=True, capture_output=True, timeout=120)

    run("titrant", "simulate", "--output", "trial.csv")
    shutil.copy(folder / "trial.csv", folder / "EstData.csv")
    head, *records = (folder / "trial.csv").read_text().splitlines()
    kind = head.split(",").index("DVID")
    concentrations = [record for record in records if record.split(",")[kind] != "2"]
    (folder / "design.csv").write_text("\n".join([head, *concentrations]) + "\n")
    (folder / "bell.qasm").write_text(BELL)
    (folder / "props_kyiv.json").write_text(properties())
    (folder / "props_almaden.json").write_text(properties(readout_time=False))
    run("titrant", "run", "--output", "run.h5", "--quiet")
    for copy in ("challenge.h5", "other.h5"):
        shutil.copy(folder / "run.h5", folder / copy)
    vary = ("--seeds", "1-4", "--vary", "pk.error=proportional,combined")
    run("titrant", "campaign", "plan", "--config", "challenge.yaml", "--folder", "campaign", *vary)
    run("titrant", "campaign", "run", "--folder", "campaign", "--member", "1")
    run("titrant", "campaign", "gather", "--folder", "campaign")
    return known


def forget(folder: Path, example: str) -> None:
    """Before an example that writes: what it writes is not there yet."""
    words = example.split()
    for option, output in zip(words, words[1:], strict=False):
        if option in ("--output", "-o") and (folder / output).is_file():
            (folder / output).unlink()
            (folder / output).with_suffix(".html").unlink(missing_ok=True)
        if option == "--folder" and "plan" in words:
            shutil.rmtree(folder / output, ignore_errors=True)
