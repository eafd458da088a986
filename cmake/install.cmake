# What is installed: the program with its manual, completions and experiments (component grove), and
# the engine for programs of others (component libgrove-dev). Nothing of it knows its own path, so
# that the tree may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Made by the program from its own table of options.
set(manual ${PROJECT_BINARY_DIR}/manual)
set(completions ${PROJECT_BINARY_DIR}/completions)
find_program(GZIP gzip REQUIRED)
add_custom_command(
  OUTPUT ${manual}/made
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual}
  COMMAND $<TARGET_FILE:grove> help --man-pages ${manual}
  COMMAND sh -c "exec '${GZIP}' -9n '${manual}'/*.1"
  COMMAND ${CMAKE_COMMAND} -E touch ${manual}/made
  DEPENDS grove VERBATIM)
add_custom_command(
  OUTPUT ${completions}/grove ${completions}/_grove ${completions}/grove.fish
  COMMAND ${CMAKE_COMMAND} -E make_directory ${completions}
  COMMAND $<TARGET_FILE:grove> completion bash > ${completions}/grove
  COMMAND $<TARGET_FILE:grove> completion zsh > ${completions}/_grove
  COMMAND $<TARGET_FILE:grove> completion fish > ${completions}/grove.fish
  DEPENDS grove VERBATIM)
add_custom_target(manual ALL DEPENDS ${manual}/made ${completions}/grove)

set(program COMPONENT grove)
# Where there are several builds of OpenBLAS, the serial one is meant.
cmake_path(GET OPENBLAS_LIBRARY PARENT_PATH openblas_folder)
set_target_properties(grove PROPERTIES INSTALL_RPATH ${openblas_folder})
install(TARGETS grove RUNTIME ${program})
install(DIRECTORY ${manual}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 ${program}
        FILES_MATCHING PATTERN *.1.gz)
install(FILES ${completions}/grove DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        ${program})
install(FILES ${completions}/_grove DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
        ${program})
install(FILES ${completions}/grove.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
        ${program})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/experiments/specs
        DESTINATION ${CMAKE_INSTALL_DATADIR}/grove ${program})
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CITATION.cff
              ${PROJECT_SOURCE_DIR}/experiments/pages/journal.schema.json
        DESTINATION ${CMAKE_INSTALL_DOCDIR} ${program})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright
        ${program})

# find_package(grove), then grove::grove: #include <grove/grove.h>.
set(library COMPONENT libgrove-dev)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/grove)
install(TARGETS grove_simd grove_engine EXPORT grove ARCHIVE ${library})
install(EXPORT grove NAMESPACE grove:: DESTINATION ${package} FILE groveTargets.cmake ${library})
foreach(folder engine simd)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} ${library}
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/grove
          FILES_MATCHING PATTERN *.h PATTERN *-inl.h EXCLUDE)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/engine/grove.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/grove ${library})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libgrove-dev
        RENAME copyright ${library})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/groveConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/groveConfig.cmake INSTALL_DESTINATION ${package}
                              PATH_VARS CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/groveConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/groveConfig.cmake ${PROJECT_BINARY_DIR}/groveConfigVersion.cmake
        DESTINATION ${package} ${library})

# `cpack`: Debian packages, whose dependencies are read off the program, and a tarball of all.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_CONTACT "The Grove authors")
set(CPACK_PACKAGE_VENDOR "The Grove authors")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_COMPONENTS_ALL grove libgrove-dev)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_GROVE_PACKAGE_NAME grove)
set(CPACK_DEBIAN_GROVE_PACKAGE_SECTION science)
set(CPACK_DEBIAN_GROVE_PACKAGE_RECOMMENDS gnuplot-nox)
set(CPACK_DEBIAN_GROVE_PACKAGE_DEPENDS libopenblas0-serial)
set(CPACK_COMPONENT_GROVE_DESCRIPTION
    "Trains recursive networks and tree LSTMs by the hundred, with the same bits on any
number of threads, and reproduces the experiments of Le and Zuidema (2016).")
set(CPACK_DEBIAN_LIBGROVE-DEV_PACKAGE_NAME libgrove-dev)
set(CPACK_DEBIAN_LIBGROVE-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBGROVE-DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_LIBGROVE-DEV_PACKAGE_DEPENDS
    "libhwy-dev, libopenblas-serial-dev, libxxhash-dev, zlib1g-dev")
set(CPACK_COMPONENT_LIBGROVE-DEV_DESCRIPTION
    "The engine that grove trains with, as a library for C++ programs: trees built in memory,
and find_package(grove) in CMake.")
include(CPack)
