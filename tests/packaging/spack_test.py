"""The Spack package is Python that runs, and names the libraries and versions that the build asks for.

Usage: spack_test.py SOURCE. Spack itself is not needed: a stand-in takes the directives of the package and notes them.
"""

from __future__ import annotations

import re
import sys
import types
from contextlib import contextmanager
from pathlib import Path

SPACK_NAMES = {
    "MPI": "mpi",
    "HDF5": "hdf5",
    "Eigen3": "eigen",
    "Boost": "boost",
    "yaml-cpp": "yaml-cpp",
    "fmt": "fmt",
    "NLopt": "nlopt",
    "OpenSSL": "openssl",
    "ZLIB": "zlib-api",
    "GTest": "googletest",
    "benchmark": "benchmark",
}
"""What CMake's find_package calls a library, and what Spack does."""


def run_package(source: Path) -> tuple[dict[str, str], type]:
    """Executes the package; its dependencies (name to whole spec) and its class."""
    found: dict[str, str] = {}

    def depends_on(spec: str, **_: object) -> None:
        found[re.split(r"[@+~%]", spec)[0]] = spec

    @contextmanager
    def when(_: str):  # noqa: ANN202
        yield

    class CMakePackage:
        def define(self, name: str, value: object) -> str:
            return f"-D{name}={value}"

        def define_from_variant(self, name: str, variant: str) -> str:
            return f"-D{name}={variant}"

    stand_in = types.ModuleType("spack.package")
    names = ("license", "version", "variant", "conflicts", "generator")
    stand_in.__dict__.update({name: lambda *_, **__: None for name in names})
    stand_in.__dict__.update(depends_on=depends_on, when=when, CMakePackage=CMakePackage)
    sys.modules.update({"spack": types.ModuleType("spack"), "spack.package": stand_in})
    scope: dict[str, object] = {}
    exec(compile((source / "packaging/spack/package.py").read_text(), "package.py", "exec"), scope)
    package = scope["Titrant"]
    assert isinstance(package, type) and issubclass(package, CMakePackage)
    return found, package


def asked_by_cmake(source: Path) -> dict[str, str]:
    """Libraries of all find_package lines, with the version or ''."""
    text = "".join((source / file).read_text() for file in ("CMakeLists.txt", "tests/CMakeLists.txt"))
    text += (source / "tests/benchmark/CMakeLists.txt").read_text()
    return dict(re.findall(r"find_package\(([\w-]+)(?: ([\d.]+))?", text))


def main() -> None:
    source = Path(sys.argv[1])
    spack, package = run_package(source)
    for library, version in asked_by_cmake(source).items():
        name = SPACK_NAMES[library]
        assert name in spack, f"package.py has no depends_on for {library}"
        if version:
            assert f"@{version}:" in spack[name], f"CMake asks for {library} {version}, package.py has {spack[name]}"
    options = set(re.findall(r"option\((TITRANT_\w+)", (source / "CMakeLists.txt").read_text())) | {"BUILD_SHARED_LIBS"}
    for argument in package().cmake_args():
        name = argument[2:].split("=")[0]
        assert name in options, f"package.py sets {name}, which the build does not know"
    python = (source / "tools/titrant_analysis/pyproject.toml").read_text()
    for name, version in re.findall(r'"(h5py|matplotlib|jinja2)>=([\d.]+)"', python):
        assert spack[f"py-{name}"] == f"py-{name}@{version}:", f"pyproject.toml asks for {name} {version}"


if __name__ == "__main__":
    main()
