"""Opens every group of a store with xarray, as people who analyse it do: open_with_xarray.py STORE

Every axis must have the name of its scale, and its values where the scale lies in the group; every variable its unit and long name.
Probabilities must come as numbers, integers as integers.
"""

import sys

import h5py
import xarray


def groups_of(store: str) -> list[str]:
    groups = ["/"]
    with h5py.File(store) as file:
        file.visititems(lambda name, found: groups.append(f"/{name}") if isinstance(found, h5py.Group) else None)
    return groups


def is_rounded(variable: xarray.Variable) -> bool:
    steps = variable.values / variable.attrs["resolution"]
    return variable.dtype == "float32" and (steps == steps.round()).all() and steps.min() >= 0 and variable.values.max() <= 1


def faults_of(store: str, group: str) -> list[str]:
    faults = []
    with h5py.File(store) as file:
        datasets = {name: item for name, item in file[group].items() if isinstance(item, h5py.Dataset)}
        scales = {name for name, item in datasets.items() if h5py.h5ds.is_scale(item.id)}
        integers = {name for name, item in datasets.items() if item.dtype.kind == "i"}
    with xarray.open_dataset(store, group=group, engine="h5netcdf") as opened:
        opened.load()
        for name, variable in opened.variables.items():
            where = f"{group}: {name}"
            for word in ("units", "long_name"):
                if not isinstance(variable.attrs.get(word), str):
                    faults.append(f"{where}: no {word}")
            faults += [f"{where}: an axis without a name" for axis in variable.dims if axis.startswith("phony")]
            faults += [f"{where}: the axis {axis} has no values" for axis in variable.dims if axis in scales and axis not in opened.coords]
            if "resolution" in variable.attrs and not is_rounded(variable):
                faults.append(f"{where}: no 32-bit multiples of its resolution from 0 to 1")
            if name in integers and variable.dtype != "int64":
                faults.append(f"{where}: {variable.dtype}, not int64")
    return faults


def main() -> int:
    (store,) = sys.argv[1:]
    groups = groups_of(store)
    faults = [fault for group in groups for fault in faults_of(store, group)]
    print("\n".join(faults) if faults else f"xarray opens all {len(groups)} groups of {store}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
