"""Small trials, and the models that are fitted to them. What they were made of does not matter: fits are compared with their exports."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from kinetics import exponential, mammillary

LIMIT = 400.0  # of quantification, ng/mL
COMMON = "starts: 1, covariance: outer_product"


@dataclass
class Case:
    """A trial and what is fitted to it."""

    name: str
    settings: str  # YAML; TRIAL stands for the file
    header: str
    rows: list[str]
    refused: dict[str, str] = field(default_factory=dict)  # program -> what its message says


def course(times: list[float], doses: list[tuple[float, float, float]], absorption: float | None, volume: float,
           clearance: float, exchanges: list[tuple[float, float]] | None = None) -> list[float]:
    """ng/mL at times (h) after doses (time, mg, duration of an infusion or 0) into the first compartment."""
    matrix = mammillary(absorption, volume, clearance, exchanges or [])
    count = len(matrix)
    central = 0 if absorption is None else 1
    found = []
    for time in times:
        total = 0.0
        for begin, amount, duration in doses:
            since = time - begin
            if since <= 0:
                continue
            if duration == 0:
                total += (exponential(matrix * since) @ (amount * np.eye(count)[0]))[central]
                continue
            augmented = np.zeros((count + 1, count + 1))
            augmented[:count, :count] = matrix
            on = min(since, duration)
            augmented[0, count] = amount / duration
            after = (exponential(augmented * on) @ np.eye(count + 1)[count])[:count]
            total += (exponential(matrix * (since - on)) @ after)[central]
        found.append(1000.0 * total / volume)
    return found


def cases() -> list[Case]:
    makers: list[Callable[[], Case]] = [oral_covariates, time_varying, infusion, transit, blocks_and_occasions, zero_order,
                                        joint_turnover, effect_compartment, direct, loss, not_for_monolix, varying_error,
                                        saturable, tolerance, precursor, binary]
    return [make() for make in makers]


def settings(pk: str, pd: str = "{structure: none}", data: str = "") -> str:
    return (f"data: {{file: TRIAL{data}}}\npk: {{{COMMON}, {pk}}}\npd: {pd}\n"
            "diagnostics: {simulations: 0}\n")


def oral_covariates() -> Case:
    """Two compartments, lag, all kinds of covariate effects, values below a limit."""
    random = np.random.default_rng(1)
    rows = []
    for subject in range(1, 25):
        weight, age, sex = 70.0 * math.exp(0.2 * random.normal()), float(random.integers(20, 70)), int(random.integers(1, 3))
        eta = 0.25 * random.normal(size=3)
        cl = 4.0 * (weight / 70) ** 0.75 * math.exp(-0.01 * (age - 45) + eta[0]) * (1.3 if sex == 2 else 1.0)
        v = 40.0 * weight / 70 * math.exp(eta[1])
        doses = [(12.0 * number + 0.3, 100.0, 0.0) for number in range(4)]
        times = [0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 36.5, 38.0, 42.0, 48.0, 60.0, 72.0]
        values = course(times, doses, 0.9 * math.exp(eta[2]), v, cl, [(3.0, 60.0)])
        rows.append(f"{subject},0,100,3,12,.,1,0,.,{weight:.2f},{age:g},{sex}")
        for time, value in zip(times, values):
            measured = value * (1 + 0.1 * random.normal()) + 40 * random.normal()
            below = measured < LIMIT
            rows.append(f"{subject},{time},.,.,.,{LIMIT if below else measured:.5g},0,{int(below)},{0.5 * LIMIT if below and subject % 2 else '.'},{weight:.2f},{age:g},{sex}")
    return Case("oral_covariates", settings(
        "compartments: 2, lag: true, error: combined, omega: {variable: [absorption_rate, clearance, volume]}, "
        "covariates: {clearance: {weight: 0.75, age: exponential, sex: categorical}, volume: {weight: power}}",
        data=", covariates: {weight: {column: WT}, age: {column: AGE, reference: 45}, sex: {column: SEX, levels: {1: male, 2: female}}}"),
        "ID,TIME,AMT,ADDL,II,DV,EVID,CENS,LIMIT,WT,AGE,SEX", rows)


def time_varying() -> Case:
    """One compartment, a covariate that changes in time, and a reset."""
    random = np.random.default_rng(2)
    rows = []
    for subject in range(1, 13):
        crcl = 90.0 * math.exp(0.3 * random.normal())
        eta = 0.2 * random.normal(size=2)
        for period in range(2):
            now = crcl * (1.0 if period == 0 else 0.6)
            cl, v = 3.0 * (now / 90) ** 0.5 * math.exp(eta[0]), 30.0 * math.exp(eta[1])
            start = 48.0 * period
            rows.append(f"{subject},{start},50,.,{4 if period else 1},{now:.2f}")
            times = [0.5, 1.0, 3.0, 6.0, 12.0, 24.0, 36.0]
            for time, value in zip(times, course(times, [(0.0, 50.0, 0.0)], 1.1, v, cl)):
                rows.append(f"{subject},{start + time},.,{value * (1 + 0.08 * random.normal()):.5g},0,"
                            f"{now * (0.9 if time > 10 else 1.0):.2f}")
    return Case("time_varying", settings(
        "compartments: 1, error: proportional, omega: {variable: [clearance, volume]}, "
        "covariates: {clearance: {creatinine_clearance: power}}",
        data=", covariates: {creatinine_clearance: {column: CRCL, reference: 90}}"),
        "ID,TIME,AMT,DV,EVID,CRCL", rows)


def infusion() -> Case:
    """Three compartments, infusions and a bolus."""
    random = np.random.default_rng(3)
    rows = []
    for subject in range(1, 13):
        eta = 0.2 * random.normal(size=2)
        doses = [(0.0, 200.0, 2.0), (24.0, 100.0, 0.0)]
        times = [0.5, 1.0, 2.0, 2.25, 2.5, 3.0, 4.0, 6.0, 9.0, 14.0, 23.9, 24.1, 24.5, 26.0, 30.0, 48.0, 72.0, 120.0]
        values = course(times, doses, None, 10.0 * math.exp(eta[1]), 5.0 * math.exp(eta[0]), [(8.0, 15.0), (1.5, 60.0)])
        lines = [(0.0, f"{subject},0,200,100,.,1"), (24.0, f"{subject},24,100,0,.,1")]
        for time, value in zip(times, values):
            lines.append((time, f"{subject},{time},.,0,{value * (1 + 0.05 * random.normal()):.5g},0"))
        rows += [line for _, line in sorted(lines, key=lambda one: one[0])]
    return Case("infusion", settings(
        "compartments: 3, error: log_normal, omega: {variable: [clearance, volume]}, covariates: {}"),
        "ID,TIME,AMT,RATE,DV,EVID", rows)


def varying_error() -> Case:
    """A residual error that varies between subjects."""
    random = np.random.default_rng(12)
    rows = []
    for subject in range(1, 13):
        eta = 0.3 * random.normal(size=2)
        own = math.exp(0.6 * random.normal())
        rows.append(f"{subject},0,100,.,1")
        times = [0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0]
        for time, value in zip(times, course(times, [(0.0, 100.0, 0.0)], None, 40 * math.exp(eta[0]), 4 * math.exp(eta[1]))):
            rows.append(f"{subject},{time},.,{value * math.exp(0.1 * own * random.normal()):.5g},0")
    refused = "has no random effect on the residual error (omega.error); export to nonmem"
    return Case("varying_error", settings(
        "compartments: 1, error: combined_sd, omega: {variable: [clearance, volume, error]}, covariates: {}",
        data=", route: iv"),
        "ID,TIME,AMT,DV,EVID", rows, {"nlmixr2": refused, "monolix": refused})


def transit() -> Case:
    """Transit compartments."""
    random = np.random.default_rng(4)
    rows = []
    for subject in range(1, 13):
        eta = 0.2 * random.normal(size=2)
        rows.append(f"{subject},0,100,.,1")
        times = [0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 24.0]
        for time, value in zip(times, course(times, [(0.7, 100.0, 0.0)], 0.8, 40 * math.exp(eta[0]), 4 * math.exp(eta[1]))):
            rows.append(f"{subject},{time},.,{max(value, 5.0) * (1 + 0.1 * random.normal()):.5g},0")
    return Case("transit", settings(
        "compartments: 1, absorption: transit, transit_compartments: 2, error: combined, "
        "omega: {variable: [clearance, volume, mean_transit_time]}, covariates: {}"), "ID,TIME,AMT,DV,EVID", rows)


def blocks_and_occasions() -> Case:
    """A block of Omega, and effects of occasions."""
    random = np.random.default_rng(5)
    rows = []
    for subject in range(1, 21):
        first, second = random.normal(size=2)
        v = 50.0 * math.exp(0.25 * (0.7 * first + 0.7 * second))
        for visit in range(3):
            cl = 5.0 * math.exp(0.3 * first + 0.2 * random.normal())
            start = 72 * visit
            rows.append(f"{subject},{start},100,.,1,{visit + 1}")
            times = [0.5, 2.0, 6.0, 12.0, 24.0]
            for time, value in zip(times, course(times, [(0.0, 100.0, 0.0)], None, v, cl)):
                rows.append(f"{subject},{start + time},.,{value * (1 + 0.08 * random.normal()):.5g},0,{visit + 1}")
    return Case("blocks_and_occasions", settings(
        "compartments: 1, error: power, omega: {variable: [clearance, volume], blocks: [[clearance, volume]]}, "
        "occasions: {column: VISIT, variable: [clearance]}, covariates: {}", data=", route: iv"),
        "ID,TIME,AMT,DV,EVID,VISIT", rows)


def zero_order() -> Case:
    """Zero-order absorption with a bioavailability and a lag, and infusions whose duration the model has."""
    random = np.random.default_rng(6)
    rows = []
    for subject in range(1, 21):
        eta = 0.2 * random.normal(size=4)
        doses = [(0.4, 60.0 * math.exp(0.3 * eta[3]), 5.0 * math.exp(eta[0])), (24.0, 50.0, 3.0)]
        times = [0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.5, 8.0, 12.0, 23.5, 24.5, 26.0, 28.0, 30.0, 36.0, 47.0]
        values = course(times, doses, None, 70.0 * math.exp(eta[1]), 4.0 * math.exp(eta[2]))
        lines = [(0.0, f"{subject},0,100,0,1,.,1"), (24.0, f"{subject},24,50,-2,2,.,1")]
        for time, value in zip(times, values):
            lines.append((time, f"{subject},{time},.,0,2,{max(value, 1.0) * (1 + 0.08 * random.normal()):.5g},0"))
        rows += [line for _, line in sorted(lines, key=lambda one: one[0])]
    return Case("zero_order", settings(
        "compartments: 1, error: combined, absorption: zero_order, bioavailability: true, lag: true, "
        "omega: {variable: [clearance, volume, absorption_duration, bioavailability]}, covariates: {}"),
        "ID,TIME,AMT,RATE,CMT,DV,EVID", rows)


def with_biomarker(seed: int, biomarker: Callable[[float, float], float]) -> list[str]:
    """Oral doses in one compartment, and a biomarker as a function of C and time; a third of the subjects on placebo."""
    random = np.random.default_rng(seed)
    rows = []
    for subject in range(1, 10):
        eta = 0.2 * random.normal(size=3)
        comed = subject % 2
        doses = [(24.0 * number, 0.0 if subject % 3 == 0 else 40.0, 0.0) for number in range(5)]
        lines: list[tuple[float, str]] = []
        for begin, amount, _ in doses:
            if amount > 0:
                lines.append((begin, f"{subject},{begin},{amount},.,1,0,{comed}"))
        times = [1.0, 3.0, 8.0, 23.9, 97.0, 99.0, 104.0, 120.0, 150.0]
        volume, clearance = 20.0 * math.exp(eta[0]), 1.5 * math.exp(eta[1])
        values = course(times, doses, 0.8, volume, clearance)
        for time, value in zip(times, values):
            if value > 0:
                lines.append((time, f"{subject},{time},.,{value * (1 + 0.1 * random.normal()):.5g},0,1,{comed}"))
        for time in (0.0, 6.0, 24.0, 48.0, 97.0, 120.0, 168.0):
            c = course([time], doses, 0.8, volume, clearance)[0]
            r = math.exp(eta[2]) * (1.4 if comed else 1.0) * biomarker(c, time)
            lines.append((time, f"{subject},{time},.,{r * (1 + 0.08 * random.normal()):.5g},0,2,{comed}"))
        rows += [line for _, line in sorted(lines, key=lambda one: one[0])]
    return rows


HEADER = "ID,TIME,AMT,DV,EVID,DVID,COMED"


def joint_turnover() -> Case:
    """Concentrations and a turnover biomarker, estimated together."""
    def biomarker(c: float, time: float) -> float:
        return 12.0 * (1 - 0.7 * (1 - math.exp(-0.05 * time)) * c / (c + 300.0)) if time > 0 else 12.0

    return Case("joint_turnover", settings(
        "compartments: 1, error: proportional, omega: {variable: [clearance, volume]}, covariates: {}",
        "{structure: turnover_inhibition, method: joint, error: proportional, search: {enabled: false}, baseline: constant, starts: 1, "
        "iterations: 4, omega: {variable: [baseline]}, covariates: {baseline: {comed: categorical}}}",
        data=", covariates: {comed: {column: COMED}}"), HEADER, with_biomarker(7, biomarker))


def effect_compartment() -> Case:
    """Individual exposures, an effect compartment and a Hill coefficient; stimulation."""
    def biomarker(c: float, _: float) -> float:
        return 10.0 * (1 + 2.0 * c**1.8 / (c**1.8 + 500.0**1.8))

    return Case("effect_compartment", settings(
        "compartments: 1, error: combined, omega: {variable: [clearance, volume]}, covariates: {}",
        "{structure: effect_compartment_stimulation, error: combined_sd, search: {enabled: false}, baseline: constant, starts: 1, iterations: 4, "
        "omega: {variable: [baseline, hill]}, covariates: {baseline: {comed: categorical}}}",
        data=", covariates: {comed: {column: COMED}}"), HEADER, with_biomarker(8, biomarker))


def direct() -> Case:
    """A direct effect beside a closed form."""
    return Case("direct", settings(
        "compartments: 1, error: proportional, omega: {variable: [clearance, volume]}, covariates: {}",
        "{structure: direct_inhibition, error: additive, search: {enabled: false}, baseline: constant, starts: 1, iterations: 3, "
        "omega: {variable: [baseline, imax]}, covariates: {}}"), HEADER.replace(",COMED", ""),
        [row.rpartition(",")[0] for row in with_biomarker(10, lambda c, _: 15.0 * (1 - 0.8 * c / (c + 400.0)))])


def loss() -> Case:
    """A stimulated loss, with the population PK held."""
    return Case("loss", settings(
        "compartments: 1, error: proportional, omega: {variable: [clearance, volume]}, covariates: {}",
        "{structure: turnover_stimulation_of_loss, method: population, error: proportional, search: {enabled: false}, "
        "starts: 1, iterations: 3, omega: {variable: [baseline, kout]}, covariates: {}}"), HEADER.replace(",COMED", ""),
        [row.rpartition(",")[0] for row in with_biomarker(11, lambda c, _: 15.0 / (1 + 1.5 * c / (c + 400.0)))])


def saturable() -> Case:
    """Elimination by both ways beside a biomarker with a circadian baseline."""
    return Case("saturable", settings(
        "compartments: 2, elimination: both, error: proportional, omega: {variable: [clearance, volume]}, covariates: {}, iterations: 3, "
        "fixed: {intercompartmental_clearance: 0.5, peripheral_volume: 15, maximum_elimination_rate: 2, michaelis_constant: 500}",
        "{structure: turnover_inhibition, baseline: circadian, error: proportional, search: {enabled: false, variability: false}, starts: 1, iterations: 2, "
        "initial: {baseline_amplitude: 0.2}, omega: {variable: [baseline, baseline_phase]}, covariates: {}}"),
        HEADER.replace(",COMED", ""),
        [row.rpartition(",")[0] for row in with_biomarker(
            12, lambda c, time: 15.0 * (1 + 0.2 * math.cos(2 * math.pi * (time - 8) / 24)) * (1 - 0.5 * c / (c + 400.0)))])


def tolerance() -> Case:
    """Tolerance, and a baseline that falls on a line with a slope of each subject's own."""
    return Case("tolerance", settings(
        "compartments: 1, error: proportional, omega: {variable: [clearance, volume]}, covariates: {}",
        "{structure: tolerance_stimulation, baseline: linear, error: proportional, search: {enabled: false, variability: false}, starts: 1, iterations: 2, "
        "omega: {variable: [baseline, baseline_slope]}, covariates: {baseline_slope: {comed: categorical}}}",
        data=", covariates: {comed: {column: COMED}}"), HEADER,
        with_biomarker(13, lambda c, time: 15.0 * (1 - 0.002 * time) * (1 + c / (c + 400.0 + time))))


def precursor() -> Case:
    """A precursor, and a baseline with an exponential trend."""
    return Case("precursor", settings(
        "compartments: 1, elimination: michaelis_menten, error: additive, omega: {variable: [volume]}, covariates: {}, iterations: 3, "
        "fixed: {michaelis_constant: 900}",
        "{structure: precursor_inhibition, baseline: exponential, error: proportional, search: {enabled: false, variability: false}, starts: 1, iterations: 2, "
        "omega: {variable: [baseline]}, covariates: {}}"), HEADER.replace(",COMED", ""),
        [row.rpartition(",")[0] for row in with_biomarker(14, lambda c, time: 15.0 * math.exp(0.001 * time) * (1 - 0.4 * c / (c + 400.0)))])


def binary() -> Case:
    """Values of 0 and 1 by an effect compartment."""
    random = np.random.default_rng(16)
    rows = []
    for row in with_biomarker(15, lambda c, _: 1.0 / (1.0 + math.exp(1.0 - 3.0 * c / (c + 400.0)))):
        fields = row.split(",")
        if fields[5] == "2":
            fields[3] = str(int(random.random() < float(fields[3])))
        rows.append(",".join(fields[:-1]))
    return Case("binary", settings(
        "compartments: 1, error: log_normal, omega: {variable: [clearance, volume]}, covariates: {}",
        "{structure: effect_compartment_stimulation, error: binary, search: {enabled: false, variability: false}, baseline: constant, starts: 1, iterations: 3, "
        "omega: {variable: [baseline]}, covariates: {}}"), HEADER.replace(",COMED", ""), rows)


def not_for_monolix() -> Case:
    """Doses whose rate the model has."""
    random = np.random.default_rng(9)
    rows = []
    for subject in range(1, 13):
        eta = 0.2 * random.normal(size=3)
        rows.append(f"{subject},0,120,-1,.,1")
        times = [0.5, 1.5, 3.0, 4.5, 6.0, 9.0, 14.0, 24.0]
        for time, value in zip(times, course(times, [(0.0, 120.0, 120 / 30 * math.exp(eta[0]))], None, 30 * math.exp(eta[1]), 5 * math.exp(eta[2]))):
            rows.append(f"{subject},{time},.,0,{value * (1 + 0.06 * random.normal()):.5g},0")
    return Case("not_for_monolix", settings(
        "compartments: 1, error: proportional, omega: {variable: [clearance, volume, input_rate]}, covariates: {}"),
        "ID,TIME,AMT,RATE,DV,EVID", rows, {"monolix": "Monolix has no form for a dose whose rate the model has (RATE -1)"})
