#include "experiments/cli/data_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>
#include <vector>

namespace grove {
namespace {

using Counts = std::map<int32_t, int64_t>;

constexpr int kBarWidth = 50;
constexpr int64_t kMaxBins = 30;

struct NamedDistribution {
  const char* name;
  const Distribution& values;
};

std::array<NamedDistribution, 4> Distributions(const ForestStats& stats) {
  return {{{"length", stats.lengths},
           {"height", stats.heights},
           {"leaf depth", stats.leaf_depths},
           {"keyword depth", stats.keyword_depths}}};
}

struct NamedLabels {
  const char* name;
  const Counts& counts;
};

std::array<NamedLabels, 4> Labels(const ForestStats& stats) {
  return {{{"pair labels", stats.pair_labels},
           {"root labels", stats.root_labels},
           {"inner labels", stats.inner_labels},
           {"leaf labels", stats.leaf_labels}}};
}

std::string LabelName(int32_t label, const std::vector<std::string>& names) {
  if (label == kNone) return "none";
  return names.empty() ? std::to_string(label) : names[static_cast<size_t>(label)];
}

std::string Row(const std::string& name, const Distribution& d) {
  char line[160];
  std::snprintf(line, sizeof(line), "%-14s %8d %10.2f %10.1f %8d\n", name.c_str(), d.min, d.mean,
                d.median, d.max);
  return line;
}

std::string Row(const std::string& name, const DistributionOf<float>& d) {
  return fmt::format("{:<14} {:8.2f} {:10.2f} {:10.2f} {:8.2f}\n", name, d.min, d.mean, d.median,
                     d.max);
}

struct Bar {
  std::string name;
  int64_t count;
};

std::string Histogram(const std::string& title, const std::vector<Bar>& bars) {
  int64_t most = 1, total = 0;
  for (const Bar& bar : bars) {
    most = std::max(most, bar.count);
    total += bar.count;
  }
  std::string text = "\n" + title + "\n";
  for (const Bar& bar : bars) {
    char line[80];
    std::snprintf(line, sizeof(line), "%12s %9lld %5.1f %%  ", bar.name.c_str(),
                  static_cast<long long>(bar.count),
                  100.0 * static_cast<double>(bar.count) / static_cast<double>(total));
    text += line + std::string(static_cast<size_t>(bar.count * kBarWidth / most), '#') + "\n";
  }
  return text;
}

// At most kMaxBins bars of equal width over [min, max].
std::vector<Bar> Bin(const Distribution& d) {
  const int64_t span = int64_t{d.max} - d.min + 1;
  const int64_t width = (span + kMaxBins - 1) / kMaxBins;
  std::vector<Bar> bars;
  for (int64_t low = d.min; low <= d.max; low += width) {
    const int64_t high = std::min<int64_t>(low + width - 1, d.max);
    bars.push_back(
        {high == low ? std::to_string(low) : std::to_string(low) + "-" + std::to_string(high), 0});
  }
  for (const auto& [value, count] : d.counts) bars[(value - d.min) / width].count += count;
  return bars;
}

template <typename Number>
nlohmann::ordered_json ToJson(const DistributionOf<Number>& d) {
  nlohmann::ordered_json counts = nlohmann::ordered_json::object();
  for (const auto& [value, count] : d.counts) counts[fmt::format("{}", value)] = count;
  return {{"min", d.min},
          {"mean", d.mean},
          {"median", d.median},
          {"max", d.max},
          {"counts", std::move(counts)}};
}

// Halves from 1 to kScores, of which the last holds kScores too.
std::vector<Bar> Bin(const DistributionOf<float>& scores) {
  constexpr int kHalves = 2 * (kScores - 1);
  std::vector<Bar> bars;
  for (int half = 0; half < kHalves; ++half) {
    bars.push_back({fmt::format("{:.1f}-{:.1f}", 1 + half / 2.0, 1.5 + half / 2.0), 0});
  }
  for (const auto& [score, count] : scores.counts) {
    bars[std::min(static_cast<size_t>(2 * (score - 1)), bars.size() - 1)].count += count;
  }
  return bars;
}

}  // namespace

std::string FormatStats(const ForestStats& stats, const std::vector<std::string>& names) {
  std::string text;
  if (stats.pairs > 0) text += fmt::format("pairs          {}\n", stats.pairs);
  text += fmt::format("trees          {}\nnodes          {}\ndistinct words {}\n\n", stats.trees,
                      stats.nodes, stats.distinct_words);
  text += "                    min       mean     median      max\n";
  if (stats.scores.total > 0) text += Row("score", stats.scores);
  for (const NamedDistribution& d : Distributions(stats)) {
    if (d.values.total > 0) text += Row(d.name, d.values);
  }
  if (stats.scores.total > 0) text += Histogram("score", Bin(stats.scores));
  for (const NamedDistribution& d : Distributions(stats)) {
    if (d.values.total > 0) text += Histogram(d.name, Bin(d.values));
  }
  for (const NamedLabels& labels : Labels(stats)) {
    std::vector<Bar> bars;
    for (const auto& [label, count] : labels.counts) {
      bars.push_back({LabelName(label, names), count});
    }
    // Where nothing is labelled there is nothing to show.
    const bool labelled = bars.size() > 1 || labels.counts.count(kNone) == 0;
    if (!bars.empty() && labelled) text += Histogram(labels.name, bars);
  }
  return text;
}

nlohmann::ordered_json ToJson(const ForestStats& stats, const std::vector<std::string>& names) {
  nlohmann::ordered_json json;
  if (stats.pairs > 0) json["pairs"] = stats.pairs;
  json["trees"] = stats.trees;
  json["nodes"] = stats.nodes;
  json["distinct_words"] = stats.distinct_words;
  if (stats.scores.total > 0) json["score"] = ToJson(stats.scores);
  const auto key = [](std::string name) {
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
  };
  for (const NamedDistribution& d : Distributions(stats)) json[key(d.name)] = ToJson(d.values);
  for (const NamedLabels& labels : Labels(stats)) {
    const bool of_pairs = &labels.counts == &stats.pair_labels;
    if (of_pairs && labels.counts.empty()) continue;
    nlohmann::ordered_json counts = nlohmann::ordered_json::object();
    for (const auto& [label, count] : labels.counts) {
      counts[LabelName(label, names)] = count;
    }
    json[key(labels.name)] = counts;
  }
  return json;
}

}  // namespace grove
