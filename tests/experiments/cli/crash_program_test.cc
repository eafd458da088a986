// A process that dies at any moment, and files that change on their disk: what was computed stays,
// what is damaged is named and computed again, and the bits are those of an undisturbed sweep.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <thread>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;

class CrashProgramTest : public ProgramTest {
 protected:
  std::string spec_ = Spec("long", kLongExperiment);
  std::string out_ = folder_.Path("out");

  std::vector<std::string> Run(const std::vector<std::string>& more = {}) const {
    return With({"run", spec_, "--out", out_, "--threads", "1", "--state-every", "0.05"}, more);
  }
  std::map<std::string, std::string> Undisturbed() const {
    const std::string whole = folder_.Path("whole");
    EXPECT_EQ(RunProgram({"run", spec_, "--out", whole}).exit_code, 0);
    return HashesOf(whole);
  }
  static std::map<std::string, std::string> HashesOf(const std::string& out) {
    std::map<std::string, std::string> hashes;
    for (const RunRecord& record : ReadRecords(out)) hashes[record.key] = record.weights_xxh3;
    return hashes;
  }
};

// The one file of a folder with that ending; empty if there is none.
std::string OnlyFile(const std::string& folder, const std::string& ending) {
  std::error_code error;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    if (i->path().extension() == ending) return i->path().string();
  }
  return "";
}

TEST_F(CrashProgramTest, KilledInTheMiddleItGoesOnFromThere) {
  const auto whole = Undisturbed();
  bool in_the_middle = false;
  for (int kills = 0;
       kills < 200 && RunProgram({"run", spec_, "--out", out_, "--dry-run"}).out.find("2 done") ==
                          std::string::npos;
       ++kills) {
    Program program(Run());
    std::this_thread::sleep_for(std::chrono::milliseconds(150 + 37 * kills % 300));
    program.Signal(SIGKILL);
    program.Wait();
    in_the_middle |= !OnlyFile(out_ + "/state", ".safetensors").empty();
  }
  EXPECT_TRUE(in_the_middle) << "no state was left to go on from";
  EXPECT_EQ(RunProgram(Run()).exit_code, 0);
  EXPECT_EQ(HashesOf(out_), whole);
  EXPECT_TRUE(fs::is_empty(out_ + "/state"));
}

TEST_F(CrashProgramTest, ADamagedRecordIsSetAsideAndComputedAgain) {
  ASSERT_EQ(RunProgram(Run()).exit_code, 0);
  const auto whole = HashesOf(out_);
  const std::string journal = out_ + "/journal.jsonl";
  std::string text = ReadText(journal);
  const size_t digit = text.find("\"test_accuracy\":0.") + 18;
  text[digit] = text[digit] == '9' ? '8' : '9';
  WriteText(journal, text);
  ExpectOneError({"report", out_}, {journal + ":", "damaged: its checksum does not fit",
                                    "`grove run` sets such a line aside"});
  const ProgramResult mended = RunProgram(Run());
  EXPECT_EQ(mended.exit_code, 0) << mended.err;
  EXPECT_NE(mended.err.find("it is set aside and computed again"), std::string::npos) << mended.err;
  EXPECT_EQ(HashesOf(out_), whole);
  EXPECT_EQ(Lines(ReadText(out_ + "/damaged/journal.jsonl.damaged")).size(), 1u);
  const ProgramResult again = RunProgram(Run({"--quiet"}));
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.err, "") << "nothing is left to say";
}

TEST_F(CrashProgramTest, ADamagedModelIsSetAsideAndTrainedAgain) {
  ASSERT_EQ(RunProgram(Run({"--save-models", "--only", "model=rnn"})).exit_code, 0);
  const std::string model = OnlyFile(out_ + "/models", ".safetensors");
  const std::string good = ReadText(model);
  std::string bad = good;
  bad[bad.size() - 7] = static_cast<char>(bad[bad.size() - 7] ^ 1);
  WriteText(model, bad);
  const ProgramResult mended = RunProgram(Run({"--save-models", "--only", "model=rnn"}));
  EXPECT_EQ(mended.exit_code, 0);
  EXPECT_NE(mended.err.find(model + ": damaged"), std::string::npos) << mended.err;
  EXPECT_EQ(ReadText(model), good);
  EXPECT_EQ(ReadText(out_ + "/damaged/" + fs::path(model).filename().string()), bad);
}

TEST_F(CrashProgramTest, AStateThatOutlivedItsRunIsRemoved) {
  ASSERT_EQ(RunProgram(Run({"--only", "model=rnn"})).exit_code, 0);
  const std::string key = ReadRecords(out_).front().key;
  WriteText(out_ + "/state/" + key + ".safetensors", "what was there before the run ended");
  EXPECT_EQ(RunProgram(Run({"--only", "model=rnn"})).exit_code, 0);
  EXPECT_TRUE(fs::is_empty(out_ + "/state"));
}

TEST_F(CrashProgramTest, AUserSignalWritesAStateAndTheRunGoesOn) {
  Program program({"run", spec_, "--out", out_, "--threads", "1", "--state-every", "1000000"});
  bool written = false;
  for (int i = 0; i < 300 && !written; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    // Before the handler is there the signal would end the program.
    if (!fs::exists(out_ + "/journal.jsonl") || fs::file_size(out_ + "/journal.jsonl") == 0)
      continue;
    program.Signal(SIGUSR1);
    written = !OnlyFile(out_ + "/state", ".safetensors").empty();
  }
  EXPECT_EQ(program.Wait().exit_code, 0);
  EXPECT_TRUE(written);
}

TEST_F(CrashProgramTest, ShardsTogetherAreTheWhole) {
  const auto whole = Undisturbed();
  for (const char* shard : {"0/2", "1/2"}) {
    const ProgramResult part = RunProgram(Run({"--shard", shard}));
    EXPECT_EQ(part.exit_code, 0) << part.err;
    EXPECT_NE(part.out.find("1 done, 0 failed, 0 diverged, 0 to do"), std::string::npos)
        << part.out;
  }
  EXPECT_FALSE(fs::exists(out_ + "/journal.jsonl"));
  EXPECT_EQ(Lines(ReadText(out_ + "/journal.0-of-2.jsonl")).size(), 2u) << "provenance and a run";
  EXPECT_EQ(HashesOf(out_), whole);
  // One process for all finds them done.
  EXPECT_NE(RunProgram(Run()).out.find("2 done"), std::string::npos);
  ExpectOneError(Run({"--shard", "2/2"}), {"--shard", "'2/2' is no shard; allowed: I/N"});
}

}  // namespace
}  // namespace grove::test
