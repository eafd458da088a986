// Tensors and strings in one file, in the safetensors format (spec section 7): an 8-byte
// little-endian header length, a JSON header, the numbers. Which tensors make a model:
// engine/files/model_file.h.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

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
  std::string path = {};      // where it was read from, for messages; writing ignores it
  bool has_checksum = false;  // read from a file with a checksum, which fits; writing ignores it

  // The tensor of that name, or nullptr.
  const NamedTensor* Find(const std::string& name) const;
};

// The key of __metadata__ that holds the checksum: XXH3-64, as 16 hex digits, of names, shapes,
// other metadata and numbers. The order of tensors and keys does not matter to it, so that it still
// fits after another tool has read the file and written it again. TensorFile::metadata never has
// it.
inline constexpr char kChecksumKey[] = "grove_xxh3";

// Writes `path` whole or not at all (temporary file, sync, rename); the header is padded so that
// the numbers begin at a multiple of 8 bytes. Throws Error if the system refuses, and on what the
// format cannot hold: two tensors of one name, a shape that does not fit its values, text not in
// UTF-8. Adds the checksum.
void WriteTensorFile(const std::string& path, const TensorFile& file);

// Reads `path`; throws DamagedFile that names the file and what is wrong (cut short, bad header, a
// type that is not F32, overlapping or missing bytes, duplicate names, sizes that do not match, a
// checksum that does not fit), or Error if the system refuses. A file without a checksum is read as
// it is.
TensorFile ReadTensorFile(const std::string& path);

// Text that comes from a file, for messages: in double quotes, on one line of ASCII, escaped as
// JSON.
std::string Quoted(const std::string& text);

// "(50, 100)"
std::string ShapeText(const std::vector<int64_t>& shape);

}  // namespace grove
