// What the fuzzed programs share.
#pragma once

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace grove {

// libFuzzer reports it with the input.
inline void Require(bool condition) {
  if (!condition) std::abort();
}

// The folder for files of this process, in memory where the system has such a place. It goes with
// the process.
inline const std::string& Folder() {
  struct Made {
    std::string name;
    Made() {
      namespace fs = std::filesystem;
      const fs::path memory = "/dev/shm";
      name = ((fs::is_directory(memory) ? memory : fs::temp_directory_path()) / "grove_fuzz_XXXXXX")
                 .string();
      Require(mkdtemp(name.data()) != nullptr);
    }
    ~Made() {
      std::error_code error;
      std::filesystem::remove_all(name, error);
    }
  };
  static const Made kMade;
  return kMade.name;
}

// Writes a file of that folder; returns its path.
inline std::string Put(std::string_view name, std::string_view bytes) {
  std::string path = Folder() + "/" + std::string(name);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

// Takes what stands before the next zero byte off the front, and the zero.
inline std::string_view TakeText(std::string_view& bytes) {
  const std::string_view text = bytes.substr(0, bytes.find('\0'));
  bytes.remove_prefix(text.size() < bytes.size() ? text.size() + 1 : bytes.size());
  return text;
}

}  // namespace grove
