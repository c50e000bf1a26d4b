"""Opens every group of a store with xarray, as people who analyse it do: open_with_xarray.py STORE

Every axis must have the name of its scale, and every variable its unit and long name.
"""

import sys

import h5py
import xarray


def groups_of(store: str) -> list[str]:
    groups = ["/"]
    with h5py.File(store) as file:
        file.visititems(lambda name, found: groups.append(f"/{name}") if isinstance(found, h5py.Group) else None)
    return groups


def faults_of(store: str, group: str) -> list[str]:
    faults = []
    with xarray.open_dataset(store, group=group, engine="h5netcdf") as opened:
        opened.load()
        for name, variable in opened.variables.items():
            where = f"{group}: {name}"
            for word in ("units", "long_name"):
                if not isinstance(variable.attrs.get(word), str):
                    faults.append(f"{where}: no {word}")
            faults += [f"{where}: an axis without a name" for axis in variable.dims if axis.startswith("phony")]
    return faults


def main() -> int:
    (store,) = sys.argv[1:]
    groups = groups_of(store)
    faults = [fault for group in groups for fault in faults_of(store, group)]
    print("\n".join(faults) if faults else f"xarray opens all {len(groups)} groups of {store}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
