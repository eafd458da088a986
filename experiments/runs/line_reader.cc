#include "experiments/runs/line_reader.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/error.h"

namespace grove {

LineReader::LineReader(std::string path) : path_(std::move(path)), file_(nullptr, gzclose_r) {
  errno = 0;
  file_.reset(gzopen(path_.c_str(), "rb"));
  if (file_ == nullptr) throw Error(path_ + ": " + std::strerror(errno));
}

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
  const int count = gzread(file_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
  const int failure = errno;
  int code = Z_OK;
  const char* reason = gzerror(file_.get(), &code);
  buffer_.resize(count > 0 ? static_cast<size_t>(count) : 0);
  if (count > 0) return true;
  if (code == Z_ERRNO) throw Error(path_ + ": " + std::strerror(failure));
  if (code == Z_BUF_ERROR) throw Error(path_ + ": the compressed file ends early");
  if (count < 0) throw Error(path_ + ": the compressed file is damaged (" + reason + ")");
  return false;
}

std::string LineReader::place() const { return path_ + ":" + std::to_string(line_); }

}  // namespace grove
