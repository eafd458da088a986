# grove_embed(TARGET HEADER FILE...) makes the files a part of the program: HEADER (in the target's
# binary folder, on its include path) defines them as an array of names and contents. Of plots.h it
# is grove::kPlots. An edited file is read again at the next build.
function(grove_embed target header)
  cmake_path(GET header STEM stem)
  string(SUBSTRING ${stem} 0 1 initial)
  string(TOUPPER ${initial} initial)
  string(SUBSTRING ${stem} 1 -1 rest)
  set(entries "")
  foreach(file ${ARGN})
    cmake_path(ABSOLUTE_PATH file)
    cmake_path(GET file FILENAME name)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(APPEND entries "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  set(contents "// Made from the files that it holds: edit those.
#pragma once

#include <string_view>
#include <utility>

namespace grove {

inline constexpr std::pair<std::string_view, std::string_view> k${initial}${rest}[] = {
${entries}};

}  // namespace grove
")
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${header} CONTENT "@contents@" @ONLY)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
