// Whole files in, whole files out.
#pragma once

#include <string>
#include <string_view>

namespace grove {

// The bytes of `path`. Throws Error with the path and the system's reason.
std::string ReadFile(const std::string& path);

// The same for a file proper, which stays what it is while it is read and can be read again. Throws
// Error also for a pipe, a device, a socket and a folder, and says what to do; none is opened.
std::string ReadRegularFile(const std::string& path);

// Makes `path` hold exactly `contents`, or leaves it as it was: writes a temporary file in the same
// folder, syncs it, renames it over `path` and syncs the folder. A symbolic link is followed.
// Throws Error with the path and the system's reason; also if `path` exists and is not a regular
// file.
void WriteFileAtomically(const std::string& path, std::string_view contents);

}  // namespace grove
