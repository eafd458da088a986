// What a folder would hold after a loss of power: its durable image, kept beside the folder itself.
//
// What is durable, by POSIX and no more than that:
//   - all that was there when the image was taken;
//   - the contents of a file as they were when it was last synced (fsync, fdatasync), whatever name
//     the file has: a file that was never synced is empty;
//   - the entries of a folder (names, new, renamed or gone) as they were when that folder was last
//     synced: a new file whose folder was not synced is gone, one that was removed is there again.
// A file system may keep more than that, as ext4 does; a program that can do with this image can do
// with any. Links are not followed and count as files.
#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>

namespace grove::faults {

class DurableImage {
 public:
  // Takes what is in `folder` for durable, which must exist.
  explicit DurableImage(std::string folder);

  // The file or folder that is open as `descriptor` was synced.
  void Sync(int descriptor);
  // The last name of this file or folder is gone: its number may soon be that of another.
  void Forget(ino_t number);
  // Puts the folder on disk back to the image. Throws std::runtime_error if that fails.
  void Restore() const;

 private:
  struct Node {
    std::string contents;  // of a file
    bool is_folder = false;
    std::map<std::string, std::shared_ptr<Node>> entries;  // of a folder, by name
  };

  std::shared_ptr<Node> NodeOf(ino_t number, bool is_folder);
  std::shared_ptr<Node> Take(const std::string& path);
  static void Put(const Node& folder, const std::string& path);

  std::string folder_;
  std::map<ino_t, std::shared_ptr<Node>> live_;  // what has a name on disk, by its number there
  std::shared_ptr<Node> root_;
};

}  // namespace grove::faults
