// The program's own CSV files, read strictly: a header, then lines of as many plain fields, without
// quotes, each ended by a newline.
#pragma once

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace grove {

class CsvReader {
 public:
  // Reads the file. Throws Error, as everything here, with file and line, if the first line is not
  // `header`.
  CsvReader(std::string path, std::string header);

  // Goes to the next line; false after the last. Throws Error on another number of fields than the
  // header has.
  bool Next();

  // The next field of the line; throws Error if it is not a number of that type, all of it.
  template <typename T>
  void Take(T& number) {
    const std::string_view text = fields_[next_++];
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) Refuse();
  }
  void Take(std::string& text) { text = fields_[next_++]; }

  // Throws Error about the line.
  [[noreturn]] void Fail(const std::string& what) const;

 private:
  [[noreturn]] void Refuse() const { Fail("not a line of " + header_); }
  void Split(std::string_view line);

  std::string path_, header_, contents_;
  std::string_view rest_;  // of contents_, after the line
  size_t line_ = 1;
  size_t columns_ = 0;
  std::vector<std::string_view> fields_;
  size_t next_ = 0;
};

}  // namespace grove
