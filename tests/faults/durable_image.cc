#include "tests/faults/durable_image.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace grove::faults {
namespace {

namespace fs = std::filesystem;

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return text.str();
}

}  // namespace

DurableImage::DurableImage(std::string folder) : folder_(std::move(folder)), root_(Take(folder_)) {}

std::shared_ptr<DurableImage::Node> DurableImage::NodeOf(ino_t number, bool is_folder) {
  std::shared_ptr<Node>& node = live_[number];
  if (!node) {
    node = std::make_shared<Node>();
    node->is_folder = is_folder;
  }
  return node;
}

std::shared_ptr<DurableImage::Node> DurableImage::Take(const std::string& path) {
  struct stat status;
  if (lstat(path.c_str(), &status) != 0) throw std::runtime_error(path + ": is not there");
  const std::shared_ptr<Node> node = NodeOf(status.st_ino, S_ISDIR(status.st_mode));
  if (!node->is_folder) {
    // An empty file is none that an ostream takes from a buffer.
    if (status.st_size > 0) node->contents = Contents(path);
    return node;
  }
  for (const auto& entry : fs::directory_iterator(path)) {
    node->entries[entry.path().filename().string()] = Take(entry.path().string());
  }
  return node;
}

void DurableImage::Sync(int descriptor) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) return;
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  Node& node = *NodeOf(status.st_ino, S_ISDIR(status.st_mode));
  if (!node.is_folder) {
    node.contents = status.st_size > 0 ? Contents(path) : "";
    return;
  }
  node.entries.clear();
  for (const auto& entry : fs::directory_iterator(path + "/")) {
    if (lstat(entry.path().c_str(), &status) != 0) continue;
    node.entries[entry.path().filename().string()] = NodeOf(status.st_ino, S_ISDIR(status.st_mode));
  }
}

void DurableImage::Forget(ino_t number) { live_.erase(number); }

void DurableImage::Put(const Node& folder, const std::string& path) {
  for (const auto& [name, node] : folder.entries) {
    const std::string inner = path + "/" + name;
    if (node->is_folder) {
      fs::create_directory(inner);
      Put(*node, inner);
    } else if (!(std::ofstream(inner, std::ios::binary) << node->contents).flush()) {
      throw std::runtime_error(inner + ": cannot be put back");
    }
  }
}

void DurableImage::Restore() const {
  for (const auto& entry : fs::directory_iterator(folder_)) fs::remove_all(entry.path());
  Put(*root_, folder_);
}

}  // namespace grove::faults
