# lockstep_add_module(NAME SOURCES file... [DEPENDS module...] [LINKS target...] [INCLUDES dir...])
#
# One static library per module. DEPENDS are the modules whose headers it may include;
# LINKS and INCLUDES are the third-party parts that stay private to it.
add_library(lockstep_options INTERFACE)
target_compile_features(lockstep_options INTERFACE cxx_std_20)
target_link_libraries(lockstep_options INTERFACE fmt::fmt)
set(warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND warnings -Werror
    -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow)  # GCC 12 warns of std::string + literal (bug 105651)
endif()
target_compile_options(lockstep_options INTERFACE
  ${warnings}
  -ffp-contract=off  # the same bits on every compiler: fused operations are written as such
  $<$<BOOL:${LOCKSTEP_ARCH}>:-march=${LOCKSTEP_ARCH}>)
if(LOCKSTEP_SANITIZERS)
  target_compile_options(lockstep_options INTERFACE -fsanitize=${LOCKSTEP_SANITIZERS} -fno-omit-frame-pointer)
  target_link_options(lockstep_options INTERFACE -fsanitize=${LOCKSTEP_SANITIZERS})
endif()
if(LOCKSTEP_FUZZERS)
  target_compile_options(lockstep_options INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize-recover=all)
endif()

# lockstep_precompile(TARGET [HEADERS header...] [LINKS target...]): a target whose precompiled headers others reuse: those that most
# files include, parsed once. No file may rely on them: the lint build is without.
function(lockstep_precompile target)
  cmake_parse_arguments(PARSE_ARGV 1 precompiled "" "" "HEADERS;LINKS")
  add_library(${target} OBJECT "${PROJECT_SOURCE_DIR}/src/cmake/precompiled.cpp")
  target_link_libraries(${target} PRIVATE lockstep_options ${precompiled_LINKS})
  target_precompile_headers(${target} PRIVATE
    <algorithm> <array> <bit> <chrono> <cmath> <cstdint> <cstring> <filesystem> <functional> <limits> <map> <memory> <mutex>
    <numeric> <optional> <span> <string> <string_view> <thread> <utility> <variant> <vector> <fmt/format.h>
    ${precompiled_HEADERS})
endfunction()

lockstep_precompile(lockstep_precompiled)
set_target_properties(lockstep_precompiled PROPERTIES POSITION_INDEPENDENT_CODE ON)

function(lockstep_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 module "" "" "SOURCES;DEPENDS;LINKS;INCLUDES")
  set(target lockstep_${name})
  add_library(${target} STATIC ${module_SOURCES})
  add_library(lockstep::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_include_directories(${target} SYSTEM PRIVATE ${module_INCLUDES})
  target_compile_features(${target} PUBLIC cxx_std_20)
  list(TRANSFORM module_DEPENDS PREPEND lockstep_)
  target_link_libraries(${target} PUBLIC ${module_DEPENDS} PRIVATE $<BUILD_INTERFACE:lockstep_options> ${module_LINKS})
  target_precompile_headers(${target} REUSE_FROM lockstep_precompiled)
  set_property(GLOBAL APPEND PROPERTY LOCKSTEP_MODULES ${target})
endfunction()
