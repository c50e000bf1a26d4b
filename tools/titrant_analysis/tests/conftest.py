"""A small run store as titrant writes it (src/store/README.md), made with h5py."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import pytest

SHIFT = {"qcnn": 1.0, "logistic": 1.15}


@dataclass(frozen=True)
class Regimen:
    interval: float
    doses: np.ndarray
    unit: str = "mg"
    scale: float = 1.0
    """Of the ED50: a dose of this regimen does as much as one of 1 / scale once a day."""
    definition: str = "{interval: 24}"
    loading: int = 0


@dataclass(frozen=True)
class Endpoint:
    direction: str
    description: str
    definition: str
    high: float = 8.0
    """Of falling endpoints and windows: the dose at which half of the subjects fail, as a multiple of the ED50."""


@dataclass(frozen=True)
class Asked:
    """A protocol, with the ED50 of each population."""

    populations: dict[str, float]
    regimens: dict[str, Regimen]
    endpoints: dict[str, Endpoint]
    headline: tuple[str, str, str]
    subjects: int = 200

    def panels(self) -> Iterator[tuple[str, str, str]]:
        """Population, regimen, and the group that holds them."""
        for population in self.populations:
            for regimen in self.regimens:
                yield population, regimen, f"/population/{population}/{regimen}"

    def attainment(self, population: str, regimen: str, endpoint: str, shift: float, slope: float = 2.5) -> np.ndarray:
        asked, one = self.regimens[regimen], self.endpoints[endpoint]
        scale = self.populations[population] * asked.scale * shift
        rises, falls = success(asked.doses, scale, slope), 1 - success(asked.doses, scale * one.high, slope)
        return {"rising": rises, "falling": falls, "window": rises * falls}[one.direction]


CONTROL = Endpoint(
    "rising",
    "biomarker below 2.5 ng/mL, measured values, 312 to 336 h after the first dose",
    "{of: biomarker, values: measured, hours: [312, 336], below: 2.5}",
)
SAFE = Endpoint(
    "falling",
    "concentration below 60 ng/mL, at every instant, over one interval at steady state",
    "{of: concentration, values: latent, at: steady_state, below: 60}",
)
REDUCED = Endpoint("rising", "biomarker change from baseline below -50 %", "{change_from_baseline: {below: -50 %}}")
BOTH = Endpoint("window", "all of control, safe", "{all: [control, safe]}")

SMALL = Asked(
    populations={"renal": 4.5, "adults": 3.0},
    regimens={
        "once": Regimen(24.0, np.arange(0.5, 40.1, 0.5)),
        "by_weight": Regimen(
            168.0,
            np.array([0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]),
            "mg/kg",
            9 / 70,
            "{interval: 168, doses: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10], per: kg}",
        ),
    },
    endpoints={"control": CONTROL, "safe": SAFE, "both": BOTH},
    headline=("adults", "once", "control"),
)
LARGE = Asked(
    populations={"adults": 3.0, "renal": 4.5, "observed": 3.4},
    regimens={
        "daily": Regimen(24.0, np.arange(0.5, 40.1, 0.5)),
        "twice": Regimen(12.0, np.array([1.0, 2.5, 5.0, 10.0]), scale=0.5),
        "loaded": Regimen(24.0, np.arange(1.0, 20.1), definition="{loading: {factor: 3, doses: 1}}", loading=1),
        "by_weight": Regimen(24.0, np.arange(0.02, 0.601, 0.02), "mg/kg", 1 / 70),
        "fortnightly_infusion": Regimen(336.0, np.array([50.0, 100.0, 200.0]), scale=15.0),
    },
    endpoints={"control": CONTROL, "safe": SAFE, "both": BOTH, "reduced": REDUCED},
    headline=("adults", "daily", "control"),
    subjects=50,
)


def put(file: h5py.File, path: str, values: object, units: str = "1", axes: tuple[str, ...] = ()) -> None:
    """A dataset with its attributes and scales; without axes it is a scale itself, or a scalar."""
    data = np.asarray(values)
    if data.dtype.kind == "U":
        encoding = "ascii" if all(text.isascii() for text in np.ravel(data)) else "utf-8"
        width = max(1, max(len(text.encode()) for text in np.ravel(data)))
        data = np.char.encode(data, encoding).astype(h5py.string_dtype(encoding, width))
    dataset = file.create_dataset(path, data=data)
    dataset.attrs["units"] = units
    dataset.attrs["long_name"] = path.rsplit("/", 1)[-1]
    if not axes and data.ndim == 1:
        dataset.make_scale(path.rsplit("/", 1)[-1])
    for place, axis in enumerate(axes):
        dataset.dims[place].attach_scale(file[axis])


def success(dose: np.ndarray, ed50: float, slope: float = 2.5) -> np.ndarray:
    return dose**slope / (dose**slope + ed50**slope)


def write_protocol(file: h5py.File, asked: Asked) -> None:
    group = "/protocol/regimen"
    regimens = asked.regimens.values()
    put(file, f"{group}/name", list(asked.regimens))
    axes = (f"{group}/name",)
    put(file, f"{group}/interval", [one.interval for one in regimens], "h", axes)
    put(file, f"{group}/dose_unit", [one.unit for one in regimens], axes=axes)
    put(file, f"{group}/loading_doses", [one.loading for one in regimens], axes=axes)
    put(file, f"{group}/definition", [one.definition for one in regimens], axes=axes)
    group = "/protocol/endpoint"
    put(file, f"{group}/name", list(asked.endpoints))
    put(file, f"{group}/description", [one.description for one in asked.endpoints.values()], axes=(f"{group}/name",))
    put(file, f"{group}/definition", [one.definition for one in asked.endpoints.values()], axes=(f"{group}/name",))
    group = "/protocol/population"
    put(file, f"{group}/name", list(asked.populations))
    put(file, f"{group}/definition", ["{weight: [50, 100]}"] * len(asked.populations), axes=(f"{group}/name",))
    for of, name in zip(("population", "regimen", "endpoint"), asked.headline, strict=True):
        put(file, f"/protocol/headline/{of}", name)
    put(file, "/protocol/headline/target", 0.9)


def write_trial(file: h5py.File, asked: Asked) -> None:
    dose = np.repeat([0.0, 1.0, 3.0, 10.0], 12)
    outcome = np.concatenate([np.zeros(12), np.zeros(12), np.tile([1.0, 0.0], 6), np.ones(11), [0.0]])
    put(file, "/trial/subject", np.arange(48))
    axes = ("/trial/subject",)
    put(file, "/trial/id", [f"S{i}" for i in range(48)], axes=axes)
    put(file, "/trial/dose", dose, "mg", axes)
    put(file, "/trial/interval", np.where(dose > 0, 24.0, np.nan), "h", axes)
    put(file, f"/trial/outcome/{next(iter(asked.endpoints))}", outcome, axes=axes)


def write_classifiers(file: h5py.File, asked: Asked) -> None:
    rng = np.random.default_rng(7)
    for place, name in enumerate(SHIFT):
        for endpoint in asked.endpoints:
            group = f"/classifier/{name}/{endpoint}"
            put(file, f"{group}/parameter_name", [f"p{i}" for i in range(45)])
            put(file, f"{group}/parameter", rng.normal(size=45), axes=(f"{group}/parameter_name",))
            put(file, f"{group}/history/step", np.arange(100))
            put(file, f"{group}/history/loss", 0.3 + 0.5 * np.exp(-np.arange(100) / (15 + 10 * place)),
                axes=(f"{group}/history/step",))
        group = f"/classifier/{name}/evaluation"
        put(file, f"{group}/fold", np.arange(5))
        for metric, centre in {"log_loss": 0.45, "auc": 0.88}.items():
            values = centre + 0.05 * place + 0.06 * rng.normal(size=5)
            put(file, f"{group}/{metric}", np.minimum(values, 1.0), axes=(f"{group}/fold",))


CIRCUIT = {
    "qubits": 3, "bits": 2, "amplitude_qubits": [0, 1], "result_bit": 1, "features": ["smoking"],
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


def write_network(file: h5py.File, asked: Asked) -> None:
    """The circuit of the QCNN, and predictions for subjects that no classifier had seen."""
    first = next(iter(asked.endpoints))
    file[f"/classifier/qcnn/{first}/circuit"] = json.dumps(CIRCUIT)
    rng = np.random.default_rng(17)
    label = np.tile([0, 1, 1], 12)
    for name in SHIFT:
        for group, dataset in (("evaluation", "out_of_fold"), (f"{first}/on_trial", "probability")):
            path = f"/classifier/{name}/{group}"
            put(file, f"{path}/subject", np.arange(12, 48))
            put(file, f"{path}/label", label, axes=(f"{path}/subject",))
            predicted = np.clip(0.2 + 0.6 * label + 0.2 * rng.normal(size=36), 0, 1)
            if group == "evaluation":
                put(file, f"{path}/replicate", np.arange(2))
                predicted, axes = np.stack([predicted, predicted[::-1]]), (f"{path}/replicate", f"{path}/subject")
            else:
                axes = (f"{path}/subject",)
            put(file, f"{path}/{dataset}", predicted, axes=axes)


def write_populations(file: h5py.File, asked: Asked, trajectories: bool = True, bootstrap: bool = True) -> None:
    rng = np.random.default_rng(11)
    for population, regimen, group in asked.panels():
        one = asked.regimens[regimen]
        put(file, f"{group}/dose", one.doses, "see /protocol/regimen/dose_unit")
        if trajectories:
            time = (np.arange(64) + 0.5) * one.interval / 64
            rate = np.exp(rng.normal(-3.0, 0.3, size=(asked.subjects, 1)))
            curve = 8.0 * np.exp(-rate * time) * (1 - np.exp(-time)) / (1 - np.exp(-rate * one.interval))
            put(file, f"{group}/subject", np.arange(asked.subjects))
            put(file, f"{group}/time", time, "h")
            axes = (f"{group}/subject", f"{group}/time")
            put(file, f"{group}/concentration", curve, "ng/mL per unit of dose", axes)
        for name, shift in SHIFT.items():
            for endpoint in asked.endpoints:
                path, axes = f"{group}/{name}/{endpoint}/target_attainment", (f"{group}/dose",)

                def attained(by: float, slope: float = 2.5, endpoint: str = endpoint) -> np.ndarray:
                    return asked.attainment(population, regimen, endpoint, by, slope)

                put(file, path, attained(shift), axes=axes)
                put(file, f"{path}_indicator", attained(shift, 5.0), axes=axes)
                if bootstrap and name == "qcnn":
                    ends = np.sort([attained(1.3 * shift), attained(0.8 * shift)], axis=0)
                    put(file, f"{path}_lower", ends[0], axes=axes)
                    put(file, f"{path}_upper", ends[1], axes=axes)


def write_fits(file: h5py.File, asked: Asked) -> None:
    """Residuals and predictive checks of /pk and /pd; placebo has biomarker values only."""
    rng = np.random.default_rng(3)
    for fit, doses in {"pk": (1.0, 3.0, 10.0), "pd": (0.0, 1.0, 3.0, 10.0)}.items():
        group = f"/{fit}/diagnostics"
        axis = (f"{group}/observation",)
        put(file, axis[0], np.arange(60))
        predicted = np.exp(rng.normal(0.0, 1.0, 60))
        columns = {"time": np.tile([1.0, 24.0, 312.0, 336.0], 15),
                   "observed": predicted * np.exp(rng.normal(0.0, 0.1, 60)), "pred": predicted * 1.1,
                   "ipred": predicted, "cwres": rng.normal(size=60), "censored": np.array([1] + 59 * [0])}
        for name, values in columns.items():
            units = "ng/mL" if name in ("observed", "pred", "ipred") else "1"
            put(file, f"{group}/{name}", values, units, axis)
        vpc = f"/{fit}/vpc"
        bins = [(dose, time) for dose in doses for time in (1.0, 24.0, 312.0)]
        put(file, f"{vpc}/bin", np.arange(len(bins)))
        put(file, f"{vpc}/quantile", np.array([0.05, 0.5, 0.95]))
        put(file, f"{vpc}/dose", [dose for dose, _ in bins], "mg", (f"{vpc}/bin",))
        put(file, f"{vpc}/time", [time for _, time in bins], "h", (f"{vpc}/bin",))
        put(file, f"{vpc}/count", np.full(len(bins), 12), axes=(f"{vpc}/bin",))
        middle = np.array([[0.5, 1.0, 2.0]]) * (1.0 + np.arange(len(bins)))[:, None]
        factors = {"observed": 1.0, "simulated": 1.05, "simulated_lower": 0.8, "simulated_upper": 1.2}
        for name, factor in factors.items():
            put(file, f"{vpc}/{name}", middle * factor, "ng/mL", (f"{vpc}/bin", f"{vpc}/quantile"))


ESTIMATES = {
    "pk": (("clearance", "L/h", 40.0, 36.0, 44.0, 0), ("clearance.weight", "1", 0.75, np.nan, np.nan, 1),
           ("omega.clearance", "1", 0.3, 0.1, 0.9, 0)),
    "pd": (("baseline", "ng/mL", 10.0, 9.0, 11.0, 0), ("baseline.smoking", "1", -0.25, -0.4, -0.1, 0)),
}
"""Name, unit, estimate, ends of the interval, fixed."""


def write_estimates(file: h5py.File, asked: Asked) -> None:
    """Estimates, random effects and their relations to weight, smoking and a covariate of three levels; PK of active
    subjects only."""
    rng = np.random.default_rng(13)
    weight = np.linspace(50.0, 100.0, 48)
    put(file, "/trial/weight", weight, "kg", ("/trial/subject",))
    for name, levels in {"smoking": "non-smoker, smoker", "stage": "early, middle, late"}.items():
        count = len(levels.split(", "))
        put(file, f"/trial/{name}", np.resize(np.arange(float(count)), 48), "see data file", ("/trial/subject",))
        file[f"/trial/{name}"].attrs["levels"] = levels
    file["/trial/weight"].attrs["levels"] = ""
    for fit, rows in ESTIMATES.items():
        names, units, estimate, lower, upper, fixed = zip(*rows, strict=True)
        put(file, f"/{fit}/parameter", list(names))
        axis = (f"/{fit}/parameter",)
        put(file, f"/{fit}/parameter_units", list(units), axes=axis)
        rse = 100 * (np.array(upper) - np.array(lower)) / 3.92 / np.abs(estimate)
        columns = {"estimate": estimate, "ci_lower": lower, "ci_upper": upper, "rse": rse, "fixed": fixed}
        for name, values in columns.items():
            put(file, f"/{fit}/{name}", np.array(values, dtype=float), axes=axis)
        subject = np.arange(12 if fit == "pk" else 0, 48)
        put(file, f"/{fit}/subject", subject)
        put(file, f"/{fit}/random_effect", [names[0]])
        eta = 0.01 * (weight[subject] - 75.0) + 0.1 * rng.normal(size=subject.size)
        put(file, f"/{fit}/eta", eta[:, None], axes=(f"/{fit}/subject", f"/{fit}/random_effect"))
        group = f"/{fit}/covariates"
        put(file, f"{group}/pair", np.arange(2))
        for name, texts in {"random_effect": [names[0]] * 2, "covariate": ["weight", "smoking"]}.items():
            put(file, f"{group}/{name}", texts, axes=(f"{group}/pair",))
        for name, numbers in {"binary": (0, 1), "statistic": (0.85, 0.02), "p_value": (1e-6, 0.7)}.items():
            put(file, f"{group}/{name}", numbers, axes=(f"{group}/pair",))
    group, axes = "/attainment_check", ("/attainment_check/row",)
    put(file, f"{group}/row", np.arange(8))
    put(file, f"{group}/endpoint", np.repeat(["control", "reduced"], 4), axes=axes)
    put(file, f"{group}/dose", np.tile([0.0, 1.0, 3.0, 10.0], 2), "mg", axes)
    for name, numbers in {"observed": (0, 0, 6, 11, 0, 2, 8, 12), "count": (12,) * 8,
                          "lower": (0.0, 0, 3, 9, 0, 0, 5, 11),
                          "median": (0.0, 0, 5, 11, 0, 1, 8, 12), "upper": (0.0, 1, 8, 12, 1, 3, 11, 12)}.items():
        put(file, f"{group}/{name}", np.array(numbers), axes=axes)


def write_saem(file: h5py.File, asked: Asked) -> None:
    """Fifty iterations of a fit to concentrations with thirteen numbers; the steps shrink from the thirtieth on."""
    put(file, "/pk/saem_iteration", np.arange(50))
    put(file, "/pk/saem_coordinate", [f"number_{place}" for place in range(13)])
    paths = np.arange(13.0) + np.exp(-np.arange(50.0) / 5)[:, None]
    put(file, "/pk/saem_trajectory", paths, axes=("/pk/saem_iteration", "/pk/saem_coordinate"))
    put(file, "/pk/saem_exploration", 30)


def write_learning(file: h5py.File, asked: Asked) -> None:
    for name in SHIFT:
        for source in ("evaluation", f"{next(iter(asked.endpoints))}/on_trial"):
            group = f"/classifier/{name}/{source}/reliability"
            put(file, f"{group}/bin", (np.arange(10) + 0.5) / 10)
            for column, values in {"predicted": (np.arange(10) + 0.5) / 10, "observed": np.linspace(0.0, 1.0, 10),
                                   "count": np.array([9, 0, 1, 2, 0, 1, 3, 2, 4, 14])}.items():
                put(file, f"{group}/{column}", values, axes=(f"{group}/bin",))
        group = f"/learning_curve/{name}/virtual"
        axes = (f"{group}/test_set", f"{group}/size", f"{group}/replicate")
        put(file, axes[0], ["other virtual subjects", "the subjects of the trial"])
        put(file, axes[1], np.array([100, 1000, 5000]))
        put(file, axes[2], np.arange(2))
        losses = 0.3 + np.ones((2, 3, 2)) / np.array([100.0, 1000.0, 5000.0])[None, :, None]
        put(file, f"{group}/log_loss", losses, axes=axes)


def write_individual(file: h5py.File, asked: Asked) -> None:
    """Dose ranges of individuals; one in twenty of a rising endpoint never succeeds, nor of a window one in two."""
    rng = np.random.default_rng(5)
    for population, regimen, group in asked.panels():
        scale = asked.populations[population] * asked.regimens[regimen].scale
        for endpoint, one in asked.endpoints.items():
            begin = scale * np.exp(rng.normal(0.0, 0.5, asked.subjects))
            begin[: asked.subjects // 20] = np.inf
            end = one.high * scale * np.exp(rng.normal(0.0, 0.5, asked.subjects))
            if one.direction == "rising":
                end[:] = np.inf
            if one.direction == "falling":
                begin[:] = 0.0
            if one.direction == "window":
                end[1::2] = begin[1::2] / 2
            axes = (f"{group}/subject",)
            path = f"{group}/mechanistic/{endpoint}"
            put(file, f"{path}/success_from", begin, "see /protocol/regimen/dose_unit", axes)
            put(file, f"{path}/success_to", end, "see /protocol/regimen/dose_unit", axes)


def places_of_answer(attainment: np.ndarray, target: float, direction: str) -> tuple[int, int] | None:
    """First and last place of the longest stretch of doses that reach the target, of rising and falling attainment the
    place of the answer twice."""
    reached = np.flatnonzero(attainment >= target)
    if reached.size == 0:
        return None
    if direction == "rising":
        return reached[0], reached[0]
    if direction == "falling":
        return reached[-1], reached[-1]
    stretch = max(np.split(reached, np.flatnonzero(np.diff(reached) > 1) + 1), key=len)
    return stretch[0], stretch[-1]


def decision_rows(asked: Asked) -> Iterator[dict[str, object]]:
    """The rows of /decision as titrant orders them, with intervals of the mean rule."""
    questions = [
        (population, regimen, endpoint, target)
        for endpoint in asked.endpoints
        for population in asked.populations
        for regimen in asked.regimens
        for target in (0.9, 0.75)
    ]
    for name, shift in SHIFT.items():
        for population, regimen, endpoint, target in questions:
            doses, direction = asked.regimens[regimen].doses, asked.endpoints[endpoint].direction
            for rule, slope in {"mean": 2.5, "indicator": 5.0}.items():
                attained = asked.attainment(population, regimen, endpoint, shift, slope)
                found = places_of_answer(attained, target, direction)
                first, last = found or (int(attained.argmax()), int(attained.argmax()))
                beside = first + (1 if direction == "falling" else -1)
                dose = doses[first] if found else np.nan
                end = doses[last] if found and direction == "window" else np.nan
                with_interval = rule == "mean" and found
                lower, upper = {
                    "rising": (dose * 0.8, np.inf), "falling": (0.0, dose * 1.2), "window": (dose * 0.8, dose * 1.2)
                }[direction]
                yield {
                    "population": population,
                    "regimen": regimen,
                    "endpoint": endpoint,
                    "target": target,
                    "method": name,
                    "rule": rule,
                    "direction": direction,
                    "dose": dose,
                    "lower": lower if with_interval else np.nan,
                    "upper": upper if with_interval else np.nan,
                    "window_end": end,
                    "window_end_lower": end * 0.8 if with_interval else np.nan,
                    "window_end_upper": end * 1.2 if with_interval else np.nan,
                    "probability_of_target": 0.625 if with_interval else np.nan,
                    "target_attainment": attained[first],
                    "target_attainment_beside": attained[beside] if found and 0 <= beside < doses.size else np.nan,
                    "interval_source": "parameters" if with_interval else "",
                }


def write_decisions(file: h5py.File, asked: Asked) -> None:
    rows = list(decision_rows(asked))
    put(file, "/decision/row", np.arange(len(rows)))
    for name in rows[0]:
        units = "see /protocol/regimen/dose_unit" if name in DOSES else "1"
        put(file, f"/decision/{name}", [row[name] for row in rows], units, ("/decision/row",))


DOSES = ("dose", "lower", "upper", "window_end", "window_end_lower", "window_end_upper")


SETTINGS = "seed: 1\nquantum:\n  shots: 1024\ndose:\n  rule: mean\n"


def write_origin(file: h5py.File, asked: Asked) -> None:
    file["/config/resolved"] = SETTINGS
    file["/provenance/stage"] = [b"data", b"search"]
    file["/provenance/seconds"] = [0.1, 2.0]
    file["/provenance/ranks"] = 4
    file["/resources/training_circuits"] = 4320.0


def write_investigations(file: h5py.File, asked: Asked) -> None:
    """Agreement, coverage and ablation."""
    group, axes = "/agreement", ("/agreement/row",)
    put(file, f"{group}/row", np.arange(2))
    put(file, f"{group}/method", ["qcnn", "logistic"], axes=axes)
    put(file, f"{group}/endpoint", list(asked.endpoints)[:2], axes=axes)
    for name, values in {"grid_steps": [0.5, 1.25], "target_attainment": [0.01, 0.02], "unanswered": [0, 1]}.items():
        put(file, f"{group}/{name}", values, axes=axes)
    group, axes = "/coverage", ("/coverage/row",)
    regimens = list(asked.regimens)[:2]
    put(file, f"{group}/row", np.arange(2))
    texts = {"population": next(iter(asked.populations)), "endpoint": next(iter(asked.endpoints)), "method": "qcnn"}
    for name, text in texts.items():
        put(file, f"{group}/{name}", [text] * 2, axes=axes)
    put(file, f"{group}/regimen", regimens, axes=axes)
    put(file, f"{group}/target", [0.9, 0.9], axes=axes)
    put(file, f"{group}/true_dose", [7.5, 0.5], "mg", axes)
    put(file, f"{group}/trials", [20, 20], axes=axes)
    put(file, f"{group}/covered", [18, 19], axes=axes)
    put(file, "/ablation/variant", ["as it is", "raw"])
    axes = ("/ablation/variant",)
    put(file, "/ablation/settings", ["", "classifier.readout.kind=raw"], axes=axes)
    put(file, "/ablation/dose", [7.5, np.nan], "mg", axes)
    put(file, "/ablation/attainment_error", [0.01, 0.02], axes=axes)


PARTS: dict[str, Callable[..., None]] = {
    "protocol": write_protocol,
    "trial": write_trial,
    "classifier": write_classifiers,
    "population": write_populations,
    "decision": write_decisions,
    "fits": write_fits,
    "estimates": write_estimates,
    "saem": write_saem,
    "learning": write_learning,
    "network": write_network,
    "config": write_origin,
    "individual": write_individual,
    "investigations": write_investigations,
}
EVERY_PART = tuple(PARTS)


def write_run(
    path: Path,
    parts: Sequence[str],
    version: int = 2,
    filetype: str = "titrant run",
    asked: Asked = SMALL,
    **options: bool,
) -> None:
    """A store with some of its parts; `options` are those of write_populations."""
    with h5py.File(path, "w") as file:
        file.attrs["filetype"] = filetype
        file.attrs["format_version"] = np.array([version, 0])
        file.attrs["titrant_version"] = "0.1.0"
        file.attrs["complete"] = 1
        for part, write in PARTS.items():
            if part in parts:
                write(file, asked, **options) if part == "population" else write(file, asked)


MakeRun = Callable[..., Path]


@pytest.fixture
def make_run(tmp_path: Path) -> MakeRun:
    """Writes a store with some of its parts and returns its path."""

    def make(
        *parts: str,
        trajectories: bool = True,
        bootstrap: bool = True,
        version: int = 2,
        filetype: str = "titrant run",
        asked: Asked = SMALL,
    ) -> Path:
        path = tmp_path / "run.h5"
        write_run(path, parts, version, filetype, asked, trajectories=trajectories, bootstrap=bootstrap)
        return path

    return make


ALL_PARTS = ("protocol", "trial", "classifier", "population", "decision")


@pytest.fixture
def whole_run(make_run: MakeRun) -> Path:
    return make_run(*ALL_PARTS)
