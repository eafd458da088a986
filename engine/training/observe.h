// What gradients and gates do at every node of the trees, with the weights as they stand: one
// forward and one backward pass, and no update. The probe of the paper's experiment 3 (section
// 4.4) sees the keyword's leaf alone; this sees the way to it.
//
// Depth counts edges from the root. The *path* of a tree is its keyword's leaf with all of that
// leaf's ancestors; a tree without a keyword has none.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "engine/training/network.h"
#include "engine/training/ratio_statistics.h"
#include "engine/trees/forest.h"

namespace grove {

// The ratios |dJ/dh_node| / |dJ/dh_root of its tree| of all nodes of a kind at a depth. Roots are
// left out, and so are trees whose root has no gradient, and ratios that are not finite.
struct NodeRatioGroup : RatioStatistics {
  int epoch = 0;     // 0: the start values
  std::string kind;  // inner, leaf (but the keyword's), keyword (its leaf)
  int depth = 0;     // of the node

  bool operator==(const NodeRatioGroup&) const = default;
};

// The activations of a gate at all inner nodes P of a depth. i and f belong to a child of P: that
// on the path ("toward"), its sibling ("beside"), or a child of a P that is not on the path
// ("off"). o belongs to P: on the "path" or "off" it. A leaf has no cell, hence no f.
struct GateGroup {
  int epoch = 0;      // 0: the start values
  std::string gate;   // i, f, o
  std::string place;  // toward, beside, off, path
  int depth = 0;      // of P
  size_t n = 0;       // gate vectors
  double mean = 0;    // over all their elements
  double sd = 0;      // standard deviation of all their elements about that mean

  bool operator==(const GateGroup&) const = default;
};

// Both by epoch; ratios then by kind, gates by gate and place, in the order above; then by depth.
struct Observations {
  std::vector<NodeRatioGroup> node_ratios;
  std::vector<GateGroup> gates;  // empty if the model has none
};

// The names that `kind` and `place` may have.
std::vector<std::string> NodeKinds();
std::vector<std::string> GatePlaces();

// Observes `network` on all trees of `forest`, which must be among those that IncludeEvaluation
// (engine/training/evaluate.h) made room for. J is the mean loss of some trees together; how many
// does not matter to the ratios. Of `network` all that the next Forward and Backward write anew is
// overwritten, and nothing else. The same forest and weights give the same bits.
Observations Observe(Network& network, const Forest& forest, int epoch);
// The same, or nothing if `stop` became true before the end: it is looked at before every batch.
std::optional<Observations> Observe(Network& network, const Forest& forest, int epoch,
                                    const std::atomic<bool>& stop);

// The same ratios of leaves alone, by depth, and of kind "leaf": of all leaves or, where `word` is
// not kNone, of those with that word. Keywords are leaves like others.
std::vector<NodeRatioGroup> LeafRatios(Network& network, const Forest& forest, int32_t word);

// Calls visit(name, field) for every field of a group, in the order of the files' columns.
template <typename Group, typename Visitor>
void ForEachRatioField(Group& g, Visitor&& visit) {
  visit("epoch", g.epoch);
  visit("kind", g.kind);
  visit("depth", g.depth);
  visit("n", g.n);
  visit("above_1", g.above_1);
  visit("q05", g.q05);
  visit("q25", g.q25);
  visit("median", g.median);
  visit("q75", g.q75);
  visit("q95", g.q95);
  visit("mean_log10", g.mean_log10);
}
template <typename Group, typename Visitor>
void ForEachGateField(Group& g, Visitor&& visit) {
  visit("epoch", g.epoch);
  visit("gate", g.gate);
  visit("place", g.place);
  visit("depth", g.depth);
  visit("n", g.n);
  visit("mean", g.mean);
  visit("sd", g.sd);
}

}  // namespace grove
