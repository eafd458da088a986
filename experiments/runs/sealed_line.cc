#include "experiments/runs/sealed_line.h"

#include <algorithm>
#include <cassert>

#include "engine/hash.h"

namespace grove {
namespace {

constexpr std::string_view kBegin = "{\"xxh3\":\"";
constexpr std::string_view kEnd = "\",";
constexpr size_t kDigits = 16;
constexpr size_t kRest = kBegin.size() + kDigits + kEnd.size();

std::string Checksum(std::string_view rest) {
  Hasher hasher;
  hasher.Add(rest.data(), rest.size());
  return hasher.Digits();
}

}  // namespace

std::string Seal(std::string_view object) {
  assert(object.starts_with("{\""));
  object.remove_prefix(1);
  std::string line(kBegin);
  line += Checksum(object);
  line += kEnd;
  line += object;
  return line;
}

std::string SealFault(std::string_view line, std::span<const std::string_view> unsealed_keys) {
  if (line.size() > kRest && line.starts_with(kBegin) &&
      line.substr(kBegin.size() + kDigits, kEnd.size()) == kEnd) {
    const std::string_view written = line.substr(kBegin.size(), kDigits);
    const std::string computed = Checksum(line.substr(kRest));
    if (written == computed) return "";
    return "its checksum does not fit: what the line holds has " + computed;
  }
  const bool is_of_earlier_version =
      std::any_of(unsealed_keys.begin(), unsealed_keys.end(), [&](std::string_view key) {
        return line.starts_with("{") && line.substr(1).starts_with(key);
      });
  return is_of_earlier_version ? "" : "it has no checksum";
}

}  // namespace grove
