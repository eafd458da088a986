#include "experiments/runs/record.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/run_spec_json.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

RunRecord MakeRecord(const std::string& key) {
  RunRecord record;
  record.key = key;
  record.experiment = "exp1";
  record.dataset = 3;
  record.model = "rlstm";
  record.seed = std::numeric_limits<uint64_t>::max();
  record.status = "done";
  record.test_accuracy = 0.1 + 0.2;
  record.dev_accuracy = 0.5;
  record.train_accuracy = std::nextafter(0.5, 1.0);
  record.best_epoch = 2;
  record.epochs = 2;
  record.seconds = 1.25;
  record.trees_per_second = 8000;
  record.weights_xxh3 = "0123456789abcdef";
  record.history = {{1, 2.3, 0.1, 2.2, 0.25}, {2, 1.5, 0.4, 1.4, 0.5}};
  record.axes["l2"] = 1e-4;
  record.run = Resolve(RunSpec{.l2 = 1e-4, .seed = record.seed});
  record.data.max_length = 40;
  return record;
}

TEST(Record, RoundTripIsExact) {
  const RunRecord record = MakeRecord("a");
  const std::string text = ToJson(record).dump();
  EXPECT_EQ(text.rfind(R"({"key":"a","experiment":"exp1","dataset":3,"model":"rlstm")", 0), 0u);
  const RunRecord back = RecordFromJson(nlohmann::json::parse(text));
  EXPECT_EQ(back.seed, record.seed);
  EXPECT_EQ(back.test_accuracy, record.test_accuracy);
  EXPECT_EQ(back.train_accuracy, record.train_accuracy);
  ASSERT_EQ(back.history.size(), 2u);
  EXPECT_EQ(back.history[1].dev_loss, 1.4);
  EXPECT_EQ(back.axes, record.axes);
  EXPECT_EQ(ToJson(back).dump(), text);
}

TEST(Record, SettingsAndDataAreInTheLine) {
  RunRecord record = MakeRecord("a");
  EXPECT_FALSE(ToJson(record).contains("variant"));
  record.variant = "l2 = 0.0001";
  const auto json = nlohmann::json::parse(ToJson(record).dump());
  EXPECT_EQ(json["run"], nlohmann::json::parse(CanonicalJson(record.run)));
  EXPECT_EQ(json["data"], nlohmann::json::parse(CanonicalJson(record.data)));
  const RunRecord back = RecordFromJson(json);
  EXPECT_EQ(back.run, record.run);
  EXPECT_EQ(back.data, record.data);
  EXPECT_FALSE(back.files);
  EXPECT_EQ(back.variant, "l2 = 0.0001");
}

TEST(Record, FilesAreInTheLine) {
  RunRecord record = MakeRecord("a");
  record.data = DatasetSpec{};
  record.data.train = 7;
  record.data.max_length = 52;
  record.files = {{"a/train\xe9.ptb", "0000000000000001"},
                  {"dev.ptb", "0000000000000002"},
                  {},
                  {"m.safetensors", "0000000000000003"},
                  {{"glove.txt", "0000000000000004"}, 300, 20, 17},
                  5,
                  {}};
  const std::string text = ToJson(record)["data"].dump();
  EXPECT_EQ(
      text.rfind(R"({"train":{"path":"a/train\\xe9.ptb","xxh3":"0000000000000001"},"dev":)", 0), 0u)
      << text;
  EXPECT_EQ(text.find("\"test\":{"), std::string::npos);
  EXPECT_NE(text.find(R"("vectors":{"path":"glove.txt","xxh3":"0000000000000004","width":300,)"
                      R"("words":20,"covered":17},"classes":5)"),
            std::string::npos)
      << text;
  const RunRecord back = RecordFromJson(nlohmann::json::parse(ToJson(record).dump()));
  ASSERT_TRUE(back.files);
  EXPECT_EQ(back.files->dev, record.files->dev);
  EXPECT_EQ(back.files->init, record.files->init);
  EXPECT_EQ(back.files->vectors, record.files->vectors);
  record.files->vectors = {};
  EXPECT_FALSE(ToJson(record)["data"].contains("vectors"));
  EXPECT_EQ(back.files->classes, 5);
  EXPECT_EQ(back.files->test.path, "");
  EXPECT_EQ(back.data.train, 7);
  EXPECT_EQ(back.data.max_length, 52);
}

// A run that goes by the accuracy of roots has the line that it always had.
TEST(Record, FiguresThatTheRunGoesByAreInItsHistory) {
  RunRecord record = MakeRecord("a");
  EXPECT_EQ(ToJson(record)["history"][0].size(), 5u);
  record.history[1].dev_macro_f1 = 0.1 + 0.2;
  const std::string text = ToJson(record).dump();
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["history"][1]["dev_macro_f1"], 0.1 + 0.2);
  EXPECT_FALSE(json["history"][1].contains("dev_node_accuracy"));
  EXPECT_EQ(ToJson(RecordFromJson(json)).dump(), text);
}

TEST(Record, LineOfAnEarlierVersionIsRefused) {
  auto json = nlohmann::json::parse(ToJson(MakeRecord("a")).dump());
  json.erase("run");
  EXPECT_EQ(ErrorMessage([&] { RecordFromJson(json); }),
            "a run without its settings: it was made by an earlier version of the program; use "
            "another --out and run again");
}

// Journals of earlier times name files of the ratios.
TEST(Record, OtherKeysAreSkipped) {
  auto json = nlohmann::json::parse(ToJson(MakeRecord("a")).dump());
  json["ratios"] = "ratios/a.csv";
  EXPECT_EQ(RecordFromJson(json).key, "a");
}

TEST(Record, NumbersThatAreNoneBecomeNull) {
  RunRecord record = MakeRecord("a");
  record.test_accuracy = std::numeric_limits<double>::quiet_NaN();
  record.history[0].loss = std::numeric_limits<double>::infinity();
  const auto json = nlohmann::json::parse(ToJson(record).dump());
  EXPECT_TRUE(json["test_accuracy"].is_null());
  EXPECT_TRUE(json["history"][0]["loss"].is_null());
  EXPECT_TRUE(std::isnan(RecordFromJson(json).test_accuracy));
}

TEST(Record, ErrorsNameTheKey) {
  const auto message = [](const char* key, const nlohmann::json& value) {
    auto json = nlohmann::json::parse(ToJson(MakeRecord("a")).dump());
    json.erase(key);
    if (!value.is_null()) json[key] = value;
    return ErrorMessage([&] { RecordFromJson(json); });
  };
  EXPECT_EQ(message("seed", {}), "key 'seed' is missing");
  EXPECT_EQ(message("seed", -1), "key 'seed': must be an integer of at least 0");
  EXPECT_EQ(message("dataset", 1.5), "key 'dataset': must be an integer");
  EXPECT_EQ(message("dataset", int64_t{1} << 40), "key 'dataset': must be an integer");
  EXPECT_EQ(message("dataset", UINT64_MAX), "key 'dataset': must be an integer");
  EXPECT_EQ(message("model", 3), "key 'model': must be a string");
  EXPECT_EQ(message("history", {1}), "key 'history': must be an array of objects");
  EXPECT_EQ(ErrorMessage([] { RecordFromJson(nlohmann::json::array()); }), "not a JSON object");
}

}  // namespace
}  // namespace grove
