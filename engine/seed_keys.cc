#include "engine/seed_keys.h"

#include <cassert>

#include "engine/run_spec_json.h"

namespace grove {

SeedKeys::SeedKeys(const RunSpec& run, std::string_view dataset_identity)
    : before_(CanonicalJson(run)) {
  // A quote within a value has a backslash before it, so that this is the key and nothing else.
  constexpr std::string_view kSeed = "\"seed\":";
  const size_t begin = before_.find(kSeed) + kSeed.size();
  const size_t end = before_.find_first_not_of("0123456789", begin);
  assert(begin > kSeed.size() && end != std::string::npos);
  after_ = before_.substr(end) + "\n" + std::string(dataset_identity);
  before_.resize(begin);
}

std::string SeedKeys::KeyOf(uint64_t seed) const {
  return HashText(before_ + std::to_string(seed) + after_);
}

}  // namespace grove
