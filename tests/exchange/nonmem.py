"""Evaluates a NONMEM control stream: its own parser of the records that `titrant fit --export nonmem` writes.

Closed forms (ADVAN1 to 4, 11, 12) are solved as the linear systems that they are solutions of; ADVAN13 by its $DES.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
from expressions import compiled, normal, translate
from kinetics import Dose, Row, System, mammillary, number, predictions

# TRANS2 and TRANS4: whether there is a depot, and the names of central volume and exchanges.
CLOSED_FORMS = {
    1: (False, "V", []),
    2: (True, "V", []),
    3: (False, "V1", [("Q", "V2")]),
    4: (True, "V2", [("Q", "V3")]),
    11: (False, "V1", [("Q2", "V2"), ("Q3", "V3")]),
    12: (True, "V2", [("Q3", "V3"), ("Q4", "V4")]),
}
ARRAYS = {"THETA": "theta", "ETA": "eta", "EPS": "eps", "A": "a"}


def records(text: str) -> list[tuple[str, str]]:
    """The records of a control stream: name and text, comments kept."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        match = re.match(r"\$(\w+)\s*(.*)", line)
        if match:
            found.append((match.group(1), match.group(2)))
        elif found and not line.lstrip().startswith(";"):
            name, body = found[-1]
            found[-1] = (name, body + "\n" + line)
    return found


def without_comment(line: str) -> str:
    return line.split(";")[0].strip()


def indexed(word: str, arguments: list[str]) -> str:
    place = int(float(arguments[0]))
    return f"{ARRAYS[word]}[{place - 1}]"


def statements(body: str) -> list[str]:
    """Abbreviated code as lines of Python."""
    lines: list[str] = []
    depth = 0

    def expression(text: str) -> str:
        return translate(text, fortran=True, call=indexed)

    def assignment(text: str) -> str:
        target, _, value = text.partition("=")
        target = target.strip()
        array = re.fullmatch(r"(A_0|DADT)\((\d+)\)", target)
        if array:
            return f"{'initial' if array.group(1) == 'A_0' else 'dadt'}[{int(array.group(2)) - 1}] = {expression(value)}"
        if not re.fullmatch(r"[A-Z]\w*", target):
            raise ValueError(f"cannot assign to {target!r}")
        return f"v[{target!r}] = {expression(value)}"

    for line in body.splitlines():
        line = without_comment(line)
        if not line:
            continue
        if line == "ENDIF":
            depth -= 1
            continue
        indent = "    " * depth
        if line.startswith("IF (") and line.endswith(" THEN"):
            lines.append(f"{indent}if {expression(line[3:-5])}:")
            depth += 1
        elif line.startswith("IF ("):
            close, level = 3, 0
            for close in range(3, len(line)):
                level += {"(": 1, ")": -1}.get(line[close], 0)
                if level == 0:
                    break
            lines.append(f"{indent}if {expression(line[3:close + 1])}: {assignment(line[close + 1:])}")
        else:
            lines.append(indent + assignment(line))
    if depth != 0:
        raise ValueError("an IF without its ENDIF")
    return lines


class Model:
    def __init__(self, path: Path):
        self.path = path
        found = records(path.read_text())

        def only(name: str) -> str:
            bodies = [body for record, body in found if record == name]
            if len(bodies) != 1:
                raise ValueError(f"{len(bodies)} records ${name}")
            return bodies[0]

        self.theta = []
        for record, body in found:
            if record == "THETA":
                values = re.fullmatch(r"\(?([^()]*?)\)?( FIX)?", without_comment(body))
                assert values, body
                inside = values.group(1).split(",")
                self.theta.append(float(inside[0] if len(inside) == 1 else inside[1]))
        self.omega, self.eta_names = self.read_omega([body for record, body in found if record == "OMEGA"])
        assert [without_comment(body) for record, body in found if record == "SIGMA"] == ["1 FIX"]
        subroutines = only("SUBROUTINES").split()
        self.advan = int(subroutines[0].removeprefix("ADVAN"))
        self.pk = compiled(statements(only("PK")), "v, theta, eta, initial")
        self.error = compiled(statements(only("ERROR")), "v, theta, eta, eps, a")
        self.des = compiled(statements(only("DES")), "v, a, dadt") if self.advan == 13 else None
        self.compartments = only("MODEL").count("COMP=") if self.advan == 13 else 0
        if self.advan != 13:
            depot, _, exchanges = CLOSED_FORMS[self.advan]
            self.compartments = depot + 1 + len(exchanges)
        self.input = [word for record, body in found if record == "INPUT" for word in body.split()]
        self.data = path.parent / only("DATA").split()[0]
        header = self.data.read_text().splitlines()[0].split(",")
        assert header == self.input, (header, self.input)
        assert max(len(line) for line in path.read_text().splitlines()) <= 160

    @staticmethod
    def read_omega(bodies: list[str]) -> tuple[np.ndarray, list[str]]:
        """The matrix, and of every eta the parameter that its comment names ("clearance", "clearance, occasion 2")."""
        blocks: list[np.ndarray] = []
        names: list[str] = []
        for body in bodies:
            lines = [line for line in body.splitlines() if line.strip()]
            head, _, comment = lines[0].partition(";")
            words = head.replace("FIX", "").split()
            if words[-1] == "SAME":
                blocks.append(blocks[-1])
                names.append(comment.strip())
                continue
            size = int(words[0][6:-1]) if words[0].startswith("BLOCK(") else 1
            rows = [words[1:] if words[0].startswith("BLOCK(") else words] + [one.split(";")[0].split() for one in lines[1:]]
            entries = [float(entry) for row in rows for entry in row]
            block = np.zeros((size, size))
            block[np.tril_indices(size)] = entries
            blocks.append(block + np.tril(block, -1).T)
            comments = [one.partition(";")[2].strip() for one in lines]
            names += comments if size == 1 else comments[1:]
        whole = np.zeros((len(names),) * 2)
        place = 0
        for block in blocks:
            whole[place:place + len(block), place:place + len(block)] = block
            place += len(block)
        return whole, names

    def check_probability(self, row: Row, v: dict, eta: list[float], amounts: np.ndarray, middle: float, width: float) -> None:
        """Of a censored value Y is the probability of what is known of it."""
        self.error(v, self.theta, eta, [0.0], amounts.tolist())
        at_value = normal((number(row, "DV") - middle) / width)
        known = {1: at_value, -1: 1.0 - at_value, 2: at_value - normal((number(row, "LIMIT") - middle) / width)}
        assert v["F_FLAG"] == 1.0 and abs(v["Y"] - known[int(number(row, "CENS"))]) < 1e-14, (row, v["Y"], known)

    def probability_of_one(self, v: dict, eta: list[float], amounts: np.ndarray) -> float:
        """Of binary values Y is the probability of what was measured."""
        likelihood = {}
        for value in (0.0, 1.0):
            tried = {**v, "DV": value}
            self.error(tried, self.theta, eta, [0.0], amounts.tolist())
            likelihood[value] = tried["Y"]
        assert abs(sum(likelihood.values()) - 1.0) < 1e-14, likelihood
        return likelihood[1.0]

    def predict(self, rows: list[Row], etas: dict[str, float]) -> list[tuple[float, float, float]]:
        """Predictions, standard deviations of the residual error and standardised residuals of DV. Random effects by the names of their parameters,
        those of occasions as "clearance, occasion 2"."""
        unknown = set(etas) - set(self.eta_names)
        assert not unknown, unknown
        eta = [etas.get(name, 0.0) for name in self.eta_names]
        deviations: list[float] = []
        residuals: list[float] = []

        def parameters(row: Row) -> tuple[dict, list[float]]:
            v = {column: number(row, column) for column in self.input}
            initial = [0.0] * self.compartments
            self.pk(v, self.theta, eta, initial)
            return v, initial

        def system_of(row: Row) -> System:
            v, initial = parameters(row)
            if self.des is None:
                depot, volume, exchanges = CLOSED_FORMS[self.advan]
                matrix = mammillary(v["KA"] if depot else None, v[volume], v["CL"], [(v[q], v[w]) for q, w in exchanges])
                return System(initial, matrix=matrix)
            des = self.des

            def slope(amounts: np.ndarray) -> np.ndarray:
                dadt = [0.0] * self.compartments
                des(v, amounts.tolist(), dadt)
                return np.array(dadt)

            return System(initial, slope=slope)

        def dose_of(row: Row) -> Dose:
            v, _ = parameters(row)
            place = int(number(row, "CMT"))
            rate = number(row, "RATE")
            duration = v[f"D{place}"] if rate == -2 else 0.0
            return Dose(place - 1, number(row, "AMT"), v.get(f"ALAG{place}", 0.0), v.get(f"F{place}", 1.0),
                        v[f"R{place}"] if rate == -1 else max(rate, 0.0), duration, int(number(row, "ADDL")),
                        number(row, "II"))

        def observe(row: Row, amounts: np.ndarray) -> float:
            v, _ = parameters(row)
            place = int(number(row, "CMT"))
            v["F"] = amounts[place - 1] / v.get(f"S{place}", 1.0)
            v["CENS"] = 0.0
            if is_likelihood(row, v, amounts):
                probability = self.probability_of_one(v, eta, amounts)
                deviations.append(math.sqrt(probability * (1.0 - probability)))
                residuals.append((number(row, "DV") - probability) / deviations[-1])
                return probability
            at_zero, at_one = dict(v), dict(v)
            self.error(at_zero, self.theta, eta, [0.0], amounts.tolist())
            self.error(at_one, self.theta, eta, [1.0], amounts.tolist())
            deviations.append(at_one["Y"] - at_zero["Y"])
            residuals.append((number(row, "DV") - at_zero["Y"]) / deviations[-1])
            if number(row, "CENS") != 0:
                self.check_probability(row, {**v, "CENS": number(row, "CENS")}, eta, amounts, at_zero["Y"], deviations[-1])
            return at_zero["IPRED"]

        def is_likelihood(row: Row, v: dict, amounts: np.ndarray) -> bool:
            tried = dict(v)
            self.error(tried, self.theta, eta, [0.0], amounts.tolist())
            return number(row, "CENS") == 0 and tried.get("F_FLAG", 0.0) == 1.0

        found = predictions(rows, True, system_of, dose_of, observe)
        return list(zip(found, deviations, residuals))
