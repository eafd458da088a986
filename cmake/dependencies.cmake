# Every third-party package Grove uses; each folder links only what it may include.
find_package(HWY CONFIG REQUIRED)
find_package(TBB CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(Boost REQUIRED)  # header-only: Boost.Math
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)

# The serial OpenBLAS: a run is one thread, and a second pool of threads would fight the run graph.
# Debian keeps it beside the default build, hence the hint; a plain OpenBLAS is taken elsewhere and
# its thread count is checked when the program starts.
find_package(OpenBLAS CONFIG REQUIRED
             HINTS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-serial/cmake/openblas)
add_library(grove_openblas INTERFACE)
target_include_directories(grove_openblas SYSTEM INTERFACE ${OpenBLAS_INCLUDE_DIRS})
target_link_libraries(grove_openblas INTERFACE ${OpenBLAS_LIBRARIES})

# Header-only or without a package file of their own.
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
add_library(grove_random123 INTERFACE)
target_include_directories(grove_random123 SYSTEM INTERFACE ${RANDOM123_INCLUDE_DIR})
add_library(grove_xxhash INTERFACE)
target_include_directories(grove_xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
target_link_libraries(grove_xxhash INTERFACE ${XXHASH_LIBRARY})

if(GROVE_DEVELOPER)
  find_package(GTest CONFIG REQUIRED)
  find_package(benchmark CONFIG REQUIRED)
endif()
