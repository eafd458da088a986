// Whole files in, whole files out.
#pragma once

#include <string>
#include <string_view>

namespace grove {

// The bytes of `path`. Throws Error with the path and the system's reason.
std::string ReadFile(const std::string& path);

// Makes `path` hold exactly `contents`, or leaves it as it was: writes a temporary file in the same
// folder, syncs it, renames it over `path` and syncs the folder. A symbolic link is followed.
// Throws Error with the path and the system's reason; also if `path` exists and is not a regular
// file.
void WriteFileAtomically(const std::string& path, std::string_view contents);

}  // namespace grove
