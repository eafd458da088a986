#include "engine/training/observe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "engine/training/evaluate.h"

namespace grove {
namespace {

enum Kind { kInner, kLeaf, kKeyword, kKinds };
constexpr const char* kKindNames[] = {"inner", "leaf", "keyword"};

// Of a gate's owner, in the order of the groups.
enum OwnerPlace { kToward, kBeside, kOff, kPath, kOwnerPlaces };
constexpr const char* kOwnerPlaceNames[] = {"toward", "beside", "off", "path"};

// Of gate vectors. Sums are of v - 1/2, which is about 0 at the start: v itself would cancel in the
// variance of gates that all are about 1/2.
struct GateSums {
  size_t vectors = 0;
  double sum = 0, squares = 0;
};

// By place and depth.
using GateDepths = std::array<std::vector<GateSums>, kOwnerPlaces>;

template <typename T>
T& AtDepth(std::vector<T>& by_depth, int32_t depth) {
  const auto at = static_cast<size_t>(depth);
  if (by_depth.size() <= at) by_depth.resize(at + 1);
  return by_depth[at];
}

// In double: deep gradients are so small that their squares vanish in float.
double Norm(const float* values, size_t n) {
  double squares = 0;
  for (size_t j = 0; j < n; ++j) {
    const double value = values[j];
    squares += value * value;
  }
  return std::sqrt(squares);
}

void Accumulate(const float* gate, size_t n, GateSums& sums) {
  ++sums.vectors;
  for (size_t j = 0; j < n; ++j) {
    const double value = static_cast<double>(gate[j]) - 0.5;
    sums.sum += value;
    sums.squares += value * value;
  }
}

class Observer {
 public:
  // Of each tree's keyword. With `chosen` the leaves that it is true of, by their words, take the
  // place of keywords.
  explicit Observer(Network& network, std::function<bool(int32_t word)> chosen = nullptr)
      : network_(network),
        schedule_(network.schedule()),
        n_(static_cast<size_t>(network.dim())),
        chosen_(std::move(chosen)) {}

  void Add(const Forest& forest, size_t begin, size_t end);
  Observations Groups(int epoch);

 private:
  void PlaceKeywords();
  void PlaceRows();
  GateDepths& SumsOf(const std::string& gate);
  void AddGates(const GateRows& gate, GateDepths& sums);
  void AddRatios();

  bool OnPath(int32_t row) const { return on_path_[static_cast<size_t>(row)] != 0; }
  int32_t Depth(int32_t row) const { return depth_[static_cast<size_t>(row)]; }

  Network& network_;
  const Schedule& schedule_;
  const size_t n_;
  const std::function<bool(int32_t word)> chosen_;

  // By row of the batch.
  std::vector<int32_t> depth_;
  std::vector<char> on_path_;
  std::vector<double> root_norm_;  // |dJ/dh| of the root of its tree

  std::array<std::vector<std::vector<double>>, kKinds> ratios_;  // by kind, depth
  std::vector<std::pair<std::string, GateDepths>> sums_;         // by gate
};

void Observer::Add(const Forest& forest, size_t begin, size_t end) {
  network_.Forward(forest, begin, end, Keep::kForBackward);
  PlaceRows();
  for (const GateRows& gate : network_.gates()) AddGates(gate, SumsOf(gate.gate.gate));
  network_.Backward();
  AddRatios();
}

GateDepths& Observer::SumsOf(const std::string& gate) {
  for (auto& [name, sums] : sums_) {
    if (name == gate) return sums;
  }
  return sums_.emplace_back(gate, GateDepths()).second;
}

void Observer::PlaceKeywords() {
  if (chosen_) {
    for (size_t leaf = 0; leaf < static_cast<size_t>(schedule_.leaves); ++leaf) {
      on_path_[leaf] = chosen_(schedule_.word[leaf]) ? 1 : 0;
    }
    return;
  }
  for (const int32_t row : schedule_.keyword_row) {
    if (row != kNone) on_path_[static_cast<size_t>(row)] = 1;
  }
}

// Children have lower rows than their parents.
void Observer::PlaceRows() {
  const auto rows = static_cast<size_t>(schedule_.rows);
  depth_.assign(rows, 0);
  on_path_.assign(rows, 0);
  PlaceKeywords();
  for (int32_t row = schedule_.leaves; row < schedule_.rows; ++row) {
    schedule_.ForEachChild(row, [&](int /*place*/, int32_t child) {
      if (OnPath(child)) on_path_[static_cast<size_t>(row)] = 1;
    });
  }
  for (int32_t row = schedule_.rows; row-- > schedule_.leaves;) {
    schedule_.ForEachChild(row, [&](int /*place*/, int32_t child) {
      depth_[static_cast<size_t>(child)] = Depth(row) + 1;
    });
  }
}

void Observer::AddGates(const GateRows& gate, GateDepths& sums) {
  const int of = gate.gate.of;
  for (int32_t row = schedule_.leaves; row < schedule_.rows; ++row) {
    const OwnerPlace place = OnPath(row) ? kPath : kOff;
    const auto add = [&](OwnerPlace owner, int32_t gate_row) {
      Accumulate(gate.rows.From(gate_row).data, n_, AtDepth(sums[owner], Depth(row)));
    };
    if (of == kNode) {
      add(place, row - schedule_.leaves);
      continue;
    }
    schedule_.ForEachChild(row, [&](int at, int32_t child) {
      if (of != kEachChild && of != at) return;
      if (!gate.gate.of_leaves && child < schedule_.leaves) return;
      const OwnerPlace owner = place == kOff ? kOff : OnPath(child) ? kToward : kBeside;
      add(owner, of == kEachChild ? child : row - schedule_.leaves);
    });
  }
}

void Observer::AddRatios() {
  const Rows dh = network_.states().dh;
  root_norm_.resize(static_cast<size_t>(schedule_.rows));
  for (const int32_t root : schedule_.root_row) {
    root_norm_[static_cast<size_t>(root)] = Norm(dh.From(root).data, n_);
  }
  for (int32_t row = schedule_.rows; row-- > 0;) {
    const double root_norm = root_norm_[static_cast<size_t>(row)];
    if (row >= schedule_.leaves) {
      schedule_.ForEachChild(row, [&](int /*place*/, int32_t child) {
        root_norm_[static_cast<size_t>(child)] = root_norm;
      });
    }
    if (Depth(row) == 0) continue;
    const double ratio = Norm(dh.From(row).data, n_) / root_norm;  // by 0: infinite or NaN
    if (!std::isfinite(ratio)) continue;
    const Kind kind = row >= schedule_.leaves ? kInner : OnPath(row) ? kKeyword : kLeaf;
    AtDepth(ratios_[kind], Depth(row)).push_back(ratio);
  }
}

Observations Observer::Groups(int epoch) {
  Observations groups;
  for (size_t kind = 0; kind < kKinds; ++kind) {
    for (size_t depth = 0; depth < ratios_[kind].size(); ++depth) {
      std::vector<double>& ratios = ratios_[kind][depth];
      if (ratios.empty()) continue;
      std::sort(ratios.begin(), ratios.end());
      groups.node_ratios.push_back(
          {StatisticsOfSorted(ratios), epoch, kKindNames[kind], static_cast<int>(depth)});
    }
  }
  for (const auto& [gate, places] : sums_) {
    for (size_t place = 0; place < kOwnerPlaces; ++place) {
      for (size_t depth = 0; depth < places[place].size(); ++depth) {
        const GateSums& sums = places[place][depth];
        if (sums.vectors == 0) continue;
        const double elements = static_cast<double>(sums.vectors * n_);
        const double mean = sums.sum / elements;  // of v - 1/2
        const double variance = std::max(0.0, sums.squares / elements - mean * mean);
        groups.gates.push_back({epoch, gate, kOwnerPlaceNames[place], static_cast<int>(depth),
                                sums.vectors, mean + 0.5, std::sqrt(variance)});
      }
    }
  }
  return groups;
}

std::optional<Observations> ObserveBatches(Observer observer, const Forest& forest, int epoch,
                                           const std::atomic<bool>& stop) {
  for (size_t begin = 0; begin < forest.examples();) {
    if (stop.load(std::memory_order_relaxed)) return std::nullopt;
    const size_t end = EvaluationBatchEnd(forest, begin);
    observer.Add(forest, begin, end);
    begin = end;
  }
  return observer.Groups(epoch);
}

}  // namespace

std::vector<std::string> NodeKinds() { return {std::begin(kKindNames), std::end(kKindNames)}; }
std::vector<std::string> GatePlaces() {
  return {std::begin(kOwnerPlaceNames), std::end(kOwnerPlaceNames)};
}

Observations Observe(Network& network, const Forest& forest, int epoch) {
  return *Observe(network, forest, epoch, std::atomic<bool>(false));
}

std::optional<Observations> Observe(Network& network, const Forest& forest, int epoch,
                                    const std::atomic<bool>& stop) {
  return ObserveBatches(Observer(network), forest, epoch, stop);
}

std::vector<NodeRatioGroup> LeafRatios(Network& network, const Forest& forest, int32_t word) {
  const auto chosen = [word](int32_t each) { return word == kNone || each == word; };
  const Observations all =
      *ObserveBatches(Observer(network, chosen), forest, 0, std::atomic<bool>(false));
  std::vector<NodeRatioGroup> leaves;
  for (const NodeRatioGroup& group : all.node_ratios) {
    if (group.kind != kKindNames[kKeyword]) continue;
    leaves.push_back(group);
    leaves.back().kind = kKindNames[kLeaf];
  }
  return leaves;
}

}  // namespace grove
