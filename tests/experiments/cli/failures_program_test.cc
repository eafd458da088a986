// grove run when things go wrong in the middle: runs that diverge, states that are damaged, a
// second program on the same folder. Nothing already computed is lost.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <thread>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;

constexpr char kHalfDiverges[] = R"(name = "steps"
[dataset]
min_length = 1
max_length = 8
train = 300
dev = 60
test = 50
[run]
model = "rlstm"
activation = "relu"
dim = 10
epochs = 50
patience = 50
init_word_range = 1000
[axes]
learning_rate = [0.01, 1000]
)";

using FailuresProgramTest = ProgramTest;

// Returns once a run is under way.
void AwaitStart(const std::string& out) {
  for (int i = 0; i < 6000 && (!fs::exists(out + "/journal.jsonl") ||
                               fs::file_size(out + "/journal.jsonl") == 0);
       ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

TEST_F(FailuresProgramTest, ADivergedRunIsRecordedAndTheOthersGoOn) {
  const std::string spec = Spec("steps", kHalfDiverges);
  const std::string out = folder_.Path("out");
  const ProgramResult result = RunProgram({"run", spec, "--out", out, "--threads", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.err << "that it diverges is a result";
  EXPECT_NE(result.err.find("  diverged  the "), std::string::npos) << result.err;
  EXPECT_NE(result.out.find("1 done, 0 failed, 1 diverged"), std::string::npos) << result.out;
  std::map<std::string, RunRecord> by_status;
  for (const RunRecord& record : test::ReadRecords(out)) by_status[record.status] = record;
  ASSERT_TRUE(by_status.contains("done"));
  ASSERT_TRUE(by_status.contains("diverged"));
  EXPECT_NE(by_status["diverged"].message.find("non-finite in epoch"), std::string::npos);
  EXPECT_EQ(by_status["diverged"].axes["learning_rate"], 1000);
  // It would diverge again: it counts as done.
  const std::string journal = ReadText(out + "/journal.jsonl");
  EXPECT_EQ(RunProgram({"run", spec, "--out", out}).exit_code, 0);
  EXPECT_EQ(ReadText(out + "/journal.jsonl"), journal);
}

TEST_F(FailuresProgramTest, ADamagedStateCostsOnlyItsOwnRun) {
  const std::string spec = Spec("long", kLongExperiment);
  const std::string out = folder_.Path("out");
  const std::string whole = folder_.Path("whole");
  ASSERT_EQ(RunProgram({"run", spec, "--out", whole}).exit_code, 0);
  const ProgramResult stopped =
      StopInTheMiddle({"run", spec, "--out", out, "--threads", "1"}, out, SIGINT);
  EXPECT_EQ(stopped.exit_code, 128 + SIGINT);
  bool damaged = false;
  for (const auto& entry : fs::directory_iterator(out + "/state")) {
    if (entry.path().extension() != ".safetensors") continue;
    fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
    damaged = true;
  }
  ASSERT_TRUE(damaged);
  const ProgramResult resumed = RunProgram({"run", spec, "--out", out});
  EXPECT_EQ(resumed.exit_code, 0);
  EXPECT_NE(resumed.err.find("starts again"), std::string::npos) << resumed.err;
  std::map<std::string, std::string> expected, actual;
  for (const RunRecord& record : test::ReadRecords(whole)) {
    expected[record.key] = record.weights_xxh3;
  }
  for (const RunRecord& record : test::ReadRecords(out)) {
    actual[record.key] = record.weights_xxh3;
  }
  EXPECT_EQ(actual.size(), 2u);
  EXPECT_EQ(actual, expected);
}

// What merely cannot be read may be good: it stays, and the run goes on from it once it can be.
TEST_F(FailuresProgramTest, AStateThatCannotBeReadStays) {
  const std::string spec = Spec("long", kLongExperiment);
  const std::string out = folder_.Path("out");
  const std::vector<std::string> run = {"run", spec, "--out", out, "--threads", "1"};
  StopInTheMiddle(run, out, SIGHUP);
  std::string state;
  for (const auto& entry : fs::directory_iterator(out + "/state")) {
    if (entry.path().extension() == ".safetensors") state = entry.path().string();
  }
  ASSERT_NE(state, "");
  fs::rename(state, state + ".away");
  fs::create_directory(state);  // reading it is an error of the system
  const ProgramResult failed = RunProgram(run);
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_NE(failed.out.find("1 failed"), std::string::npos) << failed.out;
  EXPECT_NE(failed.err.find(state), std::string::npos) << failed.err;
  ASSERT_TRUE(fs::is_directory(state));
  fs::remove(state);
  fs::rename(state + ".away", state);
  EXPECT_EQ(RunProgram(run).exit_code, 0);
  EXPECT_FALSE(fs::exists(state));
  const std::string whole = folder_.Path("whole");
  ASSERT_EQ(RunProgram({"run", spec, "--out", whole}).exit_code, 0);
  std::map<std::string, std::string> expected, actual;
  for (const RunRecord& record : test::ReadRecords(whole)) {
    expected[record.key] = record.weights_xxh3;
  }
  for (const RunRecord& record : test::ReadRecords(out)) actual[record.key] = record.weights_xxh3;
  EXPECT_EQ(actual, expected);
}

TEST_F(FailuresProgramTest, ASecondProgramOnTheFolderIsRefused) {
  const std::string spec = Spec("long", kLongExperiment);
  const std::string out = folder_.Path("out");
  Program first({"run", spec, "--out", out, "--threads", "1"});
  AwaitStart(out);
  const ProgramResult second = RunProgram({"run", spec, "--out", out});
  EXPECT_EQ(second.exit_code, 2);
  EXPECT_NE(second.err.find("journal.jsonl"), std::string::npos) << second.err;
  first.Signal(SIGINT);
  EXPECT_EQ(first.Wait().exit_code, 128 + SIGINT);
}

}  // namespace
}  // namespace grove::test
