#include "engine/training/class_weights.h"

#include <cstddef>
#include <cstdint>

namespace grove {

std::vector<float> ClassWeights(const RunSpec& spec, const Forest& train, int classes) {
  if (spec.class_weights == "none") return {};
  std::vector<int64_t> counts(static_cast<size_t>(classes), 0);
  int64_t all = 0;
  for (const int32_t label : train.pair_label) {
    ++counts[static_cast<size_t>(label)];
    ++all;
  }
  for (size_t t = 0; t < train.trees(); ++t) {
    for (int32_t v = train.tree_begin[t]; v <= train.root(t); ++v) {
      const int32_t label = train.label[static_cast<size_t>(v)];
      const double weight = v == train.root(t) ? spec.root_weight : spec.inner_weight;
      if (label == kNone || weight == 0) continue;
      ++counts[static_cast<size_t>(label)];
      ++all;
    }
  }
  std::vector<float> weights;
  for (const int64_t count : counts) {
    const double share = static_cast<double>(classes) * static_cast<double>(count);
    weights.push_back(count == 0 ? 1 : static_cast<float>(static_cast<double>(all) / share));
  }
  return weights;
}

}  // namespace grove
