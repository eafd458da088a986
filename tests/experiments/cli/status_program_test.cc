// grove status and grove merge, as a user calls them.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;

class StatusProgramTest : public ProgramTest {
 protected:
  std::string spec_ = Spec("long", kLongExperiment);
  std::string out_ = folder_.Path("out");
};

// Beside the process that trains: what runs, how far it is, and what waits.
TEST_F(StatusProgramTest, SaysHowFarARunningProcessIs) {
  std::string text = kLongExperiment;
  text.replace(text.find("train = 2000"), 12, "train = 9999");
  const std::string spec = Spec("longer", text);
  Program program({"run", spec, "--out", out_, "--threads", "1"});
  nlohmann::json status;
  for (int i = 0; i < 600 && status["running"] != 1; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const ProgramResult result = RunProgram({"status", out_, "--json"});
    if (result.exit_code == 0) status = nlohmann::json::parse(result.out);
  }
  ASSERT_EQ(status["running"], 1);
  EXPECT_EQ(status["waiting"].get<int>() + status["interrupted"].get<int>(), 2) << status;
  ASSERT_EQ(status["processes"].size(), 1u);
  EXPECT_EQ(status["processes"][0]["alive"], true);
  EXPECT_EQ(status["processes"][0]["runs"][0]["label"], "long d1 rlstm s1");
  // A copy says the same, for a while.
  fs::copy(out_, folder_.Path("copy"), fs::copy_options::recursive);
  EXPECT_NE(RunProgram({"status", folder_.Path("copy")}).out.find("1 running"), std::string::npos);
  program.Signal(SIGTERM);
  EXPECT_EQ(program.Wait().exit_code, 128 + SIGTERM);
  const ProgramResult stopped = RunProgram({"status", out_, "--watch"});
  EXPECT_EQ(stopped.exit_code, 0);
  EXPECT_NE(stopped.out.find("0 of 2 ended, 0 running"), std::string::npos) << stopped.out;
}

TEST_F(StatusProgramTest, MergesShardsOfSeveralFolders) {
  const std::string a = folder_.Path("a"), b = folder_.Path("b");
  ASSERT_EQ(RunProgram({"run", spec_, "--out", a, "--shard", "0/2"}).exit_code, 0);
  ASSERT_EQ(RunProgram({"run", spec_, "--out", b, "--shard", "1/2"}).exit_code, 0);
  const ProgramResult both = RunProgram({"status", a, b});
  EXPECT_NE(both.out.find("2 of 2 ended, 0 running"), std::string::npos) << both.out;
  const ProgramResult merged = RunProgram({"merge", out_, a, b});
  EXPECT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(merged.out, "2 runs of 2 journals in " + out_ + "\n");
  // The whole command finds them done, and reports.
  const ProgramResult whole = RunProgram({"run", spec_, "--out", out_});
  EXPECT_EQ(whole.exit_code, 0);
  EXPECT_NE(whole.out.find("2 done, 0 failed"), std::string::npos) << whole.out;
  EXPECT_TRUE(fs::exists(out_ + "/report/index.html"));
  const auto json = nlohmann::json::parse(RunProgram({"merge", out_, a, "--json"}).out);
  EXPECT_EQ(json["runs"], 2);
  ExpectOneError({"merge", out_, folder_.Path("none")}, {"none: no run folder"});
  ExpectOneError({"status", folder_.Path("none")}, {"none: no such folder"});
}

}  // namespace
}  // namespace grove::test
