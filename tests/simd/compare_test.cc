// The kernels that compare pairs against scalar double code, for every width.
#include "simd/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tests/reference/reference_kernels.h"
#include "tests/simd/float_rows.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

constexpr size_t kPairs = 3;

class CompareTest : public TargetTest {};

// Rows of random numbers, the first elements of pair 0 equal.
struct Inputs {
  explicit Inputs(size_t n)
      : padded(PadRow(n)),
        h(2 * kPairs, n, padded),
        dh(2 * kPairs, n, padded),
        features(kPairs, padded + n, 2 * padded),
        dfeatures(kPairs, padded + n, 2 * padded) {
    std::mt19937 bits(static_cast<uint32_t>(n));
    h.FillRandom(bits, 1);
    dfeatures.FillRandom(bits, 1);
    h.At(1, 0) = h.At(0, 0);
  }
  static Rows Of(FloatRows& rows) { return {rows.data(), rows.stride()}; }

  size_t padded;
  FloatRows h, dh, features, dfeatures;
};

TEST_P(CompareTest, ProductAndDistance) {
  for (const size_t n : {1, 3, 7, 8, 9, 16, 17, 50}) {
    const auto compute = [n] {
      Inputs in(n);
      ProductAndDistance(n, kPairs, Inputs::Of(in.h), Inputs::Of(in.features));
      ProductAndDistanceBackward(n, kPairs, Inputs::Of(in.h), Inputs::Of(in.dfeatures),
                                 Inputs::Of(in.dh));
      EXPECT_TRUE(in.dh.GuardsIntact(in.padded));
      EXPECT_TRUE(in.features.GuardsIntact(2 * in.padded));
      std::vector<float> values = in.dh.Values();
      for (size_t i = 0; i < kPairs; ++i) {
        for (size_t j = 0; j < n; ++j) {
          values.push_back(in.features.At(i, j));
          values.push_back(in.features.At(i, in.padded + j));
        }
      }
      return values;
    };
    const Inputs in(n);
    std::vector<double> expected(2 * kPairs * n);
    for (size_t i = 0; i < kPairs; ++i) {
      for (size_t j = 0; j < n; ++j) {
        const double l = in.h.At(2 * i, j), r = in.h.At(2 * i + 1, j);
        const double product = in.dfeatures.At(i, j), distance = in.dfeatures.At(i, in.padded + j);
        const double sign = l > r ? 1 : l < r ? -1 : 0;
        expected[2 * i * n + j] = product * r + sign * distance;
        expected[(2 * i + 1) * n + j] = product * l - sign * distance;
        expected.push_back(l * r);
        expected.push_back(std::abs(l - r));
      }
    }
    EXPECT_TRUE(AllNear(expected, compute(), 1e-6, 1e-6)) << n;
    ExpectBitsOfBestTarget(compute);
  }
}

TEST_P(CompareTest, Squash) {
  for (const Squash f : {Squash::kSigmoid, Squash::kTanh}) {
    for (const size_t n : {1, 5, 8, 13, 16, 50}) {
      std::mt19937 bits(7);
      FloatRows b(1, n, PadRow(n));
      b.FillRandom(bits, 2);
      const auto compute = [&, start = bits] {
        std::mt19937 bits = start;
        FloatRows z(kPairs, n, PadRow(n)), ds(kPairs, n, PadRow(n)), db(1, n, PadRow(n), 1);
        z.FillRandom(bits, 3);
        ds.FillRandom(bits, 1);
        SquashForward(f, n, kPairs, b.data(), Inputs::Of(z));
        SquashBackward(f, n, kPairs, Inputs::Of(z), Inputs::Of(ds), db.data());
        EXPECT_TRUE(db.GuardsIntact());
        EXPECT_TRUE(ds.GuardsIntact(PadRow(n)));
        std::vector<float> values = z.Values();
        for (const FloatRows* rows : {&ds, &db}) {
          const std::vector<float> more = rows->Values();
          values.insert(values.end(), more.begin(), more.end());
        }
        return values;
      };
      std::mt19937 same = bits;
      FloatRows z(kPairs, n, PadRow(n)), ds(kPairs, n, PadRow(n));
      z.FillRandom(same, 3);
      ds.FillRandom(same, 1);
      std::vector<double> values, slopes, sums(n, 1);
      for (size_t i = 0; i < kPairs; ++i) {
        for (size_t j = 0; j < n; ++j) {
          const double x = static_cast<double>(z.At(i, j)) + static_cast<double>(b.At(0, j));
          const double y = f == Squash::kTanh ? std::tanh(x) : reference::Sigmoid(x);
          const double slope = f == Squash::kTanh ? 1 - y * y : y * (1 - y);
          values.push_back(y);
          slopes.push_back(static_cast<double>(ds.At(i, j)) * slope);
          sums[j] += slopes.back();
        }
      }
      values.insert(values.end(), slopes.begin(), slopes.end());
      values.insert(values.end(), sums.begin(), sums.end());
      EXPECT_TRUE(AllNear(values, compute(), 1e-6, 1e-5)) << n;
      ExpectBitsOfBestTarget(compute);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, CompareTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
