// Start values of every tensor and of the word vectors are the uniform numbers that the settings
// say: ends, mean, variance, and the distance of their distribution function from a straight line.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/cells/model.h"
#include "engine/cells/parameters.h"
#include "engine/run_spec_fields.h"

namespace grove {
namespace {

// Values of a tensor over some seeds.
using Samples = std::map<std::string, std::vector<double>>;

// The largest distance between the distribution function of `values` and that of U(-r, r)
// (Kolmogorov and Smirnov).
double DistanceFromUniform(std::vector<double> values, double r) {
  std::sort(values.begin(), values.end());
  const double n = static_cast<double>(values.size());
  double distance = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double expected = (values[i] + r) / (2 * r);
    const double below = static_cast<double>(i) / n;
    distance = std::max({distance, expected - below, below + 1 / n - expected});
  }
  return distance;
}

// U(-r, r) has variance r^2 / 3, and (x / r)^2 has variance 4 / 45.
void ExpectUniform(const std::string& name, const std::vector<double>& values, double r) {
  const double n = static_cast<double>(values.size());
  double sum = 0, squares = 0, largest = 0;
  for (const double value : values) {
    sum += value / r;
    squares += value / r * (value / r);
    largest = std::max(largest, std::abs(value / r));
  }
  // Five standard errors.
  EXPECT_NEAR(sum / n, 0, 5 / std::sqrt(3 * n)) << name;
  EXPECT_NEAR(squares / n, 1.0 / 3, 5 * std::sqrt(4 / (45 * n))) << name;
  EXPECT_LE(largest, 1 + 1e-6) << name;
  EXPECT_GE(largest, 1 - 20 / n) << name << " does not reach its ends";
  // Exceeded once in 100,000 times (the limit of the distribution: 2 exp(-2 d^2 n)).
  EXPECT_LT(DistanceFromUniform(values, r), 2.47 / std::sqrt(n)) << name;
}

class StartValuesTest : public testing::TestWithParam<std::string> {
 protected:
  StartValuesTest() {
    spec_.model = GetParam();
    spec_.dim = 12;
    spec_.word_dim = 8;
    if (GetParam() == "rnn" || GetParam() == "rlstm") spec_.word_dim = 12;
    spec_ = Resolve(spec_);
    model_ = MakeModel(spec_, layout_);
    layout_.Finish();
  }

  RunSpec spec_;
  ParameterLayout layout_;
  std::unique_ptr<LevelModel> model_;
};

TEST_P(StartValuesTest, AreUniform) {
  constexpr int kWords = 100;
  Parameters parameters(layout_, kWords, model_->cell().word_width);
  Samples samples;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    spec_.seed = seed;
    Initialise(layout_, spec_, parameters);
    for (const TensorInfo& tensor : layout_.tensors()) {
      const std::vector<float> values = GetTensor(layout_, tensor, parameters.weights);
      std::vector<double>& all = samples[tensor.name];
      all.insert(all.end(), values.begin(), values.end());
    }
    for (int v = 0; v < kWords; ++v) {
      const float* row = parameters.words.data() + static_cast<size_t>(v) * parameters.word_stride;
      samples["words"].insert(samples["words"].end(), row, row + parameters.dim);
    }
  }
  for (const TensorInfo& tensor : layout_.tensors()) {
    if (tensor.init_range != 0) {
      ExpectUniform(tensor.name, samples[tensor.name], tensor.init_range);
      continue;
    }
    for (const double value : samples[tensor.name]) {
      ASSERT_EQ(value, static_cast<float>(tensor.init_value)) << tensor.name;
    }
  }
  ExpectUniform("words", samples["words"], static_cast<float>(spec_.init_word_range));
}

// Neither two tensors nor two words begin alike, and every seed gives others.
TEST_P(StartValuesTest, NoTwoTensorsAndNoTwoSeedsAreAlike) {
  Parameters parameters(layout_, 50, model_->cell().word_width);
  // By the first two values as shares of the range.
  std::map<std::pair<double, double>, std::string> names;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    spec_.seed = seed;
    Initialise(layout_, spec_, parameters);
    const auto add = [&](const std::string& name, const float* values, double range) {
      const std::pair<double, double> begin = {std::round(values[0] / range * 1e6),
                                               std::round(values[1] / range * 1e6)};
      const auto [place, is_new] = names.emplace(begin, name);
      EXPECT_TRUE(is_new) << name << " begins as " << place->second << ", seed " << seed;
    };
    for (const TensorInfo& tensor : layout_.tensors()) {
      if (tensor.init_range == 0) continue;
      const std::vector<float> values = GetTensor(layout_, tensor, parameters.weights);
      add(tensor.name, values.data(), tensor.init_range);
    }
    for (size_t v = 0; v < 50; ++v) {
      add("word " + std::to_string(v), parameters.words.data() + v * parameters.word_stride,
          spec_.init_word_range);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, StartValuesTest, testing::ValuesIn(ModelNames()));

}  // namespace
}  // namespace grove
