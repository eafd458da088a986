#include "experiments/cli/data_text.h"

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

std::array<NamedLabels, 3> Labels(const ForestStats& stats) {
  return {{{"root labels", stats.root_labels},
           {"inner labels", stats.inner_labels},
           {"leaf labels", stats.leaf_labels}}};
}

std::string LabelName(int32_t label) { return label == kNone ? "none" : std::to_string(label); }

std::string Row(const std::string& name, const Distribution& d) {
  char line[160];
  std::snprintf(line, sizeof(line), "%-14s %8d %10.2f %10.1f %8d\n", name.c_str(), d.min, d.mean,
                d.median, d.max);
  return line;
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

}  // namespace

std::string FormatStats(const ForestStats& stats) {
  std::string text = "trees          " + std::to_string(stats.trees) + "\nnodes          " +
                     std::to_string(stats.nodes) + "\ndistinct words " +
                     std::to_string(stats.distinct_words) + "\n\n";
  text += "                    min       mean     median      max\n";
  for (const NamedDistribution& d : Distributions(stats)) {
    if (d.values.total > 0) text += Row(d.name, d.values);
  }
  for (const NamedDistribution& d : Distributions(stats)) {
    if (d.values.total > 0) text += Histogram(d.name, Bin(d.values));
  }
  for (const NamedLabels& labels : Labels(stats)) {
    std::vector<Bar> bars;
    for (const auto& [label, count] : labels.counts) bars.push_back({LabelName(label), count});
    // Where nothing is labelled there is nothing to show.
    const bool labelled = bars.size() > 1 || labels.counts.count(kNone) == 0;
    if (!bars.empty() && labelled) text += Histogram(labels.name, bars);
  }
  return text;
}

nlohmann::ordered_json ToJson(const ForestStats& stats) {
  nlohmann::ordered_json json = {
      {"trees", stats.trees}, {"nodes", stats.nodes}, {"distinct_words", stats.distinct_words}};
  const auto key = [](std::string name) {
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
  };
  for (const NamedDistribution& d : Distributions(stats)) {
    nlohmann::ordered_json counts = nlohmann::ordered_json::object();
    for (const auto& [value, count] : d.values.counts) counts[std::to_string(value)] = count;
    json[key(d.name)] = {{"min", d.values.min},
                         {"mean", d.values.mean},
                         {"median", d.values.median},
                         {"max", d.values.max},
                         {"counts", counts}};
  }
  for (const NamedLabels& labels : Labels(stats)) {
    nlohmann::ordered_json counts = nlohmann::ordered_json::object();
    for (const auto& [label, count] : labels.counts) counts[LabelName(label)] = count;
    json[key(labels.name)] = counts;
  }
  return json;
}

}  // namespace grove
