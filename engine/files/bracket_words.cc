#include "engine/files/bracket_words.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "engine/trees/forest.h"

namespace grove {
namespace {

constexpr std::pair<std::string_view, char> kEscapes[] = {
    {"-LRB-", '('}, {"-RRB-", ')'}, {"\\/", '/'}, {"\\*", '*'}};

}  // namespace

std::string UnescapeWord(std::string_view spelling) {
  std::string word;
  while (!spelling.empty()) {
    const auto* escape =
        std::find_if(std::begin(kEscapes), std::end(kEscapes),
                     [spelling](const auto& each) { return spelling.starts_with(each.first); });
    const bool found = escape != std::end(kEscapes);
    word += found ? escape->second : spelling.front();
    spelling.remove_prefix(found ? escape->first.size() : 1);
  }
  return word;
}

std::string EscapeWord(std::string_view word) {
  std::string spelling;
  for (char c : word) {
    const auto* escape = std::find_if(std::begin(kEscapes), std::end(kEscapes),
                                      [c](const auto& each) { return each.second == c; });
    if (escape != std::end(kEscapes)) {
      spelling += escape->first;
    } else {
      spelling += c;
    }
  }
  return spelling;
}

bool IsPlainInteger(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int32_t PlainInteger(std::string_view text) {
  if (!IsPlainInteger(text) || text.size() > 10) return kNone;
  int64_t value = 0;
  for (char c : text) value = 10 * value + (c - '0');
  return value < std::numeric_limits<int32_t>::max() ? static_cast<int32_t>(value) : kNone;
}

}  // namespace grove
