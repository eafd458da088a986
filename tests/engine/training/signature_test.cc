// The determinism contract (spec section 6) as literal hashes: three small runs whose weights must
// have these bits on every target that has fused multiply-add, on any machine. A change that alters
// the numbers alters these lines, and says why.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>

#include "engine/cells/model.h"
#include "engine/target.h"
#include "engine/tasks/task.h"
#include "engine/training/trainer.h"

namespace grove {
namespace {

struct Signature {
  const char* name;
  const char* model;
  const char* leaf_weights;
  int dim;
  const char* weights_xxh3;
};

constexpr Signature kSignatures[] = {
    {"rnn", "rnn", "own", 50, "c838c6fab6fe49e9"},
    {"rlstm", "rlstm", "own", 50, "375e7b1f8a4d194a"},
    {"rlstm_odd_width_shared_leaves", "rlstm", "shared", 13, "1d4c3d71ca6611b8"},
};

RunResult Train(const Signature& signature) {
  DatasetSpec data;
  data.min_length = 1;
  data.max_length = 12;
  data.train = 200;
  data.dev = 50;
  data.test = 50;
  RunSpec spec;
  spec.model = signature.model;
  spec.leaf_weights = signature.leaf_weights;
  spec.dim = signature.dim;
  spec.epochs = 3;
  const Dataset dataset = GenerateDataset(data);
  Trainer trainer(spec, dataset);
  const std::atomic<bool> go{false};
  EXPECT_TRUE(trainer.Run(go));
  return trainer.result();
}

class SignatureTest : public testing::TestWithParam<Signature> {
 protected:
  void TearDown() override { simd::ForceTarget(""); }
};

TEST_P(SignatureTest, SameBitsOnEveryTargetWithFma) {
  int targets = 0;
  for (const std::string& target : simd::SupportedTargets()) {
    if (!simd::TargetHasFma(target)) continue;
    ASSERT_TRUE(simd::ForceTarget(target));
    const RunResult result = Train(GetParam());
    EXPECT_EQ(result.weights_xxh3, GetParam().weights_xxh3) << "on " << target;
    ++targets;
  }
  RecordProperty("targets", targets);
}

INSTANTIATE_TEST_SUITE_P(Runs, SignatureTest, testing::ValuesIn(kSignatures),
                         [](const auto& info) { return std::string(info.param.name); });

// Cells without a literal: all targets agree.
TEST(Signature, EveryCellHasTheSameBitsOnEveryTargetWithFma) {
  for (const std::string& model : ModelNames()) {
    std::set<std::string> hashes;
    for (const std::string& target : simd::SupportedTargets()) {
      if (!simd::TargetHasFma(target)) continue;
      ASSERT_TRUE(simd::ForceTarget(target));
      hashes.insert(Train({model.c_str(), model.c_str(), "own", 21, ""}).weights_xxh3);
    }
    simd::ForceTarget("");
    EXPECT_EQ(hashes.size(), 1u) << model;
  }
}

}  // namespace
}  // namespace grove
