#include "experiments/plan/spec.h"

#include <charconv>
#include <set>

#include "engine/error.h"

namespace grove {
namespace {

constexpr size_t kMaxSeeds = 10000;

uint64_t ParseSeed(std::string_view text) {
  uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error("'" + std::string(text) + "': must be seeds like 1-5 or 1,2,7");
  }
  return seed;
}

}  // namespace

std::span<Spec> Experiments(Spec& spec) {
  return spec.IsSweep() ? std::span<Spec>(spec.of) : std::span<Spec>(&spec, 1);
}

Point SeedPoint(uint64_t seed, const std::string& place) {
  return {{{Part::kRun, "seed", seed, seed, ""}}, place, ""};
}

void SetSeeds(Spec& spec, const std::vector<uint64_t>& seeds) {
  for (Spec& experiment : Experiments(spec)) {
    std::erase_if(experiment.axes, [](const Axis& axis) { return axis.name == "seed"; });
    Axis& axis = experiment.axes.emplace_back(Axis{"seed", {}});
    for (const uint64_t seed : seeds) axis.points.push_back(SeedPoint(seed, experiment.path));
  }
}

std::vector<uint64_t> ParseSeeds(std::string_view text) {
  std::vector<uint64_t> seeds;
  std::set<uint64_t> seen;
  while (true) {
    const std::string_view item = text.substr(0, text.find(','));
    const size_t dash = item.find('-');
    const uint64_t first = ParseSeed(item.substr(0, dash));
    const uint64_t last = dash == std::string_view::npos ? first : ParseSeed(item.substr(dash + 1));
    if (last < first) throw Error("'" + std::string(item) + "': the range ends before it begins");
    if (last - first >= kMaxSeeds - seeds.size()) throw Error("more than 10000 seeds");
    for (uint64_t seed = first;; ++seed) {
      if (!seen.insert(seed).second) {
        throw Error("seed " + std::to_string(seed) + " is given twice");
      }
      seeds.push_back(seed);
      if (seed == last) break;
    }
    if (item.size() == text.size()) return seeds;
    text.remove_prefix(item.size() + 1);
  }
}

}  // namespace grove
