#include "engine/text.h"

#include <locale.h>
#include <wctype.h>

#include <cstdint>

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

// Of the first character, `length` bytes long.
uint32_t CodeOf(std::string_view bytes, size_t length) {
  constexpr unsigned kFirstBits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  uint32_t code = static_cast<unsigned char>(bytes[0]) & kFirstBits[length];
  for (size_t i = 1; i < length; ++i) {
    code = code << 6 | (static_cast<unsigned char>(bytes[i]) & 0x3f);
  }
  return code;
}

void AppendCode(uint32_t code, std::string& text) {
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;  // bytes after the first
  constexpr uint32_t kMarks[] = {0, 0xc0, 0xe0, 0xf0};
  text += static_cast<char>(kMarks[more] | code >> (6 * more));
  for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | (code >> (6 * i) & 0x3f));
}

wint_t Lower(uint32_t code) {
  // Part of the C library: it is there whatever is installed, and no setting changes it.
  static const locale_t kLocale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return kLocale == nullptr ? code : towlower_l(static_cast<wint_t>(code), kLocale);
}

}  // namespace

std::string LowerCase(std::string_view text) {
  std::string lower;
  lower.reserve(text.size());
  while (!text.empty()) {
    const char c = text.front();
    const size_t length = CharacterLength(text);
    if (length == 1) {
      lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (length == 0) {
      lower += c;
    } else {
      AppendCode(Lower(CodeOf(text, length)), lower);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return lower;
}

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

std::string ReplaceAll(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace grove
