#include "experiments/runs/line_fields.h"

#include <charconv>
#include <limits>

#include "engine/error.h"
#include "engine/json_text.h"

namespace grove {
namespace {

[[noreturn]] void Refuse() { throw Error("not a JSON object"); }

// Behind the string that begins at `at`.
size_t EndOfString(std::string_view line, size_t at) {
  for (++at; at < line.size(); ++at) {
    if (line[at] == '\\') {
      ++at;
    } else if (line[at] == '"') {
      return at + 1;
    }
  }
  Refuse();
}

size_t SkipSpace(std::string_view line, size_t at) {
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r')) ++at;
  return at;
}

// Behind the value that begins at `at`: at the comma or the brace that ends it.
size_t EndOfValue(std::string_view line, size_t at) {
  int depth = 0;
  while (at < line.size()) {
    const char c = line[at];
    if (c == '"') {
      at = EndOfString(line, at);
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}')) return at;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
  }
  Refuse();
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

template <typename T>
bool ParseAll(std::string_view text, T& number) {
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  return code == std::errc{} && stop == end;
}

}  // namespace

LineFields::LineFields(std::string_view line) {
  fields_.reserve(24);  // as many as a record has
  size_t at = SkipSpace(line, 0);
  if (at >= line.size() || line[at] != '{') Refuse();
  at = SkipSpace(line, at + 1);
  while (at < line.size() && line[at] == '"') {
    const size_t name_end = EndOfString(line, at);
    const std::string_view name = line.substr(at + 1, name_end - at - 2);
    at = SkipSpace(line, name_end);
    if (at >= line.size() || line[at] != ':') Refuse();
    at = SkipSpace(line, at + 1);
    const size_t end = EndOfValue(line, at);
    fields_.emplace_back(name, Trimmed(line.substr(at, end - at)));
    at = line[end] == ',' ? SkipSpace(line, end + 1) : end;
  }
  if (at >= line.size() || line[at] != '}') Refuse();
}

std::optional<std::string_view> LineFields::Find(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string_view LineFields::At(std::string_view name) const {
  const std::optional<std::string_view> value = Find(name);
  if (!value) throw Error("key '" + std::string(name) + "' is missing");
  return *value;
}

std::string LineFields::Text(std::string_view name) const {
  const std::string_view value = At(name);
  if (value.size() < 2 || value.front() != '"') {
    throw Error("key '" + std::string(name) + "': must be a string");
  }
  const std::string_view inside = value.substr(1, value.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return std::string(inside);
  return ParseJson(value, "key '" + std::string(name) + "'").get<std::string>();
}

double LineFields::Number(std::string_view name) const {
  const std::string_view value = At(name);
  if (value == "null") return std::numeric_limits<double>::quiet_NaN();
  double number = 0;
  // from_chars would take "nan" and "inf", too.
  const bool begins = value.find_first_of("0123456789") <= 1 && value.find_first_of("in") > 1;
  if (!begins || !ParseAll(value, number)) {
    throw Error("key '" + std::string(name) + "': must be a number or null");
  }
  return number;
}

int LineFields::Integer(std::string_view name) const {
  int number = 0;
  if (!ParseAll(At(name), number))
    throw Error("key '" + std::string(name) + "': must be an integer");
  return number;
}

}  // namespace grove
