#!/usr/bin/env python3
"""Fits small trials, exports the models, and evaluates the exported texts by parsers of their own.

Usage: exchange_test.py TITRANT FOLDER

For every trial and program: predictions of three subjects at their random effects, from the text and its data set alone, are those of the
fit to relative 1e-8 (closed forms here and there differ by rounding; differential equations are integrated), as are
standardised residuals; random effects have the variances and covariances of the store; and a change of any estimate in a text is noticed.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
from mlxtran import Model as Monolix
from nlmixr2 import Model as Nlmixr2
from nonmem import Model as Nonmem
from trials import cases

TOLERANCE = 1e-8
SUFFIX = {"nonmem": ".ctl", "nlmixr2": ".R", "monolix": ".mlxtran"}
MODELS = {"nonmem": Nonmem, "nlmixr2": Nlmixr2, "monolix": Monolix}
R_NAMES = {"absorption_rate": "ka", "clearance": "cl", "volume": "v", "intercompartmental_clearance": "q",
           "peripheral_volume": "vp", "second_intercompartmental_clearance": "q2", "second_peripheral_volume": "vp2",
           "lag": "tlag", "bioavailability": "fabs", "input_duration": "din", "input_rate": "rin",
           "absorption_duration": "tk0", "mean_transit_time": "mtt", "baseline": "base", "kout": "kout", "imax": "imax",
           "ic50": "ic50", "hill": "hill", "ke0": "ke0", "maximum_elimination_rate": "vm", "michaelis_constant": "km",
           "ktol": "ktol", "tol50": "tol50", "kp": "kp", "baseline_slope": "bslope", "baseline_amplitude": "bamp",
           "baseline_phase": "bphase"}
MLX_NAMES = R_NAMES | {"clearance": "Cl", "volume": "V", "intercompartmental_clearance": "Q", "peripheral_volume": "V2",
                       "second_intercompartmental_clearance": "Q3", "second_peripheral_volume": "V3", "lag": "Tlag",
                       "bioavailability": "F", "input_duration": "Tin", "absorption_duration": "Tk0",
                       "mean_transit_time": "Mtt", "baseline": "R0", "imax": "Imax", "ic50": "IC50",
                       "maximum_elimination_rate": "Vm", "michaelis_constant": "Km", "tol50": "TOL50",
                       "baseline_slope": "slope", "baseline_amplitude": "amp", "baseline_phase": "phase"}
UNITS = {"baseline_slope": 1e-3}  # of the random effects of a fit; Monolix has those of the parameter


def effect_name(program: str, parameter: str, occasion: int | None, stimulates: bool) -> str:
    """What the evaluators call a random effect."""
    name = {"nonmem": parameter, "nlmixr2": ("iov." if occasion else "eta.") + R_NAMES.get(parameter, parameter),
            "monolix": MLX_NAMES.get(parameter, parameter)}[program]
    if program == "monolix" and stimulates:
        name = {"Imax": "Emax", "IC50": "EC50"}.get(name, name)
    return f"{name}, occasion {occasion}" if occasion else name


def words(dataset: h5py.Dataset) -> list[str]:
    return [str(one) for one in dataset.asstr()[:]]


class Fit:
    """What a store says of a fit: random effects and predictions by subject."""

    def __init__(self, store: h5py.File):
        self.store = store
        self.joint = "pd" in store and store["pd/model"].attrs["estimated_with"] != "individual"
        self.stimulates = "pd" in store and "stimulation" in str(store["pd"].attrs["structure"])
        self.groups = ["pd"] if self.joint else ["pk"] + (["pd"] if "pd" in store else [])

    def subjects(self) -> list[int]:
        return [int(one) for one in self.store[f"{self.groups[0]}/subject"][:]]

    def effects(self, program: str, subject: int) -> dict[str, float]:
        found: dict[str, float] = {}
        for name in self.groups:
            group = self.store[name]
            subjects = group["subject"][:].tolist()
            if subject not in subjects:
                continue
            values = group["eta"][subjects.index(subject)]
            for parameter, value in zip(words(group["random_effect"]), values):
                unit = UNITS.get(parameter, 1.0) if program == "monolix" else 1.0
                found[effect_name(program, parameter, None, self.stimulates)] = unit * float(value)
            if "kappa" not in group:
                continue
            of_subject = group["occasion_subject"][:] == subject
            for number, kappas in zip(group["occasion_number"][of_subject], group["kappa"][of_subject]):
                for parameter, value in zip(words(group["occasion_effect"]), kappas):
                    found[effect_name(program, parameter, int(number), self.stimulates)] = float(value)
        return found

    def predictions(self, subject: int) -> dict[bool, list[tuple[float, float, float]]]:
        """Whether of the biomarker -> (time, prediction, standardised residual; NaN of censored values) in their order."""
        found: dict[bool, list[tuple[float, float, float]]] = {False: [], True: []}
        for name in self.groups:
            rows = self.store[f"{name}/diagnostics"]
            for place in np.flatnonzero(rows["subject"][:] == subject):
                biomarker = bool(rows["response"][place]) if self.joint else name == "pd"
                found[biomarker].append(tuple(float(rows[column][place]) for column in ("time", "ipred", "iwres")))
        return found

    def occasion_variances(self) -> list[tuple[str, float]]:
        """Of the random effects of occasions, by the parameters."""
        model = self.store[f"{self.groups[0]}/model"]
        pairs = zip(words(model["parameter"]), model["occasion_omega"][:])
        return [(name, float(size) ** 2) for name, size in pairs if size > 0]

    def omega(self, program: str) -> dict[tuple[str, str], float]:
        """Covariances of random effects by the parameters, as a program has them."""
        found: dict[tuple[str, str], float] = {}
        for name in self.groups:
            model = self.store[f"{name}/model"]
            names, sizes = words(model["parameter"]), model["omega"][:]
            for one, size in zip(names, sizes):
                if size > 0:
                    found[one, one] = (size * (UNITS.get(one, 1.0) if program == "monolix" else 1.0)) ** 2
            responses = words(model["response"])
            for response, size in zip(responses, model["error_omega"][:]):
                if size > 0:
                    one = "error" if len(responses) == 1 else f"error.{response}"
                    found[one, one] = size * size
            if "correlation_value" not in model:
                continue
            for i, j, value in zip(model["correlation_first"][:], model["correlation_second"][:], model["correlation_value"][:]):
                found[names[i], names[j]] = found[names[j], names[i]] = value * sizes[i] * sizes[j]
        return found


def data_by_subject(path: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(path.open()):
        found.setdefault(row["ID"], []).append(row)
    return found


def is_biomarker(row: dict[str, str]) -> bool:
    return row.get("DVID") == "2" or row.get("YTYPE") == "2" or row.get("CMT") == "response"


def worst_difference(program: str, path: Path, fit: Fit) -> float:
    """The largest difference of predictions (relative) and standardised residuals (of 1, or of the value over its
    deviation where that is more) of three subjects."""
    model = MODELS[program](path)
    data = data_by_subject(model.data)
    subjects = fit.subjects()
    worst = 0.0
    for subject in (subjects[0], subjects[len(subjects) // 2], subjects[-1]):
        rows = data[str(subject + 1)]
        found = model.predict(rows, fit.effects(program, subject))
        observed = [row for row in rows if row["EVID"] == "0"]
        expected = fit.predictions(subject)
        assert len(observed) == len(found) == sum(map(len, expected.values())), (len(found), expected)
        for biomarker, of_kind in expected.items():
            pairs = [(row, *one) for row, one in zip(observed, found) if is_biomarker(row) == biomarker]
            assert [float(pair[0]["TIME"]) for pair in pairs] == [time for time, _, _ in of_kind]
            for (row, predicted, deviation, residual), (_, ours, our_residual) in zip(pairs, of_kind):
                worst = max(worst, abs(predicted - ours) / max(abs(ours), 1e-300))
                assert np.isnan(our_residual) == (row.get("CENS", "0") != "0")
                if not np.isnan(our_residual):
                    worst = max(worst, abs(residual - our_residual) / max(1.0, abs(float(row["DV"])) / deviation))
    return worst


def check_omega(program: str, path: Path, fit: Fit) -> None:
    model = MODELS[program](path)
    names, matrix = model.omega() if program == "monolix" else (model.eta_names, model.omega)
    expected = fit.omega(program)
    parameters = {effect_name(program, one, None, fit.stimulates): one for one, _ in expected}
    assert {name for name in names if "occasion" not in name} == set(parameters), (names, parameters)
    for i, first in enumerate(names):
        for j, second in enumerate(names):
            if first in parameters and second in parameters:
                ours = expected.get((parameters[first], parameters[second]), 0.0)
                assert abs(matrix[i, j] - ours) <= 1e-12 * abs(ours) + 1e-15, (first, second, matrix[i, j], ours)
    found = {"nonmem": lambda: {name.split(",")[0]: matrix[i, i] for i, name in enumerate(names) if "occasion" in name},
             "nlmixr2": lambda: dict(zip(model.occasion_names, model.occasion_variances)),
             "monolix": lambda: {name[6:]: value**2 for name, value in model.values.items() if name.startswith("gamma_")}}
    variances = {effect_name(program, one, 1, fit.stimulates).split(",")[0]: value for one, value in fit.occasion_variances()}
    assert found[program]().keys() == variances.keys()
    for name, value in found[program]().items():
        assert abs(value - variances[name]) <= 1e-12 * value


# An estimate in the texts: a THETA, a line of ini() but those of random effects, a value that is no omega or correlation.
ESTIMATE = re.compile(
    r"(?:\$THETA (?:\((?:-?[\d.]+, )?)?|^ +[\w.]+ <- (?:fix\(|c\(-?[\d.]+, )?"
    r"|^(?!omega_|gamma_|corr_)\w+ = \{value=)(-?\d+\.\d+(?:e-?\d+)?)",
    re.MULTILINE,
)


def unnoticed_changes(program: str, path: Path, fit: Fit) -> list[str]:
    """The estimates in a text that may change by a ten thousandth without the comparison's notice."""
    text = path.read_text()
    found = [match for match in ESTIMATE.finditer(text.split("model({")[0])]
    assert len(found) >= 5, text
    unnoticed = []
    for match in found:
        changed = repr(float(match.group(1)) * 1.0001)
        other = path.with_name("changed" + path.suffix)
        other.write_text(text[: match.start(1)] + changed + text[match.end(1):])
        if worst_difference(program, other, fit) < TOLERANCE:
            unnoticed.append(match.group(0))
        other.unlink()
    return unnoticed


def main() -> int:
    titrant, folder = sys.argv[1], Path(sys.argv[2])
    wanted = sys.argv[3:]
    failures = 0
    for case in cases():
        if wanted and case.name not in wanted:
            continue
        place = folder / case.name
        place.mkdir(parents=True, exist_ok=True)
        (place / "trial.csv").write_text(case.header + "\n" + "\n".join(case.rows) + "\n")
        (place / "fit.yaml").write_text(case.settings.replace("TRIAL", str(place / "trial.csv")))
        for program in MODELS:
            model = place / f"{program}{SUFFIX[program]}"
            store = place / f"{program}.h5"
            command = [titrant, "fit", "--config", place / "fit.yaml", "--quiet", "--force", "--output", store, "--export", program]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if program in case.refused:
                if done.returncode != 2 or case.refused[program] not in done.stderr or model.exists():
                    print(f"FAILED: {case.name}, {program}: not refused: {done.returncode} {done.stderr}")
                    failures += 1
                continue
            if done.returncode != 0:
                print(f"FAILED: {case.name}, {program}: exit code {done.returncode}: {done.stderr}")
                failures += 1
                continue
            with h5py.File(store) as file:
                fit = Fit(file)
                worst = worst_difference(program, model, fit)
                check_omega(program, model, fit)
                for one in unnoticed_changes(program, model, fit) if case.name == "oral_covariates" else []:
                    print(f"FAILED: {case.name}, {program}: {one} may change without notice")
                    failures += 1
                print(f"{case.name:20} {program:8} largest difference {worst:.1e}")
                if not worst < TOLERANCE:
                    print(f"FAILED: {case.name}, {program}: predictions differ by {worst:.1e}")
                    failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
