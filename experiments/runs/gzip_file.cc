#include "experiments/runs/gzip_file.h"

#include <zlib.h>

#include <memory>

#include "engine/error.h"
#include "engine/files.h"

namespace grove {
namespace {

constexpr int kGzip = 16;    // added to the window's bits: gzip's header instead of zlib's
constexpr int kEither = 32;  // or: whichever header is there

[[noreturn]] void Refuse(const std::string& path, const char* reason) {
  throw Error(path +
              ": not a complete gzip file: " + (reason == nullptr ? "it ends early" : reason));
}

}  // namespace

std::string ReadCompressed(const std::string& path) {
  const std::string bytes = ReadFile(path);
  if (!bytes.starts_with("\x1f\x8b")) return bytes;
  z_stream stream{};
  if (inflateInit2(&stream, MAX_WBITS + kEither) != Z_OK)
    throw Error(path + ": zlib does not start");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string text;
  std::string part(1 << 16, '\0');
  for (int status = Z_OK; status != Z_STREAM_END;) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    status = inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END) Refuse(path, stream.msg);
    text.append(part, 0, part.size() - stream.avail_out);
  }
  return text;
}

void WriteCompressed(const std::string& path, std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzip, 9,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw Error(path + ": zlib does not start");
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, deflateEnd);
  std::string bytes(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw Error(path + ": cannot be compressed");
  bytes.resize(stream.total_out);
  WriteFileAtomically(path, bytes);
}

}  // namespace grove
