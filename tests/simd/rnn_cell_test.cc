// The recursive network's cell against scalar double code, both ways, for every width and g.
#include "simd/rnn_cell.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "simd/aligned.h"
#include "tests/reference/reference_kernels.h"
#include "tests/simd/float_rows.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

const std::vector<size_t> kWidths = {1, 2, 7, 8, 9, 15, 16, 17, 31, 50, 64, 100};

struct NamedActivation {
  Activation g;
  std::string name;
};
const NamedActivation kActivations[] = {
    {Activation::kTanh, "tanh"}, {Activation::kRelu, "relu"}, {Activation::kSoftsign, "softsign"}};

// Four parents; their children's projections stand in mixed order, and row 3 belongs to nobody.
struct Level {
  static constexpr size_t kRows = 4;
  const std::vector<int32_t> left = {5, 0, 8, 2}, right = {1, 7, 4, 6};

  explicit Level(size_t n)
      : projections(9, n, n + 3),
        h(kRows, n, PadRow(n) + 8),
        dh(kRows, n, PadRow(n) + 8),
        b(1, n, n + 1),
        db(1, n, n + 1) {
    std::mt19937 generator(static_cast<uint32_t>(n));
    for (FloatRows* rows : {&projections, &dh, &b, &db}) rows->FillRandom(generator, 1.5f);
  }
  RnnLevel Arguments() {
    return {
        h.n(),    kRows,     left.data(), right.data(), projections.data(), projections.stride(),
        h.data(), h.stride()};
  }
  FloatRows projections, h, dh, b, db;
};

class RnnCellTest : public TargetTest {};

TEST_P(RnnCellTest, Forward) {
  for (const auto& [g, name] : kActivations) {
    for (size_t n : kWidths) {
      Level level(n);
      const std::vector<float> before = level.projections.Values();
      RnnForward(g, level.Arguments(), level.b.data());
      std::vector<double> h;
      for (size_t r = 0; r < Level::kRows; ++r) {
        for (size_t j = 0; j < n; ++j) {
          const double x = level.projections.At(level.left[r], j);
          const double y = level.projections.At(level.right[r], j);
          h.push_back(reference::Activation(name, x + y + level.b.At(0, j)));
        }
      }
      // Two sums of magnitude 4.5 at most, then g.
      ASSERT_TRUE(AllNear(h, level.h.Values(), 9 * 0x1p-24, 4 * 0x1p-24)) << name << " " << n;
      ASSERT_TRUE(level.h.GuardsIntact(PadRow(n))) << n;
      ASSERT_TRUE(SameBits(before, level.projections.Values()));
      ASSERT_TRUE(level.projections.GuardsIntact());
    }
  }
}

TEST_P(RnnCellTest, BackwardInPlace) {
  for (const auto& [g, name] : kActivations) {
    for (size_t n : kWidths) {
      Level level(n);
      RnnForward(g, level.Arguments(), level.b.data());
      const std::vector<float> h = level.h.Values();
      const std::vector<float> before = level.projections.Values();
      std::vector<double> dprojections(before.begin(), before.end());  // the unused row stays
      std::vector<double> db(level.db.data(), level.db.data() + n);
      for (size_t r = 0; r < Level::kRows; ++r) {
        for (size_t j = 0; j < n; ++j) {
          const double dz = level.dh.At(r, j) * reference::ActivationSlope(name, level.h.At(r, j));
          dprojections[level.left[r] * n + j] = dz;
          dprojections[level.right[r] * n + j] = dz;
          db[j] += dz;
        }
      }
      RnnBackward(g, level.Arguments(), level.dh.data(), level.db.data());
      const std::vector<float> after = level.projections.Values();
      // A slope of at most 1 with two roundings; then five summands of at most 1.5.
      ASSERT_TRUE(AllNear(dprojections, after, 3 * 0x1p-24, 4 * 0x1p-24)) << name << " " << n;
      ASSERT_TRUE(AllNear(db, level.db.Values(), 40 * 0x1p-24, 0)) << name << " " << n;
      ASSERT_TRUE(SameBits({before.begin() + 3 * n, before.begin() + 4 * n},
                           {after.begin() + 3 * n, after.begin() + 4 * n}));
      ASSERT_TRUE(SameBits(h, level.h.Values()));
      ASSERT_TRUE(level.projections.GuardsIntact()) << n;
      ASSERT_TRUE(level.db.GuardsIntact()) << n;
      ASSERT_TRUE(level.dh.GuardsIntact()) << n;
    }
  }
}

TEST_P(RnnCellTest, NotANumberStaysOne) {
  for (const auto& [g, name] : kActivations) {
    Level level(20);
    level.projections.At(level.left[2], 17) = std::nanf("");
    RnnForward(g, level.Arguments(), level.b.data());
    for (size_t j = 0; j < 20; ++j) EXPECT_EQ(std::isnan(level.h.At(2, j)), j == 17) << name;
  }
}

TEST_P(RnnCellTest, NoRowsWriteNothing) {
  Level level(50);
  const std::vector<float> h = level.h.Values(), db = level.db.Values();
  RnnLevel arguments = level.Arguments();
  arguments.rows = 0;
  RnnForward(Activation::kTanh, arguments, level.b.data());
  RnnBackward(Activation::kTanh, arguments, level.dh.data(), level.db.data());
  EXPECT_TRUE(SameBits(h, level.h.Values()));
  EXPECT_TRUE(SameBits(db, level.db.Values()));
}

TEST_P(RnnCellTest, SameBitsOnEveryTargetWithFma) {
  for (const auto& [g, name] : kActivations) {
    for (size_t n : kWidths) {
      ExpectBitsOfBestTarget([&, g = g] {
        Level level(n);
        RnnForward(g, level.Arguments(), level.b.data());
        RnnBackward(g, level.Arguments(), level.dh.data(), level.db.data());
        std::vector<float> values = level.h.Values();
        for (const FloatRows* rows : {&level.projections, &level.db}) {
          for (float value : rows->Values()) values.push_back(value);
        }
        return values;
      });
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, RnnCellTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
