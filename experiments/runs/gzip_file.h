// Compressed text files, by zlib.
#pragma once

#include <string>
#include <string_view>

namespace grove {

// The text of `path`, compressed or not. Throws Error with the path and the reason.
std::string ReadCompressed(const std::string& path);

// Makes `path` hold `text` in gzip's format, or leaves it as it was. The same text gives the same
// bytes: no name and no time is stored.
void WriteCompressed(const std::string& path, std::string_view text);

}  // namespace grove
