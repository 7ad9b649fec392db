# Installs the headers, the libraries and what find_package(lockstep) reads.
include(CMakePackageConfigHelpers)

set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lockstep)
get_property(modules GLOBAL PROPERTY LOCKSTEP_MODULES)

install(DIRECTORY include/lockstep DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY callbacks/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/lockstep/callbacks FILES_MATCHING PATTERN "*.h"
  PATTERN support EXCLUDE)
install(TARGETS lockstep ${modules} EXPORT lockstep ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT lockstep NAMESPACE lockstep:: FILE lockstep-targets.cmake DESTINATION ${config_dir})

configure_package_config_file(src/cmake/lockstep-config.cmake.in lockstep-config.cmake INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(lockstep-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/lockstep-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/lockstep-config-version.cmake
  DESTINATION ${config_dir})
