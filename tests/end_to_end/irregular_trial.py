#!/usr/bin/env python3
"""Writes one trial twice: as ordinary files have it, with every irregularity at once, and cleaned by hand.

Usage: irregular_trial.py SIMULATED.csv IRREGULAR.csv CLEAN.csv

SIMULATED.csv is what `titrant simulate` writes. Both files hold the same facts, so every answer must be the same:

    irregular                                             clean
    times in days, concentrations in ug/mL                h, ng/mL
    kinds of observations as words                        1 and 2
    subject 2 is 2, 2.0 and 02                            2
    NA, an empty field or a full stop for what is missing a full stop
    covariates in the first record only                   in every record
    comment rows (C), rows to ignore (FLAG), MDV 101      no such rows
    a reset before everything else                        no reset
    biomarker at -2 h                                     at 0 h, before the dose
    noise and zeros before and at the first dose          no such values
    two tablets of half the dose at one time              one dose
    EVID 101 for doses                                    EVID 1
    doses of 0 mg, for placebo and between doses          no such doses
    a subject with doses only                             no such subject

Both have a late dose, values below a limit of quantification, one with a lower end (LIMIT), and a weight that changes.
"""

from __future__ import annotations

import csv
import sys

CLEAN = ["ID", "BW", "COMED", "TIME", "DV", "EVID", "MDV", "AMT", "CMT", "DVID", "CENS", "LLOQ", "LIMIT"]
IRREGULAR = ["C", *CLEAN, "FLAG"]
LLOQ = 0.3  # ng/mL

Row = dict[str, str]


class Subject:
    """Doses, concentrations and biomarker values of one subject, in h, mg and ng/mL."""

    def __init__(self, number: int, weight: float, comed: str) -> None:
        self.number = number
        self.weight = weight
        self.comed = comed
        self.doses: list[tuple[float, float]] = []
        self.concentrations: list[tuple[float, float]] = []
        self.biomarkers: list[tuple[float, float]] = []


def read(name: str) -> list[Subject]:
    """The subjects of a file that `titrant simulate` has written."""
    subjects: dict[str, Subject] = {}
    with open(name, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            subject = subjects.setdefault(row["ID"], Subject(len(subjects) + 1, float(row["BW"]), row["COMED"]))
            time = float(row["TIME"])
            if row["EVID"] == "1":
                for k in range(int(float(row.get("ADDL") or 0)) + 1):
                    subject.doses.append((time + k * float(row.get("II") or 0), float(row["AMT"])))
            elif row["DVID"] == "1":
                subject.concentrations.append((time, float(row["DV"])))
            else:
                subject.biomarkers.append((time, float(row["DV"])))
    return list(subjects.values())


def events(subject: Subject) -> list[tuple[float, int, str, float]]:
    """(time, order within it, kind, value), doses after what was measured at their time."""
    all_of_them = [(t, 1, "dose", v) for t, v in subject.doses]
    all_of_them += [(t, 0, "concentration", v) for t, v in subject.concentrations]
    all_of_them += [(t, 0, "biomarker", v) for t, v in subject.biomarkers]
    return sorted(all_of_them, key=lambda e: (e[0], e[1], e[2]))


def record(subject: Subject, time: float, kind: str, value: float) -> Row:
    """One record of the clean file."""
    weight = subject.weight if subject.number != 3 or time < 250.0 else subject.weight + 8.0
    row = {name: "." for name in CLEAN}
    row |= {"ID": str(subject.number), "BW": repr(weight), "COMED": subject.comed, "TIME": repr(time)}
    if kind == "dose":
        return row | {"EVID": "1", "MDV": "1", "AMT": repr(value), "CMT": "1", "CENS": "0"}
    row |= {"DV": repr(value), "EVID": "0", "MDV": "0", "AMT": "0", "CENS": "0", "DVID": "2", "CMT": "3"}
    if kind == "concentration":
        row |= {"DVID": "1", "CMT": "2", "LLOQ": repr(LLOQ)}
        if value < LLOQ:
            row |= {"CENS": "1", "DV": repr(LLOQ), "LIMIT": "0.01" if subject.number % 2 == 0 else "."}
    return row


def spoilt(row: Row) -> Row:
    """The same record in the words and units of the irregular file."""
    row = {"C": ".", **row, "FLAG": "0"}
    row["TIME"] = repr(float(row["TIME"]) / 24.0)
    if row["DVID"] == "1":
        for name in ("DV", "LLOQ", "LIMIT"):
            if row[name] != ".":
                row[name] = repr(float(row[name]) / 1000.0)
    row["DVID"] = {"1": "cp", "2": "marker", ".": "."}[row["DVID"]]
    return row


def irregular_rows(subject: Subject, clean: list[Row]) -> list[Row]:
    """The records of a subject with what ordinary files have besides."""
    rows: list[Row] = []
    first = clean[0]

    def extra(time: float, **fields: str) -> None:
        rows.append(spoilt({**first, "DVID": ".", "LIMIT": ".", "LLOQ": ".", "CENS": "0"}) | {"TIME": repr(time / 24.0)}
                    | fields)

    if subject.number % 4 == 1:
        extra(-3.0, EVID="3", MDV="1", DV=".", AMT="0")
    if subject.doses and subject.number % 3 == 0:
        extra(-1.0, DVID="cp", DV="0.00001", EVID="0", MDV="0", AMT="0", LLOQ="0.000001")
        extra(0.0, DVID="cp", DV="0", EVID="0", MDV="0", AMT="0", LLOQ="0.000001")
    doses = 0
    for number, row in enumerate(clean):
        one = spoilt(row)
        if row["DVID"] == "2" and float(row["TIME"]) == 0.0:
            one["TIME"] = repr(-2.0 / 24.0)
        if row["EVID"] == "1":
            doses += 1
            if subject.number % 2 == 0:
                half = one | {"AMT": repr(float(row["AMT"]) / 2.0)}
                rows += [half, dict(half)]
            else:
                rows.append(one | {"EVID": "101" if subject.number % 5 == 0 else "1"})
            if subject.number % 6 == 1 and doses < len(subject.doses):
                rows.append(one | {"TIME": repr((float(row["TIME"]) + 12.0) / 24.0), "AMT": "0"})
        else:
            rows.append(one)
        if number == 4:
            rows.append(one | {"C": "C", "DV": "99999", "MDV": "0", "EVID": "0", "DVID": "cp"})
            rows.append(one | {"FLAG": "1", "DV": "88888", "MDV": "0", "EVID": "0", "DVID": "cp", "AMT": "0"})
            rows.append(one | {"MDV": "101", "DV": "77777", "EVID": "0", "DVID": "marker", "AMT": "0"})
    if not subject.doses:
        for day in range(21):
            extra(24.0 * day, EVID="1", MDV="1", DV=".", AMT="0")
    rows.sort(key=lambda r: float(r["TIME"]))
    for number, row in enumerate(rows):
        if subject.number == 2:
            row["ID"] = ("2", "2.0", "02")[number % 3]
        if number > 0:
            row["COMED"] = ("NA", "", ".")[number % 3]
        if number > 0 and subject.number != 3:
            row["BW"] = "NA"
        if row["EVID"] != "0":
            row["DV"] = ("NA", "", ".")[number % 3]
        elif row["AMT"] == "0":
            row["AMT"] = ("NA", "0")[number % 2]
    return rows


def write(name: str, columns: list[str], rows: list[Row]) -> None:
    """A file of these records."""
    with open(name, "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, columns, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def main(simulated: str, irregular: str, clean: str) -> None:
    """Writes both files."""
    subjects = read(simulated)
    late = next(s for s in subjects if s.doses and s.number % 2 == 1)
    time, amount = late.doses[9]
    late.doses[9] = (time + 10.0, amount)
    clean_rows: list[Row] = []
    spoilt_rows: list[Row] = []
    for subject in subjects:
        rows = [record(subject, t, kind, value) for t, _, kind, value in events(subject)]
        clean_rows += rows
        spoilt_rows += irregular_rows(subject, rows)
    only_doses = Subject(len(subjects) + 1, 81.0, "0")
    only_doses.doses = [(24.0 * day, 3.0) for day in range(21)]
    spoilt_rows += [spoilt(record(only_doses, t, "dose", v)) for t, v in only_doses.doses]
    write(clean, CLEAN, clean_rows)
    write(irregular, IRREGULAR, spoilt_rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
