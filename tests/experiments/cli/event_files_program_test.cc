// TensorBoard's event files: what a reader that knows the format alone finds in them is what the
// journal says of the runs.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "experiments/cli/shell.h"
#include "experiments/report/tensorboard.h"
#include "tests/experiments/program.h"

namespace grove::test {
namespace {

constexpr char kSpec[] = R"(name = "two"
[dataset]
min_length = 2
max_length = 6
train = 40
dev = 10
test = 10
[run]
dim = 3
epochs = 4
patience = 4
[axes]
model = ["rlstm", "rnn"]
)";

// By file, by tag: [[step, value], ...].
nlohmann::json ReadEvents(const std::string& folder) {
  const ShellResult read = RunInShell(
      "python3 '" GROVE_SOURCE_DIR "/tests/experiments/cli/read_events.py' '" + folder + "'");
  EXPECT_EQ(read.exit_code, 0) << read.out;
  return nlohmann::json::parse(read.out, nullptr, /*allow_exceptions=*/false);
}

class EventFilesProgram : public ProgramTest {
 protected:
  void RunTwo(const std::vector<std::string>& more) {
    const ProgramResult run =
        RunProgram(With({"run", Spec("two", kSpec), "--out", folder_.Path("runs")}, more));
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }
};

TEST_F(EventFilesProgram, HoldWhatTheJournalSays) {
  RunTwo({"--tensorboard", folder_.Path("curves")});
  const nlohmann::json events = ReadEvents(folder_.Path("curves"));
  const std::vector<RunRecord> records = ReadRecords(folder_.Path("runs"));
  ASSERT_EQ(records.size(), 2u);
  ASSERT_EQ(events.size(), 2u);
  for (const RunRecord& record : records) {
    const nlohmann::json& scalars = events.at(TensorBoardPath(record));
    ASSERT_EQ(record.history.size(), 4u);
    for (size_t i = 0; i < 4; ++i) {
      const EpochRecord& epoch = record.history[i];
      const auto expect = [&](const char* tag, double value) {
        EXPECT_EQ(scalars.at(tag).at(i).at(0).get<int>(), epoch.epoch) << tag;
        EXPECT_EQ(scalars.at(tag).at(i).at(1).get<float>(), static_cast<float>(value)) << tag;
      };
      expect("loss", epoch.loss);
      expect("train_accuracy", epoch.train_accuracy);
      expect("dev_loss", epoch.dev_loss);
      expect("dev_accuracy", epoch.dev_accuracy);
    }
    EXPECT_FALSE(scalars.contains("dev_macro_f1"));  // not asked for
    EXPECT_EQ(scalars.at("test_accuracy").at(0).at(0).get<int>(), record.best_epoch);
    EXPECT_EQ(scalars.at("test_accuracy").at(0).at(1).get<float>(),
              static_cast<float>(record.test_accuracy));
  }
}

TEST_F(EventFilesProgram, OfARunAndOfItsJournalAreTheSame) {
  RunTwo({"--tensorboard", folder_.Path("curves")});
  const ProgramResult report =
      RunProgram({"report", folder_.Path("runs"), "--out", folder_.Path("report"), "--tensorboard",
                  folder_.Path("again")});
  ASSERT_EQ(report.exit_code, 0) << report.err;
  EXPECT_NE(report.out.find("2 runs for TensorBoard"), std::string::npos) << report.out;
  for (const RunRecord& record : ReadRecords(folder_.Path("runs"))) {
    const std::string path = "/" + TensorBoardPath(record);
    EXPECT_EQ(ReadText(folder_.Path("curves") + path), ReadText(folder_.Path("again") + path));
  }
}

// TensorBoard shows a folder as one run.
TEST_F(EventFilesProgram, EveryPointOfASweepHasAFolder) {
  RunIdentity run;
  run.experiment = "exp1";
  run.key = "k";
  const std::string plain = TensorBoardPath(run);
  run.variant = "batch = 10 (rnn), 2 (rlstm)";
  const std::string ten = TensorBoardPath(run);
  run.variant = "batch = 20 (rnn), 2 (rlstm)";
  EXPECT_NE(ten, plain);
  EXPECT_NE(ten, TensorBoardPath(run));
  EXPECT_EQ(ten, "exp1/d0_rlstm_s1_batch_=_10_rnn_2_rlstm/events.out.tfevents.k");
}

TEST_F(EventFilesProgram, AFolderThatCannotBeMadeIsAnError) {
  WriteText(folder_.Path("file"), "");
  RunTwo({});
  ExpectOneError({"report", folder_.Path("runs"), "--tensorboard", folder_.Path("file/curves")},
                 {folder_.Path("file"), "File exists"});
  ExpectOneError({"help", "--man-pages", folder_.Path("file/man")},
                 {folder_.Path("file"), "File exists"});
  ExpectOneError({"run", Spec("two", kSpec), "--out", folder_.Path("new"), "--tensorboard",
                  folder_.Path("file/curves")},
                 {folder_.Path("file"), "File exists"});
}

}  // namespace
}  // namespace grove::test
