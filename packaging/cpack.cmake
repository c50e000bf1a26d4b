# Packages: `tools/package`, or `cpack` in a build tree. Two Debian packages, titrant and titrant-dev, and an archive of everything.
set(CPACK_PACKAGE_NAME titrant)
set(CPACK_PACKAGE_VENDOR "The Titrant developers")
set(CPACK_PACKAGE_CONTACT "The Titrant developers <titrant@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "lowest doses that keep a biomarker below a threshold")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_COMPONENTS_GROUPING IGNORE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME titrant)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS openmpi-bin)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "python3-h5py, python3-matplotlib, python3-jinja2")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "python3-pandas, python3-xarray, slurm-client, hdf5-tools")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
    "Titrant fits a population PK/PD model to a trial, simulates virtual
populations, predicts success by a quantum convolutional neural network,
by classical classifiers and by the fitted models, and finds the lowest
dose of each regimen that is enough, with its interval. It is an MPI
program and gives the same bits on any number of ranks.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME titrant-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libopenmpi-dev, libhdf5-openmpi-dev, libeigen3-dev, libyaml-cpp-dev, libfmt-dev, libnlopt-dev, libnlopt-cxx-dev, libssl-dev, zlib1g-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "The library of titrant with its headers and its CMake package:
find_package(titrant), then link with titrant::titrant.")

include(CPack)
