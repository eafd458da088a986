// grove run on sweeps, dry and in earnest, as a user runs them; and the project's own ablations.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// 2 datasets x 2 models x 2 seeds of a fraction of a second.
constexpr char kTiny[] = R"(name = "tiny"
[dataset]
train = 40
dev = 10
test = 10
[run]
dim = 8
epochs = 1
[axes]
dataset = [{id = 1, min_length = 1, max_length = 5}, {id = 2, min_length = 6, max_length = 10}]
model = ["rnn", "rlstm"]
seed = "1-2"
)";

class SweepProgramTest : public ProgramTest {
 protected:
  // The lines of a dry run that are not about a single run, up to the sum.
  std::vector<std::string> Summary(const std::vector<std::string>& arguments) {
    const ProgramResult result =
        RunProgram(With({"run", "--out", out_, "--dry-run", "--threads", "1"}, arguments));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::vector<std::string> lines = Lines(result.out);
    std::erase_if(lines, [](const std::string& line) {
      return line.find("  ") < line.size() || line.starts_with("longest run: ") ||
             line.starts_with("times from: ");
    });
    return lines;
  }
  Json DryRun(const std::vector<std::string>& arguments) {
    const ProgramResult result =
        RunProgram(With({"run", "--out", out_, "--dry-run", "--json"}, arguments));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out)["planned"];
  }

  const std::string out_ = folder_.Path("out");
  const std::string tiny_ = Spec("tiny", kTiny);
  const std::string l2_ =
      Spec("l2", "name='l2'\nof=['tiny.toml']\nonly=['dataset=1']\n[grid]\nl2=[0, 3e-4, 1]\n");
  const std::string batch_ = Spec(
      "batch", "name='batch'\nof=['tiny.toml']\n[grid]\nbatch=[{rlstm=2},{rlstm=4},{rlstm=8}]\n");
};

TEST_F(SweepProgramTest, ADryRunSumsUpByPoint) {
  const std::vector<std::string> lines = Summary({tiny_, l2_, batch_});
  ASSERT_EQ(lines.size(), 8u);
  // tiny has l2 = 3e-4 as it is, and all of rnn that batch leaves alone.
  for (const auto& [line, start] :
       {std::pair{0, "tiny: 8 runs, about "},
        {1, "l2: l2 = 0: 4 runs, about "},
        {3, "l2: l2 = 1: 4 runs, about "},
        {4, "batch: batch = 2 (rlstm): 4 runs and 4 of lines above, about "},
        {7, "28 runs, 0 done, 28 to do"}}) {
    EXPECT_EQ(lines[line].rfind(start, 0), 0u) << lines[line];
  }
  EXPECT_EQ(lines[2], "l2: l2 = 0.0003: 0 runs and 4 of lines above");
  EXPECT_EQ(Summary({tiny_}).size(), 1u);  // as ever
}

TEST_F(SweepProgramTest, ManyPointsAreSummedUpByFile) {
  std::string values = "1";
  for (int i = 2; i <= 40; ++i) values += ", " + std::to_string(i);
  const std::string dim = Spec(
      "dim", "name='dim'\nof=['tiny.toml']\n[grid]\nbatch=[{rlstm=2}]\ndim=[" + values + "]\n");
  EXPECT_EQ(Summary({dim}).size(), 41u);
  const std::vector<std::string> lines = Summary({dim, l2_});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].rfind("dim: 320 runs, about ", 0), 0u) << lines[0];
  // dim = 8, l2 = 3e-4 and the batch of rnn are what tiny has.
  EXPECT_EQ(lines[1].rfind("l2: 10 runs and 2 of lines above, about ", 0), 0u) << lines[1];
}

TEST_F(SweepProgramTest, JsonNamesSweepAndPoint) {
  const Json list = DryRun({tiny_, l2_});
  ASSERT_EQ(list.size(), 16u);
  EXPECT_EQ(list[0]["sweep"], "");
  EXPECT_EQ(list[0]["point"], "");
  EXPECT_EQ(list[8]["sweep"], "l2");
  EXPECT_EQ(list[8]["point"], "l2 = 0");
  EXPECT_EQ(list[8]["axes"], (Json{{"l2", 0}}));
  // The first file names a run that both have.
  std::map<std::string, std::string> points;
  for (const Json& run : DryRun({l2_, tiny_})) points[run["key"]] = run["point"];
  EXPECT_EQ(points.size(), 16u);
  EXPECT_EQ(points[list[0]["key"]], "l2 = 0.0003");

  const Json alone = DryRun({l2_});
  ASSERT_EQ(alone.size(), 12u);
  EXPECT_EQ(alone[0]["sweep"], "l2");
  EXPECT_EQ(alone[0]["point"], "l2 = 0");
  EXPECT_EQ(alone[0]["label"], "tiny d1 rnn l2=0 s1");
}

TEST_F(SweepProgramTest, OnlyAndSeedsChooseAmongItsRuns) {
  const Json list = DryRun({l2_, "--seeds", "7-9", "--only", "l2=1,model=rnn"});
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[2]["seed"], 9);
  EXPECT_EQ(list[2]["axes"], (Json{{"l2", 1}}));
}

TEST_F(SweepProgramTest, RunsAreTrainedAsPlanned) {
  const ProgramResult result = RunProgram({"run", l2_, "--out", out_, "--quiet"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::set<std::string> planned, done;
  for (const Json& run : DryRun({l2_})) {
    EXPECT_EQ(run["status"], "done");
    planned.insert(run["key"]);
  }
  for (const RunRecord& record : test::ReadRecords(out_)) {
    done.insert(record.key);
    EXPECT_EQ(record.experiment, "tiny");
    EXPECT_TRUE(record.axes.contains("l2"));
  }
  EXPECT_EQ(done, planned);
  EXPECT_EQ(Summary({l2_})[0], "l2: l2 = 0: 4 runs, 0 to do");
}

TEST_F(SweepProgramTest, BadInputIsOneErrorAndWritesNothing) {
  const std::string gird = Spec("gird", "name='g'\nof=['tiny.toml']\n[gird]\nl2=[0]\n");
  ExpectOneError({"run", gird, "--out", out_},
                 {gird + ":3: unknown key 'gird'; did you mean 'grid'?"});
  const std::string lone = Spec("lone", "name='g'\n[grid]\nl2=[0]\n");
  ExpectOneError({"run", "--dry-run", lone}, {lone + ":2: grid: a key of sweeps", "'of'"});
  ExpectOneError({"run", l2_, l2_, "--out", out_}, {"the name 'l2' is taken by " + l2_});
  const std::string again = Spec("again", "name='tiny'\n");
  ExpectOneError({"run", l2_, again, "--out", out_}, {again, "the name 'tiny' is taken by"});
  const std::string seeded = Spec("seeded", "name='a'\nof=['tiny.toml']\nonly=['seed=2']\n");
  ExpectOneError({"run", seeded, "--seeds", "7", "--out", out_},
                 {seeded + ": only 'seed=2': no seed is '2'; there are 7"});
  ExpectOneError({"run", l2_, "--seeds", "x", "--out", out_}, {"--seeds", "'x'"});
  EXPECT_FALSE(fs::exists(out_));
}

// The number of points of each of experiments/specs/variants/*.toml, which all vary the same 45
// runs.
const std::map<std::string, size_t> kAblations = {
    {"activation", 2},    {"batch", 2},    {"default", 1},         {"fan_in", 2},
    {"forget_bias", 1},   {"l2", 6},       {"l2_weights_only", 6}, {"leaf_and_first_step", 3},
    {"learning_rate", 2}, {"patience", 1}, {"random", 8},          {"tree", 2}};

TEST_F(SweepProgramTest, TheAblationsAreWhatTheySay) {
  const std::string experiments = std::string(GROVE_SOURCE_DIR) + "/experiments/specs/";
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(experiments + "variants")) {
    EXPECT_TRUE(kAblations.contains(entry.path().stem())) << entry.path();
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  ASSERT_EQ(files.size(), kAblations.size());
  std::map<std::string, std::set<std::string>> points;
  std::map<std::pair<std::string, std::string>, size_t> runs;
  const Json all = DryRun(files);
  for (const Json& run : all) {
    points[run["sweep"]].insert(run["point"]);
    ++runs[{run["sweep"], run["point"]}];
  }
  for (const auto& [name, count] : kAblations) EXPECT_EQ(points[name].size(), count) << name;
  for (const auto& [point, count] : runs) EXPECT_EQ(count, 45u) << point.first << point.second;
  EXPECT_EQ(all.size(), 45u * 36);
  EXPECT_EQ(Summary(files).size(), 37u);

  // They vary the paper's experiments and nothing else.
  const Json cell =
      DryRun({experiments + "exp2.toml", "--seeds", "101", "--only", "dataset=7,model=rlstm"});
  ASSERT_EQ(cell.size(), 1u);
  const Json same = DryRun({experiments + "variants/default.toml", "--only",
                            "experiment=exp2,dataset=7,model=rlstm,seed=101"});
  ASSERT_EQ(same.size(), 1u);
  EXPECT_EQ(same[0]["key"], cell[0]["key"]);
}

}  // namespace
}  // namespace grove::test
