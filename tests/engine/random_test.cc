// Streams against Random123's known answers, an independent Philox written out here, and literals.
#include "engine/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

namespace grove {
namespace {

using Block = std::array<uint32_t, 4>;
using Key = std::array<uint32_t, 2>;

// Philox4x32 with ten rounds, from the equations of Salmon et al. (2011), section 2.2.
Block SimplePhilox(Block c, Key k) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = uint64_t{0xD2511F53} * c[0];
    const uint64_t p1 = uint64_t{0xCD9E8D57} * c[2];
    c = {static_cast<uint32_t>(p1 >> 32) ^ c[1] ^ k[0], static_cast<uint32_t>(p1),
         static_cast<uint32_t>(p0 >> 32) ^ c[3] ^ k[1], static_cast<uint32_t>(p0)};
    k[0] += 0x9E3779B9;
    k[1] += 0xBB67AE85;
  }
  return c;
}

// The three vectors for `philox4x32 10` in Random123's kat_vectors.
TEST(RandomTest, OracleGivesTheKnownAnswers) {
  EXPECT_EQ(SimplePhilox({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(SimplePhilox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      SimplePhilox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomTest, FirstBlockOfTheZeroStreamIsTheKnownAnswer) {
  RandomStream stream(0, static_cast<Purpose>(0), 0);
  for (uint32_t word : {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}) {
    EXPECT_EQ(stream.NextBits(), word);
  }
}

TEST(RandomTest, StreamIsPhiloxOfSeedIndexItemPurpose) {
  for (uint64_t seed : {uint64_t{1}, uint64_t{0x0123456789abcdef}}) {
    for (uint32_t item : {0u, 77u, 0xffffffffu}) {
      RandomStream stream(seed, Purpose::kShuffle, item);
      const Key key = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
      for (uint32_t index = 0; index < 5; ++index) {
        for (uint32_t word : SimplePhilox({index, 0, item, 6}, key)) {
          ASSERT_EQ(stream.NextBits(), word) << seed << " " << item << " " << index;
        }
      }
    }
  }
}

// The contract in literals: a change here changes every result ever published.
TEST(RandomTest, Literals) {
  RandomStream bits(1, Purpose::kTrainData, 0);
  EXPECT_EQ(bits.NextBits(), 310111809u);
  RandomStream uniform(1, Purpose::kWeights, 3);
  EXPECT_EQ(uniform.NextUniform(), 0x1a145fp-24f);
  EXPECT_EQ(uniform.NextUniform(-0.5f, 0.5f), 0x9269eap-24f - 0.5f);
  RandomStream below(1, Purpose::kTestData, 9);
  std::vector<uint32_t> draws;
  for (uint32_t bound : {10u, 1000u, 9001u, 3000000000u}) draws.push_back(below.NextBelow(bound));
  EXPECT_EQ(draws, (std::vector<uint32_t>{4, 975, 6677, 2003400293}));
  RandomStream shuffle(42, Purpose::kShuffle, 1);
  std::vector<int> order(8);
  std::iota(order.begin(), order.end(), 0);
  shuffle.Shuffle(std::span<int>(order));
  EXPECT_EQ(order, (std::vector<int>{0, 4, 3, 5, 6, 2, 1, 7}));
}

TEST(RandomTest, ACopyContinuesOnItsOwn) {
  RandomStream one(5, Purpose::kBootstrap);
  one.NextBits();
  RandomStream two = one;
  std::vector<uint32_t> first, second;
  for (int i = 0; i < 10; ++i) first.push_back(one.NextBits());
  for (int i = 0; i < 10; ++i) second.push_back(two.NextBits());
  EXPECT_EQ(first, second);
}

TEST(RandomTest, UniformStaysInItsRangeOnTheGrid) {
  RandomStream stream(3, Purpose::kWeights);
  double sum = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const float u = stream.NextUniform();
    ASSERT_GE(u, 0.0f);
    ASSERT_LT(u, 1.0f);
    ASSERT_EQ(std::ldexp(u, 24), std::floor(std::ldexp(u, 24)));
    sum += u;
  }
  // Five standard errors of the mean of a uniform variable, 1 / sqrt(12 n).
  EXPECT_NEAR(sum / kDraws, 0.5, 5 / std::sqrt(12.0 * kDraws));
}

// The ends: of all words, those with 24 equal high bits give the least and the largest number.
TEST(RandomTest, EndsOfTheUniformNumbers) {
  EXPECT_EQ(UniformOfBits(0), 0.0f);
  EXPECT_EQ(UniformOfBits(0xff), 0.0f);
  EXPECT_EQ(UniformOfBits(0x100), 0x1p-24f);
  EXPECT_EQ(UniformOfBits(0xffffffff), 1 - 0x1p-24f);
  EXPECT_EQ(UniformOfBits(0xffffff00), 1 - 0x1p-24f);
  // Both ends of a range can be hit: the largest number is rounded to float.
  EXPECT_EQ(UniformOfBits(0, 1, 2), 1.0f);
  EXPECT_EQ(UniformOfBits(0xffffffff, 1, 2), 2.0f);
  for (const float range : {0.5f, 1e-4f, 0.08164966f, 0.11547005f, 3.0f}) {
    EXPECT_EQ(UniformOfBits(0, -range, range), -range);
    EXPECT_LE(UniformOfBits(0xffffffff, -range, range), range);
    EXPECT_GE(UniformOfBits(0xffffffff, -range, range), range * (1 - 0x1p-22f));
  }
}

// 3 * 2^30 is the bound at which an unrejected product would favour every third value two to one.
TEST(RandomTest, NextBelowHasNoBias) {
  RandomStream stream(4, Purpose::kWeights);
  constexpr uint32_t kBound = 3u << 30;
  constexpr int kDraws = 90000;
  std::array<int, 3> counts{};
  for (int i = 0; i < kDraws; ++i) {
    const uint32_t draw = stream.NextBelow(kBound);
    ASSERT_LT(draw, kBound);
    ++counts[draw % 3];
  }
  const double five_sigma = 5 * std::sqrt(kDraws * (1 / 3.0) * (2 / 3.0));
  for (int count : counts) EXPECT_NEAR(count, kDraws / 3.0, five_sigma);
}

TEST(RandomTest, NextBelowOneIsZero) {
  RandomStream stream(4, Purpose::kWeights);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(stream.NextBelow(1), 0u);
}

TEST(RandomTest, ShufflePermutesUniformly) {
  RandomStream stream(6, Purpose::kShuffle);
  std::array<int, 6> counts{};
  constexpr int kDraws = 60000;
  for (int i = 0; i < kDraws; ++i) {
    std::array<int, 3> items = {0, 1, 2};
    stream.Shuffle(std::span<int>(items));
    ASSERT_EQ((std::set<int>(items.begin(), items.end())), (std::set<int>{0, 1, 2}));
    ++counts[items[0] * 2 + (items[1] > items[2])];
  }
  const double five_sigma = 5 * std::sqrt(kDraws * (1 / 6.0) * (5 / 6.0));
  for (int count : counts) EXPECT_NEAR(count, kDraws / 6.0, five_sigma);
}

TEST(RandomTest, DrawWithoutReplacementIsUniformOverOrderedChoices) {
  RandomStream stream(7, Purpose::kBootstrap);
  std::array<int, 16> counts{};
  constexpr int kDraws = 60000;
  for (int i = 0; i < kDraws; ++i) {
    const std::vector<uint32_t> drawn = DrawWithoutReplacement(stream, 4, 2);
    ASSERT_EQ(drawn.size(), 2u);
    ++counts[drawn[0] * 4 + drawn[1]];
  }
  const double five_sigma = 5 * std::sqrt(kDraws * (1 / 12.0) * (11 / 12.0));
  for (int first = 0; first < 4; ++first) {
    for (int second = 0; second < 4; ++second) {
      const int count = counts[first * 4 + second];
      if (first == second) {
        EXPECT_EQ(count, 0);
      } else {
        EXPECT_NEAR(count, kDraws / 12.0, five_sigma) << first << " " << second;
      }
    }
  }
}

TEST(RandomTest, DrawWithoutReplacementOfFewerIsAPrefixAndOfAllAPermutation) {
  RandomStream one(8, Purpose::kBootstrap), two = one;
  const std::vector<uint32_t> all = DrawWithoutReplacement(one, 100, 100);
  const std::vector<uint32_t> five = DrawWithoutReplacement(two, 100, 5);
  EXPECT_EQ(five, std::vector<uint32_t>(all.begin(), all.begin() + 5));
  EXPECT_EQ(std::set<uint32_t>(all.begin(), all.end()).size(), 100u);
  EXPECT_TRUE(DrawWithoutReplacement(one, 3, 0).empty());
}

}  // namespace
}  // namespace grove
