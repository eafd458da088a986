// Counter-based random numbers (Philox4x32-10, Salmon et al. 2011, by Random123): a draw depends
// only on its stream's key and its index in the stream, never on other streams, threads or
// libraries.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace grove {

// The streams of a run are keyed by its seed, their purpose and an item, and by neither dataset nor
// model. Runs of one seed therefore share them: tensor number t of two models is the same draws on
// two scales, and epochs of equally many trees have the same order. Such runs are pairs, not
// independent samples.

// What a stream is for. The values are part of the determinism contract: never reuse or renumber.
enum class Purpose : uint32_t {
  kTrainData = 1,  // keyed by the dataset seed and the dataset's own settings
  kDevData = 2,
  kTestData = 3,
  kWeights = 4,       // initial weights; item = tensor number
  kWordVectors = 5,   // initial word vectors; item = word id
  kShuffle = 6,       // order of trees; item = epoch
  kBootstrap = 7,     // intervals of the report
  kPlan = 8,          // intervals of predicted times; item = draw
  kSweep = 9,         // random points of sweeps; item = draw
  kStudies = 10,      // runs of a resampled five-run study; item = study
  kWordDropout = 11,  // elements of word vectors; item = minibatch of the run
  kHeadDropout = 12,  // elements of what the classifier sees; item = minibatch of the run
  kShapes = 13,       // random trees over given sentences
  kSplit = 14,        // which trees of a file go to which part
  kFailures = 15,     // of simulated nodes, the seed is the node; item = draw
};

// Uniform in [0, 1 - 2^-24]: the 24 high bits as a multiple of 2^-24, exact in float. 0 can come, 1
// cannot.
float UniformOfBits(uint32_t bits);
// Uniform in [low, high]: low + (high - low) * UniformOfBits(bits), each step rounded to float. So
// `low` can come, and `high` too where the largest sum rounds up to it, as in [1, 2].
float UniformOfBits(uint32_t bits, float low, float high);

// One stream of 32-bit words. Copyable; a copy continues on its own.
class RandomStream {
 public:
  // `seed` is the run's or the dataset's; `item` separates streams of one purpose (tree, epoch,
  // tensor, word ...).
  RandomStream(uint64_t seed, Purpose purpose, uint32_t item = 0);

  uint32_t NextBits();
  // UniformOfBits of the next word.
  float NextUniform();
  float NextUniform(float low, float high);
  // Uniform integer in [0, bound), without bias (Lemire's rejection); bound >= 1.
  uint32_t NextBelow(uint32_t bound);

  // Fisher-Yates, from the last element down.
  template <typename T>
  void Shuffle(std::span<T> items) {
    for (size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[NextBelow(static_cast<uint32_t>(i))]);
    }
  }

 private:
  std::array<uint32_t, 2> key_;
  std::array<uint32_t, 4> counter_;
  std::array<uint32_t, 4> block_{};
  unsigned used_ = 4;  // words of block_ already given out
};

// `k` different numbers of 0 .. n-1 in the order drawn (every ordered choice is equally likely), by
// the first k steps of Fisher-Yates from the front: fewer draws from an equal stream are a prefix
// of more. k <= n.
std::vector<uint32_t> DrawWithoutReplacement(RandomStream& random, uint32_t n, uint32_t k);

}  // namespace grove
