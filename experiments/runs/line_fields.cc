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

std::string_view LineFields::Require(std::string_view name) const {
  const std::optional<std::string_view> value = Find(name);
  if (!value) throw Error("key '" + std::string(name) + "' is missing");
  return *value;
}

std::string LineFields::Text(std::string_view name) const {
  const std::string_view value = Require(name);
  if (value.size() < 2 || value.front() != '"') {
    throw Error("key '" + std::string(name) + "': must be a string");
  }
  const std::string_view inside = value.substr(1, value.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return std::string(inside);
  return ParseJson(value, "key '" + std::string(name) + "'").get<std::string>();
}

double LineFields::Number(std::string_view name) const {
  const std::string_view value = Require(name);
  if (value == "null") return std::numeric_limits<double>::quiet_NaN();
  double number = 0;
  const char* end = value.data() + value.size();
  const auto [stop, code] = std::from_chars(value.data(), end, number);
  if (code != std::errc{} || stop != end) {
    throw Error("key '" + std::string(name) + "': must be a number or null");
  }
  return number;
}

}  // namespace grove
