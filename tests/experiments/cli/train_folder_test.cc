// Which models `grove train` may write over: what a folder holds decides.
#include "experiments/cli/train_folder.h"

#include <gtest/gtest.h>

#include <string>

#include "experiments/runs/record.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

class TrainFolderTest : public testing::Test {
 protected:
  TrainFolderTest() {
    job_.key = "0123456789abcdef";
    job_.experiment = "train";
    job_.dataset = 1;
    folder_.Write("model.safetensors", "a model");
  }

  std::string Record(const std::string& key, const std::string& status) const {
    RunRecord record;
    static_cast<RunIdentity&>(record) = job_;
    record.key = key;
    record.model = job_.run.model;
    record.status = status;
    return ToJson(record).dump() + "\n";
  }
  std::string Check() const {
    return ErrorMessage([&] { TrainFolder(folder_.path()).Check(job_); });
  }

  TemporaryFolder folder_;
  Job job_;
  const std::string other_ = "fedcba9876543210";
  const std::string free_ = "no error";
  const std::string taken_ = folder_.path() + ": holds a trained model; --force replaces it";
};

TEST_F(TrainFolderTest, AModelWhoseRunIsUnknownStays) {
  folder_.Write("record.json", "{}");
  EXPECT_EQ(Check(), taken_);
  folder_.Write("record.json", "torn");
  folder_.Write("journal.jsonl", "");
  EXPECT_EQ(Check(), taken_);
}

TEST_F(TrainFolderTest, AModelWhoseRunIsDoneStays) {
  folder_.Write("record.json", Record(job_.key, "done"));
  folder_.Write("journal.jsonl", Record(job_.key, "done"));
  EXPECT_EQ(Check(), taken_);
}

TEST_F(TrainFolderTest, AModelOfAnotherRunStays) {
  folder_.Write("journal.jsonl", Record(other_, "done"));
  EXPECT_EQ(Check(), taken_);
  folder_.Write("journal.jsonl", Record(other_, "done") + Record(job_.key, "failed"));
  folder_.Write("record.json", Record(job_.key, "failed"));
  EXPECT_EQ(Check(), taken_);
}

TEST_F(TrainFolderTest, ACrashAfterTheModelIsGoneOnFrom) {
  folder_.Write("journal.jsonl", "");
  EXPECT_EQ(Check(), free_);
  // The journal could not be written, and then it could.
  folder_.Write("journal.jsonl", Record(job_.key, "failed"));
  folder_.Write("record.json", Record(job_.key, "failed"));
  EXPECT_EQ(Check(), free_);
}

TEST_F(TrainFolderTest, ACrashAfterTheJournalIsGoneOnFrom) {
  folder_.Write("journal.jsonl", Record(job_.key, "done"));
  EXPECT_EQ(Check(), free_);
}

}  // namespace
}  // namespace grove
