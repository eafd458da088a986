// grove run: what becomes of the other runs when one fails.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;

// One of its runs cannot write its model: a folder stands where the file should be.
class FailurePolicyProgramTest : public ProgramTest {
 protected:
  FailurePolicyProgramTest() {
    ProgramResult plan = RunProgram({"run", spec_, "--dry-run", "--json"});
    const auto json = nlohmann::json::parse(plan.out);
    for (const auto& run : json["planned"]) {
      if (run["model"] == "rlstm" && run["seed"] == 2) key_ = run["key"].get<std::string>();
    }
    fs::create_directories(Blocked());
  }

  std::string Blocked() const { return out_ + "/models/" + key_ + ".safetensors"; }
  std::vector<std::string> Run(const std::vector<std::string>& more) const {
    return With({"run", spec_, "--out", out_, "--threads", "1", "--save-models", "--quiet"}, more);
  }

  std::string spec_ = Spec("small", R"(name = "small"
[dataset]
min_length = 1
max_length = 6
train = 200
dev = 50
test = 50
[run]
dim = 8
epochs = 4
[axes]
model = ["rlstm", "rnn"]
seed = "1-3"
)");
  std::string out_ = folder_.Path("out");
  std::string key_;
};

TEST_F(FailurePolicyProgramTest, TheOthersGoOnAndATableSaysWhich) {
  fs::create_directories(out_ + "/state");
  const ProgramResult result = RunProgram(Run({}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.out.find("5 done, 1 failed, 0 diverged, 0 to do"), std::string::npos)
      << result.out << result.err;
  const std::vector<std::string> lines = Lines(result.err);
  ASSERT_EQ(lines.size(), 2u) << "one when it happens, one at the end\n" << result.err;
  EXPECT_TRUE(lines[0].starts_with("grove: small d1 rlstm s2 failed: ")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with(key_ + "  small d1 rlstm s2  failed    ")) << lines[1];
  EXPECT_NE(lines[1].find("is a folder, not a file"), std::string::npos) << lines[1];
  // What failed is tried again on the next start.
  fs::remove_all(Blocked());
  EXPECT_EQ(RunProgram(Run({})).exit_code, 0);
}

TEST_F(FailurePolicyProgramTest, FailFastStopsAtTheFirst) {
  fs::create_directories(out_ + "/state");
  const ProgramResult result = RunProgram(Run({"--fail-fast"}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.out.find(" 1 failed"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find(" 0 to do"), std::string::npos) << result.out;
  fs::remove_all(Blocked());
  EXPECT_EQ(RunProgram(Run({"--fail-fast"})).exit_code, 0);
}

TEST_F(FailurePolicyProgramTest, WhatFailsIsTriedAgain) {
  fs::create_directories(out_ + "/state");
  Program program(Run({"--retry", "3", "--only", "model=rlstm,seed=1-2"}));
  for (int i = 0; i < 500 && program.Errors().find("tried again (1 of 3)") == std::string::npos;
       ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  fs::remove_all(Blocked());
  const ProgramResult result = program.Wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("2 done, 0 failed"), std::string::npos) << result.out;
}

TEST_F(FailurePolicyProgramTest, LimitsOfMemoryAndTime) {
  fs::remove_all(out_);
  const ProgramResult small = RunProgram(Run({"--max-run-memory", "1"}));
  EXPECT_EQ(small.exit_code, 1);
  EXPECT_NE(small.err.find(" MB with its data; a run may have 1 MB"), std::string::npos)
      << small.err;
  EXPECT_NE(small.out.find("0 done, 6 failed"), std::string::npos) << small.out;
  EXPECT_EQ(RunProgram(Run({"--max-run-memory", "100", "--max-run-seconds", "1000"})).exit_code, 0);
  ExpectOneError(Run({"--max-run-seconds", "0"}), {"--max-run-seconds"});
  ExpectOneError(Run({"--retry", "-1"}), {"--retry"});
}

TEST_F(FailurePolicyProgramTest, JsonNamesWhatIsNotDone) {
  fs::create_directories(out_ + "/state");
  const ProgramResult result = RunProgram(Run({"--json"}));
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["failed"], 1);
  ASSERT_EQ(json["not_done"].size(), 1u);
  EXPECT_EQ(json["not_done"][0]["key"], key_);
  EXPECT_EQ(json["not_done"][0]["status"], "failed");
}

}  // namespace
}  // namespace grove::test
