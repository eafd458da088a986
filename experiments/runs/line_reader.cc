#include "experiments/runs/line_reader.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/error.h"

namespace grove {

struct LineReader::File {
  gzFile handle;

  explicit File(const std::string& path) : handle(gzopen(path.c_str(), "rb")) {}
  ~File() {
    if (handle != nullptr) gzclose_r(handle);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

LineReader::LineReader(std::string path) : path_(std::move(path)) {
  errno = 0;
  file_ = std::make_unique<File>(path_);
  if (file_->handle == nullptr) throw Error(path_ + ": " + std::strerror(errno));
}

LineReader::~LineReader() = default;

bool LineReader::Next(std::string& line) {
  line.clear();
  while (true) {
    const size_t end = buffer_.find('\n', next_);
    line.append(buffer_, next_, end == std::string::npos ? end : end - next_);
    if (end != std::string::npos) {
      next_ = end + 1;
      ++line_;
      return true;
    }
    if (!Fill()) return false;
  }
}

bool LineReader::Fill() {
  buffer_.resize(size_t{1} << 16);
  next_ = 0;
  errno = 0;
  const int count = gzread(file_->handle, buffer_.data(), static_cast<unsigned>(buffer_.size()));
  const int failure = errno;
  int code = Z_OK;
  const char* reason = gzerror(file_->handle, &code);
  buffer_.resize(count > 0 ? static_cast<size_t>(count) : 0);
  if (count > 0) return true;
  if (code == Z_ERRNO) throw Error(path_ + ": " + std::strerror(failure));
  if (code == Z_BUF_ERROR) throw Error(path_ + ": the compressed file ends early");
  if (count < 0) throw Error(path_ + ": the compressed file is damaged (" + reason + ")");
  return false;
}

std::string LineReader::place() const { return path_ + ":" + std::to_string(line_); }

}  // namespace grove
