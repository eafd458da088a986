#include "experiments/runs/csv.h"

#include <algorithm>
#include <utility>

#include "engine/error.h"
#include "engine/files.h"

namespace grove {

CsvReader::CsvReader(std::string path, std::string header)
    : path_(std::move(path)), header_(std::move(header)), contents_(ReadFile(path_)) {
  Split(header_);
  columns_ = fields_.size();
  rest_ = contents_;
  if (!rest_.starts_with(header_ + "\n")) Fail("the first line must be " + header_);
  rest_.remove_prefix(header_.size() + 1);
}

bool CsvReader::Next() {
  if (rest_.empty()) return false;
  ++line_;
  const size_t end = rest_.find('\n');
  if (end == std::string_view::npos) Refuse();
  Split(rest_.substr(0, end));
  if (fields_.size() != columns_) Refuse();
  rest_.remove_prefix(end + 1);
  next_ = 0;
  return true;
}

void CsvReader::Split(std::string_view line) {
  fields_.clear();
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end = std::min(line.find(',', begin), line.size());
    fields_.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
}

void CsvReader::Fail(const std::string& what) const {
  throw Error(path_ + ":" + std::to_string(line_) + ": " + what);
}

}  // namespace grove
