// Training by every rule with all that stands around it: a run that is stopped after any update and
// resumed has the bits of one that was not, the bits are the same on every target with fused
// multiply-add, and the probe changes nothing.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include "engine/target.h"
#include "engine/tasks/task.h"
#include "engine/training/trainer.h"
#include "tests/engine/training/small_runs.h"
#include "tests/engine/training/update_rules.h"

namespace grove {
namespace {

class TrainerRulesTest : public testing::TestWithParam<RuleCase> {
 protected:
  // Every setting that has a say in an update.
  static RunSpec FullSpec() {
    RunSpec spec = SpecOf(GetParam());
    spec.dim = 10;
    spec.epochs = 3;
    spec.rate_schedule = "cosine";
    spec.warmup = 0.5;
    spec.clip = 0.5;
    spec.dropout_words = 0.2;
    spec.dropout_head = 0.3;
    spec.init_word_range = 0.5;
    spec.l2_of_words = 0.1;
    spec.accumulate = 3;
    return spec;
  }
  void TearDown() override { simd::ForceTarget(""); }

  const Dataset dataset_ = SmallDataset(70, 30, 20);
};

TEST_P(TrainerRulesTest, StoppedAfterEveryUpdateAndResumedGivesTheSameBits) {
  const RunSpec spec = FullSpec();
  Trainer whole(spec, dataset_);
  ASSERT_TRUE(whole.Run(kGo));
  const std::string path =
      testing::TempDir() + "grove_rules_" + GetParam().name + std::to_string(getpid());
  std::atomic<bool> stop{false};
  int stops = 0;
  auto trainer = std::make_unique<Trainer>(spec, dataset_);
  while (!trainer->Run(stop, [&](const TrainProgress&) { stop = true; })) {
    ++stops;
    trainer->SaveState(path);
    trainer = std::make_unique<Trainer>(spec, dataset_);
    trainer->LoadState(path);
    stop = false;
  }
  std::filesystem::remove(path);
  EXPECT_GE(stops, 14);  // three epochs of 14 minibatches, three to an update
  const RunResult &a = trainer->result(), &b = whole.result();
  EXPECT_EQ(a.weights_xxh3, b.weights_xxh3);
  ASSERT_EQ(a.history.size(), b.history.size());
  for (size_t i = 0; i < a.history.size(); ++i) {
    EXPECT_EQ(a.history[i].loss, b.history[i].loss);
    EXPECT_EQ(a.history[i].dev_loss, b.history[i].dev_loss);
  }
}

TEST_P(TrainerRulesTest, SameBitsOnEveryTargetWithFma) {
  std::string expected;
  for (const std::string& target : simd::SupportedTargets()) {
    if (!simd::TargetHasFma(target)) continue;
    ASSERT_TRUE(simd::ForceTarget(target));
    Trainer trainer(FullSpec(), dataset_);
    ASSERT_TRUE(trainer.Run(kGo));
    if (expected.empty()) expected = trainer.result().weights_xxh3;
    EXPECT_EQ(trainer.result().weights_xxh3, expected) << "on " << target;
  }
}

// Every setting changes the weights: none is forgotten on its way to the update.
TEST_P(TrainerRulesTest, EverySettingCounts) {
  const auto last_dev_loss = [&](const std::function<void(RunSpec&)>& change) {
    RunSpec spec = FullSpec();
    spec.epochs = 2;
    spec.rate_schedule = "step";
    spec.rate_step_epochs = 1;
    change(spec);
    Trainer trainer(spec, dataset_);
    EXPECT_TRUE(trainer.Run(kGo));
    return trainer.result().history.back().dev_loss;
  };
  const double plain = last_dev_loss([](RunSpec&) {});
  EXPECT_EQ(plain, last_dev_loss([](RunSpec&) {}));
  const std::pair<const char*, std::function<void(RunSpec&)>> changes[] = {
      {"rate_schedule", [](RunSpec& s) { s.rate_schedule = "constant"; }},
      {"rate_step_epochs", [](RunSpec& s) { s.rate_step_epochs = 5; }},
      {"rate_factor", [](RunSpec& s) { s.rate_factor = 0.25; }},
      {"warmup", [](RunSpec& s) { s.warmup = 1; }},
      {"clip", [](RunSpec& s) { s.clip = 0.01; }},
      {"dropout_words", [](RunSpec& s) { s.dropout_words = 0; }},
      {"dropout_head", [](RunSpec& s) { s.dropout_head = 0; }},
      {"l2_of_words", [](RunSpec& s) { s.l2_of_words = -1; }},
      {"freeze_words", [](RunSpec& s) { s.freeze_words = true; }},
      {"accumulate", [](RunSpec& s) { s.accumulate = 2; }}};
  for (const auto& [name, change] : changes) EXPECT_NE(last_dev_loss(change), plain) << name;
}

TEST_P(TrainerRulesTest, TheProbeChangesNothingAndSeesNoDropout) {
  RunSpec spec = FullSpec();
  Trainer plain(spec, dataset_);
  ASSERT_TRUE(plain.Run(kGo));
  spec.probe = true;
  Trainer probed(spec, dataset_);
  ASSERT_TRUE(probed.Run(kGo));
  EXPECT_EQ(plain.result().weights_xxh3, probed.result().weights_xxh3);
  ASSERT_EQ(probed.result().ratios.size(), 3 * dataset_.train.trees());
  spec.dropout_words = spec.dropout_head = 0;
  Trainer steady(spec, dataset_);
  ASSERT_TRUE(steady.Run(kGo));
  // Those of the first update, before weights differ.
  for (size_t i = 0; i < 15; ++i) {
    EXPECT_EQ(steady.result().ratios[i].ratio, probed.result().ratios[i].ratio);
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, TrainerRulesTest, EveryRule(), RuleName);

// What each rule makes of a small run, as literal bits; signature_test.cc has those of the default.
TEST(RuleSignatureTest, Bits) {
  const char* const expected[] = {"8ba0f46c296fa122", "ce85eb882947016e", "fee5945d022ca012",
                                  "37b05cf7454879f3", "8d82bad8602bdcf8", "b0e62b6fdf4a2f9c"};
  const Dataset dataset = SmallDataset(70, 30, 20);
  for (const std::string& target : simd::SupportedTargets()) {
    if (!simd::TargetHasFma(target)) continue;
    ASSERT_TRUE(simd::ForceTarget(target));
    for (size_t i = 0; i < std::size(kRuleCases); ++i) {
      RunSpec spec = SpecOf(kRuleCases[i]);
      spec.dim = 13;
      spec.epochs = 2;
      spec.dropout_words = spec.dropout_head = 0.25;
      spec.clip = 0.5;
      Trainer trainer(spec, dataset);
      ASSERT_TRUE(trainer.Run(kGo));
      EXPECT_EQ(trainer.result().weights_xxh3, expected[i])
          << kRuleCases[i].name << " on " << target;
    }
  }
  simd::ForceTarget("");
}

}  // namespace
}  // namespace grove
