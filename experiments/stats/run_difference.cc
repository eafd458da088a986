#include "experiments/stats/run_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>

namespace grove {
namespace {

bool SameBits(double a, double b) {
  if (!std::isfinite(a) || !std::isfinite(b)) return std::isfinite(a) == std::isfinite(b);
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
}

// The fields of an epoch as doubles, by name, whether or not they were measured.
std::vector<std::pair<std::string, double>> Measured(const EpochRecord& epoch) {
  std::vector<std::pair<std::string, double>> fields;
  const auto take = [&](const char* name, double value) { fields.emplace_back(name, value); };
  ForEachEpochField(epoch, take);
  ForEachFurtherEpochField(epoch, take);
  return fields;
}

std::vector<std::string> DifferingFields(const EpochRecord& left, const EpochRecord& right) {
  const auto lefts = Measured(left), rights = Measured(right);
  std::vector<std::string> names;
  for (size_t i = 0; i < lefts.size(); ++i) {
    const auto& [name, value] = lefts[i];
    const double other = rights[i].second;
    const bool is_further = name == "dev_node_accuracy" || name == "dev_macro_f1";
    if (is_further && (std::isnan(value) || std::isnan(other))) continue;
    if (!SameBits(value, other)) names.push_back(name);
  }
  return names;
}

// "loss", "loss and dev_loss", "loss, dev_loss and dev_accuracy".
std::string Listed(const std::vector<std::string>& names) {
  if (names.size() == 1) return names[0];
  const auto but_last = std::vector<std::string>(names.begin(), names.end() - 1);
  return fmt::format("{} and {}", fmt::join(but_last, ", "), names.back());
}

}  // namespace

BitDifference CompareBits(const RunRecord& left, const RunRecord& right) {
  BitDifference difference;
  const size_t both = std::min(left.history.size(), right.history.size());
  size_t& epoch = difference.equal_epochs;
  while (epoch < both && difference.differing.empty()) {
    difference.differing = DifferingFields(left.history[epoch], right.history[epoch]);
    if (difference.differing.empty()) ++epoch;
  }
  difference.same_curves = epoch == left.history.size() && epoch == right.history.size();
  difference.same_weights = !left.weights_xxh3.empty() && left.weights_xxh3 == right.weights_xxh3;
  return difference;
}

std::string ToText(const BitDifference& difference, const RunRecord& left, const RunRecord& right) {
  const size_t epochs = difference.equal_epochs;
  if (difference.same_curves) {
    const std::string weights = difference.same_weights ? "the weights are the same"
                                : left.weights_xxh3.empty() || right.weights_xxh3.empty()
                                    ? "there are no weights to compare"
                                    : "the weights differ";
    if (epochs == 0) return "no epochs; " + weights;
    return fmt::format("the same bits in all {} epochs; {}", epochs, weights);
  }
  if (difference.differing.empty()) {
    const bool left_ends = left.history.size() < right.history.size();
    return fmt::format("the same bits up to epoch {}, where the {} run ends", epochs,
                       left_ends ? "left" : "right");
  }
  const std::string what = Listed(difference.differing);
  const char* verb = difference.differing.size() == 1 ? "differs" : "differ";
  if (epochs == 0) return fmt::format("other bits from the start: in epoch 1 {} {}", what, verb);
  return fmt::format("the same bits up to epoch {}; in epoch {} {} {}", epochs, epochs + 1, what,
                     verb);
}

}  // namespace grove
