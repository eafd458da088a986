#include "engine/files/byte_source.h"

#include <zlib.h>

#include <new>
#include <string_view>
#include <utility>

#include "engine/error.h"

namespace grove {

// A gzip file is a row of members, which stand for the bytes of all of them.
class ByteSource::Inflater {
 public:
  Inflater() {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Whether all input made whole members.
  bool whole() const { return whole_; }

  // Takes bytes off the front of `input` and appends what they stand for, 256 KiB at most. Throws
  // Error that starts with `name`.
  void Inflate(const std::string& name, std::string& input, std::string& to) {
    constexpr size_t kMost = 1 << 18;
    if (whole_) inflateReset(&stream_);
    whole_ = false;
    const size_t used = to.size();
    to.resize(used + kMost);
    stream_.next_in = reinterpret_cast<Bytef*>(input.data());
    stream_.avail_in = static_cast<uInt>(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(to.data() + used);
    stream_.avail_out = kMost;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    to.resize(used + kMost - stream_.avail_out);
    input.erase(0, input.size() - stream_.avail_in);
    whole_ = code == Z_STREAM_END;
    if (code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR) return;
    throw Error(name + ": the compressed file is damaged" +
                (stream_.msg != nullptr ? " (" + std::string(stream_.msg) + ")" : ""));
  }

 private:
  z_stream stream_ = {};
  bool whole_ = false;
};

ByteSource::ByteSource(const std::string& path, FileReader::Kind kind)
    : name_(path == "-" ? "standard input" : path), file_(path, kind) {}
ByteSource::~ByteSource() = default;

bool ByteSource::LooksPacked() {
  constexpr std::string_view kMagic = "\x1f\x8b";
  while (!ended_ && input_.size() < kMagic.size() && kMagic.starts_with(input_)) {
    ended_ = !file_.Read(input_);
  }
  return input_.starts_with(kMagic);
}

bool ByteSource::Read(std::string& to) {
  if (!std::exchange(started_, true) && LooksPacked()) inflater_ = std::make_unique<Inflater>();
  if (!inflater_) {
    if (input_.empty()) return !ended_ && file_.Read(to);
    to += std::exchange(input_, {});
    return true;
  }
  const size_t used = to.size();
  while (to.size() == used) {
    // What is left of the input may still stand for more than was asked for.
    if (!input_.empty()) inflater_->Inflate(name_, input_, to);
    if (to.size() > used) break;
    if (ended_) {
      if (!inflater_->whole()) throw Error(name_ + ": the compressed file ends early");
      return false;
    }
    ended_ = !file_.Read(input_);
  }
  return true;
}

}  // namespace grove
