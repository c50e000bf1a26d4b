# titrant_mpi_test(<name> <ranks> <command...>): a test that starts a command on that many ranks of this machine.
#
# The environment is that of a single machine which may have fewer cores than ranks, and whose user may be root. None of it
# belongs on a cluster. Waiting ranks give up their core (mpi_yield_when_idle): without it, four ranks on two cores need a
# thousand times longer for one small reduction.
set(TITRANT_MPI_TEST_ENVIRONMENT
  OMPI_ALLOW_RUN_AS_ROOT=1
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  OMPI_MCA_rmaps_base_oversubscribe=1
  OMPI_MCA_hwloc_base_binding_policy=none
  OMPI_MCA_mpi_yield_when_idle=1
  OMPI_MCA_btl=self,vader
  OMPI_MCA_btl_vader_single_copy_mechanism=none # containers forbid it, with a warning for every message
  OMPI_MCA_oob_tcp_if_include=lo)

cmake_host_system_information(RESULT titrant_cores QUERY NUMBER_OF_LOGICAL_CORES)

function(titrant_mpi_test name ranks)
  add_test(NAME ${name} COMMAND ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${ranks} ${ARGN})
  set(processors ${ranks})
  if(ranks GREATER titrant_cores)
    set(processors ${titrant_cores})
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT 120 LABELS mpi PROCESSORS ${processors}
                       ENVIRONMENT "${TITRANT_MPI_TEST_ENVIRONMENT}")
endfunction()

# titrant_same_store_test(<name> <store> <store>): two stores hold the same, but for /provenance.
function(titrant_same_store_test name one other)
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -D H5DIFF=${HDF5_DIFF_EXECUTABLE} -D ONE=${one} -D OTHER=${other}
                                -P ${PROJECT_SOURCE_DIR}/tests/mpi/same_store.cmake)
  set_tests_properties(${name} PROPERTIES LABELS mpi)
endfunction()
