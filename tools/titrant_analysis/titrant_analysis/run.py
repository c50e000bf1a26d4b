"""A run store, opened for reading. Anything in it may be absent: a run that only fits holds no answers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

import h5py
import numpy as np
from numpy.typing import NDArray

from .seal import seal_is_whole

if TYPE_CHECKING:
    import xarray

MAJOR_VERSION = 2

Numbers = NDArray[np.float64]

BLOCK_BYTES = 64 << 20


PER_DOSE = " per unit of dose"
"""Ends the unit of concentrations that are stored for a dose of 1."""


def _text(attribute: object) -> str:
    if isinstance(attribute, h5py.Empty):
        return ""
    return attribute.decode() if isinstance(attribute, bytes) else str(attribute)


@dataclass(frozen=True)
class Units:
    """Units of a run's trial, for titles and axes. Those of the doses of a regimen: protocol.dose_unit."""

    dose: str = "mg"
    concentration: str = "ng/mL"
    biomarker: str = "ng/mL"


@dataclass(frozen=True)
class Panel:
    """One population on one regimen."""

    population: str
    regimen: str

    @property
    def group(self) -> str:
        """Where a store has it."""
        return f"/population/{self.population}/{self.regimen}"


class RunError(Exception):
    """A file that is no readable run store; the message is for the user."""


class Run:
    """An open run store. Paths are those of src/store/README.md; what is absent reads as None or as an empty list."""

    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self._groups: dict[str, list[str]] = {}  # what was listed once: charts ask often
        self._names: dict[str, list[str]] = {}
        self._units: Units | None = None

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    @property
    def name(self) -> str:
        return os.path.basename(str(self._file.filename))

    @property
    def complete(self) -> bool:
        """Whether the run was written to its end."""
        return bool(np.ravel(self._file.attrs.get("complete", 0))[0] == 1)

    def numbers(self, path: str) -> Numbers | None:
        found = self._file.get(path)
        return np.asarray(found[()], dtype=np.float64) if isinstance(found, h5py.Dataset) else None

    def blocks(self, path: str, most_bytes: int = BLOCK_BYTES) -> Iterator[tuple[slice, Numbers]]:
        """A dataset of two axes in pieces along its second axis, each with its place and of about so many bytes at
        most: for what is too large to be read as a whole."""
        found = self._file.get(path)
        if not isinstance(found, h5py.Dataset) or found.ndim != 2:
            return
        rows, columns = found.shape
        width = max(1, most_bytes // max(1, 8 * rows))
        for begin in range(0, columns, width):
            place = slice(begin, min(begin + width, columns))
            yield place, np.asarray(found[:, place], dtype=np.float64)

    def to_xarray(self, group: str) -> xarray.Dataset:
        """A group with its axes, units and long names, like that of a Panel. Values are read when they are used, so the
        file may be larger than the memory. Raises ImportError where xarray or h5netcdf is missing."""
        try:
            import h5netcdf  # noqa: F401
            import xarray
        except ImportError as error:
            raise ImportError("to_xarray needs python3-xarray and python3-h5netcdf (apt-get install)") from error
        if not isinstance(self._file.get(group), h5py.Group):
            raise RunError(f"{self.name}: has no group {group}")
        return xarray.open_dataset(self._file.filename, group=group, engine="h5netcdf")

    def texts(self, path: str) -> list[str] | None:
        found = self._file.get(path)
        return [str(text) for text in found.asstr()[()]] if isinstance(found, h5py.Dataset) else None

    def columns(self, group: str, names: Sequence[str]) -> list[Numbers] | None:
        """Several datasets of a group; None where one of them is absent."""
        found = [self.numbers(f"{group}/{name}") for name in names]
        known = [values for values in found if values is not None]
        return known if len(known) == len(found) else None

    def has(self, path: str) -> bool:
        """Whether there is such a dataset."""
        return isinstance(self._file.get(path), h5py.Dataset)

    def text(self, path: str) -> str | None:
        """A single text."""
        found = self._file.get(path)
        if not isinstance(found, h5py.Dataset) or found.shape != ():
            return None
        return _text(found[()])

    def number(self, path: str) -> float:
        """A single number; NaN where it is absent."""
        found = self._file.get(path)
        return float(found[()]) if isinstance(found, h5py.Dataset) and found.shape == () else float("nan")

    def attribute(self, path: str, name: str) -> str:
        """A text attribute of a group or dataset; empty where it is absent."""
        found = self._file.get(path)
        return "" if found is None else _text(found.attrs.get(name, ""))

    def values(self, path: str) -> Numbers | list[str] | None:
        """Numbers or texts, whichever the dataset holds."""
        found = self._file.get(path)
        if not isinstance(found, h5py.Dataset):
            return None
        return self.texts(path) if h5py.check_string_dtype(found.dtype) else self.numbers(path)

    def described(self, path: str) -> tuple[str, str]:
        """Unit and long name of a dataset, as its attributes have them; empty where they do not."""
        found = self._file.get(path)
        if not isinstance(found, h5py.Dataset):
            return "", ""
        return tuple(_text(found.attrs.get(name, "")) for name in ("units", "long_name"))  # type: ignore[return-value]

    @property
    def units(self) -> Units:
        """The units that the datasets name; those of a trial in mg and ng/mL where the run holds none of them."""
        if self._units is None:

            def named(path: str, otherwise: str) -> str:
                found = self.described(path)[0]
                return otherwise if found in ("", "1") else found

            paths = (f"{panel.group}/concentration" for panel in self.panels())
            curves = (path for path in paths if self.has(path))
            standard = Units()
            per_dose = named(next(curves, "/"), standard.concentration).removesuffix(PER_DOSE)
            self._units = Units(
                named("/trial/dose", standard.dose),
                named("/pk/diagnostics/observed", per_dose),
                named("/pd/diagnostics/observed", standard.biomarker),
            )
        return self._units

    def groups(self, path: str) -> list[str]:
        """Names of the groups directly below a path, sorted."""
        if path not in self._groups:
            found = self._file.get(path)
            names = found if isinstance(found, h5py.Group) else ()
            self._groups[path] = sorted(name for name in names if isinstance(found.get(name), h5py.Group))
        return list(self._groups[path])

    def datasets(self, path: str) -> list[str]:
        """Names of the datasets directly below a path, sorted."""
        found = self._file.get(path)
        if not isinstance(found, h5py.Group):
            return []
        return sorted(name for name in found if isinstance(found.get(name), h5py.Dataset))

    def panels(self) -> list[Panel]:
        """The populations and their regimens, in the order of the protocol."""
        known = [Panel(one, other) for one in self.groups("/population") for other in self.groups(f"/population/{one}")]
        populations = self._ordered("population", {panel.population for panel in known})
        regimens = self._ordered("regimen", {panel.regimen for panel in known})
        return sorted(known, key=lambda one: (populations.index(one.population), regimens.index(one.regimen)))

    def populations(self) -> list[str]:
        """Names of the populations with doses, in the order of the protocol."""
        return list(dict.fromkeys(panel.population for panel in self.panels()))

    def regimens(self) -> list[str]:
        """Names of the regimens that any population is on, in the order of the protocol."""
        return self._ordered("regimen", {panel.regimen for panel in self.panels()})

    def endpoints(self) -> list[str]:
        """Names of the endpoints of the run, in the order of the protocol."""
        methods = [f"/classifier/{name}" for name in self.groups("/classifier")]
        methods += [f"{panel.group}/{name}" for panel in self.panels() for name in self.groups(panel.group)]
        found = {name for method in methods for name in self.groups(method)}.difference(("evaluation",))
        return self._ordered("endpoint", found.union(self.texts("/protocol/endpoint/name") or []))

    def methods(self) -> list[str]:
        """Names of all who answer, trained classifiers first, each in the same place for all charts."""
        trained = self.groups("/classifier")
        searched = {name for panel in self.panels() for name in self.groups(panel.group)}
        names = trained + sorted(searched.difference(trained))
        return sorted(names, key=lambda name: name != "qcnn")

    def _ordered(self, of: str, names: set[str]) -> list[str]:
        """Names in the order in which the protocol has them; those that it lacks follow by the alphabet."""
        if of not in self._names:
            self._names[of] = self.texts(f"/protocol/{of}/name") or []
        known = self._names[of]
        return sorted(names, key=lambda name: (known.index(name) if name in known else len(known), name))


def _refuse_version(name: str, file: h5py.File) -> None:
    found = [int(part) for part in np.ravel(file.attrs.get("format_version", []))]
    if found and found[0] == MAJOR_VERSION:
        return
    version, program = ".".join(map(str, found)) or "unknown", _text(file.attrs.get("titrant_version", ""))
    raise RunError(
        f"{name}: has store format {version}, and this titrant_analysis reads format {MAJOR_VERSION}: run again with "
        f"this version, or read it with the version that wrote it{f', titrant {program}' if program else ''}"
    )


def open_store(path: str | os.PathLike[str], filetype: str) -> h5py.File:
    """Opens a store of a kind; raises RunError where it is another file, damaged, or of another major version."""
    name = os.fspath(path)
    if not os.path.isfile(name):
        raise RunError(f"{name}: there is no such file")
    if not seal_is_whole(name):
        raise RunError(f"{name}: is damaged: its content does not match the checksum at its end")
    try:
        file = h5py.File(name, "r")
    except OSError as error:
        raise RunError(f"{name}: is not a whole HDF5 file: {error}") from error
    try:
        found = file.attrs.get("filetype")
        if found != filetype:
            raise RunError(f"{name}: is not a {filetype}")
        _refuse_version(name, file)
    except RunError:
        file.close()
        raise
    return file


def open_run(path: str | os.PathLike[str]) -> Run:
    """Opens the store of a run; raises RunError where it is no run of titrant or of another major version."""
    return Run(open_store(path, "titrant run"))
