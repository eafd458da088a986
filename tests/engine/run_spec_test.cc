#include "engine/run_spec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/cells/model.h"
#include "engine/error.h"
#include "engine/run_spec_fields.h"
#include "engine/run_spec_json.h"

namespace grove {
namespace {

template <typename Action>
std::string Message(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(RunSpec, DefaultsAreValidAndResolve) {
  RunSpec spec;
  Validate(spec);
  Validate(DatasetSpec{});
  EXPECT_EQ(Resolve(spec).batch, 5);
  spec.model = "rnn";
  EXPECT_EQ(Resolve(spec).batch, 20);
  spec.batch = 7;
  EXPECT_EQ(Resolve(spec).batch, 7);
}

// "rnn, rlstm, ..."
std::string Names() {
  std::string names;
  for (const std::string& name : ModelNames()) names += (names.empty() ? "" : ", ") + name;
  return names;
}

TEST(RunSpec, ErrorsNameKeyValueAndWhatIsAllowed) {
  RunSpec run;
  run.model = "lstm";
  EXPECT_EQ(Message([&] { Validate(run); }), "model = 'lstm': must be one of " + Names());
  run = {};
  run.dim = 0;
  EXPECT_EQ(Message([&] { Validate(run); }), "dim = 0: must be from 1 to 4096");
  run = {};
  run.l2 = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Message([&] { Validate(run); }), "l2 = nan: must be from 0 to 1000");
  DatasetSpec data;
  data.max_length = 20;
  EXPECT_EQ(Message([&] { Validate(data); }), "max_length = 20: must be at least min_length = 21");
  data = {};
  data.min_keyword_depth = 4;
  data.max_keyword_depth = 3;
  EXPECT_EQ(Message([&] { Validate(data); }),
            "max_keyword_depth = 3: must be -1 or at least min_keyword_depth = 4");
}

TEST(RunSpec, SetFieldChecksTypeAndRange) {
  RunSpec run;
  SetField(run, "l2", int64_t{0});
  EXPECT_EQ(run.l2, 0.0);
  SetField(run, "seed", int64_t{9});
  EXPECT_EQ(run.seed, 9u);
  EXPECT_EQ(Message([&] { SetField(run, "seed", int64_t{-1}); }),
            "seed = -1: must be an integer of at least 0");
  EXPECT_EQ(Message([&] { SetField(run, "dim", int64_t{1} << 32); }),
            "dim = 4294967296: must be an integer from 1 to 4096");
  EXPECT_EQ(Message([&] { SetField(run, "dim", 2.5); }),
            "dim = 2.5: must be an integer from 1 to 4096");
  EXPECT_EQ(Message([&] { SetField(run, "probe", int64_t{1}); }),
            "probe = 1: must be true or false");
  EXPECT_EQ(Message([&] { SetField(run, "model", true); }),
            "model = true: must be a string, one of " + Names());
  EXPECT_EQ(Message([&] { SetField(run, "epoch", int64_t{1}); }),
            "unknown key 'epoch'; did you mean 'epochs'?");
  EXPECT_EQ(run.dim, 50) << "a refused value must leave the spec as it was";
}

TEST(RunSpec, FieldsAreReadBack) {
  const RunSpec run;
  for (const std::string& key : FieldKeys<RunSpec>()) {
    RunSpec copy = run;
    SetField(copy, key, GetField(run, key));
    EXPECT_EQ(copy, run) << key;
  }
  EXPECT_EQ(std::get<int64_t>(GetField(DatasetSpec{}, "train")), 10000);
}

TEST(RunSpec, CanonicalJsonIsSortedResolvedAndShort) {
  EXPECT_EQ(CanonicalJson(RunSpec{}),
            R"({"activation":"tanh","adagrad_epsilon":0.0001,"batch":5,"dim":50,"epochs":100,)"
            R"("first_step":"sgd","gemm":"simd","init_fan_cell":3.0,"init_fan_gate":5.0,)"
            R"("init_fan_softmax":1.0,"init_word_range":0.0001,"l2":0.0003,"leaf_weights":"own",)"
            R"("learning_rate":0.05,"model":"rlstm","patience":5,"probe":false,"seed":1,)"
            R"("shuffle":"epoch"})");
}

// Runs made before a setting existed keep their keys: it stands in the canonical JSON only where it
// differs from its default, and need not be there.
TEST(RunSpec, SettingsAddedLaterLeaveOldKeysAlone) {
  const RunSpec before = Resolve(RunSpec{});
  EXPECT_EQ(CanonicalJson(before).find("l2_words"), std::string::npos);
  EXPECT_EQ(RunSpecFromJson(CanonicalJson(before), "here"), before);
  RunSpec run = before;
  run.l2_words = false;
  run.init_forget_bias = 1;
  run.patience_against = "previous";
  run.select_by = "macro_f1";
  run.observe = true;
  run.rule = "adamw";
  run.rate_schedule = "cosine";
  run.dropout_head = 0.5;
  run.accumulate = 2;
  EXPECT_NE(CanonicalJson(run).find(R"("l2_words":false)"), std::string::npos);
  EXPECT_EQ(RunSpecFromJson(CanonicalJson(run), "here"), run);
  EXPECT_NE(RunKey(run, DatasetSpec{}), RunKey(before, DatasetSpec{}));
  run.patience_against = "last";
  EXPECT_EQ(Message([&] { Validate(run); }),
            "patience_against = 'last': must be one of best, previous");
}

TEST(RunSpec, WhatCannotDecideAboutEpochsIsRefused) {
  const auto message = [](const char* comparison, const char* target, const char* select_by) {
    RunSpec run;
    run.comparison = comparison;
    run.target = target;
    run.select_by = select_by;
    return Message([&] { Validate(run); });
  };
  EXPECT_EQ(message("none", "classes", "f1"),
            "select_by = 'f1': must be one of root_accuracy, node_accuracy, macro_f1, loss");
  const std::string scores =
      "': scores have no classes; must be one of root_accuracy (of scores Pearson's r), loss";
  EXPECT_EQ(message("tai", "score", "macro_f1"), "select_by = 'macro_f1" + scores);
  EXPECT_EQ(message("tai", "score", "node_accuracy"), "select_by = 'node_accuracy" + scores);
  EXPECT_EQ(message("bowman", "classes", "node_accuracy"),
            "select_by = 'node_accuracy': nodes of pairs have no labels; must be one of "
            "root_accuracy, macro_f1, loss");
  EXPECT_EQ(message("bowman", "classes", "macro_f1"), "no error");
  EXPECT_EQ(message("tai", "score", "loss"), "no error");
  EXPECT_EQ(message("none", "classes", "node_accuracy"), "no error");
}

TEST(RunSpec, JsonRoundTripIsExact) {
  RunSpec run;
  run.batch = 3;
  run.l2 = 0.1 + 0.2;
  run.learning_rate = std::nextafter(0.05, 1.0);
  run.seed = std::numeric_limits<uint64_t>::max();
  run.probe = true;
  EXPECT_EQ(RunSpecFromJson(CanonicalJson(run), "here"), run);
  DatasetSpec data;
  data.max_keyword_depth = 5;
  EXPECT_EQ(DatasetSpecFromJson(CanonicalJson(data), "here"), data);
}

// Whatever the text of a number, the setting is the number.
TEST(RunSpec, TheSameNumberIsTheSameSetting) {
  const auto key = [](const std::string& name, const FieldValue& value) {
    RunSpec run;
    SetField(run, name, value);
    return RunKey(run, DatasetSpec{});
  };
  RunSpec plain;
  plain.l2 = 0;
  EXPECT_EQ(key("l2", 0.0), RunKey(plain, DatasetSpec{}));
  EXPECT_EQ(key("l2", -0.0), key("l2", 0.0));
  EXPECT_EQ(key("l2", int64_t{0}), key("l2", 0.0));
  EXPECT_EQ(key("l2", uint64_t{0}), key("l2", 0.0));
  EXPECT_EQ(key("init_forget_bias", -0.0), RunKey(RunSpec{}, DatasetSpec{}));
  EXPECT_EQ(key("init_forget_bias", int64_t{1}), key("init_forget_bias", 1.0));
  EXPECT_EQ(key("dim", 20.0), key("dim", int64_t{20}));
  EXPECT_EQ(key("batch", -0.0), key("batch", int64_t{0}));
  EXPECT_EQ(key("seed", 7.0), key("seed", uint64_t{7}));
  RunSpec run = plain;
  SetField(run, "l2", -0.0);
  EXPECT_EQ(CanonicalJson(run), CanonicalJson(plain));
  EXPECT_EQ(CanonicalJson(plain).find("-0"), std::string::npos);
  DatasetSpec data;
  SetField(data, "max_keyword_depth", -1.0);
  EXPECT_EQ(CanonicalJson(data), CanonicalJson(DatasetSpec{}));
  for (const double bad : {0.5, 1e300, 0x1p53, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_NE(Message([&] { SetField(run, "seed", bad); }), "no error") << bad;
    EXPECT_NE(Message([&] { SetField(run, "batch", bad); }), "no error") << bad;
  }
}

TEST(RunSpec, JsonIsReadStrictly) {
  std::string text = CanonicalJson(RunSpec{});
  EXPECT_EQ(Message([&] { RunSpecFromJson("[1]", "f"); }), "f: not a JSON object");
  EXPECT_EQ(Message([&] { RunSpecFromJson(text.substr(0, 40), "f"); }),
            "f: not JSON at its byte 41");
  EXPECT_EQ(Message([&] { RunSpecFromJson("{}", "f"); }), "f: key 'model' is missing");
  const std::string extra = text.substr(0, text.size() - 1) + R"(,"depth":3})";
  EXPECT_NE(Message([&] { RunSpecFromJson(extra, "f"); }).find("f: unknown key 'depth'"),
            std::string::npos);
  text.replace(text.find("\"batch\":5"), 9, "\"batch\":[]");
  EXPECT_EQ(Message([&] { RunSpecFromJson(text, "f"); }), "f: batch: must be a plain value");
}

// Keys name files of finished work, so they must never change by accident.
TEST(RunSpec, KeysAreStable) {
  const RunSpec run;
  const DatasetSpec data;
  EXPECT_EQ(HashText(""), "2d06800538d394c2");  // XXH3-64 of nothing, as its authors publish it
  EXPECT_EQ(RunKey(run, data), "0f39a3a2bbf75585");
  EXPECT_EQ(RunKey(run, data), RunKey(Resolve(run), CanonicalJson(data)));
  RunSpec other = run;
  other.seed = 2;
  EXPECT_NE(RunKey(other, data), RunKey(run, data));
  DatasetSpec longer = data;
  longer.max_length = 31;
  EXPECT_NE(RunKey(run, longer), RunKey(run, data));
}

// Models and tasks come from registries of their own; all other choices are few and have their say.
template <typename Spec>
void ExpectPlainHelp() {
  const Spec spec;
  ForEachField(spec, [](const FieldInfo& info, const auto&) {
    EXPECT_GE(std::count(info.help.begin(), info.help.end(), ' '), 3) << info.key;
    EXPECT_LE(info.help.size(), 150u) << info.key;
    EXPECT_EQ(info.help.find_first_of("\n"), std::string::npos) << info.key;
    EXPECT_FALSE(info.help.ends_with('.')) << info.key;
    if (info.key == "model" || info.key == "task") return;
    for (const std::string& choice : info.choices) {
      EXPECT_NE(info.help.find(choice), std::string::npos) << info.key << ": " << choice;
    }
  });
}
TEST(FieldInfo, HelpIsASentenceThatExplainsEveryChoice) {
  ExpectPlainHelp<RunSpec>();
  ExpectPlainHelp<DatasetSpec>();
}

}  // namespace
}  // namespace grove
