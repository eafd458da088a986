// Every update rule against double precision, over a few updates; that blocks, transposed blocks
// and word rows are walks over one rule; and that updates leave alone what is not their own.
#include "simd/update.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "simd/aligned.h"
#include "tests/reference/reference_update.h"
#include "tests/simd/float_rows.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

struct Case {
  const char* name;
  UpdateRule rule;
};

const Case kCases[] = {
    {"adagrad", {.rule = Rule::kAdagrad, .rate = 0.05f, .epsilon = 1e-4f}},
    {"adagrad", {.rule = Rule::kAdagrad, .rate = 0.1f, .l2 = 0.01f, .epsilon = 1e-8f}},
    {"adagrad",
     {.rule = Rule::kAdagrad, .rate = 0.1f, .l2 = 0.5f, .epsilon = 1e-4f, .plain_first = true}},
    {"sgd", {.rule = Rule::kSgd, .rate = 0.1f, .l2 = 0.01f}},
    {"momentum", {.rule = Rule::kMomentum, .rate = 0.1f, .l2 = 0.01f, .beta1 = 0.9f}},
    {"adam",
     {.rule = Rule::kAdam,
      .rate = 0.01f,
      .l2 = 0.1f,
      .epsilon = 1e-8f,
      .beta1 = 0.9f,
      .beta2 = 0.999f}},
    {"adamw",
     {.rule = Rule::kAdamW,
      .rate = 0.01f,
      .l2 = 0.1f,
      .epsilon = 1e-3f,
      .beta1 = 0.8f,
      .beta2 = 0.99f}},
};

reference::UpdateSettings Exact(const Case& c) {
  return {c.name,       c.rule.rate,  c.rule.l2,         c.rule.epsilon,
          c.rule.beta1, c.rule.beta2, c.rule.plain_first};
}

// Arrays that start `offset` floats after an aligned place; slots are zeros, as at the start.
struct Arrays {
  Arrays(size_t count, size_t offset, float range)
      : generator(static_cast<uint32_t>(count)),
        gradient(1, count, count + offset + 1),
        weight(1, count, count + offset + 1),
        first(1, count, count + offset + 1),
        second(1, count, count + offset + 1) {
    gradient.FillRandom(generator, range);
    weight.FillRandom(generator, 1);
  }
  UpdateArrays arrays() { return {gradient.data(), weight.data(), {first.data(), second.data()}}; }
  void Update(const UpdateRule& rule, uint32_t t) { UpdateElements(rule, t, weight.n(), arrays()); }
  std::vector<float> Values() const {
    std::vector<float> values = weight.Values();
    for (const FloatRows* rows : {&first, &second}) {
      const std::vector<float> more = rows->Values();
      values.insert(values.end(), more.begin(), more.end());
    }
    return values;
  }
  bool GuardsIntact() const {
    return weight.GuardsIntact() && first.GuardsIntact() && second.GuardsIntact();
  }
  std::mt19937 generator;
  FloatRows gradient, weight, first, second;
};

class UpdateTest : public TargetTest {};

TEST_P(UpdateTest, AgainstDoublePrecision) {
  for (const Case& c : kCases) {
    const reference::UpdateSettings exact = Exact(c);
    for (size_t offset : {0, 1, 11}) {
      for (size_t count = 0; count < 70; ++count) {
        Arrays arrays(count, offset, 2);
        std::vector<reference::Element> elements(count);
        for (size_t i = 0; i < count; ++i) elements[i].w = arrays.weight.At(0, i);
        for (uint32_t t = 1; t <= 4; ++t) {
          arrays.gradient.FillRandom(arrays.generator, 2);
          const std::vector<float> gradient = arrays.gradient.Values();
          std::vector<double> w(count), a(count), b(count);
          for (size_t i = 0; i < count; ++i) {
            reference::Update(exact, gradient[i], elements[i]);
            w[i] = elements[i].w, a[i] = elements[i].a, b[i] = elements[i].b;
          }
          arrays.Update(c.rule, t);
          // A dozen roundings an update, of steps and weights of about 1.
          const double bound = t * 12 * 0x1p-24;
          ASSERT_TRUE(AllNear(w, arrays.weight.Values(), bound, bound)) << c.name << " " << count;
          ASSERT_TRUE(AllNear(a, arrays.first.Values(), 4 * bound, bound)) << c.name;
          ASSERT_TRUE(AllNear(b, arrays.second.Values(), bound, bound)) << c.name;
          ASSERT_TRUE(SameBits(gradient, arrays.gradient.Values()));
          ASSERT_TRUE(arrays.GuardsIntact()) << c.name << " " << count;
        }
      }
    }
  }
}

// After so many updates the correction of adam's means is gone, and the counter may stand still.
TEST_P(UpdateTest, CountersStopWhereNothingIsLeftOfTheStart) {
  UpdateRule rule = kCases[5].rule;
  rule.beta2 = 0.99999f;
  const UpdateStep step = StepAt(rule, kMaxUpdates);
  EXPECT_EQ(step.rate, rule.rate);
  EXPECT_EQ(step.root_scale, 1);
  EXPECT_EQ(static_cast<uint32_t>(static_cast<float>(kMaxUpdates - 1)), kMaxUpdates - 1);
  const int32_t row = 0;
  AlignedArray<float> gradient(8), weight(8), first(8), second(8);
  uint32_t updates = kMaxUpdates - 1;
  for (int i = 0; i < 2; ++i) {
    UpdateRows(rule, {8, 8, 8, &row, &row, 1, &updates},
               {gradient.data(), weight.data(), {first.data(), second.data()}});
    EXPECT_EQ(updates, kMaxUpdates);
  }
}

TEST(IntegerPower, IsThePower) {
  EXPECT_EQ(IntegerPower(0.5, 10), 0x1p-10);
  EXPECT_EQ(IntegerPower(0.9, 0), 1);
  EXPECT_EQ(IntegerPower(0, 3), 0);
  EXPECT_NEAR(IntegerPower(0.999, 12345), std::pow(0.999, 12345), 1e-15);
}

// Padding takes part in updates of whole blocks: zeros of gradient, weight and slots stay zeros.
TEST_P(UpdateTest, ZerosStayZeros) {
  for (const Case& c : kCases) {
    Arrays arrays(56, 0, 0);
    for (size_t i = 0; i < 56; ++i) arrays.gradient.At(0, i) = arrays.weight.At(0, i) = 0;
    for (uint32_t t = 1; t < 3; ++t) arrays.Update(c.rule, t);
    EXPECT_TRUE(SameBits(std::vector<float>(size_t{3} * 56), arrays.Values())) << c.name;
  }
}

TEST_P(UpdateTest, SameBitsOnEveryTargetWithFma) {
  for (const Case& c : kCases) {
    ExpectBitsOfBestTarget([&] {
      Arrays arrays(1003, 1, 2);
      for (uint32_t t = 1; t <= 3; ++t) arrays.Update(c.rule, t);
      return arrays.Values();
    });
  }
}

// The update of a block is that of its rows, and the copy is what they became.
TEST_P(UpdateTest, BlocksAreUpdatedRowByRowAndTransposed) {
  for (const size_t rows : {1, 2, 3, 4, 5, 7, 50}) {
    for (const size_t cols : {1, 3, 4, 5, 8, 10, 16, 17, 50, 100, 200}) {
      for (const Case& c : kCases) {
        Arrays block(rows * PadRow(cols), 0, 2), expected(rows * PadRow(cols), 0, 2);
        FloatRows transposed(cols, rows, PadRow(rows) + 8);
        for (uint32_t t = 1; t <= 2; ++t) {
          UpdateTransposed(
              c.rule, t,
              {rows, cols, PadRow(cols), block.arrays(), transposed.data(), transposed.stride()});
          expected.Update(c.rule, t);
        }
        ASSERT_TRUE(SameBits(expected.Values(), block.Values())) << rows << " " << cols;
        ASSERT_TRUE(transposed.GuardsIntact(PadRow(rows))) << rows << " " << cols;
        for (size_t r = 0; r < rows; ++r) {
          for (size_t col = 0; col < cols; ++col) {
            ASSERT_EQ(transposed.At(col, r), block.weight.At(0, r * PadRow(cols) + col))
                << rows << " x " << cols << ": row " << r << ", column " << col;
          }
        }
      }
    }
  }
}

// The sparse update is the dense one, row by row, each by the number of its own updates.
TEST_P(UpdateTest, RowsAreUpdatedOneByOne) {
  constexpr size_t kWords = 9, kCount = 7;
  for (const size_t n : {1, 7, 8, 13, 50}) {
    const size_t stride = PadRow(n);
    AlignedArray<float> gradients(kCount * stride);
    for (size_t i = 0; i < gradients.size(); ++i) gradients[i] = 0.01f * static_cast<float>(i % 17);
    const std::vector<int32_t> words = {4, 2, 8, 4, 0, 1, 7};  // of the gradients' rows
    const std::vector<int32_t> rows = {0, 1, 2, 4, 5, 6};      // row 3 repeats word 4
    const std::vector<uint32_t> before = {0, 3, 1, 0, 0, 0, 0, 0, 20};
    for (const Case& c : kCases) {
      AlignedArray<float> arrays[6];  // weights and slots, and what they should become
      for (size_t k = 0; k < 6; ++k) {
        arrays[k].Resize(kWords * stride);
        for (size_t i = 0; i < kWords * stride; ++i) {
          arrays[k][i] = 0.1f * static_cast<float>(i % (11 + k % 3));
        }
      }
      std::vector<uint32_t> updates = before;
      UpdateRows(c.rule,
                 {n, stride, stride, rows.data(), words.data(), rows.size(), updates.data()},
                 {gradients.data(), arrays[0].data(), {arrays[1].data(), arrays[2].data()}});
      std::vector<uint32_t> expected = before;
      for (const int32_t row : rows) {
        const size_t word = static_cast<size_t>(words[static_cast<size_t>(row)]);
        const size_t at = word * stride;
        UpdateElements(c.rule, ++expected[word], n,
                       {gradients.data() + static_cast<size_t>(row) * stride,
                        arrays[3].data() + at,
                        {arrays[4].data() + at, arrays[5].data() + at}});
      }
      EXPECT_EQ(updates, expected);
      for (size_t k = 0; k < 3; ++k) {
        for (size_t i = 0; i < arrays[k].size(); ++i) {
          ASSERT_EQ(arrays[k][i], arrays[k + 3][i]) << c.name << " n " << n << " at " << i;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, UpdateTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
