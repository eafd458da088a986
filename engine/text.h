// What bytes are text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace grove {

// The position of the first byte that does not belong to UTF-8 as the standard has it (no overlong
// forms, no surrogates, nothing above U+10FFFF), or std::string_view::npos. Of a sequence that is
// cut short or wrong in its middle it is the first byte of the sequence.
size_t FindNotUtf8(std::string_view bytes);

inline bool IsUtf8(std::string_view bytes) { return FindNotUtf8(bytes) == std::string_view::npos; }

// UTF-8 in lower case, letter by letter, in all scripts that have cases; where one letter would
// become two it stays.
std::string LowerCase(std::string_view text);

// A path as text: each byte that is no UTF-8 becomes \xNN, and the rest stays as it is. The system
// takes any bytes for a path; JSON and pages hold text only.
std::string EscapeBytes(std::string_view path);

// With `to` wherever `from`, which is not empty, stood.
std::string ReplaceAll(std::string text, std::string_view from, std::string_view to);

}  // namespace grove
