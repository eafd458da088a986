#include "engine/files/npy_file.h"

#include <bit>
#include <cassert>

namespace grove {
namespace {

static_assert(std::endian::native == std::endian::little, "'<f4' is little-endian");

constexpr size_t kBuffer = 1 << 16;

std::string Header(size_t rows, size_t columns) {
  std::string dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) +
                     ", " + std::to_string(columns) + "), }";
  constexpr size_t kBefore = 10;  // bytes before the dict
  dict.resize(kNpyHeader - kBefore - 1, ' ');
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(kNpyHeader - kBefore);
  header += '\0';
  return header + dict + '\n';
}

}  // namespace

NpyWriter::NpyWriter(const std::string& path, size_t columns)
    : file_(path, FileWriter::Kind::kOnlyFiles), columns_(columns), buffer_(Header(0, columns)) {}

void NpyWriter::Add(std::span<const float> row) {
  assert(row.size() == columns_);
  buffer_.append(reinterpret_cast<const char*>(row.data()), row.size_bytes());
  ++rows_;
  if (buffer_.size() < kBuffer) return;
  file_.Write(buffer_);
  buffer_.clear();
}

void NpyWriter::Commit() {
  file_.Write(buffer_);
  file_.WriteFirst(Header(rows_, columns_));
  file_.Commit();
}

}  // namespace grove
