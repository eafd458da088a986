// The files that are installed with the program, wherever that is.
#pragma once

#include <string>
#include <vector>

namespace grove {

// The folder ../share/grove beside that of the running program; empty if there is none, as where it
// was built.
std::string InstalledFolder();

// The spec file that a user means: `path` if there is such a file, else the installed one of this
// name. Throws Error if it is a name alone that neither has, but there are installed ones.
std::string FindSpec(const std::string& path);

}  // namespace grove
