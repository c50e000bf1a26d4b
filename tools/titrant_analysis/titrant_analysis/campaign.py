"""The index store of a campaign: the answers of many runs side by side, and the runs themselves."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from types import TracebackType

import h5py
import numpy as np

from titrant_analysis.run import Numbers, Run, RunError, open_run, open_store
from titrant_analysis.tables import Column, Table

QUANTILES = {"median": 0.5, "lower_quantile": 0.05, "upper_quantile": 0.95}


@dataclass(frozen=True)
class Member:
    """A run of a campaign, with the values of the keys in which its runs differ (YAML): {"seed": "7"}."""

    name: str
    settings: dict[str, str]


@dataclass(frozen=True)
class Cell:
    """A question, who answers it in which variant of the campaign, and the answers: `doses` (in `dose_unit`)
    has one value for each member that was asked; where none of the doses answers it is infinite, and 0 where success falls
    with the dose (`direction`)."""

    variant: str
    population: str
    regimen: str
    endpoint: str
    target: float
    method: str
    rule: str
    direction: str
    dose_unit: str
    members: tuple[str, ...]
    doses: Numbers

    @property
    def answered(self) -> float:
        """The share of the members that find a dose."""
        return float((np.isfinite(self.doses) & (self.doses > 0)).mean())

    def quantile(self, level: float) -> float:
        """The nearest-rank quantile of the doses: one of them, or what stands for none."""
        return float(np.quantile(self.doses, level, method="inverted_cdf"))


TEXTS = tuple(field.name for field in fields(Cell) if str(field.type) == "str")
"""What tells cells apart, beside the target; which of the doses an answer is; the unit of its regimen's doses."""


class Campaign:
    """An open index store. Paths are those of src/store/README.md."""

    def __init__(self, file: h5py.File) -> None:
        self._file = file

    def __enter__(self) -> Campaign:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def _texts(self, path: str) -> list[str]:
        return [str(text) for text in self._file[path].asstr()[()]]

    def members(self) -> list[Member]:
        """The gathered members, in the order of the plan."""
        group = self._file.get("/campaign/setting", {})
        settings = {key: self._texts(f"/campaign/setting/{key}") for key in group}
        names = self._texts("/campaign/member")
        return [Member(name, {key: of[place] for key, of in settings.items()}) for place, name in enumerate(names)]

    def cells(self) -> list[Cell]:
        """The rows of the decision table."""
        columns = {name: self._texts(f"/decision/{name}") for name in TEXTS}
        targets = self._file["/decision/target"][()]
        doses = self._file["/decision/dose"][()]
        asked = self._file["/decision/asked"][()] == 1
        names = np.array([member.name for member in self.members()])
        without = [0.0 if direction == "falling" else np.inf for direction in columns["direction"]]
        return [
            Cell(
                target=float(target),
                members=tuple(names[asked[row]]),
                doses=np.where(np.isnan(doses[row]), without[row], doses[row])[asked[row]],
                **{name: column[row] for name, column in columns.items()},
            )
            for row, target in enumerate(targets)
        ]

    def open(self, member: str) -> Run:
        """The run store of a member, by its name."""
        link = self._file.get(f"/member/{member}", getlink=True)
        if not isinstance(link, h5py.ExternalLink):
            raise RunError(f"{self._file.filename}: has no member {member}")
        return open_run(Path(self._file.filename).parent / link.filename)


def _check_links(file: h5py.File) -> None:
    """An index leads to files in its own folder and below it, and nowhere else."""
    for name in file["/member"]:
        link = file["/member"].get(name, getlink=True)
        target = PurePosixPath(link.filename) if isinstance(link, h5py.ExternalLink) else None
        if target is None or target.is_absolute() or ".." in target.parts:
            raise RunError(f"{file.filename}: the link /member/{name} leads outside the folder of the store")


def open_campaign(path: str | os.PathLike[str]) -> Campaign:
    """Opens an index store; raises RunError where it is none, or leads out of its folder."""
    file = open_store(path, "titrant campaign")
    try:
        _check_links(file)
    except RunError:
        file.close()
        raise
    return Campaign(file)


def is_campaign(path: str | os.PathLike[str]) -> bool:
    """Whether a file is the index store of a campaign; of what is no HDF5 file it is not said here what is wrong."""
    try:
        with h5py.File(path, "r") as file:
            return bool(file.attrs.get("filetype") == "titrant campaign")
    except OSError:
        return False


def campaign_table(campaign: Campaign) -> Table:
    """The cells of a campaign: median, 5 % and 95 % quantile of the members' doses, in the unit that the column
    `dose_unit` names (none of the doses: infinite, 0 where success falls)."""
    cells = campaign.cells()
    columns = [Column(name, name, "", [getattr(cell, name) for cell in cells]) for name in TEXTS]
    columns.insert(4, Column("target", "share that must succeed", "1", [cell.target for cell in cells]))
    numbers = {
        "members": [float(len(cell.members)) for cell in cells],
        "answered": [cell.answered for cell in cells],
        **{name: [cell.quantile(level) for cell in cells] for name, level in QUANTILES.items()},
    }
    columns += [Column(name, name, "1", values) for name, values in numbers.items()]
    return Table("campaign", "Answers of the members", tuple(columns))
