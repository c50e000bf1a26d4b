"""Evaluates a Monolix project: its own parser of the Mlxtran that `titrant fit --export monolix` writes.

PK macros are solved as the linear system that they stand for, alone or beside differential equations of the effect.
"""

from __future__ import annotations

import functools
import math
import re
from pathlib import Path

import numpy as np
from expressions import compiled, translate
from kinetics import Dose, Row, System, mammillary, number, predictions


def sections(text: str) -> dict[str, str]:
    """<MODEL>[INDIVIDUAL]DEFINITION: -> its lines, comments left out."""
    found: dict[str, str] = {}
    top = middle = low = ""
    for line in text.splitlines():
        line = line.split(";")[0].rstrip()
        if match := re.fullmatch(r"<(\w+)>", line):
            top, middle, low = match.group(1), "", ""
        elif match := re.fullmatch(r"\[(\w+)\]", line):
            middle, low = match.group(1), ""
        elif match := re.fullmatch(r"([A-Z]+):", line):
            low = match.group(1)
        elif line.strip():
            key = "/".join(filter(None, (top, middle, low)))
            found[key] = found.get(key, "") + line + "\n"
    return found


def split(text: str) -> list[str]:
    """At commas outside brackets."""
    parts, depth = [""], 0
    for c in text:
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(c, 0)
        if c == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    return [part.strip() for part in parts if part.strip()]


@functools.cache
def items(text: str) -> dict[str, str]:
    """{a=b, c} -> {"a": "b", "c": ""}."""
    inner = re.fullmatch(r"\{(.*)\}", text.strip(), re.DOTALL)
    assert inner, text
    pairs = [re.fullmatch(r"(.+?)\s*=\s*(.*)", one, re.DOTALL) for one in split(inner.group(1))]
    words = split(inner.group(1))
    return {pair.group(1): pair.group(2) if pair else "" for pair, word in zip(pairs, words) if pair} | {
        word: "" for pair, word in zip(pairs, words) if not pair}


@functools.cache
def assignments(text: str) -> list[tuple[str, str]]:
    """Lines NAME = VALUE, values over several lines where braces are open."""
    found: list[tuple[str, str]] = []
    whole = ""
    for line in text.splitlines():
        whole += line + "\n"
        name, equals, value = whole.partition("=")
        if not equals or not value.strip() or value.count("{") != value.count("}"):
            continue
        found.append((name.strip(), value.strip()))
        whole = ""
    assert not whole.strip(), whole
    return found


def listed(text: str) -> list[str]:
    return split(text.strip().removeprefix("{").removesuffix("}"))


def code_lines(text: str, amounts: list[str]) -> list[str]:
    """EQUATION: as lines of Python; ddt_R and R_0 become slope["R"] and initial["R"]."""
    lines: list[str] = []
    depth = 0
    for line in (one.strip() for one in text.splitlines()):
        indent = "    " * depth
        if line == "end":
            depth -= 1
        elif line == "else":
            lines.append("    " * (depth - 1) + "else:")
        elif line.startswith("if "):
            lines.append(f"{indent}if {translate(line[3:])}:")
            depth += 1
        else:
            name, _, value = (one.strip() for one in line.partition("="))
            if name.startswith("ddt_"):
                amounts.append(name[4:])
                lines.append(f"{indent}slope[{name[4:]!r}] = {translate(value)}")
            elif name.endswith("_0"):
                lines.append(f"{indent}initial[{name[:-2]!r}] = {translate(value)}")
            else:
                lines.append(f"{indent}v[{name!r}] = {translate(value)}")
    assert depth == 0
    return lines


class Model:
    def __init__(self, path: Path):
        self.project = sections(path.read_text())
        info = dict(assignments(self.project["DATAFILE/FILEINFO"]))
        self.data = path.parent / info["file"].strip("'")
        self.uses = {name: items(value) for name, value in assignments(self.project["DATAFILE/CONTENT"])}
        header = self.data.read_text().splitlines()[0].split(",")
        assert header == listed(info["header"]) == list(self.uses), header
        self.values = {name: float(items(value)["value"]) for name, value in assignments(self.project["PARAMETER"])}
        self.definitions = assignments(self.project["MODEL/INDIVIDUAL/DEFINITION"])
        inputs = listed(dict(assignments(self.project["MODEL/INDIVIDUAL"]))["input"])
        longitudinal = dict(assignments(self.project["MODEL/LONGITUDINAL"]))
        errors = listed(longitudinal["input"])
        covariates = [name for name, _ in self.covariate_definitions()]
        assert set(self.values) == (set(inputs) | set(errors)) - set(covariates), "an input without a value, or the reverse"
        self.outputs: list[str] = []
        self.observations = [items(value) for _, value in assignments(self.project["MODEL/LONGITUDINAL/DEFINITION"])]
        self.read_structure(path.parent / longitudinal["file"].strip("'"))

    def covariate_definitions(self) -> list[tuple[str, str]]:
        return assignments(self.project.get("MODEL/COVARIATE/EQUATION", "")) + assignments(
            self.project.get("MODEL/COVARIATE/DEFINITION", ""))

    def read_structure(self, path: Path) -> None:
        structure = sections(path.read_text())
        self.regressors = [name for name, value in assignments(structure["LONGITUDINAL"])
                           if name != "input" and "use" in items(value)]
        self.inputs = listed(dict(assignments(structure["LONGITUDINAL"]))["input"])
        macros = [re.fullmatch(r"(\w+)\((.*)\)", line.strip()) for line in structure["LONGITUDINAL/PK"].splitlines()]
        self.macros = [(one.group(1), dict((part.split("=") + [part])[:2] for part in split(one.group(2)))) for one in macros if one]
        plain = "".join(line + "\n" for line, macro in zip(structure["LONGITUDINAL/PK"].splitlines(), macros) if not macro)
        self.effects: list[str] = []
        self.pk = compiled(code_lines(plain, []), "v")
        self.categorical = {
            name: (probability.group(1), compiled([f"return {translate(probability.group(2))}"], "v"))
            for name, value in assignments(structure.get("LONGITUDINAL/DEFINITION", ""))
            if (probability := re.fullmatch(r"\{type=categorical, categories=\{0, 1\}, P\((\w+)=1\)=(.*)\}", value))}
        assert all(name == of for name, (of, _) in self.categorical.items())
        self.equations = compiled(code_lines(structure["LONGITUDINAL/EQUATION"], self.effects), "v, slope, initial")
        self.outputs = listed(dict(assignments(structure["LONGITUDINAL/OUTPUT"]))["output"])
        known = {name for name, _ in self.definitions} | set(self.regressors)
        assert set(self.inputs) <= known, set(self.inputs) - known

    def macro(self, name: str, adm: str | None = None) -> dict[str, str] | None:
        found = [arguments for called, arguments in self.macros if called == name and adm in (None, arguments.get("adm"))]
        assert len(found) <= 1
        return found[0] if found else None

    def eliminations(self) -> list[dict[str, str]]:
        return [arguments for called, arguments in self.macros if called == "elimination"]

    def omega(self) -> tuple[list[str], np.ndarray]:
        """The parameters that vary between subjects, and the covariance of their random effects."""
        names = [name for name, value in self.definitions if name != "correlation" and f"omega_{name}" in value]
        matrix = np.diag([self.values[f"omega_{name}"] ** 2 for name in names])
        for name, value in self.definitions:
            if name != "correlation":
                continue
            for pair, correlation in items(value).items():
                if pair == "level":
                    continue
                first, second = (names.index(one.strip()) for one in pair[2:-1].split(","))
                matrix[first, second] = matrix[second, first] = self.values[correlation] * math.sqrt(
                    matrix[first, first] * matrix[second, second])
        return names, matrix

    def individual(self, row: Row, etas: dict[str, float]) -> dict[str, float]:
        """The individual parameters. Random effects by their parameters, those of occasions as "Cl, occasion 2"."""
        seen: dict[str, float | str] = {}
        plain = {column: number(row, column) for column in self.uses}
        for name, text in self.covariate_definitions():
            if not text.startswith("{"):
                seen[name] = compiled([f"return {translate(text)}"], "v")(plain)
                continue
            group = items(text)
            categories = items(group["categories"])
            fitting = [category for category, values in categories.items()
                       if row[group["transform"]] in [one.strip("'") for one in listed(values)]]
            assert len(fitting) == 1, (row, text)
            seen[name] = fitting[0].strip("'")
        categories_of = {name: [one.strip("'") for one in listed(items(value)["categories"])]
                         for name, value in assignments(self.project["MODEL/INDIVIDUAL"]) if name != "input"}
        found: dict[str, float] = {}
        for name, value in self.definitions:
            if name == "correlation":
                continue
            one = items(value)
            shift = 0.0
            if "covariate" in one:
                covariates = listed(one["covariate"])
                coefficients = listed(one["coefficient"]) if len(covariates) > 1 else [one["coefficient"]]
                for covariate, coefficient in zip(covariates, coefficients, strict=True):
                    at = seen[covariate]
                    if isinstance(at, str):
                        at_place = listed(coefficient)[categories_of[covariate].index(at)]
                        shift += 0.0 if at_place == "0" else self.values[at_place]
                    else:
                        shift += self.values[coefficient] * at
            if f"omega_{name}" in value:
                shift += etas.get(name, 0.0)
            if f"gamma_{name}" in value:
                shift += etas.get(f"{name}, occasion {row['OCC']}", 0.0)
            typical = self.values[one["typical"]]
            if one["distribution"] == "normal":
                found[name] = typical + shift
            elif one["distribution"] == "logNormal":
                found[name] = typical * math.exp(shift)
            else:
                lower, upper = float(one["min"]), float(one["max"])
                odds = (typical - lower) / (upper - typical) * math.exp(shift)
                found[name] = lower + (upper - lower) * odds / (1.0 + odds)
        return found

    def predict(self, rows: list[Row], etas: dict[str, float]) -> list[tuple[float, float, float]]:
        """Predictions, standard deviations of the residual error and standardised residuals of DV."""
        deviations: list[float] = []
        residuals: list[float] = []
        absorbed = self.macro("absorption", "1") or {}
        depot = "ka" in absorbed

        def parameters(row: Row) -> dict[str, float]:
            own = self.individual(row, etas)
            v = {name: own[name] if name in own else number(row, name) for name in self.inputs}
            self.pk(v)
            return v

        def matrix_of(v: dict[str, float]) -> np.ndarray:
            volume = v[(self.macro("compartment") or {})["volume"]]
            exchanges = []
            for name, arguments in self.macros:
                if name == "peripheral":
                    out, back = (key for key in arguments)
                    exchanges.append((v[out] * volume, v[out] * volume / v[back]))
            chain = None
            if "Mtt" in absorbed:
                ktr, mtt = v[absorbed["Ktr"]], v[absorbed["Mtt"]]
                stages = ktr * mtt  # n + 1 (Savic 2007); the macro knows n from both
                assert abs(stages - round(stages)) < 1e-9
                chain = (round(stages), ktr)
            rate = sum(v[arguments["k"]] for arguments in self.eliminations() if "k" in arguments)
            return mammillary(v[absorbed["ka"]] if depot else None, volume, rate * volume, exchanges, chain)

        def central(matrix: np.ndarray) -> int:
            return len(matrix) - 1 - sum(name == "peripheral" for name, _ in self.macros)

        def equations(v: dict[str, float], amounts: list[float], matrix: np.ndarray) -> tuple[dict, dict, dict]:
            drug = len(matrix)
            values = dict(v) | {"t": v.get("t", 0.0)}
            values["Cc"] = amounts[central(matrix)] / v[(self.macro("compartment") or {})["volume"]]
            values |= dict(zip(self.effects, amounts[drug:]))
            slope: dict[str, float] = {}
            initial: dict[str, float] = {}
            self.equations(values, slope, initial)
            return values, slope, initial

        def system_of(row: Row) -> System:
            v = parameters(row)
            matrix = matrix_of(v)
            drug = len(matrix)
            initial = equations(v, [0.0] * (drug + len(self.effects)), matrix)[2]
            start = [0.0] * drug + [initial[name] for name in self.effects]
            saturable = [(v[one["Vm"]], v[one["Km"]]) for one in self.eliminations() if "Vm" in one]
            if not self.effects and not saturable:
                return System(start, matrix=matrix)
            volume = v[(self.macro("compartment") or {})["volume"]]

            def slope(amounts: np.ndarray) -> np.ndarray:
                rates = equations(v, amounts.tolist(), matrix)[1]
                flows = matrix @ amounts[:drug]
                c = amounts[central(matrix)] / volume
                flows[central(matrix)] -= sum(most * c / (half + c) for most, half in saturable)
                return np.concatenate([flows, [rates[name] for name in self.effects]])

            return System(start, slope=slope)

        def dose_of(row: Row) -> Dose:
            v = parameters(row)
            place = central(matrix_of(v))
            amount, additional, interval = number(row, "AMT"), int(number(row, "ADDL")), number(row, "II")
            arguments = self.macro("absorption", row["ADM"])
            if arguments is None:
                assert self.macro("iv", row["ADM"]) is not None
                return Dose(place, amount, rate=number(row, "RATE"), additional=additional, interval=interval)
            lag = v[arguments["Tlag"]] if "Tlag" in arguments else 0.0
            share = v[arguments["p"]] if "p" in arguments else 1.0
            duration = v[arguments["Tk0"]] if "Tk0" in arguments else 0.0
            return Dose(0 if "ka" in arguments else place, amount, lag, share, 0.0, duration, additional, interval)

        def observe(row: Row, amounts: np.ndarray) -> float:
            v = parameters(row) | {"t": number(row, "TIME")}
            values = equations(v, amounts.tolist(), matrix_of(v))[0]
            which = int(number(row, "YTYPE")) - 1 if "YTYPE" in row else 0
            if self.outputs[which] in self.categorical:
                assert self.uses["DV"]["type"] == "{continuous, categorical}"
                chance = self.categorical[self.outputs[which]][1](values)
                deviations.append(math.sqrt(chance * (1.0 - chance)))
                residuals.append((number(row, "DV") - chance) / deviations[-1])
                return chance
            observation = self.observations[which]
            assert observation["prediction"] == self.outputs[which]
            predicted = values[observation["prediction"]]
            kind, arguments = re.fullmatch(r"(\w+)\((.*)\)", observation["errorModel"]).groups()  # type: ignore[union-attr]
            sizes = [self.values[one] for one in split(arguments)]
            deviations.append({"constant": lambda: sizes[0], "proportional": lambda: sizes[0] * predicted,
                               "combined1": lambda: sizes[0] + sizes[1] * predicted,
                               "combined1c": lambda: sizes[0] + sizes[1] * predicted ** sizes[2],
                               "combined2": lambda: math.hypot(sizes[0], sizes[1] * predicted)}[kind]())
            on_scale = {"normal": float, "logNormal": math.log}[observation["distribution"]]
            residuals.append((on_scale(number(row, "DV")) - on_scale(predicted)) / deviations[-1])
            return predicted

        found = predictions(rows, False, system_of, dose_of, observe)
        return list(zip(found, deviations, residuals))
