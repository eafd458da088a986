#include "engine/seed_keys.h"

#include <gtest/gtest.h>

#include "engine/run_spec_json.h"

namespace grove {
namespace {

TEST(SeedKeys, AreTheKeysOfTheRuns) {
  RunSpec run;
  run.seed = 17;
  run.l2 = 1e-5;
  run.accumulate = 3;
  // What a text could be that looks like the key of the seed.
  run.activation = "\"seed\":5";
  const SeedKeys keys(run, "data \"seed\":1");
  for (const uint64_t seed : {uint64_t{0}, uint64_t{17}, uint64_t{1000000}, UINT64_MAX}) {
    run.seed = seed;
    EXPECT_EQ(keys.KeyOf(seed), RunKey(run, "data \"seed\":1")) << seed;
  }
}

}  // namespace
}  // namespace grove
