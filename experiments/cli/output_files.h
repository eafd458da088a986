// Files that are written together: all of them or none.
#pragma once

#include <string>
#include <vector>

namespace grove {

struct OutputFile {
  std::string path;
  std::string contents;
};

// Throws Error if one of the files could not be written, as far as it can be known beforehand: its
// folder, or the one in which that would be made, is no folder or not writable, or something stands
// there that is no file. Changes nothing.
void CheckOutputFiles(const std::vector<std::string>& paths);

// Writes them, with the folders that are missing. Files that hold these bytes already are left
// alone. Throws Error if one of them holds anything else and `force` is not set, and if they cannot
// be written; what was made is taken away then.
void WriteTogether(std::vector<OutputFile> files, bool force);

}  // namespace grove
