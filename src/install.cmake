# What `cmake --install` puts under the prefix, as two components. `program`: the executable with its manual page and completions, and what
# users read and copy from (configurations, jobs, the analysis package). `development`: the library with its headers and
# CMake package. The tree may be moved afterwards.
include(CMakePackageConfigHelpers)

install(TARGETS titrant_cli RUNTIME COMPONENT program)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs ${PROJECT_SOURCE_DIR}/jobs
        DESTINATION ${CMAKE_INSTALL_DATADIR}/titrant COMPONENT program)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/tools/titrant_analysis
        DESTINATION ${CMAKE_INSTALL_DATADIR}/titrant COMPONENT program
        PATTERN tests EXCLUDE PATTERN __pycache__ EXCLUDE PATTERN .pytest_cache EXCLUDE PATTERN .mypy_cache EXCLUDE)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/CITATION.cff
        DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR}-dev COMPONENT development)
if(NOT CMAKE_CROSSCOMPILING AND NOT TITRANT_SANITIZE)
  install(DIRECTORY ${PROJECT_BINARY_DIR}/share/man ${PROJECT_BINARY_DIR}/share/bash-completion ${PROJECT_BINARY_DIR}/share/zsh
                    ${PROJECT_BINARY_DIR}/share/fish
          DESTINATION ${CMAKE_INSTALL_DATADIR} COMPONENT program)
endif()

# With BUILD_SHARED_LIBS the program needs the library, too.
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/titrant)
install(TARGETS titrant EXPORT titrantTargets
        LIBRARY COMPONENT program NAMELINK_COMPONENT development
        ARCHIVE COMPONENT development)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/titrant ${PROJECT_BINARY_DIR}/include/titrant
        TYPE INCLUDE COMPONENT development FILES_MATCHING PATTERN *.hpp)
install(EXPORT titrantTargets NAMESPACE titrant:: DESTINATION ${package} COMPONENT development)
configure_package_config_file(titrantConfig.cmake.in titrantConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(titrantConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/titrantConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/titrantConfigVersion.cmake
        DESTINATION ${package} COMPONENT development)
