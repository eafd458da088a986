// A matrix of 32-bit floats as numpy.load reads it: a .npy file of format version 1.0, which is a
// header of kNpyHeader bytes (magic, version, length, a Python dict) and then the rows.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/files/files.h"

namespace grove {

inline constexpr size_t kNpyHeader = 128;

class NpyWriter {
 public:
  // Rows of `columns` floats. The file is there after Commit; see FileWriter, whose Errors it
  // throws. A pipe or a device will not do: how many rows there are stands in front of them.
  NpyWriter(const std::string& path, size_t columns);

  void Add(std::span<const float> row);
  void Commit();

 private:
  FileWriter file_;
  size_t columns_, rows_ = 0;
  std::string buffer_;
};

}  // namespace grove
