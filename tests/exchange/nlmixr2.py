"""Evaluates a model function of nlmixr2: its own parser of the R that `titrant fit --export nlmixr2` writes.

linCmt() is solved as the linear system that it is a solution of; else the differential equations are integrated.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
from expressions import compiled, translate
from kinetics import Dose, Row, System, mammillary, number, predictions

PROPERTIES = ("f", "alag", "dur", "rate")  # of a compartment


def braces(text: str, head: str) -> str:
    """What stands between the braces after `head`."""
    start = text.index(head) + len(head)
    depth, place = 1, start
    while depth > 0:
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        place += 1
    return text[start:place - 1]


def residual_deviation(terms: list[tuple[str, str]], theta: dict[str, float], predicted: float) -> float:
    sizes = {term: [theta[one.strip()] for one in names.split(",")] for term, names in terms if names}
    flags = {term for term, names in terms if not names}
    if set(sizes) == {"lnorm"}:
        return sizes["lnorm"][0]
    if set(sizes) == {"pow"}:
        return sizes["pow"][0] * predicted ** sizes["pow"][1]
    assert set(sizes) <= {"add", "prop"} and (len(sizes) == 1) == (not flags), terms
    add, prop = sizes.get("add", [0.0])[0], sizes.get("prop", [0.0])[0] * predicted
    return add + prop if flags == {"combined1"} else math.hypot(add, prop)


class Model:
    def __init__(self, path: Path):
        text = path.read_text()
        self.data = path.parent / re.findall(r'read\.csv\("([^"]+)"', text)[0]
        code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        self.theta: dict[str, float] = {}
        self.eta_names: list[str] = []
        self.occasion_names: list[str] = []
        self.occasion_variances: list[float] = []
        self.omega = np.zeros((0, 0))
        self.read_ini(braces(code, "ini({"))
        self.states: list[str] = []
        self.rates: dict[str, str] = {}
        self.initial: dict[str, str] = {}
        self.endpoints: dict[str, list[tuple[str, str]]] = {}
        self.closed_form = False
        self.read_model(braces(code, "model({"))

    def read_ini(self, body: str) -> None:
        blocks: list[np.ndarray] = []
        for line in filter(None, (one.split(";")[0].strip() for one in body.splitlines())):
            random = re.fullmatch(r"([\w. +]+) ~ (?:c|fix)?\(?([^()|]*)\)?( \| OCC)?", line)
            if random and random.group(3):
                self.occasion_names.append(random.group(1))
                self.occasion_variances.append(float(random.group(2)))
                continue
            if random:
                names = random.group(1).split(" + ")
                values = [float(one) for one in random.group(2).split(",")]
                block = np.zeros((len(names),) * 2)
                block[np.tril_indices(len(names))] = values
                blocks.append(block + np.tril(block, -1).T)
                self.eta_names += names
                continue
            fixed = re.fullmatch(r"([\w.]+) <- (?:(?:c|fix)\()?([^()]*?)\)?", line)
            if not fixed:
                raise ValueError(f"ini: cannot read {line!r}")
            values = fixed.group(2).split(",")
            self.theta[fixed.group(1)] = float(values[0] if len(values) == 1 else values[1])
        self.omega = np.zeros((len(self.eta_names),) * 2)
        place = 0
        for block in blocks:
            self.omega[place:place + len(block), place:place + len(block)] = block
            place += len(block)

    def read_model(self, body: str) -> None:
        lines: list[str] = []
        properties: list[str] = []
        depth = 0

        def refuse(word: str, _: list[str]) -> str:
            raise ValueError(f"{word} is no function that is known")

        def expression(text: str) -> str:
            return translate(text, call=refuse)

        for line in filter(None, (one.strip() for one in body.splitlines())):
            indent = "    " * depth
            if line == "}":
                depth -= 1
            elif condition := re.fullmatch(r"if \((.*)\) \{", line):
                lines.append(f"{indent}if {expression(condition.group(1))}:")
                depth += 1
            elif rate := re.fullmatch(r"d/dt\((\w+)\) <- (.*)", line):
                self.states.append(rate.group(1))
                lines.append(f"{indent}slope[{rate.group(1)!r}] = {expression(rate.group(2))}")
            elif of_state := re.fullmatch(r"(\w+)\((\w+)\) <- (.*)", line):
                called, state, value = of_state.groups()
                called = "initial" if state == "0" else called
                if called not in (*PROPERTIES, "initial"):
                    raise ValueError(f"model: cannot read {line!r}")
                state = of_state.group(1) if called == "initial" else state
                properties.append(f"of[{called!r}, {state!r}] = {expression(value)}")
            elif likelihood := re.fullmatch(r"ll\((\w+)\) ~ (.*)", line):
                self.endpoints[likelihood.group(1)] = []
                self.log_likelihood = compiled([f"return {expression(likelihood.group(2))}"], "v")
            elif endpoint := re.fullmatch(r"(\w+) ~ (.*)", line):
                terms = [re.fullmatch(r"(\w+)\(([\w., ]*)\)", one.strip()) for one in endpoint.group(2).split("+")]
                assert all(terms), line
                self.endpoints[endpoint.group(1)] = [(one.group(1), one.group(2)) for one in terms if one]
            elif line == "cp <- linCmt()":
                self.closed_form = True
                lines.append(f"{indent}v['cp'] = central / v['v']")
            elif assigned := re.fullmatch(r"([\w.]+) <- (.*)", line):
                lines.append(f"{indent}v[{assigned.group(1)!r}] = {expression(assigned.group(2))}")
            else:
                raise ValueError(f"model: cannot read {line!r}")
        assert depth == 0
        if self.closed_form:
            assert not self.states
            self.states = ["depot", "central"] if "ka" in self.assigned(lines) else ["central"]
            self.states += ["peripheral1"] * ("q" in self.assigned(lines)) + ["peripheral2"] * ("q2" in self.assigned(lines))
        self.run = compiled(lines, "v, slope, central")
        self.properties = compiled(properties, "v, of")

    @staticmethod
    def assigned(lines: list[str]) -> set[str]:
        return {match.group(1) for line in lines if (match := re.match(r"\s*v\['([\w.]+)'\] =", line))}

    def predict(self, rows: list[Row], etas: dict[str, float]) -> list[tuple[float, float, float]]:
        """Predictions, standard deviations of the residual error and standardised residuals of DV. Random effects by their names, "eta.cl", those of
        occasions as "iov.cl, occasion 2"."""
        unknown = {name.split(",")[0] for name in etas} - {*self.eta_names, *self.occasion_names}
        assert not unknown, unknown
        deviations: list[float] = []
        residuals: list[float] = []

        def evaluated(row: Row, amounts: list[float]) -> tuple[dict, dict, dict]:
            v = {column: number(row, column) for column, text in row.items() if column != "CMT"}
            v["t"] = v["TIME"]
            v |= self.theta
            v |= {name: etas.get(name, 0.0) for name in self.eta_names}
            v |= {name: etas.get(f"{name}, occasion {row.get('OCC', '')}", 0.0) for name in self.occasion_names}
            v |= dict(zip(self.states, amounts))
            slope: dict[str, float] = {}
            self.run(v, slope, v["central"])
            of: dict[tuple[str, str], float] = {}
            self.properties(v, of)
            return v, slope, of

        def system_of(row: Row) -> System:
            v, _, of = evaluated(row, [0.0] * len(self.states))
            initial = [of.get(("initial", state), 0.0) for state in self.states]
            if self.closed_form:
                exchanges = [(v[q], v[w]) for q, w in (("q", "vp"), ("q2", "vp2")) if q in v]
                return System(initial, matrix=mammillary(v.get("ka"), v["v"], v["cl"], exchanges))

            def slope(amounts: np.ndarray) -> np.ndarray:
                rates = evaluated(row, amounts.tolist())[1]
                return np.array([rates[state] for state in self.states])

            return System(initial, slope=slope)

        def dose_of(row: Row) -> Dose:
            _, _, of = evaluated(row, [0.0] * len(self.states))
            state, rate = row["CMT"], number(row, "RATE")
            return Dose(self.states.index(state), number(row, "AMT"), of.get(("alag", state), 0.0), of.get(("f", state), 1.0),
                        of["rate", state] if rate == -1 else max(rate, 0.0), of["dur", state] if rate == -2 else 0.0,
                        int(number(row, "ADDL")), number(row, "II"))

        def observe(row: Row, amounts: np.ndarray) -> float:
            v = evaluated(row, amounts.tolist())[0]
            endpoint = row["CMT"] if len(self.endpoints) > 1 else next(iter(self.endpoints))
            predicted = v[endpoint]
            terms = self.endpoints[endpoint]
            if not terms:
                chances = [math.exp(self.log_likelihood({**v, "DV": value})) for value in (0.0, 1.0)]
                assert abs(sum(chances) - 1.0) < 1e-14 and abs(chances[1] - predicted) < 1e-14, chances
                deviations.append(math.sqrt(chances[0] * chances[1]))
                residuals.append((number(row, "DV") - chances[1]) / deviations[-1])
                return predicted
            deviations.append(residual_deviation(terms, self.theta, predicted))
            on_scale = math.log if terms[0][0] == "lnorm" else float
            residuals.append((on_scale(number(row, "DV")) - on_scale(predicted)) / deviations[-1])
            return predicted

        found = predictions(rows, False, system_of, dose_of, observe)
        return list(zip(found, deviations, residuals))
