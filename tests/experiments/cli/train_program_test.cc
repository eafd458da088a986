// grove train, as a user calls it, on tiny generated data.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

std::set<std::string> FileNames(const std::string& path) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(path)) names.insert(entry.path().filename());
  return names;
}

const std::set<std::string> kFinished = {"journal.jsonl", "model.safetensors", "record.json",
                                         "state"};

class TrainProgram : public testing::Test {
 protected:
  void SetUp() override {
    const ProgramResult made =
        RunProgram({"data", "generate", "--min-length", "1", "--max-length", "4", "--train", "60",
                    "--dev", "20", "--test", "20", "--out", folder_.Path("data")});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }

  std::string Data(const std::string& name) const { return folder_.Path("data/" + name); }
  std::string Out(const std::string& name) const { return folder_.Path(name); }

  // A small, fast run; `more` comes on top.
  Arguments Command(const std::string& out, const Arguments& more) const {
    return With({"train", "--train", Data("train.ptb"), "--dev", Data("dev.ptb"), "--out", Out(out),
                 "--quiet"},
                more);
  }

  // Runs the command to its end; its record.
  Json Record(const std::string& out, const Arguments& more) const {
    const ProgramResult result = RunProgram(Command(out, more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(ReadText(Out(out) + "/record.json"));
  }

  void ExpectNothingWritten(const Arguments& arguments, const Arguments& parts) const {
    ExpectOneError(arguments, parts);
    EXPECT_FALSE(fs::exists(Out("bad"))) << parts[0];
  }

  TemporaryFolder folder_;
};

TEST_F(TrainProgram, WritesModelAndRecord) {
  const Arguments arguments = {"--model", "rnn", "--dim",  "6",      "--epochs",      "2",
                               "--seed",  "3",   "--json", "--test", Data("test.ptb")};
  const ProgramResult result = RunProgram(Command("run", arguments));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(FileNames(Out("run")), kFinished);
  EXPECT_EQ(result.out, ReadText(Out("run") + "/record.json"));
  const Json record = Json::parse(result.out);
  EXPECT_EQ(record["status"], "done");
  EXPECT_EQ(record["model"], "rnn");
  EXPECT_EQ(record["seed"], 3);
  EXPECT_EQ(record["epochs"], 2);
  ASSERT_EQ(record["history"].size(), 2u);
  EXPECT_EQ(record["history"][1]["epoch"], 2);
  const double first = record["history"][0]["dev_accuracy"],
               second = record["history"][1]["dev_accuracy"];
  EXPECT_EQ(record["best_epoch"], second > first ? 2 : 1);
  EXPECT_EQ(record["dev_accuracy"], std::max(first, second));
  EXPECT_GE(record["test_accuracy"], 0);
  EXPECT_LE(record["test_accuracy"], 1);
  EXPECT_GT(record["trees_per_second"], 0);
  EXPECT_EQ(record["weights_xxh3"].get<std::string>().size(), 16u);
  EXPECT_EQ(record["spec"]["batch"], 20) << "the spec must be resolved";
  EXPECT_EQ(record["spec"]["dim"], 6);
  EXPECT_EQ(record["data"]["train"]["path"], Data("train.ptb"));
  EXPECT_TRUE(record["provenance"].contains("compiler"));
}

TEST_F(TrainProgram, TheSeedDecidesTheWeights) {
  const Arguments small = {"--dim", "6", "--epochs", "1"};
  const Json a = Record("a", With(small, {"--seed", "1"}));
  const Json b = Record("b", With(small, {"--seed", "1"}));
  const Json c = Record("c", With(small, {"--seed", "2"}));
  EXPECT_EQ(a["weights_xxh3"], b["weights_xxh3"]);
  EXPECT_EQ(a["key"], b["key"]);
  EXPECT_NE(a["weights_xxh3"], c["weights_xxh3"]);
  EXPECT_NE(a["key"], c["key"]);
  EXPECT_EQ(ReadText(Out("a") + "/model.safetensors"), ReadText(Out("b") + "/model.safetensors"));
  EXPECT_TRUE(a["test_accuracy"].is_null()) << "there are no test trees";
}

TEST_F(TrainProgram, TrainingGoesOnFromStartValues) {
  const Arguments two = {"--epochs", "2", "--patience", "9", "--no-shuffle"};
  const Json direct = Record("direct", With(two, {"--dim", "6"}));
  const Json start = Record("start", {"--dim", "6", "--epochs", "0"});
  EXPECT_EQ(start["best_epoch"], 0);
  EXPECT_EQ(start["history"].size(), 0u);
  EXPECT_TRUE(start["dev_accuracy"].is_number());
  EXPECT_NE(start["weights_xxh3"], direct["weights_xxh3"]);
  // The width comes from the checkpoint.
  const std::string checkpoint = Out("start") + "/model.safetensors";
  const Json continued = Record("continued", With(two, {"--init", checkpoint}));
  EXPECT_EQ(continued["spec"]["dim"], 6);
  EXPECT_EQ(continued["weights_xxh3"], direct["weights_xxh3"]);
  ExpectNothingWritten(Command("bad", With(two, {"--init", checkpoint, "--dim", "7"})),
                       {"--dim = 7", checkpoint, "has 6"});
  ExpectNothingWritten(Command("bad", {"--init", checkpoint, "--model", "rnn"}),
                       {"--model", "rlstm"});
}

ProgramResult StopAfterAnEpoch(const Arguments& arguments) {
  Program program(arguments);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (program.Errors().find("epoch 1:") == std::string::npos &&
         std::chrono::steady_clock::now() < give_up) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  program.Signal(SIGINT);
  return program.Wait();
}

TEST_F(TrainProgram, AnInterruptedRunGoesOnWithTheSameBits) {
  // How long a run must be to be caught depends on the machine.
  for (int epochs = 50; epochs <= 50 * 4096; epochs *= 4) {
    const std::string out = "run" + std::to_string(epochs);
    Arguments arguments =
        Command(out, {"--dim", "4", "--epochs", std::to_string(epochs), "--patience", "1000000"});
    std::erase(arguments, "--quiet");
    const ProgramResult stopped = StopAfterAnEpoch(arguments);
    if (stopped.exit_code == 0) continue;  // it was faster
    ASSERT_EQ(stopped.exit_code, 130) << stopped.err;
    EXPECT_NE(stopped.err.find("the same command goes on"), std::string::npos) << stopped.err;
    EXPECT_EQ(FileNames(Out(out)), (std::set<std::string>{"journal.jsonl", "state"}));
    EXPECT_EQ(FileNames(Out(out) + "/state").size(), 1u);
    ExpectOneError(With(arguments, {"--seed", "8"}), {out, "interrupted run with other settings"});
    ASSERT_EQ(RunProgram(arguments).exit_code, 0);
    EXPECT_EQ(FileNames(Out(out)), kFinished);
    EXPECT_TRUE(fs::is_empty(Out(out) + "/state"));
    const Json resumed = Json::parse(ReadText(Out(out) + "/record.json"));
    arguments[std::find(arguments.begin(), arguments.end(), Out(out)) - arguments.begin()] =
        Out("whole");
    ASSERT_EQ(RunProgram(arguments).exit_code, 0);
    const Json whole = Json::parse(ReadText(Out("whole") + "/record.json"));
    EXPECT_EQ(resumed["weights_xxh3"], whole["weights_xxh3"]);
    EXPECT_EQ(resumed["history"], whole["history"]);
    // With --force a run that is done is trained again, and interrupted as any other.
    EXPECT_EQ(StopAfterAnEpoch(With(arguments, {"--force"})).exit_code, 130);
    EXPECT_EQ(Json::parse(ReadText(Out("whole") + "/record.json")), whole);
    EXPECT_EQ(RunProgram(arguments).exit_code, 0) << "it goes on";
    return;
  }
  FAIL() << "no run was long enough to be interrupted";
}

// The first step is the plain one: with this l2 it multiplies every weight by about -10^6.
const Arguments kWild = {"--l2",
                         "1000",
                         "--init-fan-cell",
                         "0.001",
                         "--init-word-range",
                         "1000",
                         "--model",
                         "rnn",
                         "--dim",
                         "6",
                         "--activation",
                         "relu",
                         "--learning-rate",
                         "1000",
                         "--epochs",
                         "50",
                         "--patience",
                         "50"};

TEST_F(TrainProgram, ANonFiniteLossIsInTheJournalAndAFailure) {
  const ProgramResult result = RunProgram(Command("run", kWild));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(Lines(result.err).size(), 1u) << result.err;
  EXPECT_NE(result.err.find("non-finite"), std::string::npos) << result.err;
  EXPECT_EQ(FileNames(Out("run")),
            (std::set<std::string>{"journal.jsonl", "record.json", "state"}));
  EXPECT_EQ(Json::parse(ReadText(Out("run") + "/record.json"))["status"], "diverged");
  const std::vector<RunRecord> records = ReadRecords(Out("run"));
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].status, "diverged");
  // Nothing of it stands in the way of a better try.
  Record("run", {"--dim", "4", "--epochs", "0"});
}

TEST_F(TrainProgram, ARunThatFailsLeavesTheEarlierModel) {
  Record("run", {"--dim", "4", "--epochs", "0"});
  const std::string model = ReadText(Out("run") + "/model.safetensors");
  const std::string record = ReadText(Out("run") + "/record.json");
  const ProgramResult result = RunProgram(Command("run", With(kWild, {"--force"})));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("keeps the model it had"), std::string::npos) << result.err;
  EXPECT_EQ(ReadText(Out("run") + "/model.safetensors"), model);
  EXPECT_EQ(ReadText(Out("run") + "/record.json"), record);
  EXPECT_EQ(ReadRecords(Out("run")).back().status, "diverged");
}

// What the folder holds after a crash between any two writes: the same command goes on.
TEST_F(TrainProgram, AHalfWrittenFolderIsGoneOnWith) {
  const Arguments arguments = {"--dim", "4", "--epochs", "2"};
  const Json whole = Record("run", arguments);
  const std::string out = Out("run");
  // Between the journal and record.json.
  fs::remove(out + "/record.json");
  EXPECT_EQ(Record("run", arguments)["weights_xxh3"], whole["weights_xxh3"]);
  // Between the model and the journal: of that only its first line is there, on how it was built.
  fs::remove(out + "/record.json");
  const std::string journal = ReadText(out + "/journal.jsonl");
  fs::resize_file(out + "/journal.jsonl", journal.find('\n') + 1);
  EXPECT_EQ(Record("run", arguments)["weights_xxh3"], whole["weights_xxh3"]);
  // Before the model.
  fs::remove(out + "/record.json");
  fs::remove(out + "/model.safetensors");
  EXPECT_EQ(Record("run", arguments)["weights_xxh3"], whole["weights_xxh3"]);
  EXPECT_EQ(FileNames(out), kFinished);
  // A model that this run did not make stays, whatever else is missing.
  fs::remove(out + "/record.json");
  ExpectOneError(Command("run", With(arguments, {"--seed", "2"})), {out, "--force"});
  fs::remove(out + "/journal.jsonl");
  ExpectOneError(Command("run", arguments), {out, "--force"});
  EXPECT_EQ(RunProgram(Command("run", With(arguments, {"--force"}))).exit_code, 0);
  EXPECT_EQ(FileNames(out), kFinished);
}

TEST_F(TrainProgram, WhatCannotBeWrittenIsFoundBeforeTraining) {
  for (const char* name : {"model.safetensors", "record.json", "state", "journal.jsonl"}) {
    const std::string out = std::string("of_") + name;
    fs::create_directories(Out(out));
    if (std::string(name) == "state") {
      folder_.Write(out + "/state", "a file where the folder should be");
    } else {
      fs::create_directories(Out(out) + "/" + name + "/a_folder_where_the_file_should_be");
    }
    Arguments arguments = Command(out, {"--dim", "4", "--epochs", "2", "--force"});
    std::erase(arguments, "--quiet");
    ExpectOneError(arguments, {name});
  }
}

TEST_F(TrainProgram, AFolderInUseIsRefused) {
  const Arguments start = {"--dim", "4", "--epochs", "0"};
  Record("run", start);
  const std::string before = ReadText(Out("run") + "/model.safetensors");
  const Arguments other = With(start, {"--seed", "2"});
  ExpectOneError(Command("run", other), {Out("run"), "--force"});
  EXPECT_EQ(ReadText(Out("run") + "/model.safetensors"), before);
  EXPECT_EQ(RunProgram(Command("run", With(other, {"--force"}))).exit_code, 0);
  EXPECT_NE(ReadText(Out("run") + "/model.safetensors"), before);
  ExpectOneError(Command("data", With(start, {"--force"})), {Out("data"), "no journal"});
  EXPECT_EQ(FileNames(Out("data")), (std::set<std::string>{"train.ptb", "dev.ptb", "test.ptb"}));
}

TEST_F(TrainProgram, BadInputWritesNothing) {
  const Arguments good = Command("bad", {"--epochs", "0"});
  ExpectNothingWritten(With(good, {"--epoch", "3"}), {"unknown option '--epoch'", "'--epochs'"});
  ExpectNothingWritten(With(good, {"--model", "lstm"}), {"--model", "'lstm'", "rnn, rlstm"});
  ExpectNothingWritten(With(good, {"--dim", "0"}), {"--dim", "from 1 to 4096"});
  ExpectNothingWritten(With(good, {"--dim", "many"}), {"--dim", "'many'"});
  ExpectNothingWritten(With(good, {"--no-shuffle", "--shuffle", "once"}), {"--shuffle"});
  ExpectNothingWritten(With(good, {"--test", "absent.ptb"}), {"absent.ptb"});
  ExpectNothingWritten({"train", "--dev", Data("dev.ptb"), "--out", Out("bad")}, {"--train"});

  const auto train_on = [&](const std::string& text, const Arguments& parts) {
    const std::string path = folder_.Write("bad.ptb", text);
    ExpectNothingWritten({"train", "--train", path, "--dev", Data("dev.ptb"), "--out", Out("bad")},
                         parts);
  };
  train_on("(1 (. 100) (. 2000))\n(1 (. 100) (. 20", {"bad.ptb:2:"});
  train_on("(1 (. 100) (. 2000)))\n", {"bad.ptb:1:21"});
  train_on("(1 (. 100) (. 2000)) (2 200)\n", {"bad.ptb:1:"});
  train_on("(. (. 100) (. 2000))\n", {"bad.ptb", "label"});
  // Labels of the dev file beyond those of the training file.
  train_on("(0 (. 1) (. 2000))\n(1 100)\n", {"dev.ptb:", "label"});
  ExpectNothingWritten({"train", "--train", Data("train.ptb"), "--dev",
                        folder_.Write("plain.ptb", "(. 100)\n"), "--out", Out("bad")},
                       {"plain.ptb", "label"});
}

}  // namespace
}  // namespace grove::test
