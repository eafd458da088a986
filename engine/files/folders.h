// Folders that last, and what writers that died leave in them.
#pragma once

#include <functional>
#include <string>

namespace grove {

// Syncs the folder in which `path` stands, so that the name survives a loss of power. Does nothing
// where that folder may not be opened; throws Error with its path if syncing fails.
void SyncFolderOf(const std::string& path);

// Makes `path` and the folders around it that are missing, each synced into the one around it, as
// `path` is also if it is there already: who made it may have died before that. Throws Error with
// the path and the system's reason.
void MakeFolders(const std::string& path);

// What stands between the name of a file and the rest of that under which it is written until it is
// whole (files.h).
inline constexpr char kUnfinished[] = ".tmp-";

// Removes from `folder` the unfinished files of writers that died, where `is_ours` takes the name
// of the file in whose place one is. A file that is still being written, by whomever, stays.
void RemoveUnfinished(const std::string& folder,
                      const std::function<bool(const std::string& name)>& is_ours);

// Holds the file or folder at a path for this process while it lives, as FileWriter holds its
// unfinished files: so that others can tell that someone is at it. Never waits.
class Hold {
 public:
  explicit Hold(const std::string& path);
  ~Hold();
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  // False if someone else holds it, or it cannot be opened.
  bool held() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

}  // namespace grove
