# What `cmake --install` puts under the prefix: the executable, the library with its headers and CMake package, and what
# users copy from (configurations, jobs, the analysis package). The tree may be moved afterwards.
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/titrant)
install(TARGETS titrant_cli RUNTIME)
install(TARGETS titrant EXPORT titrantTargets)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/titrant ${PROJECT_BINARY_DIR}/include/titrant
        TYPE INCLUDE FILES_MATCHING PATTERN *.hpp)
install(EXPORT titrantTargets NAMESPACE titrant:: DESTINATION ${package})
configure_package_config_file(titrantConfig.cmake.in titrantConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(titrantConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/titrantConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/titrantConfigVersion.cmake
        DESTINATION ${package})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs ${PROJECT_SOURCE_DIR}/jobs ${PROJECT_SOURCE_DIR}/tools/titrant_analysis
        DESTINATION ${CMAKE_INSTALL_DATADIR}/titrant PATTERN __pycache__ EXCLUDE)
