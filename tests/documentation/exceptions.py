"""Lines of examples that the test does not execute, each with its reason: what it would do, and what covers it."""

from __future__ import annotations

NOT_EXECUTED = {
    "tools/quickstart": "installs and builds; no test runs it, it is tried by hand on an empty machine",
    "tools/quickstart --data trial.csv": "the same",
    "tools/test": "is what runs this test",
    "tools/package": "installs and builds; packaging.debian_package makes the packages",
    "tools/fuzz": "builds with clang for minutes; ctest -L fuzz replays its inputs",
    "tools/fuzz --jobs 2 30 qasm": "half an hour",
    "cmake --preset release -D TITRANT_TESTS=OFF": "a build; consumer installs one",
    "cmake --build --preset release --target titrant_cli": "a build; consumer installs one",
    "cmake --install build/release --prefix /opt/titrant": "consumer installs, elsewhere",
    "apt-get install ./build/release/packages/titrant_*.deb": "packaging.debian_package does, in a chroot",
    "spack repo create titrant-repo titrant": "there is no Spack to try it with",
    "mkdir -p titrant-repo/packages/titrant && cp packaging/spack/package.py titrant-repo/packages/titrant/": "the same",
    "spack repo add titrant-repo": "the same",
    "spack dev-build titrant@main": "the same",
    "apptainer build titrant.sif packaging/apptainer/titrant.def": "there is no Apptainer to try it with",
    "apptainer run titrant.sif run --config configs/challenge.yaml --output run.h5": "the same",
    "srun --mpi=pmix apptainer exec titrant.sif titrant run --config challenge.yaml --output run.h5": "the same",
}
