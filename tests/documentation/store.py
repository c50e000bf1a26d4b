#!/usr/bin/env python3
"""Holds the store contract (src/store/README.md) against stores: every dataset is described by a row, and every row that names datasets one by one
describes one of a run that asks for everything, or of one on a noisy device.

Usage: store.py TITRANT README DEVICE
"""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import h5py
except ImportError:
    print("skipped: needs h5py")
    sys.exit(77)

HEADING, NEXT = "## What a run store holds", "## What an index"
CONFIGURATION = """
seed: 4
data: {file: trial.csv}
pk: {structure: auto, starts: 1}
pd: {structure: turnover_inhibition, search: {enabled: false, variability: false}, starts: 1}
response: {label: [measured, latent], window: [day_21]}
diagnostics: {simulations: 10, profile: [pk.clearance, pd.baseline]}
classifier: {compare: [logistic]}
quantum: {backend: sampled, shots: 64, gradient: spsa}
training: {on: [virtual, trial], subjects: 60, steps: 4, virtual: {steps: 4}, folds: 2}
uncertainty: {source: bootstrap, replicates: 2, cohort: 20, subjects: 40, steps: 2}
learning: {trial: [20], virtual: [40], replicates: 1}
coverage: {trials: 1, cohort: 40}
ablation: {shallow: {set: [classifier.depth=1]}}
cohort: {size: 40}
dose: {daily: {step: 4}, weekly: {step: 40}}
output: {report: false}
"""
"""A run that asks for everything, a little of each."""
NOISY = """
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
quantum: {backend: density_matrix, gradient: adjoint, noise: device.yaml}
training: {on: trial, steps: 2, folds: 2, noise: refit}
classifier: {compare: []}
uncertainty: {source: none}
diagnostics: {simulations: 2}
cohort: {size: 40}
dose: {daily: {step: 8}, weekly: {step: 80}}
output: {report: false}
"""
"""What a run cannot have beside the rest."""
QUESTION = r"(?:/(?:measured|latent)_(?:steady_state|day_21))?"
NAMES = {"<name>": rf"\w+{QUESTION}", "mechanistic": rf"mechanistic{QUESTION}", "<model>": r"\w+"}


def expanded(pattern: str) -> list[str]:
    """/a/{b,c} as /a/b and /a/c."""
    parts = [part.split(",") for part in re.split(r"\{([^}]*)\}", pattern)]
    whole = [parts[place] if place % 2 else [",".join(parts[place])] for place in range(len(parts))]
    return ["".join(chosen) for chosen in itertools.product(*whole)]


def expression(path: str) -> re.Pattern[str]:
    text = re.escape(path).replace(r"\*", ".+")
    for name, meaning in NAMES.items():
        text = text.replace(re.escape(name), meaning)
    return re.compile(re.sub(r"<\w+>", r"[^/]+", text))


def rows(readme: str) -> list[str]:
    """The paths of the table, one by one."""
    table = readme[readme.index(HEADING) : readme.index(NEXT)]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `/")]
    return [path for cell in cells for quoted in re.findall(r"`([^`]+)`", cell) for path in expanded(quoted)]


def datasets(file: Path) -> list[str]:
    found: list[str] = []
    with h5py.File(file) as store:
        store.visititems(lambda name, item: found.append(f"/{name}") if isinstance(item, h5py.Dataset) else None)
    return found


def main() -> int:
    titrant, readme, device = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([titrant, "simulate", "--output", "trial.csv"], cwd=folder, check=True, capture_output=True)
        shutil.copy(device, folder / "device.yaml")
        found: list[str] = []
        for run, configuration in {"everything": CONFIGURATION, "noisy": NOISY}.items():
            (folder / f"{run}.yaml").write_text(configuration)
            command = [titrant, "run", "--quiet", "--config", f"{run}.yaml", "--output", f"{run}.h5"]
            subprocess.run(command, cwd=folder, check=True)
            found += [path for path in datasets(folder / f"{run}.h5") if path not in found]
    described = {path: expression(path) for path in rows(readme.read_text())}
    unsaid = [path for path in found if not any(of.fullmatch(path) for of in described.values())]
    missing = [
        path
        for path, of in described.items()
        if not any(of.fullmatch(dataset) for dataset in found)
    ]
    for path in unsaid:
        print(f"{path}: no row of {readme} describes it")
    for path in missing:
        print(f"{path}: {readme} describes it, but no such dataset is in the runs of this test")
    print(f"{len(found)} datasets, {len(described)} paths of the contract")
    return 1 if unsaid or missing else 0


if __name__ == "__main__":
    sys.exit(main())
