// The elementary functions against double precision: limits over the whole range, what happens
// beyond it, and that neither length nor place of an array matters.
#include "simd/elementwise.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "tests/reference/reference_kernels.h"
#include "tests/simd/float_rows.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kHuge = std::numeric_limits<float>::max();
constexpr float kSmallestNormal = std::numeric_limits<float>::min();
constexpr float kDenormal = std::numeric_limits<float>::denorm_min();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

double ExactSoftsign(double x) { return x / (1 + std::abs(x)); }
double ExactLog(double x) { return std::log(x); }

struct Function {
  const char* name;
  void (*kernel)(const float*, size_t, float*);
  double (*exact)(double);
  double ulp;       // limit, as in math-inl.h
  float low, high;  // where it holds
};

const Function kFunctions[] = {
    {"exp", Exp, reference::Exp, 2, -87.3f, 88.3f},
    {"log", Log, ExactLog, 2, kSmallestNormal, kHuge},
    {"sigmoid", Sigmoid, reference::Sigmoid, 3, -87, kHuge},
    {"tanh", Tanh, reference::Tanh, 4, -kHuge, kHuge},
    {"softsign", Softsign, ExactSoftsign, 2, -kHuge, kHuge},
};

std::vector<float> Apply(const Function& f, const std::vector<float>& x) {
  std::vector<float> y(x.size());
  f.kernel(x.data(), x.size(), y.data());
  return y;
}

// One unit in the last place of a float of that magnitude.
double UnitInLastPlace(double value) {
  int exponent = 0;
  std::frexp(value, &exponent);
  return std::ldexp(1.0, std::max(exponent - 1, -126) - 23);
}

// Every 20,011th float of [low, high], of either sign, then 100,000 evenly spaced ones around 0.
std::vector<float> Sweep(float low, float high) {
  std::vector<float> x;
  const auto add = [&](float value) {
    if (value >= low && value <= high) x.push_back(value);
  };
  for (uint32_t bits = 0; bits < 0x7f800000; bits += 20011) {
    add(std::bit_cast<float>(bits));
    add(-std::bit_cast<float>(bits));
  }
  for (int i = -50000; i <= 50000; ++i) add(static_cast<float>(i) * 0.0004f);
  add(low);
  add(high);
  return x;
}

class ElementwiseTest : public TargetTest {};

TEST_P(ElementwiseTest, WithinTheirLimits) {
  for (const Function& f : kFunctions) {
    const std::vector<float> x = Sweep(f.low, f.high);
    const std::vector<float> y = Apply(f, x);
    double largest = 0;
    float at = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      const double exact = f.exact(x[i]);
      const double error = std::abs(y[i] - exact) / UnitInLastPlace(exact);
      ASSERT_FALSE(std::isnan(error)) << f.name << " of " << x[i];
      if (error > largest) largest = error, at = x[i];
    }
    std::printf("%s: at most %.3f ULP, at %.9g\n", f.name, largest, at);
    EXPECT_LE(largest, f.ulp) << f.name << " of " << at;
  }
}

// NaN gives NaN everywhere; nothing else does, and nothing finite becomes infinite.
TEST_P(ElementwiseTest, ExtremeInputs) {
  const std::vector<float> x = {-kInfinity, -kHuge, -88.4f, -87.4f,    -kSmallestNormal,
                                -kDenormal, -0.0f,  0.0f,   kDenormal, kSmallestNormal,
                                88.4f,      89.0f,  kHuge,  kInfinity};
  for (const Function& f : kFunctions) {
    if (f.kernel == Softsign) continue;  // below
    for (float value : Apply(f, x)) EXPECT_TRUE(std::isfinite(value)) << f.name;
    for (float value : Apply(f, {kNan, -kNan, kNan})) EXPECT_TRUE(std::isnan(value)) << f.name;
  }
  const std::vector<float> exp = Apply(kFunctions[0], x);
  for (size_t i = 1; i < x.size(); ++i) EXPECT_LE(exp[i - 1], exp[i]) << x[i];
  EXPECT_NEAR(exp[0], 1e-38, 1e-38);
  EXPECT_NEAR(exp.back(), 2e38, 1e38);
  EXPECT_EQ(exp[5], 1);
  EXPECT_EQ(exp[8], 1);

  for (float value : Apply(kFunctions[1], {0, kDenormal, kSmallestNormal})) {
    EXPECT_NEAR(value, -87.7, 0.4);
  }
  EXPECT_NEAR(Apply(kFunctions[1], {kInfinity})[0], 88.7, 0.1);

  const std::vector<float> sigmoid = Apply(kFunctions[2], x);
  EXPECT_NEAR(sigmoid[0], 0, 1e-38);
  EXPECT_EQ(sigmoid[5], 0.5f);
  EXPECT_EQ(sigmoid[6], 0.5f);
  EXPECT_EQ(sigmoid.back(), 1);

  const std::vector<float> tanh = Apply(kFunctions[3], x);
  EXPECT_EQ(tanh[0], -1);
  EXPECT_EQ(tanh[1], -1);
  EXPECT_EQ(tanh[5], -kDenormal);
  EXPECT_EQ(tanh[6], 0);
  EXPECT_EQ(tanh[7], 0);
  EXPECT_EQ(tanh[8], kDenormal);
  EXPECT_EQ(tanh.back(), 1);

  // Infinity over infinity is NaN; every finite x has its value.
  const std::vector<float> softsign = Apply(kFunctions[4], {-kHuge, -0.0f, kDenormal, kHuge});
  EXPECT_EQ(softsign, (std::vector<float>{-1, 0, kDenormal, 1}));
  EXPECT_TRUE(std::isnan(Apply(kFunctions[4], {kInfinity})[0]));
  EXPECT_TRUE(std::isnan(Apply(kFunctions[4], {kNan})[0]));
}

TEST_P(ElementwiseTest, EveryLengthAndPlace) {
  constexpr size_t kMost = 2 * 16 + 3;
  std::mt19937 generator(2);
  FloatRows x(1, kMost + 16, kMost + 16);
  x.FillRandom(generator, 1);
  for (size_t j = 0; j < x.n(); ++j) x.At(0, j) += 1.0625f;  // positive, for the logarithm
  for (const Function& f : kFunctions) {
    const std::vector<float> all = Apply(f, x.Values());
    for (size_t offset : {0, 1, 3, 4, 9, 13}) {
      for (size_t count = 0; count < kMost; ++count) {
        const std::vector<float> expected(all.begin() + offset, all.begin() + offset + count);
        FloatRows out(1, count, count + offset + 1);
        f.kernel(x.data() + offset, count, out.data());
        ASSERT_TRUE(SameBits(expected, out.Values())) << f.name << ", length " << count;
        ASSERT_TRUE(out.GuardsIntact()) << f.name << ", length " << count;

        FloatRows same(1, offset + count, offset + count + 1);  // in place
        std::copy_n(x.data(), offset + count, same.data());
        f.kernel(same.data() + offset, count, same.data() + offset);
        const std::vector<float> result = same.Values();
        ASSERT_TRUE(SameBits(expected, {result.begin() + offset, result.end()})) << f.name;
        ASSERT_TRUE(
            SameBits({x.data(), x.data() + offset}, {result.begin(), result.begin() + offset}));
        ASSERT_TRUE(same.GuardsIntact()) << f.name << ", length " << count;
      }
    }
  }
}

TEST_P(ElementwiseTest, SameBitsOnEveryTargetWithFma) {
  for (const Function& f : kFunctions) {
    ExpectBitsOfBestTarget([&] { return Apply(f, Sweep(-kHuge, kHuge)); });
  }
}

TEST_P(ElementwiseTest, SoftmaxAgainstDoublePrecision) {
  std::mt19937 generator(3);
  for (size_t classes = 1; classes < 40; ++classes) {
    for (float range : {1e-3f, 1.0f, 10.0f, 80.0f}) {
      FloatRows x(1, classes, classes + 1);
      x.FillRandom(generator, range);
      const reference::Vector z(x.data(), x.data() + classes);
      float log_sum = 0;
      Softmax(x.data(), x.stride(), 1, classes, &log_sum);
      // Each of at most 40 terms has an error of 3 ULP or so, its exponent one of eps * 2 range.
      const double relative = 0x1p-23 * (40 + 2 * range);
      EXPECT_TRUE(AllNear(reference::Softmax(z), x.Values(), 2e-38, relative)) << classes;
      EXPECT_NEAR(log_sum - z[0], reference::NegativeLogSoftmax(z, 0), relative);
      EXPECT_TRUE(x.GuardsIntact());
    }
  }
}

// Rows together, as many as are taken at a time and more, have the bits of each alone.
TEST_P(ElementwiseTest, SoftmaxOfRows) {
  constexpr size_t kClasses = 5;
  std::mt19937 generator(5);
  for (size_t rows : {0, 1, 2, 7, 63, 64, 65, 200}) {
    FloatRows together(rows, kClasses, 8), alone(rows, kClasses, 8);
    together.FillRandom(generator, 5);
    FloatRows sums(1, rows, rows + 1), alone_sums(1, rows, rows + 1);
    for (size_t r = 0; r < rows; ++r) {
      std::copy_n(together.Row(r), kClasses, alone.Row(r));
      Softmax(alone.Row(r), alone.stride(), 1, kClasses, &alone_sums.At(0, r));
    }
    Softmax(together.data(), together.stride(), rows, kClasses, sums.data());
    EXPECT_TRUE(SameBits(alone.Values(), together.Values())) << rows;
    EXPECT_TRUE(SameBits(alone_sums.Values(), sums.Values())) << rows;
    EXPECT_TRUE(together.GuardsIntact() && sums.GuardsIntact()) << rows;
  }
}

// The probabilities in `x`, whose log-sum is returned.
float SoftmaxOf(std::vector<float>& x) {
  FloatRows row(1, x.size(), x.size());
  std::copy(x.begin(), x.end(), row.data());
  float log_sum = 0;
  Softmax(row.data(), row.stride(), 1, x.size(), &log_sum);
  x = row.Values();
  return log_sum;
}

TEST_P(ElementwiseTest, SoftmaxOfExtremes) {
  std::vector<float> p = {1000, -1000, 1000};
  EXPECT_NEAR(SoftmaxOf(p), 1000 + std::log(2.0), 1e-4);
  EXPECT_EQ(p[0], 0.5f);
  EXPECT_NEAR(p[1], 0, 1e-38);
  p = {kHuge, -kHuge, 0};
  EXPECT_EQ(SoftmaxOf(p), kHuge);
  EXPECT_EQ(p[0], 1);
  EXPECT_NEAR(p[2], 0, 2e-38);
  p = {-kInfinity, 0, -kInfinity};
  EXPECT_EQ(SoftmaxOf(p), 0);
  EXPECT_EQ(p[1], 1);
  // A logit that is not a number, wherever it stands, leaves no probability that is.
  for (size_t place = 0; place < 3; ++place) {
    p = {1, 2, 3};
    p[place] = kNan;
    EXPECT_TRUE(std::isnan(SoftmaxOf(p))) << place;
    for (float probability : p) EXPECT_TRUE(std::isnan(probability)) << place;
    p = {1, 2, 3};
    p[place] = kInfinity;
    EXPECT_TRUE(std::isnan(SoftmaxOf(p))) << place;
  }
}

TEST_P(ElementwiseTest, SoftmaxHasSameBitsOnEveryTargetWithFma) {
  ExpectBitsOfBestTarget([] {
    std::mt19937 generator(4);
    FloatRows x(50, 9, 16), log_sums(1, 50, 50);
    x.FillRandom(generator, 5);
    Softmax(x.data(), x.stride(), x.rows(), x.n(), log_sums.data());
    std::vector<float> values = x.Values();
    values.insert(values.end(), log_sums.data(), log_sums.data() + x.rows());
    return values;
  });
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, ElementwiseTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
