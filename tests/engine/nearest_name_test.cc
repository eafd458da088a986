// Suggestions for what is misspelt, and for settings by the names that others give them.
#include "engine/nearest_name.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/run_spec_fields.h"

namespace grove {
namespace {

template <typename Spec>
std::string UnknownKey(const std::string& key) {
  Spec spec;
  try {
    SetField(spec, key, int64_t{1});
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(DidYouMeanSetting, KnowsTheShortNamesOfTheField) {
  const std::pair<const char*, const char*> cases[] = {{"lr", "learning_rate"},
                                                       {"eta", "learning_rate"},
                                                       {"LR", "learning_rate"},
                                                       {"bs", "batch"},
                                                       {"batch_size", "batch"},
                                                       {"minibatch", "batch"},
                                                       {"hidden", "dim"},
                                                       {"hidden-size", "dim"},
                                                       {"n", "dim"},
                                                       {"width", "dim"},
                                                       {"wd", "l2"},
                                                       {"weight_decay", "l2"},
                                                       {"lambda", "l2"},
                                                       {"eps", "adagrad_epsilon"},
                                                       {"optimizer", "rule"},
                                                       {"grad_clip", "clip"},
                                                       {"dropout", "dropout_head"},
                                                       {"max_epochs", "epochs"},
                                                       {"early_stopping", "patience"},
                                                       {"metric", "select_by"}};
  for (const auto& [word, key] : cases) {
    EXPECT_EQ(UnknownKey<RunSpec>(word),
              std::string("unknown key '") + word + "'; did you mean '" + key + "'?");
  }
  EXPECT_EQ(UnknownKey<DatasetSpec>("valid"), "unknown key 'valid'; did you mean 'dev'?");
}

TEST(DidYouMeanSetting, SuggestsWhatTheCallerHas) {
  const std::vector<std::string> options = {"--help", "--learning-rate", "--batch", "--l2"};
  EXPECT_EQ(DidYouMeanSetting("--lr", options), "; did you mean '--learning-rate'?");
  EXPECT_EQ(DidYouMeanSetting("--batch-size", options), "; did you mean '--batch'?");
  EXPECT_EQ(DidYouMeanSetting("--lerning-rate", options), "; did you mean '--learning-rate'?");
  EXPECT_EQ(DidYouMeanSetting("hidden", {"model", "seed"}), "; allowed: model, seed");
  EXPECT_EQ(DidYouMeanSetting("--", options), DidYouMean("--", options));
}

// No other name is a key, or stands for two settings of one spec.
template <typename Spec>
void ExpectUniqueNames() {
  std::set<std::string> names;
  const Spec spec;
  ForEachField(spec, [&names](const FieldInfo& info, const auto&) {
    EXPECT_TRUE(names.insert(info.key).second) << info.key;
    std::istringstream others(info.other_names);
    for (std::string name; others >> name;) EXPECT_TRUE(names.insert(name).second) << name;
  });
}
TEST(DidYouMeanSetting, EveryNameStandsForOneSetting) {
  ExpectUniqueNames<RunSpec>();
  ExpectUniqueNames<DatasetSpec>();
}

TEST(NearestName, CountsEdits) {
  EXPECT_EQ(NearestName("lerning_rate", {"l2", "learning_rate", "leaf_weights"}), "learning_rate");
  EXPECT_EQ(NearestName("seeed", {"dev", "seed"}), "seed");
  EXPECT_EQ(NearestName("tset", {"train", "dev", "test"}), "test");
  EXPECT_EQ(NearestName("x", {}), "");
  EXPECT_EQ(DidYouMean("modle", {"dim", "model"}), "; did you mean 'model'?");
  EXPECT_EQ(DidYouMean("zzz", {"dim", "model"}), "; allowed: dim, model");
}

}  // namespace
}  // namespace grove
