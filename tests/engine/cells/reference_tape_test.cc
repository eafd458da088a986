// The tape under the oracle: values by hand, and every operation's gradient against central finite
// differences.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>

#include "tests/reference/tape.h"

namespace grove::reference {
namespace {

using Expression = std::function<Var(Tape& tape)>;

struct Case {
  const char* name;
  Expression expression;
};

const Tensors kTensors = {{"x", {0.3, -1.2, 0.7}},
                          {"y", {-0.4, 0.9, 1.6}},
                          {"W", {0.5, -0.2, 0.1, -0.7, 0.3, 1.1}},  // (2,3)
                          {"rows", {0.2, -0.6, 0.8, 1.3, -0.1, 0.4}}};

// Weighs the elements of a result differently, so that no two of them can be mixed up.
Var Loss(Tape& tape, Var result) {
  Vector weights(tape.Size(result));
  for (size_t k = 0; k < weights.size(); ++k) weights[k] = 1 + 0.7 * static_cast<double>(k);
  return Sum(result * tape.Constant(weights));
}

class TapeGradientTest : public testing::TestWithParam<Case> {};

TEST_P(TapeGradientTest, AgreesWithFiniteDifferences) {
  Tensors tensors = kTensors, gradients;
  for (const auto& [name, values] : tensors) gradients[name].resize(values.size());
  Tape tape(tensors);
  tape.Backward(Loss(tape, GetParam().expression(tape)), gradients);
  for (auto& [name, values] : tensors) {
    for (size_t k = 0; k < values.size(); ++k) {
      const double start = values[k], step = 1e-4;
      const auto at = [&, &tensor = values](double shift) {
        tensor[k] = start + shift;
        Tape shifted(tensors);
        return shifted.Value(Loss(shifted, GetParam().expression(shifted)))[0];
      };
      const double expected =
          (at(-2 * step) - 8 * at(-step) + 8 * at(step) - at(2 * step)) / (12 * step);
      values[k] = start;
      EXPECT_NEAR(gradients.at(name)[k], expected, 1e-10 * (1 + std::abs(expected)))
          << name << " " << k;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Operations, TapeGradientTest,
    testing::Values(Case{"Tensor", [](Tape& t) { return t.Tensor("x"); }},
                    Case{"Row", [](Tape& t) { return t.Row("rows", 1, 3) + t.Tensor("x"); }},
                    Case{"Product", [](Tape& t) { return t.Product("W", t.Tensor("x")); }},
                    Case{"Add", [](Tape& t) { return t.Tensor("x") + t.Tensor("y"); }},
                    Case{"Subtract", [](Tape& t) { return 2 - t.Tensor("x") - t.Tensor("y"); }},
                    Case{"Times", [](Tape& t) { return t.Tensor("x") * t.Tensor("y"); }},
                    Case{"Square", [](Tape& t) { return t.Tensor("x") * t.Tensor("x"); }},
                    Case{"Scale", [](Tape& t) { return Scale(-2.5, t.Tensor("x")); }},
                    Case{"Sigmoid", [](Tape& t) { return Sigmoid(t.Tensor("x")); }},
                    Case{"Tanh", [](Tape& t) { return Activation("tanh", t.Tensor("x")); }},
                    Case{"Relu", [](Tape& t) { return Activation("relu", t.Tensor("x")); }},
                    Case{"Softsign", [](Tape& t) { return Activation("softsign", t.Tensor("x")); }},
                    Case{"Gelu", [](Tape& t) { return Gelu(t.Tensor("x")); }},
                    Case{"Abs", [](Tape& t) { return Abs(t.Tensor("x")); }},
                    Case{"Softmax", [](Tape& t) { return NegativeLogSoftmax(t.Tensor("x"), 1); }},
                    Case{"LayerNorm", [](Tape& t) { return LayerNorm(t.Tensor("x")); }},
                    // One variable used twice, once through a product.
                    Case{"Together",
                         [](Tape& t) {
                           const Var h = Activation("tanh", t.Tensor("x") * t.Row("rows", 0, 3));
                           return t.Product("W", h) *
                                  Sigmoid(t.Product("W", LayerNorm(h + t.Tensor("y"))));
                         }}),
    [](const auto& info) { return info.param.name; });

TEST(TapeTest, ValuesByHand) {
  Tape tape(kTensors);
  const Var x = tape.Constant({1, 2, -1});
  EXPECT_EQ(tape.Value(tape.Product("W", x)), (Vector{0.5 - 0.4 - 0.1, -0.7 + 0.6 - 1.1}));
  EXPECT_EQ(tape.Value(1 - x), (Vector{0, -1, 2}));
  EXPECT_EQ(tape.Value(Sum(x * x)), Vector{6});
  EXPECT_NEAR(tape.Value(Gelu(x))[0], 0.8413447460685429, 1e-15);
  // Mean 2/3, variance 14/9.
  EXPECT_NEAR(tape.Value(LayerNorm(x))[2], (-5 / 3.0) / std::sqrt(14 / 9.0 + 1e-5), 1e-15);
  EXPECT_NEAR(tape.Value(NegativeLogSoftmax(x, 1))[0],
              std::log(std::exp(1) + std::exp(2) + std::exp(-1)) - 2, 1e-15);
}

TEST(TapeTest, NothingStandsForZeros) {
  Tape tape(kTensors);
  const Var x = tape.Tensor("x");
  EXPECT_EQ((x + Var{}).index, x.index);
  EXPECT_EQ((Var{} + x).index, x.index);
  EXPECT_TRUE((x * Var{}).nothing());
  EXPECT_TRUE(tape.Product("W", {}).nothing());
  EXPECT_TRUE(Activation("tanh", Var{}).nothing());
  EXPECT_THROW(Sigmoid(Var{}), std::invalid_argument);  // 1/2, of no known length
}

TEST(TapeTest, RefusesWhatDoesNotFit) {
  Tape tape(kTensors);
  EXPECT_THROW(tape.Tensor("V"), std::out_of_range);
  EXPECT_THROW(tape.Row("rows", 2, 3), std::invalid_argument);
  EXPECT_THROW(tape.Product("W", tape.Constant({1, 2, 3, 4})), std::invalid_argument);
  EXPECT_THROW(tape.Tensor("x") + tape.Constant({1}), std::invalid_argument);
  EXPECT_THROW(NegativeLogSoftmax(tape.Tensor("x"), 3), std::invalid_argument);
  EXPECT_THROW(Activation("cosine", tape.Tensor("x")), std::invalid_argument);
}

// What finite differences must not step over: relu and softsign at 0, but no exact 0.
TEST(TapeTest, NearestKink) {
  Tape tape(kTensors);
  Activation("tanh", tape.Constant({0.01}));
  EXPECT_EQ(tape.NearestKink(), 1);
  Activation("relu", tape.Constant({0, 0.5, -0.25}));
  EXPECT_EQ(tape.NearestKink(), 0.25);
}

}  // namespace
}  // namespace grove::reference
