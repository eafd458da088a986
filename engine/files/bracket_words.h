// How words are spelled in bracketed files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace grove {

// True for bytes that cannot stand in a word and are no space either.
constexpr bool IsControl(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}
constexpr bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// `-LRB-` -> `(`, `-RRB-` -> `)`, `\/` -> `/`, `\*` -> `*`, anywhere in a word.
std::string UnescapeWord(std::string_view spelling);

// The inverse: UnescapeWord(EscapeWord(w)) == w for every word without a literal -LRB- or -RRB-.
std::string EscapeWord(std::string_view word);

// The value of a number written plainly (digits only, no leading zero), kNone for every other text
// or from 2^31 - 1 on.
int32_t PlainInteger(std::string_view text);

// True if `text` is a number written plainly, however large.
bool IsPlainInteger(std::string_view text);

}  // namespace grove
