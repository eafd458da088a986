// A state file of which a bit has flipped is refused, and the trainer is as it was.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/training/trainer.h"
#include "tests/engine/training/engine_oracle.h"

namespace grove {
namespace {

TEST(TrainerStateBitsTest, FlippedBitsAreRefused) {
  Dataset dataset;
  dataset.vocabulary_size = 5;
  dataset.classes = 2;
  dataset.train = RandomForest({3, 1, 4, 2}, 5, 2, false, 1);
  dataset.dev = dataset.test = RandomForest({2, 3}, 5, 2, false, 2);
  RunSpec spec;
  spec.model = "rnn";
  spec.dim = 2;
  spec.batch = 2;
  spec.probe = true;
  std::atomic<bool> stop{false};
  Trainer trainer(spec, dataset);
  ASSERT_FALSE(trainer.Run(stop, [&](const TrainProgress& p) { stop = p.trees_trained > 4; }));
  const std::string path =
      testing::TempDir() + "grove_state_bits_" + std::to_string(getpid()) + ".safetensors";
  trainer.SaveState(path);
  const std::string bytes = ReadFile(path);
  const auto hash = [&] {
    return WeightsHash(trainer.network().layout(), trainer.network().parameters());
  };
  const std::string before = hash();
  for (size_t bit = 0; bit < 8 * bytes.size(); bit += 7) {  // at least one of every byte
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    std::ofstream(path, std::ios::binary) << flipped;
    EXPECT_THROW(trainer.LoadState(path), DamagedFile) << "bit " << bit << " of " << bytes.size();
  }
  EXPECT_EQ(hash(), before);
  // Nor is a shorter or a longer file taken.
  for (const std::string& other : {bytes.substr(0, bytes.size() - 1), bytes + '\0'}) {
    std::ofstream(path, std::ios::binary) << other;
    EXPECT_THROW(trainer.LoadState(path), DamagedFile);
  }
  std::ofstream(path, std::ios::binary) << bytes;
  trainer.LoadState(path);
  EXPECT_EQ(hash(), before);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace grove
