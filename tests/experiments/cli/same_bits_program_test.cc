// The determinism contract (spec section 6) with the whole program: the journal of a batch is the
// same, but for times, on any number of threads, in any order of runs, in pieces, after any
// interruption, and on every SIMD target that has fused multiply-add.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/runs/table_lines.h"
#include "sched/cores.h"
#include "simd/targets.h"
#include "tests/experiments/program.h"

namespace grove::test {
namespace {

// 2 datasets x 2 models x 2 seeds; a width that is no multiple of any vector's, with the probe and
// observations.
constexpr char kBatch[] = R"(name = "bits"
[dataset]
min_length = 1
max_length = 9
train = 80
dev = 40
test = 40
[run]
dim = 19
epochs = 3
probe = true
observe = true
[axes]
dataset = [{id = 1, min_length = 1}, {id = 2, min_length = 6}]
model = ["rnn", "rlstm"]
seed = "1-2"
)";

// Every record by its key, and the tables of its probe and observations with it; without what tells
// the time.
std::map<std::string, std::string> JournalWithoutTimes(const std::string& out) {
  std::map<std::string, std::string> records;
  const Store store = ReadRunFolder(out);
  for (RunRecord& record : ReadRecords(out)) {
    EXPECT_EQ(record.status, "done") << record.message;
    EXPECT_EQ(record.weights_xxh3.size(), 16u);
    record.seconds = 0;
    record.trees_per_second = 0;
    records[record.key] = ToJson(record).dump();
    if (const auto* ratios = store.FindRatios(record.key)) {
      records[record.key] += RatioLine(record.key, *ratios);
    }
    if (const auto* observations = store.FindObservations(record.key)) {
      records[record.key] += ObservationLine(record.key, *observations);
    }
  }
  return records;
}

class SameBitsProgramTest : public ProgramTest {
 protected:
  // Trains what `more` chooses into the folder `name`.
  void Train(const std::string& name, const std::vector<std::string>& more) {
    const ProgramResult result =
        RunProgram(With({"run", Spec("bits", kBatch), "--out", folder_.Path(name)}, more));
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  std::map<std::string, std::string> Journal(const std::string& name) {
    return JournalWithoutTimes(folder_.Path(name));
  }
};

TEST_F(SameBitsProgramTest, WhateverTheThreadsTheOrderAndThePieces) {
  Train("one", {"--threads", "1"});
  const auto expected = Journal("one");
  ASSERT_EQ(expected.size(), 8u);
  for (const auto& [key, text] : expected) {
    EXPECT_NE(text.find("\"ratios\""), std::string::npos) << key;
    EXPECT_NE(text.find("\"nodes\""), std::string::npos) << key;
  }
  Train("two", {"--threads", "2"});
  EXPECT_EQ(Journal("two"), expected);
  Train("five", {"--threads", "5"});
  EXPECT_EQ(Journal("five"), expected);
  // The short ones first, one dataset and one seed at a time, from the last to the first.
  for (const char* model : {"rnn", "rlstm"}) {
    for (const char* dataset : {"2", "1"}) {
      for (const char* seed : {"2", "1"}) {
        Train("pieces", {"--threads", "1", "--only",
                         std::string("model=") + model + ",dataset=" + dataset + ",seed=" + seed});
      }
    }
  }
  EXPECT_EQ(Journal("pieces"), expected);
}

// In the models too, where their provenance says how many cores there are.
TEST_F(SameBitsProgramTest, OnThreadsThatAreBoundToCores) {
  const size_t cores = sched::AllowedCores().size();
  const std::string threads = cores < 2 ? "1" : "2";
  Train("free", {"--threads", threads, "--save-models"});
  Train("bound", {"--threads", threads, "--save-models", "--pin"});
  const auto expected = Journal("free");
  EXPECT_EQ(Journal("bound"), expected);
  for (const auto& [key, record] : expected) {
    const std::string model = "/models/" + key + ".safetensors";
    EXPECT_TRUE(ReadText(folder_.Path("bound" + model)) == ReadText(folder_.Path("free" + model)))
        << key;
  }
  ExpectOneError({"run", Spec("bits", kBatch), "--out", folder_.Path("none"), "--pin", "--threads",
                  std::to_string(cores + 1)},
                 {"--pin: " + std::to_string(cores + 1) + " threads have ",
                  "allowed are 1 to " + std::to_string(cores)});
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("none")));
}

TEST_F(SameBitsProgramTest, OnEveryTargetWithFma) {
  std::map<std::string, std::string> expected;
  for (const std::string& target : simd::SupportedTargets()) {
    if (!simd::TargetHasFma(target)) continue;
    Train(target, {"--threads", "2", "--target", target});
    const auto journal = Journal(target);
    ASSERT_EQ(journal.size(), 8u) << target;
    if (expected.empty()) expected = journal;
    EXPECT_EQ(journal, expected) << target;
    const auto provenance = ReadRunFolder(folder_.Path(target)).journals().at(0).provenance.at(0);
    EXPECT_EQ(provenance["simd_target"], target) << "the forced target is the one that ran";
  }
}

TEST_F(SameBitsProgramTest, AfterAnyInterruption) {
  const std::string spec = Spec("long", kLongExperiment);
  const std::string whole = folder_.Path("whole"), parts = folder_.Path("parts");
  ASSERT_EQ(RunProgram({"run", spec, "--out", whole}).exit_code, 0);
  StopInTheMiddle({"run", spec, "--out", parts, "--threads", "2"}, parts, SIGINT);
  ASSERT_EQ(RunProgram({"run", spec, "--out", parts, "--threads", "1"}).exit_code, 0);
  EXPECT_EQ(JournalWithoutTimes(parts), JournalWithoutTimes(whole));
}

// The same files and settings are one run, by whichever command: one key, one model.
TEST_F(SameBitsProgramTest, TrainAndRunOnFiles) {
  ASSERT_EQ(RunProgram({"data", "generate", "--min-length", "1", "--max-length", "8", "--train",
                        "400", "--dev", "40", "--test", "40", "--out", folder_.Path("data")})
                .exit_code,
            0);
  const std::string spec = Spec("files", R"(name = "files"
[data]
train = "data/train.ptb"
dev = "data/dev.ptb"
test = "data/test.ptb"
[run]
dim = 9
epochs = 80
patience = 80
[axes]
model = ["rlstm", "rnn"]
seed = "1-2"
)");
  const std::string out = folder_.Path("runs");
  StopInTheMiddle({"run", spec, "--out", out, "--threads", "2", "--save-models"}, out, SIGTERM);
  ASSERT_EQ(RunProgram({"run", spec, "--out", out, "--threads", "1", "--save-models"}).exit_code,
            0);
  const auto expected = JournalWithoutTimes(out);
  ASSERT_EQ(expected.size(), 4u);
  for (const RunRecord& record : ReadRecords(out)) {
    const std::string one = folder_.Path("one_" + record.key);
    ASSERT_EQ(RunProgram({"train",      "--quiet",
                          "--train",    folder_.Path("data/train.ptb"),
                          "--dev",      folder_.Path("data/dev.ptb"),
                          "--test",     folder_.Path("data/test.ptb"),
                          "--dim",      "9",
                          "--epochs",   "80",
                          "--patience", "80",
                          "--model",    record.model,
                          "--seed",     std::to_string(record.seed),
                          "--out",      one})
                  .exit_code,
              0);
    ASSERT_EQ(ReadRecords(one).size(), 1u);
    RunRecord trained = ReadRecords(one)[0];
    trained.experiment = record.experiment;
    trained.dataset = record.dataset;
    trained.seconds = trained.trees_per_second = 0;
    trained.files = record.files;  // paths may be written differently
    EXPECT_EQ(ToJson(trained).dump(), expected.at(record.key));
    EXPECT_EQ(ReadText(one + "/model.safetensors"),
              ReadText(out + "/models/" + record.key + ".safetensors"));
  }
}

}  // namespace
}  // namespace grove::test
