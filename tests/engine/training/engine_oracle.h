// Carries one network's weights to the double-precision oracle of tests/reference and back, and
// makes small random minibatches.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/random.h"
#include "engine/run_spec_fields.h"
#include "engine/training/network.h"
#include "tests/reference/reference_model.h"

namespace grove {

inline reference::Settings SettingsOf(const RunSpec& spec, int classes) {
  return {.model = spec.model,
          .dim = spec.dim,
          .classes = classes,
          .own_leaf = spec.leaf_weights == "own",
          .activation = spec.activation,
          .word_dim = spec.word_dim,
          .residual = spec.residual,
          .layer_norm = spec.layer_norm,
          .cell_to_gate = spec.cell_to_gate,
          .comparison = spec.comparison,
          .comparison_dim = spec.comparison_dim,
          .scores = spec.target == "score"};
}

// Every tensor of `flat` (weights or gradients) by name, in double.
inline reference::Tensors TensorsOf(const ParameterLayout& layout,
                                    const simd::AlignedArray<float>& flat) {
  reference::Tensors tensors;
  for (const TensorInfo& info : layout.tensors()) {
    const std::vector<float> values = GetTensor(layout, info, flat);
    tensors[info.name].assign(values.begin(), values.end());
  }
  return tensors;
}

inline reference::Tensors TensorsOf(const Network& network) {
  const Parameters& parameters = network.parameters();
  reference::Tensors tensors = TensorsOf(network.layout(), parameters.weights);
  std::vector<double>& words = tensors["embeddings"];
  for (int v = 0; v < parameters.vocabulary_size; ++v) {
    const float* row = parameters.words.data() + static_cast<size_t>(v) * parameters.word_stride;
    words.insert(words.end(), row, row + parameters.dim);
  }
  return tensors;
}

// A network with room for `limits`, its start values drawn as the spec says, and biases that are
// not zero: one in the wrong place would not show.
inline std::unique_ptr<Network> MakeTestNetwork(const RunSpec& spec, int vocabulary, int classes,
                                                const MinibatchLimits& limits) {
  auto network = std::make_unique<Network>(spec, vocabulary, classes);
  network->Reserve(limits);
  Initialise(network->layout(), spec, network->parameters());
  for (const TensorInfo& tensor : network->layout().tensors()) {
    if (!tensor.is_bias) continue;
    std::vector<float> values(static_cast<size_t>(tensor.out));
    RandomStream random(3, Purpose::kWeights, static_cast<uint32_t>(tensor.out));
    for (float& value : values) value = random.NextUniform(-0.5f, 0.5f);
    SetTensor(network->layout(), tensor, values, network->parameters().weights);
  }
  return network;
}

// Trees of the given numbers of leaves with random shapes, words and labels; inner nodes carry
// labels too if `inner_labels`. Words repeat within and between trees.
inline Forest RandomForest(const std::vector<int>& leaves, int vocabulary, int classes,
                           bool inner_labels, uint64_t seed) {
  RandomStream random(seed, Purpose::kTrainData, 77);
  const auto below = [&](size_t bound) {
    return static_cast<int32_t>(random.NextBelow(static_cast<uint32_t>(bound)));
  };
  Forest forest;
  for (const int count : leaves) {
    std::vector<int32_t> open;  // roots of the parts made so far, left to right
    // Post-order by shift and reduce.
    int shifted = 0;
    while (shifted < count || open.size() > 1) {
      if (shifted < count && (open.size() < 2 || below(2) == 0)) {
        const bool root = count == 1;
        open.push_back(forest.AddLeaf(
            below(static_cast<size_t>(vocabulary)),
            root || (inner_labels && below(3) == 0) ? below(static_cast<size_t>(classes)) : kNone));
        ++shifted;
        continue;
      }
      const int32_t right = open.back();
      open.pop_back();
      const int32_t left = open.back();
      open.pop_back();
      const bool root = shifted == count && open.empty();
      open.push_back(forest.AddInner(
          left, right,
          root || (inner_labels && below(2) == 0) ? below(static_cast<size_t>(classes)) : kNone));
    }
    forest.FinishTree();
  }
  return forest;
}

// The norm of the difference relative to the norm of what is expected.
inline double RelativeError(const std::vector<double>& actual,
                            const std::vector<double>& expected) {
  double difference = 0, norm = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
    norm += expected[i] * expected[i];
  }
  return norm == 0 ? std::sqrt(difference) : std::sqrt(difference / norm);
}

}  // namespace grove
