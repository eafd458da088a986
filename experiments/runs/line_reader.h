// Text files by lines, compressed or not.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

struct gzFile_s;  // of zlib

namespace grove {

// Reads a file line by line; what gzip made of a file is read as the file itself. Holds no more
// than a line and a buffer.
class LineReader {
 public:
  // Throws Error, as Next, with the path and the reason.
  explicit LineReader(std::string path);

  // Sets `line` to the next line, without its '\n'; false after the last. What stands behind the
  // last '\n' was torn by a crash and is left out. Throws Error also where a compressed file is
  // damaged or ends early.
  bool Next(std::string& line);

  // "path:3" for the third line, once it is read.
  std::string place() const;

 private:
  // False at the end of the file.
  bool Fill();

  std::string path_;
  std::unique_ptr<gzFile_s, int (*)(gzFile_s*)> file_;
  std::string buffer_;
  size_t next_ = 0;  // in buffer_
  size_t line_ = 0;
};

}  // namespace grove
