"""The Spack package of titrant: put this folder's parent into a repository of yours, or see packaging/README.md."""

from spack.package import *


class Titrant(CMakePackage):
    """Lowest doses that keep a biomarker below a threshold in a share of a population: population PK/PD estimation,
    virtual populations and a quantum convolutional neural network, with the same bits on any number of MPI ranks."""

    license("Apache-2.0")

    # Installed from a checkout: spack dev-build titrant@main (packaging/README.md).
    version("main", branch="main")

    variant("shared", default=False, description="Build the library as a shared one")
    variant("tests", default=False, description="Build the tests")
    variant("report", default=True, description="Python packages for reports and charts, when titrant is run")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")

    depends_on("mpi")
    depends_on("hdf5@1.10:+mpi+hl")
    depends_on("eigen@3.4:")
    depends_on("boost@1.74:+program_options+math")
    depends_on("yaml-cpp@0.7:")
    depends_on("fmt@9:")
    depends_on("nlopt@2.7:+cxx")
    depends_on("openssl@3:")
    depends_on("zlib-api")
    depends_on("nlohmann-json@3.11:")
    depends_on("random123@1.14:")
    depends_on("googletest@1.12:+gmock", when="+tests")
    depends_on("benchmark@1.7:", when="+tests")

    with when("+report"):
        depends_on("python@3.10:", type="run")
        depends_on("py-h5py@3.7:", type="run")
        depends_on("py-matplotlib@3.6:", type="run")
        depends_on("py-jinja2@3.1:", type="run")

    conflicts("%gcc@:11", msg="titrant needs C++20 as of GCC 12")

    generator("ninja")

    def cmake_args(self):
        return [
            self.define_from_variant("BUILD_SHARED_LIBS", "shared"),
            self.define_from_variant("TITRANT_TESTS", "tests"),
            self.define("TITRANT_WARNINGS_AS_ERRORS", False),
        ]
