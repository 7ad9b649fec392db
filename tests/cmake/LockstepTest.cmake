# lockstep_add_tests(MODULE SOURCES file... [LINKS target...])
#   One program for the tests of a module that need no MPI; each test is its own CTest entry.
# lockstep_add_mpi_tests(MODULE RANKS n... SOURCES file... [LINKS target...])
#   One program for the tests that communicate; one CTest entry per number of ranks.
set(LOCKSTEP_TEST_ENVIRONMENT OPENBLAS_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none)

# How fast a test runs matters less than how fast it compiles.
add_library(lockstep_test_options INTERFACE)
target_link_libraries(lockstep_test_options INTERFACE lockstep_options GTest::gmock GTest::gtest)
target_include_directories(lockstep_test_options INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/support)
target_compile_options(lockstep_test_options INTERFACE $<$<CONFIG:Release>:-O1>)
lockstep_precompile(lockstep_precompiled_tests HEADERS <gmock/gmock.h> <gtest/gtest.h> LINKS lockstep_test_options)

function(lockstep_add_tests module)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" "SOURCES;LINKS")
  set(target ${module}_tests)
  add_executable(${target} ${test_SOURCES})
  target_link_libraries(${target} PRIVATE lockstep_${module} lockstep_test_options ${test_LINKS} GTest::gtest_main)
  target_precompile_headers(${target} REUSE_FROM lockstep_precompiled_tests)
  gtest_discover_tests(${target} TEST_PREFIX ${module}. DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 120 LABELS ${module} ENVIRONMENT "${LOCKSTEP_TEST_ENVIRONMENT}")
endfunction()

function(lockstep_add_mpi_tests module)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" "RANKS;SOURCES;LINKS")
  set(target ${module}_mpi_tests)
  add_executable(${target} ${test_SOURCES})
  target_link_libraries(${target} PRIVATE lockstep_${module} lockstep_test_options lockstep_mpi_test ${test_LINKS})
  target_precompile_headers(${target} REUSE_FROM lockstep_precompiled_tests)
  foreach(ranks ${test_RANKS})
    add_test(NAME ${module}.mpi.np${ranks}
      COMMAND ${MPIEXEC_EXECUTABLE} --oversubscribe --timeout 110 ${MPIEXEC_NUMPROC_FLAG} ${ranks} $<TARGET_FILE:${target}>)
    set_tests_properties(${module}.mpi.np${ranks} PROPERTIES
      PROCESSORS ${ranks} TIMEOUT 120 LABELS "${module};mpi" ENVIRONMENT "${LOCKSTEP_TEST_ENVIRONMENT}")
  endforeach()
endfunction()
