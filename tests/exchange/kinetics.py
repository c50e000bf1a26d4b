"""One subject's records through a system of differential equations: doses, infusions, lags, resets and observations.

Amounts at the times of observations follow from a step of a matrix exponential (linear systems) or from Gragg, Bulirsch
and Stoer's extrapolation of the midpoint rule (others), to relative 1e-10 or better.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Dose:
    """A dose as a record and the model have it: `amount` enters `compartment` at once or at a constant rate."""

    compartment: int
    amount: float
    lag: float = 0.0
    share: float = 1.0
    rate: float = 0.0  # of the record; an infusion lasts share x amount / rate
    duration: float = 0.0  # of the model; where it is above 0 the rate follows
    additional: int = 0
    interval: float = 0.0


@dataclass
class System:
    """Equations in force between two records."""

    initial: list[float]
    matrix: np.ndarray | None = None  # of a linear system
    slope: Callable[[np.ndarray], np.ndarray] | None = None  # of others, without what is infused


@dataclass
class Body:
    """Amounts, and what is on its way: arrivals (time, compartment, amount) and infusions (begin, end, compartment, rate)."""

    time: float
    amounts: np.ndarray
    arrivals: list[tuple[float, int, float]] = field(default_factory=list)
    infusions: list[tuple[float, float, int, float]] = field(default_factory=list)

    def reset(self, system: System) -> None:
        self.amounts = np.array(system.initial, dtype=float)
        self.arrivals.clear()
        self.infusions.clear()

    def give(self, dose: Dose) -> None:
        enters = dose.share * dose.amount
        for number in range(dose.additional + 1):
            begin = self.time + number * dose.interval + dose.lag
            rate = enters / dose.duration if dose.duration > 0 else dose.rate
            if rate > 0:
                self.infusions.append((begin, begin + enters / rate, dose.compartment, rate))
            elif begin == self.time:
                self.amounts[dose.compartment] += enters
            else:
                self.arrivals.append((begin, dose.compartment, enters))

    def advance(self, time: float, system: System) -> None:
        """To a later time, what arrives until then included."""
        while True:
            stops = [begin for begin, _, _ in self.arrivals if begin <= time]
            for begin, end, _, _ in self.infusions:
                stops += [stop for stop in (begin, end) if self.time < stop <= time]
            stop = min(stops, default=time)
            if stop > self.time:
                inputs = np.zeros(len(self.amounts))
                for begin, end, compartment, rate in self.infusions:
                    if begin <= self.time < end:
                        inputs[compartment] += rate
                self.amounts = step(system, self.amounts, inputs, stop - self.time)
                self.time = stop
            for begin, compartment, amount in self.arrivals:
                if begin <= self.time:
                    self.amounts[compartment] += amount
            self.arrivals = [one for one in self.arrivals if one[0] > self.time]
            if self.time >= time:
                return


def step(system: System, amounts: np.ndarray, inputs: np.ndarray, length: float) -> np.ndarray:
    if system.matrix is not None:
        count = len(amounts)
        augmented = np.zeros((count + 1, count + 1))
        augmented[:count, :count] = system.matrix
        augmented[:count, count] = inputs
        return (exponential(augmented * length) @ np.append(amounts, 1.0))[:count]
    slope = system.slope
    assert slope is not None
    return extrapolated(lambda y: slope(y) + inputs, amounts, length)


def exponential(matrix: np.ndarray) -> np.ndarray:
    """exp of a matrix whose entries off the diagonal are not negative, by sums of positive terms: every digit is kept."""
    shift = max(0.0, -float(np.min(np.diag(matrix))))
    squarings = max(0, math.ceil(math.log2(max(shift, float(np.max(np.abs(matrix))), 1e-3))) + 3)
    scaled = (matrix + shift * np.eye(len(matrix))) / 2.0**squarings
    term = result = np.eye(len(matrix))
    for order in range(1, 30):
        term = term @ scaled / order
        result = result + term
    result = result * math.exp(-shift / 2.0**squarings)
    for _ in range(squarings):
        result = result @ result
    return result


def extrapolated(slope: Callable[[np.ndarray], np.ndarray], amounts: np.ndarray, length: float) -> np.ndarray:
    """y(length) of y' = slope(y), y(0) = amounts, with control of the error of each step (Hairer, Norsett and Wanner,
    Solving Ordinary Differential Equations I, II.9)."""
    tolerance, columns = 1e-12, 9
    done, trial = 0.0, min(length, 0.25)
    while length - done > 1e-14 * length:
        size = min(trial, length - done)
        table: list[np.ndarray] = []
        error = math.inf
        for row in range(columns):
            parts = 2 * (row + 1)
            h = size / parts
            before, now = amounts, amounts + h * slope(amounts)
            for _ in range(parts - 1):
                before, now = now, before + 2.0 * h * slope(now)
            line = [0.5 * (before + now + h * slope(now))]
            for k in range(row):
                ratio = (parts / (2 * (row - k))) ** 2
                line.append(line[k] + (line[k] - table[k]) / (ratio - 1.0))
            if row > 0:
                scale = np.abs(line[-1]) + 1e-6 * np.max(np.abs(line[-1])) + 1e-300
                error = float(np.max(np.abs(line[-1] - line[-2]) / scale))
            table = line
            if error <= tolerance:
                break
        if error <= 100 * tolerance:
            amounts, done = table[-1], done + size
            trial = size * (1.6 if row < columns - 2 else 1.0)
        else:
            trial = size / 2
            if trial < 1e-9:
                raise ValueError("the step became too small")
    return amounts


def mammillary(absorption: float | None, volume: float, clearance: float, exchanges: list[tuple[float, float]],
               chain: tuple[int, float] | None = None) -> np.ndarray:
    """Rates between the compartments of a drug: stages of transit (number, rate), depot, central, peripheral ones
    (clearance, volume) in this order."""
    stages = chain[0] if chain else 0
    depot = 0 if absorption is None else 1
    central = stages + depot
    matrix = np.zeros((central + 1 + len(exchanges),) * 2)
    for stage in range(stages):
        assert chain is not None
        matrix[stage, stage] -= chain[1]
        matrix[stage + 1, stage] += chain[1]
    if absorption is not None:
        matrix[central - 1, central - 1] -= absorption
        matrix[central, central - 1] += absorption
    matrix[central, central] -= clearance / volume
    for number, (q, other) in enumerate(exchanges, start=1):
        matrix[central, central] -= q / volume
        matrix[central + number, central] += q / volume
        matrix[central + number, central + number] -= q / other
        matrix[central, central + number] += q / other
    return matrix


Row = dict[str, str]


def number(row: Row, column: str) -> float:
    """A field of the data set; 0 where it is a dot or there is no such column."""
    text = row.get(column, ".")
    return 0.0 if text == "." else float(text)


def predictions(rows: list[Row], carry_backward: bool, system_of: Callable[[Row], System],
                dose_of: Callable[[Row], Dose], observe: Callable[[Row, np.ndarray], float]) -> list[float]:
    """The predictions of the observations of one subject's records, in their order.

    :param carry_backward: whether a record's covariates hold since the record before it (NONMEM), else until the next one
    """
    found: list[float] = []
    body: Body | None = None
    last = rows[0]
    for row in rows:
        if number(row, "SS") != 0:
            raise ValueError("steady states are not evaluated here")
        system = system_of(row)
        if body is None:
            body = Body(number(row, "TIME"), np.array(system.initial, dtype=float))
        body.advance(number(row, "TIME"), system if carry_backward else system_of(last))
        event = number(row, "EVID")
        if event in (3, 4):
            body.reset(system)
        if event in (1, 4):
            body.give(dose_of(row))
        if event == 0:
            found.append(observe(row, body.amounts))
        last = row
    return found
