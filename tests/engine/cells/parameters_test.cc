// The tensor table over the blocks: what is written by name is read by name, nothing overlaps,
// start values and hashes depend on what they should.
#include "engine/cells/parameters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "engine/cells/model.h"
#include "engine/run_spec_fields.h"

namespace grove {
namespace {

struct Built {
  explicit Built(RunSpec run) : spec(Resolve(run)), model(MakeModel(spec, layout)) {
    layout.Finish();
  }
  RunSpec spec;
  ParameterLayout layout;
  std::unique_ptr<LevelModel> model;
};

RunSpec Spec(const std::string& model, const char* leaf_weights) {
  RunSpec spec;
  spec.model = model;
  spec.leaf_weights = leaf_weights;
  spec.dim = 5;
  return spec;
}

TEST(ParametersTest, TensorsOfTheModels) {
  const auto names = [](const char* model, const char* leaf) {
    const Built built(Spec(model, leaf));
    std::set<std::string> names;
    for (const TensorInfo& tensor : built.layout.tensors()) names.insert(tensor.name);
    return names;
  };
  EXPECT_EQ(names("rnn", "shared"), (std::set<std::string>{"W1", "W2", "b"}));
  EXPECT_EQ(names("rnn", "own"), (std::set<std::string>{"W1", "W2", "b", "leaf.W1", "leaf.W2"}));
  const std::set<std::string> shared = {"W_i1", "W_i2",  "W_ci1", "W_ci2", "b_i",  "W_f1",
                                        "W_f2", "W_cf1", "W_cf2", "b_f",   "W_c1", "W_c2",
                                        "b_c",  "W_o1",  "W_o2",  "W_co",  "b_o"};
  EXPECT_EQ(names("rlstm", "shared"), shared);
  std::set<std::string> own = shared;
  for (const char* name : {"W_i1", "W_i2", "W_f1", "W_f2", "W_c1", "W_c2", "W_o1", "W_o2"}) {
    own.insert(std::string("leaf.") + name);
  }
  EXPECT_EQ(names("rlstm", "own"), own);
}

TEST(ParametersTest, WhatIsWrittenByNameIsReadByName) {
  for (const std::string& model : ModelNames()) {
    for (const char* leaf : {"own", "shared"}) {
      const Built built(Spec(model, leaf));
      simd::AlignedArray<float> flat(built.layout.size());
      float next = 1;
      for (const TensorInfo& tensor : built.layout.tensors()) {
        std::vector<float> values(static_cast<size_t>(tensor.out * tensor.in));
        for (float& value : values) value = next++;
        SetTensor(built.layout, tensor, values, flat);
      }
      // If two tensors shared a place, the first would have lost its values.
      next = 1;
      for (const TensorInfo& tensor : built.layout.tensors()) {
        for (const float value : GetTensor(built.layout, tensor, flat)) EXPECT_EQ(value, next++);
      }
      EXPECT_EQ(std::count_if(flat.begin(), flat.end(), [](float v) { return v != 0; }),
                static_cast<std::ptrdiff_t>(next) - 1);
    }
  }
}

TEST(ParametersTest, StartValuesAndHash) {
  const Built built(Spec("rlstm", "own"));
  Parameters a(built.layout, 7, 5), b(built.layout, 7, 5);
  Initialise(built.layout, built.spec, a);
  Initialise(built.layout, built.spec, b);
  EXPECT_EQ(WeightsHash(built.layout, a), WeightsHash(built.layout, b));
  for (const TensorInfo& tensor : built.layout.tensors()) {
    // U(-1/sqrt(k n), 1/sqrt(k n)) with k = 3 for W_c*, 5 for the gates; biases 0.
    const bool cell = tensor.name.find("W_c1") != std::string::npos ||
                      tensor.name.find("W_c2") != std::string::npos;
    const double range = tensor.is_bias ? 0 : 1 / std::sqrt((cell ? 3.0 : 5.0) * 5);
    double largest = 0;
    for (const float value : GetTensor(built.layout, tensor, a.weights)) {
      largest = std::max(largest, static_cast<double>(std::abs(value)));
    }
    EXPECT_LE(largest, range * (1 + 1e-6)) << tensor.name;
    EXPECT_GE(largest, 0.5 * range) << tensor.name;
  }
  for (const float value : a.words) EXPECT_LE(std::abs(value), 1e-4f);

  RunSpec remembering = built.spec;
  remembering.init_forget_bias = 1;
  ParameterLayout layout;
  const auto model = MakeModel(remembering, layout);
  layout.Finish();
  Initialise(layout, remembering, b);
  for (const TensorInfo& tensor : layout.tensors()) {
    if (!tensor.is_bias) continue;
    const std::vector<float> values = GetTensor(layout, tensor, b.weights);
    EXPECT_EQ(values, std::vector<float>(values.size(), tensor.name == "b_f" ? 1.0f : 0.0f));
  }

  Initialise(built.layout, built.spec, b);
  b.words[3] = std::nextafter(b.words[3], 1.0f);
  EXPECT_NE(WeightsHash(built.layout, a), WeightsHash(built.layout, b));
  RunSpec other = built.spec;
  other.seed = 2;
  Initialise(built.layout, other, b);
  EXPECT_NE(WeightsHash(built.layout, a), WeightsHash(built.layout, b));
}

TEST(ParametersTest, StartsOfMatrices) {
  RunSpec spec = Spec("rnn", "own");
  for (const char* start : {"identity", "orthogonal"}) {
    spec.init_matrix = start;
    const Built built(spec);
    Parameters parameters(built.layout, 3, 5, simd::Rule::kAdagrad);
    Initialise(built.layout, spec, parameters);
    for (const TensorInfo& tensor : built.layout.tensors()) {
      if (tensor.is_bias) continue;
      const std::vector<float> w = GetTensor(built.layout, tensor, parameters.weights);
      for (int a = 0; a < 5; ++a) {
        for (int b = 0; b < 5; ++b) {
          double product = 0;
          for (int j = 0; j < 5; ++j) product += static_cast<double>(w[a * 5 + j]) * w[b * 5 + j];
          const double unit = std::string(start) == "identity" ? 0.25 : 1;
          EXPECT_NEAR(product, a == b ? unit : 0, 1e-6) << tensor.name;
        }
      }
      if (std::string(start) == "identity") {
        EXPECT_EQ(w[6], 0.5f);
      }
    }
  }
}

}  // namespace
}  // namespace grove
