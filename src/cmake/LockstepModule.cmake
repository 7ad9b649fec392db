# lockstep_add_module(NAME SOURCES file... [DEPENDS module...] [LINKS target...] [INCLUDES dir...])
#
# One static library per module. DEPENDS are the modules whose headers it may include;
# LINKS and INCLUDES are the third-party parts that stay private to it.
add_library(lockstep_options INTERFACE)
target_compile_features(lockstep_options INTERFACE cxx_std_20)
target_compile_options(lockstep_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  -Wno-restrict      # GCC 12 warns of std::string + literal (bug 105651)
  -ffp-contract=off  # the same bits on every compiler: fused operations are written as such
  $<$<BOOL:${LOCKSTEP_ARCH}>:-march=${LOCKSTEP_ARCH}>)
if(LOCKSTEP_SANITIZERS)
  target_compile_options(lockstep_options INTERFACE -fsanitize=${LOCKSTEP_SANITIZERS} -fno-omit-frame-pointer)
  target_link_options(lockstep_options INTERFACE -fsanitize=${LOCKSTEP_SANITIZERS})
endif()

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
  set_property(GLOBAL APPEND PROPERTY LOCKSTEP_MODULES ${target})
endfunction()
