#!/usr/bin/env python3
"""Holds the store contract (src/store/README.md) against the program and against stores.

The tables of the README must be those of `titrant documentation store`. Every dataset of the stores made here, which together have every stage and
every kind of data in them, must be described, and be as its row says: type, shape, axes, unit and long name. Every row must be there in some store.

Usage: store.py TITRANT README DEVICE [--write]      (--write: puts the program's tables into the README)
"""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

try:
    import h5py
except ImportError:
    print("skipped: needs h5py")
    sys.exit(77)

BEGIN, END = "<!-- contract: begin -->\n", "<!-- contract: end -->\n"
RUN, INDEX = "## What a run store holds\n", "## What an index of a campaign holds\n"
EVERYTHING = """
seed: 4
data: {file: trial.csv, covariates: {weight: BW, comed: {column: COMED, levels: {0: alone, 1: together}}, age: AGE}}
pk: {structure: auto, starts: 1, search: {covariates: [comed]}}
pd: {structure: turnover_inhibition, search: {enabled: false, variability: false}, starts: 1,
     covariates: {baseline: {comed: categorical}}}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 4}},
           weekly: {interval: 168, doses: [0.1, 0.5, 2, 4], per: kg, loading: {factor: 2, doses: 1}}}
endpoints: {control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3},
            exposed: {of: concentration, values: latent, at: steady_state, above: 1, below: 20}}
populations: {base: {weight: {uniform: [50, 100]}, comed: {share: 0.5}}, enrolled: {from: trial, where: weight >= 60}}
diagnostics: {simulations: 10, profile: [pk.clearance, pd.baseline]}
classifier: {compare: [logistic]}
quantum: {backend: sampled, shots: 64, gradient: spsa}
training: {on: [virtual, trial], subjects: 60, steps: 4, virtual: {steps: 4}, folds: 2}
uncertainty: {source: bootstrap, replicates: 2, cohort: 20, subjects: 40, steps: 2}
learning: {trial: [20], virtual: [40], replicates: 1}
coverage: {trials: 1, cohort: 40}
ablation: {shallow: {set: [classifier.depth=1]}}
cohort: {size: 40}
output: {report: false}
"""
"""A run that asks for everything, a little of each."""
NOISY = """
estimation: {uncertainty: sir}
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
quantum: {backend: density_matrix, gradient: adjoint, noise: device.yaml}
training: {on: trial, steps: 2, folds: 2, noise: refit}
classifier: {compare: []}
uncertainty: {source: none}
diagnostics: {simulations: 2}
cohort: {size: 40}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 8}}}
endpoints: {control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}
output: {report: false}
"""
"""What a run cannot have beside the rest: a device."""
VARIABLE = """
data: {file: visits.csv, where: ["ID > 12", "ID < 31", "TIME < 193"]}
estimation: {methods: [saem, focei], check: importance, uncertainty: sir}
pk: {structure: auto, starts: 1, omega: {variable: [clearance, volume], blocks: [[clearance, volume]]},
     occasions: {column: VISIT, variable: [clearance]}}
pd: {structure: turnover_inhibition, search: {enabled: false, variability: false}, starts: 1,
     omega: {variable: [baseline, ic50], blocks: [[baseline, ic50]]}}
diagnostics: {simulations: 2}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 8}}}
endpoints: {exposed: {of: concentration, values: latent, at: steady_state, above: 1, below: 20}}
populations: {all: {weight: {uniform: [50, 100]}, comed: {share: 0.5}}}
classifier: {compare: []}
training: {subjects: 40, steps: 2, virtual: {steps: 2}}
uncertainty: {source: none}
cohort: {size: 20}
output: {report: false, trajectories: 10}
"""
"""A fit with all kinds of random effects, and its likelihood by other methods; doses with and without occasions."""
JOINT = """
data: {file: visits.csv, where: ["ID > 12", "ID < 31", "TIME < 193"]}
pk: {structure: one_compartment, starts: 1, omega: {variable: [clearance, volume]}, occasions: {column: VISIT, variable: [clearance]}}
pd: {structure: direct_inhibition, baseline: constant, search: {enabled: false, variability: false}, starts: 1}
pk_pd: {method: joint, omega: {blocks: [[pk.clearance, pd.ic50]]}}
diagnostics: {simulations: 2}
output: {report: false}
"""
"""Random effects of PK and biomarker that are estimated at once."""
MEMBER = """
data: {file: trial.csv, units: {amount: g, concentration: ug/mL, biomarker: IU/mL}}
pk: {structure: one_compartment, starts: 1}
pd: {structure: turnover_inhibition, search: {enabled: false, variability: false}, starts: 1}
endpoints: {latent: {of: biomarker, values: latent, hours: [480, 504], below: 3.3},
            measured: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}
classifier: {compare: []}
training: {on: virtual, subjects: 40, steps: 2, virtual: {steps: 2}, folds: 2}
uncertainty: {source: none}
diagnostics: {simulations: 0}
cohort: {size: 20}
regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 8}}}
output: {report: false}
"""
"""A member of a campaign, in other units. The endpoint that the trial's outcomes answer is not the first here."""
USUAL = {"amount": "mg", "concentration": "ng/mL", "biomarker": "ng/mL", "response": "ng/mL"}
OF_MEMBER = {"amount": "g", "concentration": "ug/mL", "biomarker": "IU/mL", "response": "IU/mL"}
OF_HDF5 = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "units", "long_name"}
DTYPES = {"number": ("f", 8), "integer": ("i", 8), "probability": ("f", 4)}
RESOLUTION = 2.0**-16
"""Of stored probabilities."""


@functools.cache
def expression(path: str) -> re.Pattern[str]:
    """Of the paths that a path with placeholders stands for."""
    return re.compile(re.sub(r"<\w+>", "[^/@]+", re.escape(path)))


@dataclass(frozen=True)
class Row:
    """A dataset or an attribute ("omega@attribute", "@attribute of the group") of a contract, as the README has it."""

    path: str
    axes: str
    type: str
    units: str
    what: str

    def matches(self, path: str) -> bool:
        return expression(self.path).fullmatch(path) is not None

    @property
    def placeholders(self) -> int:
        return self.path.count("<")

    @property
    def written(self) -> str:
        """When the dataset is written, where not with every group."""
        found = re.search(r" \(written (.*)\)$", self.what)
        return found.group(1) if found else ""

    @property
    def long_name(self) -> str:
        return self.what.removesuffix(f" (written {self.written})")

    @property
    def group(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def rows(section: str) -> list[Row]:
    """The rows of the tables of one kind of store, one for each path."""
    found: list[Row] = []
    for part in section.split("\n### ")[1:]:
        groups = re.findall(r"`([^`]+)`", part.splitlines()[0])
        for line in part.splitlines():
            if not line.startswith("| `"):
                continue
            name, axes, kind, units, what = (cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1])
            for group in groups:
                joint = "" if group == "/" or name.startswith("`@") else "/"
                path = f"{'/' if group == '/' and joint == '' else group.rstrip('/')}{joint}{name.strip('`')}"
                found.append(Row(path, axes.strip("[]"), kind, units.strip("`"), what))
    return found


def row_of(path: str, described: list[Row]) -> Row | None:
    """Of all rows that match, the one with the fewest placeholders."""
    return min((row for row in described if row.matches(path)), key=lambda row: row.placeholders, default=None)


def type_of(item: h5py.Dataset) -> str:
    text = h5py.check_string_dtype(item.dtype)
    if text is not None:
        return "text" if text.encoding in ("ascii", "utf-8") else f"text in {text.encoding}"
    return next((name for name, kind in DTYPES.items() if kind == (item.dtype.kind, item.dtype.itemsize)), str(item.dtype))


def axes_faults(item: h5py.Dataset, row: Row, described: list[Row], store: h5py.File) -> list[str]:
    """How shape and attached scales differ from what the row says."""
    names = [name.strip() for name in row.axes.split(",") if row.axes not in ("", "scale")]
    rank = 1 if row.axes == "scale" else len(names)
    if len(item.shape) != rank:
        return [f"has shape {item.shape}, described are the axes [{row.axes}]"]
    is_scale = h5py.h5ds.is_scale(item.id)
    if is_scale != (row.axes == "scale"):
        return [f"{'is' if is_scale else 'is not'} a scale"]
    faults = []
    for axis, name in enumerate(names):
        above = [item.name.rsplit("/", level + 1)[0] for level in range(item.name.count("/"))]
        paths = [f"{group}/{name}" for group in above]
        scale = next(path for path in paths if (of := row_of(path, described)) is not None and of.axes == "scale")
        attached = [found.name for found in item.dims[axis].values()]
        if attached != [scale]:
            faults.append(f"axis {axis} has the scales {attached}, described is {scale}")
        if store[scale].shape != (item.shape[axis],):
            faults.append(f"axis {axis} has length {item.shape[axis]}, {scale} has {store[scale].shape}")
    return faults


def dataset_faults(item: h5py.Dataset, described: list[Row], symbols: dict[str, str], store: h5py.File) -> list[str]:
    row = row_of(item.name, described)
    if row is None or "@" in row.path:
        return ["no row describes it"]
    units = re.sub(r"\{(\w+)\}", lambda symbol: symbols[symbol.group(1)], row.units)
    faults = axes_faults(item, row, described, store)
    if type_of(item) != row.type:
        faults.append(f"holds {type_of(item)}, described is {row.type}")
    resolution = RESOLUTION if row.type == "probability" else None
    if item.attrs.get("resolution") != resolution:
        faults.append(f"has the resolution {item.attrs.get('resolution')}, expected is {resolution}")
    if resolution and ((item[...] / resolution) % 1 != 0).any():
        faults.append("holds other values than multiples of its resolution")
    for name, expected in (("units", units), ("long_name", row.long_name)):
        if item.attrs.get(name) != expected:
            faults.append(f"has {name} {item.attrs.get(name)!r}, described is {expected!r}")
    return faults


def attribute_faults(item: h5py.HLObject, described: list[Row]) -> list[str]:
    faults = []
    for name in set(item.attrs) - (OF_HDF5 | {"resolution"} if isinstance(item, h5py.Dataset) else set()):
        row = row_of(f"{item.name}@{name}", described)
        value = item.attrs[name]
        kind = "text" if isinstance(value, str) else "integer" if value.dtype.kind == "i" else "number"
        if row is None:
            faults.append(f"no row describes its attribute {name}")
        elif row.type != kind:
            faults.append(f"its attribute {name} is {kind}, described is {row.type}")
    return faults


def check(file: Path, described: list[Row], symbols: dict[str, str], seen: set[Row]) -> list[str]:
    """What is wrong with a store, by these rows and units. Rows that it has are added to `seen`."""
    faults: list[str] = []
    with h5py.File(file) as store:
        paths = [f"{store.name}@{name}" for name in store.attrs]
        items = [store]
        store.visititems(lambda _, item: items.append(item))
        for item in items:
            found = attribute_faults(item, described)
            if isinstance(item, h5py.Dataset):
                found += dataset_faults(item, described, symbols, store)
                paths.append(item.name)
            paths += [f"{item.name}@{name}" for name in item.attrs]
            faults += [f"{item.name}: {fault}" for fault in found]
        for name in store.get("member", {}):
            paths.append(f"/member/{name}")
    rows_of = {path: row for path in paths if (row := row_of(path, described)) is not None}
    for path in {path.rpartition("/")[0] for path in rows_of if "@" not in path}:
        groups = {row.group for of, row in rows_of.items() if of.rpartition("/")[0] == path and "@" not in of}
        for row in described:
            if row.group in groups and not row.written and not re.search("[@<]", row.name) and f"{path}/{row.name}" not in paths:
                faults.append(f"{path}/{row.name}: is not there, and nothing says when it is not")
    seen |= set(rows_of.values())
    return [f"{file.name}: {fault}" for fault in faults]


def make_stores(titrant: str, device: Path, folder: Path) -> tuple[dict[Path, dict[str, str]], Path]:
    """Run stores with their units, and the index of a campaign, which has those of its members."""

    def run(*words: str) -> None:
        subprocess.run([titrant, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    run("simulate", "--output", "trial.csv")
    head, *records = (folder / "trial.csv").read_text().splitlines()
    with_age = [f"{record},{20 + int(record.split(',')[0]) % 50}" for record in records]
    (folder / "trial.csv").write_text("\n".join([f"{head},AGE", *with_age]) + "\n")
    time = head.split(",").index("TIME")
    with_visit = [f"{record},{int(float(record.split(',')[time]) // 96)}" for record in records]
    (folder / "visits.csv").write_text("\n".join([f"{head},VISIT", *with_visit]) + "\n")
    shutil.copy(device, folder / "device.yaml")
    for name, configuration in {"everything": EVERYTHING, "noisy": NOISY, "variable": VARIABLE, "joint": JOINT, "member": MEMBER}.items():
        (folder / f"{name}.yaml").write_text(configuration)
    stores = {}
    for name in ("everything", "noisy"):
        run("run", "--quiet", "--config", f"{name}.yaml", "--output", f"{name}.h5")
        stores[folder / f"{name}.h5"] = USUAL
    run("search", "--quiet", "--config", "variable.yaml", "--output", "variable.h5")
    stores[folder / "variable.h5"] = USUAL
    run("fit", "--quiet", "--config", "joint.yaml", "--output", "joint.h5")
    stores[folder / "joint.h5"] = USUAL
    run("campaign", "plan", "--quiet", "--config", "member.yaml", "--folder", "campaign", "--seeds", "5-5", "--no-timing")
    run("campaign", "run", "--quiet", "--folder", "campaign", "--member", "1")
    run("campaign", "gather", "--folder", "campaign", "--output", "campaign/campaign.h5")
    stores[folder / "campaign" / "member_0001" / "run.h5"] = OF_MEMBER
    return stores, folder / "campaign" / "campaign.h5"


def table_faults(said: str, file: Path) -> list[str]:
    """Writes the tables into the README with --write."""
    text = file.read_text()
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    if text[begin:end] == said:
        return []
    if "--write" in sys.argv:
        file.write_text(text[:begin] + said + text[end:])
        return []
    return [f"{file} does not say what the program says of its stores; to mend it:\n  {' '.join(sys.argv)} --write"]


def main() -> int:
    titrant, readme, device = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    said = subprocess.run([titrant, "documentation", "store"], check=True, capture_output=True, text=True).stdout
    faults = table_faults(said, readme)
    if "--write" in sys.argv:
        return 0
    of_run, of_index = (rows(section) for section in said.removeprefix(RUN).split(INDEX))
    seen_runs: set[Row] = set()
    seen_index: set[Row] = set()
    with tempfile.TemporaryDirectory() as name:
        stores, index = make_stores(titrant, device, Path(name))
        for file, symbols in stores.items():
            faults += check(file, of_run, symbols, seen_runs)
        faults += check(index, of_index, OF_MEMBER, seen_index)
    for described, seen in ((of_run, seen_runs), (of_index, seen_index)):
        faults += [f"{row.path}: described, but in no store of this test" for row in described if row not in seen]
    print("\n".join(faults))
    print(f"{len(of_run)} rows of a run store, {len(of_index)} of an index: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
