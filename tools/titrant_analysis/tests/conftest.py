"""A small run store as titrant writes it (src/store/README.md), made with h5py."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import h5py
import numpy as np
import pytest

ED50 = {"base": 3.0, "heavy": 4.5, "no_comed": 4.0}
SHIFT = {"qcnn": 1.0, "logistic": 1.15}
GRID = {"daily": np.arange(0.5, 40.1, 0.5), "weekly": np.arange(5.0, 300.1, 5.0)}
INTERVAL = {"daily": 24.0, "weekly": 168.0}


def put(file: h5py.File, path: str, values: object, units: str = "1", axes: tuple[str, ...] = ()) -> None:
    """A dataset with its attributes and scales; without axes it is a scale itself, or a scalar."""
    data = np.asarray(values)
    if data.dtype.kind == "U":
        width = max(1, max(len(text.encode()) for text in np.ravel(data)))
        data = np.char.encode(data, "utf-8").astype(h5py.string_dtype("utf-8", width))
    dataset = file.create_dataset(path, data=data)
    dataset.attrs["units"] = units
    dataset.attrs["long_name"] = path.rsplit("/", 1)[-1]
    if not axes and data.ndim == 1:
        dataset.make_scale(path.rsplit("/", 1)[-1])
    for place, axis in enumerate(axes):
        dataset.dims[place].attach_scale(file[axis])


def success(dose: np.ndarray, ed50: float, slope: float = 2.5) -> np.ndarray:
    return dose**slope / (dose**slope + ed50**slope)


def write_trial(file: h5py.File) -> None:
    dose = np.repeat([0.0, 1.0, 3.0, 10.0], 12)
    responder = np.concatenate([np.zeros(12), np.zeros(12), np.tile([1.0, 0.0], 6), np.ones(11), [0.0]])
    put(file, "/trial/subject", np.arange(48.0))
    put(file, "/trial/id", [f"S{i}" for i in range(48)], axes=("/trial/subject",))
    put(file, "/trial/dose", dose, "mg", ("/trial/subject",))
    put(file, "/trial/responder", responder, axes=("/trial/subject",))


def write_classifiers(file: h5py.File) -> None:
    rng = np.random.default_rng(7)
    for place, name in enumerate(SHIFT):
        group = f"/classifier/{name}"
        put(file, f"{group}/parameter_name", [f"p{i}" for i in range(45)])
        put(file, f"{group}/parameter", rng.normal(size=45), axes=(f"{group}/parameter_name",))
        put(file, f"{group}/history/step", np.arange(100.0))
        put(file, f"{group}/history/loss", 0.3 + 0.5 * np.exp(-np.arange(100) / (15 + 10 * place)),
            axes=(f"{group}/history/step",))
        put(file, f"{group}/evaluation/fold", np.arange(5.0))
        for metric, centre in {"log_loss": 0.45, "auc": 0.88}.items():
            values = centre + 0.05 * place + 0.06 * rng.normal(size=5)
            put(file, f"{group}/evaluation/{metric}", np.minimum(values, 1.0), axes=(f"{group}/evaluation/fold",))


CIRCUIT = {
    "qubits": 3, "bits": 2, "amplitude_qubits": [0, 1], "result_bit": 1, "features": ["comed"],
    "operations": [
        {"kind": "gate", "gate": "ry", "qubits": [2], "angles": [{"feature": 0}]},
        {"kind": "gate", "gate": "cz", "qubits": [2, 0]},
        {"kind": "gate", "gate": "ry", "qubits": [0], "angles": [{"parameter": "convolution_1.a"}]},
        {"kind": "gate", "gate": "ry", "qubits": [1], "angles": [{"parameter": "convolution_1.b"}]},
        {"kind": "gate", "gate": "ry", "qubits": [1], "angles": [{"parameter": "convolution_1.a"}]},
        {"kind": "gate", "gate": "ry", "qubits": [2], "angles": [{"parameter": "convolution_1.b"}]},
        {"kind": "measure", "qubits": [1], "bit": 0},
        {"kind": "gate", "gate": "x", "qubits": [0], "conditions": [{"bit": 0, "value": 1}]},
        {"kind": "measure", "qubits": [0], "bit": 1},
    ],
}


def write_network(file: h5py.File) -> None:
    """The circuit of the QCNN, and predictions for subjects that no classifier had seen."""
    file["/classifier/qcnn/circuit"] = json.dumps(CIRCUIT)
    rng = np.random.default_rng(17)
    label = np.tile([0.0, 1.0, 1.0], 12)
    for name in SHIFT:
        for group, dataset in (("evaluation", "out_of_fold"), ("on_trial", "probability")):
            path = f"/classifier/{name}/{group}"
            put(file, f"{path}/subject", np.arange(12.0, 48.0))
            put(file, f"{path}/label", label, axes=(f"{path}/subject",))
            predicted = np.clip(0.2 + 0.6 * label + 0.2 * rng.normal(size=36), 0, 1)
            if group == "evaluation":
                put(file, f"{path}/replicate", np.arange(2.0))
                predicted, axes = np.stack([predicted, predicted[::-1]]), (f"{path}/replicate", f"{path}/subject")
            else:
                axes = (f"{path}/subject",)
            put(file, f"{path}/{dataset}", predicted, axes=axes)


def write_scenarios(file: h5py.File, trajectories: bool = True, bootstrap: bool = True) -> None:
    rng = np.random.default_rng(11)
    for scenario, ed50 in ED50.items():
        for regimen, doses in GRID.items():
            group = f"/scenario/{scenario}/{regimen}"
            put(file, f"{group}/dose", doses, "mg")
            if trajectories:
                time = (np.arange(64) + 0.5) * INTERVAL[regimen] / 64
                rate = np.exp(rng.normal(-3.0, 0.3, size=(200, 1)))
                curve = 8.0 * np.exp(-rate * time) * (1 - np.exp(-time)) / (1 - np.exp(-rate * INTERVAL[regimen]))
                put(file, f"{group}/subject", np.arange(200.0))
                put(file, f"{group}/time", time, "h")
                put(file, f"{group}/concentration", curve, "ng/mL/mg", (f"{group}/subject", f"{group}/time"))
            for name, shift in SHIFT.items():
                scale = ed50 * shift * (9 if regimen == "weekly" else 1)
                mean = success(doses, scale)
                put(file, f"{group}/{name}/pass_rate", mean, axes=(f"{group}/dose",))
                put(file, f"{group}/{name}/pass_rate_indicator", success(doses, scale, 5.0), axes=(f"{group}/dose",))
                if bootstrap and name == "qcnn":
                    put(file, f"{group}/{name}/pass_rate_lower", success(doses, scale * 1.3), axes=(f"{group}/dose",))
                    put(file, f"{group}/{name}/pass_rate_upper", success(doses, scale * 0.8), axes=(f"{group}/dose",))


def write_fits(file: h5py.File) -> None:
    """Residuals and predictive checks of /pk and /pd; placebo has biomarker values only."""
    rng = np.random.default_rng(3)
    for fit, doses in {"pk": (1.0, 3.0, 10.0), "pd": (0.0, 1.0, 3.0, 10.0)}.items():
        group = f"/{fit}/diagnostics"
        axis = (f"{group}/observation",)
        put(file, axis[0], np.arange(60.0))
        predicted = np.exp(rng.normal(0.0, 1.0, 60))
        columns = {"time": np.tile([1.0, 24.0, 480.0, 504.0], 15),
                   "observed": predicted * np.exp(rng.normal(0.0, 0.1, 60)), "pred": predicted * 1.1,
                   "ipred": predicted, "cwres": rng.normal(size=60), "censored": np.array([1.0] + 59 * [0.0])}
        for name, values in columns.items():
            units = "ng/mL" if name in ("observed", "pred", "ipred") else "1"
            put(file, f"{group}/{name}", values, units, axis)
        vpc = f"/{fit}/vpc"
        bins = [(dose, time) for dose in doses for time in (1.0, 24.0, 480.0)]
        put(file, f"{vpc}/bin", np.arange(float(len(bins))))
        put(file, f"{vpc}/quantile", np.array([0.05, 0.5, 0.95]))
        put(file, f"{vpc}/dose", [dose for dose, _ in bins], "mg", (f"{vpc}/bin",))
        put(file, f"{vpc}/time", [time for _, time in bins], "h", (f"{vpc}/bin",))
        put(file, f"{vpc}/count", np.full(len(bins), 12.0), axes=(f"{vpc}/bin",))
        middle = np.array([[0.5, 1.0, 2.0]]) * (1.0 + np.arange(len(bins)))[:, None]
        factors = {"observed": 1.0, "simulated": 1.05, "simulated_lower": 0.8, "simulated_upper": 1.2}
        for name, factor in factors.items():
            put(file, f"{vpc}/{name}", middle * factor, "ng/mL", (f"{vpc}/bin", f"{vpc}/quantile"))


ESTIMATES = {
    "pk": (("clearance", "L/h", 40.0, 36.0, 44.0, 0), ("clearance.body_weight", "1", 0.75, np.nan, np.nan, 1),
           ("omega.clearance", "1", 0.3, 0.1, 0.9, 0)),
    "pd": (("baseline", "ng/mL", 10.0, 9.0, 11.0, 0), ("baseline.comed", "1", -0.25, -0.4, -0.1, 0)),
}
"""Name, unit, estimate, ends of the interval, fixed."""


def write_estimates(file: h5py.File) -> None:
    """Estimates, random effects and their relations to body weight and comedication; PK of active subjects only."""
    rng = np.random.default_rng(13)
    weight = np.linspace(50.0, 100.0, 48)
    put(file, "/trial/body_weight", weight, "kg", ("/trial/subject",))
    put(file, "/trial/comed", np.tile([0.0, 1.0], 24), axes=("/trial/subject",))
    for fit, rows in ESTIMATES.items():
        names, units, estimate, lower, upper, fixed = zip(*rows, strict=True)
        put(file, f"/{fit}/parameter", list(names))
        axis = (f"/{fit}/parameter",)
        put(file, f"/{fit}/parameter_units", list(units), axes=axis)
        rse = 100 * (np.array(upper) - np.array(lower)) / 3.92 / np.abs(estimate)
        columns = {"estimate": estimate, "ci_lower": lower, "ci_upper": upper, "rse": rse, "fixed": fixed}
        for name, values in columns.items():
            put(file, f"/{fit}/{name}", np.array(values, dtype=float), axes=axis)
        subject = np.arange(12.0 if fit == "pk" else 0.0, 48.0)
        put(file, f"/{fit}/subject", subject)
        put(file, f"/{fit}/random_effect", [names[0]])
        eta = 0.01 * (weight[subject.astype(int)] - 75.0) + 0.1 * rng.normal(size=subject.size)
        put(file, f"/{fit}/eta", eta[:, None], axes=(f"/{fit}/subject", f"/{fit}/random_effect"))
        group = f"/{fit}/covariates"
        put(file, f"{group}/pair", np.arange(2.0))
        for name, texts in {"random_effect": [names[0]] * 2, "covariate": ["body_weight", "comed"]}.items():
            put(file, f"{group}/{name}", texts, axes=(f"{group}/pair",))
        for name, numbers in {"binary": (0.0, 1.0), "statistic": (0.85, 0.02), "p_value": (1e-6, 0.7)}.items():
            put(file, f"{group}/{name}", numbers, axes=(f"{group}/pair",))
    group = "/pd/pass_rate_check"
    put(file, f"{group}/dose", np.array([0.0, 1.0, 3.0, 10.0]), "mg")
    for name, numbers in {"observed": (0, 0, 6, 11), "count": (12, 12, 12, 12), "lower": (0, 0, 3, 9),
                          "median": (0, 0, 5, 11), "upper": (0, 1, 8, 12)}.items():
        put(file, f"{group}/{name}", np.array(numbers, dtype=float), axes=(f"{group}/dose",))


def write_learning(file: h5py.File) -> None:
    for name in SHIFT:
        for group in (f"/classifier/{name}/evaluation/reliability", f"/classifier/{name}/on_trial/reliability"):
            put(file, f"{group}/bin", (np.arange(10) + 0.5) / 10)
            for column, values in {"predicted": (np.arange(10) + 0.5) / 10, "observed": np.linspace(0.0, 1.0, 10),
                                   "count": np.array([9.0, 0, 1, 2, 0, 1, 3, 2, 4, 14])}.items():
                put(file, f"{group}/{column}", values, axes=(f"{group}/bin",))
        group = f"/learning_curve/{name}/virtual"
        axes = (f"{group}/test_set", f"{group}/size", f"{group}/replicate")
        put(file, axes[0], ["other virtual subjects", "the subjects of the trial"])
        put(file, axes[1], np.array([100.0, 1000.0, 5000.0]))
        put(file, axes[2], np.arange(2.0))
        losses = 0.3 + np.ones((2, 3, 2)) / np.array([100.0, 1000.0, 5000.0])[None, :, None]
        put(file, f"{group}/log_loss", losses, axes=axes)


def write_critical(file: h5py.File) -> None:
    rng = np.random.default_rng(5)
    for scenario, ed50 in ED50.items():
        for regimen in GRID:
            group = f"/scenario/{scenario}/{regimen}"
            doses = ed50 * (9 if regimen == "weekly" else 1) * np.exp(rng.normal(0.0, 0.5, 200))
            doses[:10] = np.inf
            put(file, f"{group}/mechanistic/critical_dose", doses, "mg", (f"{group}/subject",))


def write_decisions(file: h5py.File) -> None:
    rows = []
    for scenario, ed50 in ED50.items():
        for regimen, doses in GRID.items():
            for name, shift in SHIFT.items():
                rates = success(doses, ed50 * shift * (9 if regimen == "weekly" else 1))
                for target in (0.9, 0.75):
                    reached = np.flatnonzero(rates >= target)
                    first = reached[0] if reached.size else -1
                    dose = doses[first] if reached.size else np.nan
                    below = rates[first - 1] if first > 0 else np.nan
                    rows.append((scenario, regimen, target, name, dose, dose * 0.8, np.inf, rates[first], below))
    # One question that no dose of the grid answers.
    rows.append(("heavy", "weekly", 0.999, "logistic", np.nan, np.nan, np.nan, 0.98, np.nan))
    columns = list(zip(*rows, strict=True))
    put(file, "/decision/cell", np.arange(float(len(rows))))
    cell = ("/decision/cell",)
    for place, (name, units) in enumerate(
        [("scenario", "1"), ("regimen", "1"), ("target", "1"), ("classifier", "1"), ("minimal_dose", "mg"),
         ("lower", "mg"), ("upper", "mg"), ("pass_rate", "1"), ("pass_rate_below", "1")]
    ):
        put(file, f"/decision/{name}", columns[place], units, cell)
    put(file, "/decision/rule", ["mean"] * len(rows), axes=cell)
    put(file, "/decision/label", ["measured"] * len(rows), axes=cell)
    put(file, "/decision/window", ["day_21"] * len(rows), axes=cell)


SETTINGS = "seed: 1\nresponse:\n  threshold: 3.3\n  hours: [480, 504]\nquantum:\n  shots: 1024\n"


def write_origin(file: h5py.File) -> None:
    file["/config/resolved"] = SETTINGS
    file["/provenance/stage"] = [b"data", b"search"]
    file["/provenance/seconds"] = [0.1, 2.0]
    file["/provenance/ranks"] = 4
    file["/resources/training_circuits"] = 4320.0


PARTS: dict[str, Callable[..., None]] = {
    "trial": write_trial,
    "classifier": write_classifiers,
    "scenario": write_scenarios,
    "decision": write_decisions,
    "fits": write_fits,
    "estimates": write_estimates,
    "learning": write_learning,
    "network": write_network,
    "config": write_origin,
    "critical": write_critical,
}
EVERY_PART = tuple(PARTS)


def write_run(
    path: Path, parts: Sequence[str], version: int = 1, filetype: str = "titrant run", **scenario: bool
) -> None:
    """A store with some of its parts; `scenario` are options of write_scenarios."""
    with h5py.File(path, "w") as file:
        file.attrs["filetype"] = filetype
        file.attrs["format_version"] = np.array([version, 0])
        file.attrs["complete"] = 1
        for part, write in PARTS.items():
            if part in parts:
                write(file, **scenario) if part == "scenario" else write(file)


MakeRun = Callable[..., Path]


@pytest.fixture
def make_run(tmp_path: Path) -> MakeRun:
    """Writes a store with some of its parts and returns its path."""

    def make(
        *parts: str, trajectories: bool = True, bootstrap: bool = True, version: int = 1, filetype: str = "titrant run"
    ) -> Path:
        path = tmp_path / "run.h5"
        write_run(path, parts, version, filetype, trajectories=trajectories, bootstrap=bootstrap)
        return path

    return make


ALL_PARTS = ("trial", "classifier", "scenario", "decision")


@pytest.fixture
def whole_run(make_run: MakeRun) -> Path:
    return make_run(*ALL_PARTS)
