# Every third-party package Grove uses; each folder links only what it may include.
find_package(HWY CONFIG REQUIRED)
find_package(TBB CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(Boost CONFIG REQUIRED)  # header-only: Boost.Math
find_package(fmt CONFIG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)

# The serial OpenBLAS: a run is one thread, and a second pool of threads would fight the run graph.
# Debian keeps it in a folder of its own, beside the default build; a plain OpenBLAS is taken where
# there is no such folder, and its thread count is checked when the program starts. Library and
# header are looked for directly, because the CMake file that Debian 13 ships beside them names a
# library that is in none of its packages.
find_library(OPENBLAS_LIBRARY openblas PATH_SUFFIXES openblas-serial REQUIRED)
find_path(OPENBLAS_INCLUDE_DIR openblas_config.h PATH_SUFFIXES openblas-serial openblas REQUIRED)
file(STRINGS ${OPENBLAS_INCLUDE_DIR}/openblas_config.h OpenBLAS_VERSION
     REGEX "#define OPENBLAS_VERSION ")
string(REGEX REPLACE ".*OpenBLAS ([0-9.]*[0-9]).*" "\\1" OpenBLAS_VERSION "${OpenBLAS_VERSION}")
add_library(grove_openblas INTERFACE)
target_include_directories(grove_openblas SYSTEM INTERFACE ${OPENBLAS_INCLUDE_DIR})
target_link_libraries(grove_openblas INTERFACE ${OPENBLAS_LIBRARY})

# Header-only or without a package file of their own.
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
find_path(MUSTACHE_INCLUDE_DIR kainjow/mustache.hpp REQUIRED)
add_library(grove_random123 INTERFACE)
target_include_directories(grove_random123 SYSTEM INTERFACE ${RANDOM123_INCLUDE_DIR})
add_library(grove_xxhash INTERFACE)
target_include_directories(grove_xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
target_link_libraries(grove_xxhash INTERFACE ${XXHASH_LIBRARY})
add_library(grove_mustache INTERFACE)
target_include_directories(grove_mustache SYSTEM INTERFACE ${MUSTACHE_INCLUDE_DIR})

# Finds the package if `option` is ON or AUTO; if AUTO finds none, the option is off from here on.
function(grove_find_extra option package)
  if(${option} STREQUAL AUTO)
    find_package(${package} CONFIG QUIET)
    if(NOT ${package}_FOUND)
      message(STATUS "${package} is not installed, ${option} is OFF")
      set(${option} OFF PARENT_SCOPE)
    endif()
  elseif(${option})
    find_package(${package} CONFIG REQUIRED)
  endif()
endfunction()
grove_find_extra(GROVE_TESTS GTest)
grove_find_extra(GROVE_BENCHMARKS benchmark)
