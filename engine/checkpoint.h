// Checkpoints: a model's weights with all that is needed to use or to continue it, as a safetensors
// file (spec section 7).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/parameters.h"
#include "engine/run_spec.h"

namespace grove {

// A tensor of a file: 32-bit floats, row-major.
struct NamedTensor {
  std::string name;
  std::vector<int64_t> shape;
  std::vector<float> values;
};

// A safetensors file: tensors in file order, and __metadata__.
struct TensorFile {
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::string> metadata;

  // The tensor of that name, or nullptr.
  const NamedTensor* Find(const std::string& name) const;
};

// Writes `path` whole or not at all (temporary file, sync, rename). Throws Error.
void WriteTensorFile(const std::string& path, const TensorFile& file);

// Reads `path`; throws Error that names the file and what is wrong (cut short, bad header, unknown
// type, overlapping or missing bytes, duplicate names, sizes that do not match).
TensorFile ReadTensorFile(const std::string& path);

}  // namespace grove
