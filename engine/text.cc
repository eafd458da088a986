#include "engine/text.h"

namespace grove {
namespace {

// The bytes of the first character, from 1 to 4, or 0 if they are no UTF-8.
size_t CharacterLength(std::string_view bytes) {
  const auto at = [bytes](size_t i) -> unsigned {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
  };
  const auto follows = [&at](size_t i) { return (at(i) & 0xc0) == 0x80; };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (first == 0xe0 && at(1) < 0xa0) return 0;   // overlong
    if (first == 0xed && at(1) >= 0xa0) return 0;  // a surrogate
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (first == 0xf0 && at(1) < 0x90) return 0;   // overlong
    if (first == 0xf4 && at(1) >= 0x90) return 0;  // above U+10FFFF
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

size_t FindNotUtf8(std::string_view bytes) {
  for (size_t i = 0; i < bytes.size();) {
    const size_t length = CharacterLength(bytes.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::string EscapeBytes(std::string_view path) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  while (!path.empty()) {
    const size_t bad = FindNotUtf8(path);
    text += path.substr(0, bad);
    if (bad == std::string_view::npos) break;
    const auto byte = static_cast<unsigned char>(path[bad]);
    text += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    path.remove_prefix(bad + 1);
  }
  return text;
}

}  // namespace grove
