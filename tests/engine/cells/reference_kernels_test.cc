// The scalar kernels of the oracle, at the values where a slip would show.
#include "tests/reference/reference_kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace grove::reference {
namespace {

TEST(ReferenceKernelsTest, SigmoidAtItsEnds) {
  EXPECT_EQ(Sigmoid(0), 0.5);
  EXPECT_EQ(Sigmoid(1e4), 1);
  EXPECT_EQ(Sigmoid(-1e4), 0);
  EXPECT_DOUBLE_EQ(Sigmoid(-700), std::exp(-700.0));
  EXPECT_DOUBLE_EQ(Sigmoid(2) + Sigmoid(-2), 1);
}

TEST(ReferenceKernelsTest, ActivationsAndTheirSlopes) {
  EXPECT_EQ(Activation("relu", -2), 0);
  EXPECT_EQ(Activation("relu", 2), 2);
  EXPECT_EQ(Activation("softsign", -3), -0.75);
  EXPECT_EQ(ActivationSlope("relu", 0), 0);
  for (const char* name : {"tanh", "relu", "softsign"}) {
    for (double x : {-1.5, 0.3}) {
      const double difference = (Activation(name, x + 1e-5) - Activation(name, x - 1e-5)) / 2e-5;
      EXPECT_NEAR(ActivationSlope(name, Activation(name, x)), difference, 1e-9) << name << x;
    }
  }
  EXPECT_THROW(Activation("gelu", 1), std::invalid_argument);
  EXPECT_THROW(ActivationSlope("gelu", 1), std::invalid_argument);
}

TEST(ReferenceKernelsTest, GeluAndItsSlope) {
  EXPECT_EQ(Gelu(0), 0);
  EXPECT_DOUBLE_EQ(Gelu(1), 0.8413447460685429);  // the normal law at 1
  EXPECT_EQ(Gelu(-40), 0);
  EXPECT_EQ(Gelu(40), 40);
  for (double x : {-1.5, 0.0, 0.3}) {
    EXPECT_NEAR(GeluSlope(x), (Gelu(x + 1e-5) - Gelu(x - 1e-5)) / 2e-5, 1e-9) << x;
  }
}

TEST(ReferenceKernelsTest, SoftmaxOfLargeLogits) {
  const Vector p = Softmax({1000, 1000, -1000});
  EXPECT_EQ(p, (Vector{0.5, 0.5, 0}));
  EXPECT_DOUBLE_EQ(NegativeLogSoftmax({1000, 1000, -1000}, 0), std::log(2.0));
  EXPECT_DOUBLE_EQ(NegativeLogSoftmax({1000, 1000, -1000}, 2), 2000 + std::log(2.0));
}

TEST(ReferenceKernelsTest, AdaGradByHand) {
  // g = 2 + 0.5 * 4 = 4: a = 16.
  const double gradient = 2;
  double theta = 4, a = 0;
  const AdaGrad sgd{0.1, 1, 0.5, true};
  AdaGradUpdate(sgd, true, 1, &gradient, &theta, &a);
  EXPECT_DOUBLE_EQ(theta, 4 - 0.1 * 4);
  EXPECT_DOUBLE_EQ(a, 16);
  // g = 2 + 0.5 * 3.6 = 3.8: a = 30.44.
  AdaGradUpdate(sgd, false, 1, &gradient, &theta, &a);
  EXPECT_DOUBLE_EQ(a, 30.44);
  EXPECT_DOUBLE_EQ(theta, 3.6 - 0.1 * 3.8 / (std::sqrt(30.44) + 1));

  theta = 4, a = 0;
  AdaGradUpdate({0.1, 1, 0.5, false}, true, 1, &gradient, &theta, &a);
  EXPECT_DOUBLE_EQ(theta, 4 - 0.1 * 4 / (4 + 1));
}

TEST(ReferenceKernelsTest, ProductsWithStrides) {
  const Vector a = {1, 2, -9, 3, 4, -9};  // (2,2), stride 3
  const Vector b = {5, 6, 7, 8, 9, 10};   // (2,3)
  Vector c = {1, 0, 0, -1, 0, 0, 0, -1};  // (2,3), stride 4
  Gemm(2, 3, 2, a.data(), 3, b.data(), 3, c.data(), 4);
  EXPECT_EQ(c, (Vector{22, 24, 27, -1, 47, 54, 61, -1}));
  Vector d(6);  // transposed a times b
  GemmTransposed(2, 3, 2, a.data(), 3, b.data(), 3, d.data(), 3);
  EXPECT_EQ(d, (Vector{29, 33, 37, 42, 48, 54}));
}

TEST(ReferenceKernelsTest, SumsAndNorm) {
  const Vector x = {3, -4};
  EXPECT_EQ(Sum(x.data(), 2), -1);
  EXPECT_EQ(SumOfSquares(x.data(), 2), 25);
  EXPECT_EQ(Norm(x.data(), 2), 5);
  EXPECT_EQ(Norm(x.data(), 0), 0);
}

}  // namespace
}  // namespace grove::reference
