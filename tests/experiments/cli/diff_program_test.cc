// grove diff, as a user runs it.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

using Json = nlohmann::json;

constexpr char kSweep[] = R"(name = "mine"
[dataset]
train = 40
dev = 10
test = 10
min_length = 1
max_length = 5
[run]
dim = 4
epochs = 2
[axes]
dataset = [{id = 1}]
model = ["rnn"]
seed = "1-2"
l2 = [0, 1e-4]
)";

class DiffProgram : public ProgramTest {
 protected:
  DiffProgram() {
    EXPECT_EQ(RunProgram({"run", Spec("mine", kSweep), "--out", out_, "--quiet"}).exit_code, 0);
    for (const RunRecord& run : ReadRecords(out_)) {
      if (run.seed == 1) (run.run.l2 == 0 ? first_ : second_) = run;
    }
  }

  static std::string Said(const std::string& left, const std::string& right) {
    const ProgramResult result = RunProgram({"diff", left, right});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.err, "");
    return result.out;
  }
  static Json Told(const std::string& left, const std::string& right) {
    return Json::parse(RunProgram({"diff", left, right, "--json"}).out);
  }

  const std::string out_ = folder_.Path("out");
  RunRecord first_, second_;
};

TEST_F(DiffProgram, ShowsSettingsResultsAndTheFirstOtherBit) {
  const std::string text = Said(out_ + ":" + first_.key, out_ + ":" + second_.key);
  const std::vector<std::string> lines = Lines(text);
  EXPECT_EQ(lines[0], "left   " + out_ + ": " + first_.key + " (mine d1 rnn l2=0 s1)");
  EXPECT_EQ(lines[1], "right  " + out_ + ": " + second_.key + " (mine d1 rnn l2=0.0001 s1)");
  EXPECT_EQ(lines[3], "setting  left  right");
  EXPECT_EQ(lines[4], "l2       0     0.0001");
  for (const char* part : {"\nthe other ", " settings are equal\n", "\ntest_accuracy ",
                           "\nweights_xxh3 ", "other bits from the start: in epoch 1 "}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_TRUE(text.ends_with("say of program and machine differs\n")) << text;
}

TEST_F(DiffProgram, TellsProgramsTheSame) {
  const Json json = Told(out_ + ":l2=0,seed=1", out_ + ":seed=1,l2=0.0001");
  EXPECT_EQ(json["left"]["key"], first_.key);
  EXPECT_EQ(json["right"]["label"], "mine d1 rnn l2=0.0001 s1");
  EXPECT_EQ(json["settings"],
            Json::parse(R"([{"setting": "l2", "left": "0", "right": "0.0001"}])"));
  EXPECT_GT(json["equal_settings"], 40);
  EXPECT_EQ(json["same_bits"], false);
  EXPECT_EQ(json["provenance"], Json::array());
  bool found = false;
  for (const Json& row : json["results"]) {
    if (row["result"] != "test_accuracy") continue;
    found = true;
    EXPECT_EQ(row["left"], first_.test_accuracy);
    EXPECT_EQ(row["difference"], second_.test_accuracy - first_.test_accuracy);
  }
  EXPECT_TRUE(found);
}

TEST_F(DiffProgram, TheSameRunOfAnotherFolderHasTheSameBits) {
  const std::string again = folder_.Path("again");
  ASSERT_EQ(RunProgram({"run", folder_.Path("mine.toml"), "--out", again, "--quiet", "--only",
                        "seed=1,l2=0"})
                .exit_code,
            0);
  // A folder with one run needs no key; of a key the beginning will do.
  const std::string beginning = out_ + ":" + first_.key.substr(0, 12);
  EXPECT_NE(Said(beginning, again).find("the same bits in all 2 epochs; the weights are the same"),
            std::string::npos);
  const Json json = Told(beginning, again);
  EXPECT_EQ(json["same_bits"], true);
  EXPECT_EQ(json["settings"], Json::array());
  // Another start of the program is told, if at all, by its time alone.
  for (const Json& row : json["provenance"]) EXPECT_EQ(row["made_by"], "date");
}

TEST_F(DiffProgram, TakesModelsOfTrain) {
  const std::string trees = folder_.Write("t.ptb", "(1 (0 a) (1 b))\n(0 (1 b) (0 a))\n");
  const std::vector<std::string> train = {"train", "train=" + trees, "dev=" + trees, "epochs=2",
                                          "dim=3", "--quiet",        "--out"};
  const std::string a = folder_.Path("a"), b = folder_.Path("b");
  ASSERT_EQ(RunProgram(With(train, {a})).exit_code, 0);
  ASSERT_EQ(RunProgram(With(train, {b, "learning_rate=0.5"})).exit_code, 0);
  const Json json = Told(a, b + "/model.safetensors");
  EXPECT_EQ(json["settings"],
            Json::parse(R"([{"setting": "learning_rate", "left": "0.05", "right": "0.5"}])"));
  EXPECT_EQ(json["right"]["key"], ReadRecords(b)[0].key);
  ExpectOneError({"diff", a, b + "/model.safetensors:x"}, {"a model is of one run"});
  std::filesystem::copy(b + "/model.safetensors", folder_.Path("alone.safetensors"));
  ExpectOneError({"diff", a, folder_.Path("alone.safetensors")}, {"alone", "no journal"});
}

TEST_F(DiffProgram, BadInputIsOneErrorThatSaysWhatThereIs) {
  ExpectOneError({"diff", out_, out_}, {out_ + ": 4 runs; choose one by its key",
                                        "model=rnn,seed=", "l2=", "and 1 more"});
  ExpectOneError({"diff", out_ + ":seed=1", out_}, {out_ + ": 2 runs are seed=1", first_.key});
  ExpectOneError({"diff", out_ + ":zz", out_}, {"no run's key begins with 'zz'", "and 1 more"});
  ExpectOneError({"diff", out_ + ":seed=9", out_}, {"seed=9", "no seed is '9'", "there are "});
  ExpectOneError({"diff", out_ + ":sead=9", out_}, {"unknown axis 'sead'", "did you mean 'seed'?"});
  ExpectOneError({"diff", folder_.Path("none") + ":ab", out_},
                 {folder_.Path("none") + ": no such"});
  ExpectOneError({"diff", out_}, {"RIGHT is required"});
}

}  // namespace
}  // namespace grove::test
