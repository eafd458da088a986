// A state is taken up only by the run that left it, and only with counters that training can have.
#include "engine/training/trainer_state.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/files/files.h"
#include "engine/run_spec_json.h"
#include "engine/tasks/task.h"

namespace grove {
namespace {

using Json = nlohmann::json;

class TrainerStateTest : public testing::Test {
 protected:
  void SetUp() override {
    DatasetSpec data;
    data.min_length = 1;
    data.max_length = 6;
    data.train = 50;
    data.dev = 20;
    data.test = 10;
    dataset_ = GenerateDataset(data);
    spec_.model = "rnn";
    spec_.dim = 4;
    spec_.batch = 20;
    spec_.epochs = 5;
    spec_.probe = true;
    spec_.observe = true;
    std::atomic<bool> stop{false};
    Trainer trainer(spec_, dataset_);
    // In the third epoch, after its first minibatch.
    ASSERT_FALSE(trainer.Run(stop, [&](const TrainProgress& p) { stop = p.trees_trained > 100; }));
    trainer.SaveState(path_);
    file_ = ReadTensorFile(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  // Why the state is refused, without the path.
  std::string LoadError(const Dataset& dataset) const {
    Trainer trainer(spec_, dataset);
    try {
      trainer.LoadState(path_);
    } catch (const DamagedFile& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(path_ + ": ")) << error.what();
      return std::string(error.what()).substr(path_.size() + 2);
    }
    return "no error";
  }
  std::string LoadError() const { return LoadError(dataset_); }

  // The same with another state in the metadata, and a checksum that fits.
  std::string With(const std::function<void(Json&)>& change) const {
    TensorFile file = file_;
    Json state = Json::parse(file.metadata.at("state"));
    change(state);
    file.metadata["state"] = state.dump();
    WriteTensorFile(path_, file);
    return LoadError();
  }
  std::string With(const std::string& pointer, const Json& value) const {
    return With([&](Json& state) { state[Json::json_pointer(pointer)] = value; });
  }

  const std::string path_ =
      testing::TempDir() + "grove_state_" + std::to_string(getpid()) + ".safetensors";
  Dataset dataset_;
  RunSpec spec_;
  TensorFile file_;
};

TEST_F(TrainerStateTest, IsAsTheTestsAssume) {
  EXPECT_EQ(LoadError(), "no error");
  const Json state = Json::parse(file_.metadata.at("state"));
  EXPECT_EQ(state["epoch"], 3);
  EXPECT_EQ(state["next_tree"], 20);
  EXPECT_EQ(state["history"].size(), 2u);
}

TEST_F(TrainerStateTest, CountersThatTrainingCannotHave) {
  const auto impossible = [](const std::string& what) { return "impossible state: " + what; };
  EXPECT_EQ(With("/epoch", 0), impossible("epoch is 0; expected from 1 to 6"));
  EXPECT_EQ(With("/epoch", 7), impossible("epoch is 7; expected from 1 to 6"));
  EXPECT_EQ(With("/epoch", 4), impossible("epochs of the history is 2; expected from 3 to 3"));
  EXPECT_EQ(With("/next_tree", -20), impossible("next_tree is -20; expected from 0 to 50"));
  EXPECT_EQ(With("/next_tree", 60), impossible("next_tree is 60; expected from 0 to 50"));
  EXPECT_EQ(With("/next_tree", 30), impossible("next_tree is 30; expected the end of an update"));
  EXPECT_EQ(With([](Json& state) {
              for (int epoch = 3; epoch <= 5; ++epoch) {
                state["history"].push_back(state["history"][0]);
                state["history"].back()[0] = epoch;
              }
              state["epoch"] = 6;
            }),
            impossible("next_tree is 20; expected 0 after the last epoch"));
  EXPECT_EQ(With("/roots", 21), impossible("roots is 21; expected from 0 to 20"));
  for (const int correct : {21, -1}) {
    EXPECT_EQ(
        With("/correct_roots", correct),
        impossible("correct_roots is " + std::to_string(correct) + "; expected from 0 to 20"));
  }
  for (const Json& loss : {Json(nullptr), Json(-1)}) {
    EXPECT_EQ(With("/loss_sum", loss), impossible("loss_sum; expected a finite number from 0"));
  }
  const int best = Json::parse(file_.metadata.at("state"))["best_epoch"];
  for (int epoch : {0, -1, 3}) {
    EXPECT_EQ(With("/best_epoch", epoch),
              impossible("best_epoch is " + std::to_string(epoch) + "; expected from " +
                         std::to_string(best) + " to " + std::to_string(best)));
  }
  for (const char* accuracy : {"/dev_accuracy", "/train_accuracy"}) {
    EXPECT_EQ(With(accuracy, -1),
              impossible("the accuracies of the best epoch; expected those of the history"));
  }
  EXPECT_EQ(With("/history/1/0", 3),
            impossible("epoch 2 of the history is 3; expected each in turn"));
  EXPECT_NE(With("/history/0/1", nullptr), "no error");
  EXPECT_NE(With("/history/0/2", 1.5), "no error");
  EXPECT_NE(With("/history/0/4", -0.25), "no error");
  EXPECT_NE(With([](Json& state) { state["history"].erase(1); }), "no error");
  EXPECT_NE(With("/observations/node_ratios/0/0", 3), "no error");
}

TEST_F(TrainerStateTest, TextThatIsNoState) {
  EXPECT_EQ(With("/epoch", 2.5), "2.5 is no whole number, or too large");
  EXPECT_EQ(With("/epoch", int64_t{1} << 32), "4294967296 is no whole number, or too large");
  EXPECT_NE(With("/next_tree", 1e300), "no error");
  EXPECT_NE(With("/next_tree", std::numeric_limits<uint64_t>::max()), "no error");
  EXPECT_NE(With("/history", 3), "no error");
  EXPECT_NE(With("/history/0", Json::array()), "no error");
  EXPECT_NE(With([](Json& state) { state.erase("roots"); }), "no error");
  EXPECT_NE(With([](Json& state) { state = nullptr; }), "no error");
}

TEST_F(TrainerStateTest, TensorsThatDoNotFit) {
  for (size_t t = 0; t < file_.tensors.size(); ++t) {
    TensorFile file = file_;
    file.tensors.erase(file.tensors.begin() + static_cast<std::ptrdiff_t>(t));
    WriteTensorFile(path_, file);
    EXPECT_NE(LoadError(), "no error") << file_.tensors[t].name;
  }
  for (const float count : {-1.0f, 0.5f, 1e9f, std::numeric_limits<float>::quiet_NaN()}) {
    for (const std::string name : {"updates", "word_updates", "best.updates"}) {
      TensorFile file = file_;
      for (NamedTensor& tensor : file.tensors) {
        if (tensor.name == name) tensor.values[0] = count;
      }
      WriteTensorFile(path_, file);
      EXPECT_EQ(LoadError(), "impossible state: no number of updates: " + std::to_string(count));
    }
  }
  for (const float epoch : {-1.0f, 4.0f, 1e30f, std::numeric_limits<float>::quiet_NaN()}) {
    TensorFile file = file_;
    file.tensors.back().values[0] = epoch;
    WriteTensorFile(path_, file);
    EXPECT_NE(LoadError(), "no error") << epoch;
  }
}

// What the spec does not ask for cannot have come of it.
TEST_F(TrainerStateTest, RatiosAndObservationsThatWereNotAskedFor) {
  const auto of_spec = [&] {
    TensorFile file = file_;
    file.metadata["spec"] = CanonicalJson(Resolve(spec_));
    WriteTensorFile(path_, file);
    return LoadError();
  };
  EXPECT_EQ(of_spec(), "no error");
  spec_.probe = false;
  EXPECT_EQ(of_spec(), "impossible state: ratios is 120; expected from 0 to 0");
  spec_.probe = true;
  spec_.observe = false;
  EXPECT_EQ(of_spec(), "impossible state: observations; expected none without 'observe'");
}

// A tree gives one ratio at most.
TEST_F(TrainerStateTest, MoreRatiosThanTrees) {
  TensorFile file = file_;
  NamedTensor& ratios = file.tensors.back();
  ASSERT_EQ(ratios.name, "ratios");
  ratios.values.insert(ratios.values.end(), {1, 0, 1});
  ++ratios.shape[0];
  WriteTensorFile(path_, file);
  EXPECT_EQ(LoadError(), "impossible state: ratios is 121; expected from 0 to 120");
}

TEST_F(TrainerStateTest, TheBestEpochHasNoMoreUpdatesThanTheLast) {
  TensorFile file = file_;
  for (NamedTensor& tensor : file.tensors) {
    if (tensor.name == "updates") tensor.values[0] = 1;
  }
  WriteTensorFile(path_, file);
  EXPECT_EQ(LoadError().substr(0, 47), "impossible state: updates of the best epoch is ");
}

// What the epochs are compared by must be there; a state that an earlier version left has no more
// than accuracies and losses.
TEST_F(TrainerStateTest, FiguresThatTheRunGoesBy) {
  const auto without = [](Json& state) {
    for (Json& row : state["history"]) row.erase(6), row.erase(5);
  };
  EXPECT_EQ(With(without), "no error");
  spec_.select_by = "macro_f1";
  file_.metadata["spec"] = CanonicalJson(Resolve(spec_));
  EXPECT_EQ(With(without),
            "impossible state: the dev macro_f1 of epoch 1 of the history; expected from 0 to 1");
  EXPECT_EQ(With([](Json& state) {
              for (Json& row : state["history"]) row[6] = 0.5;
              state["best_epoch"] = 2;
            }),
            "impossible state: best_epoch is 2; expected from 1 to 1");
  EXPECT_EQ(With([](Json& state) {
              state["history"][0][6] = 0.25;
              state["history"][1][6] = 0.5;
              state["best_epoch"] = 2;
              state["train_accuracy"] = state["history"][1][2];
              state["dev_accuracy"] = state["history"][1][4];
            }),
            "no error");
}

TEST_F(TrainerStateTest, OtherTreesAreRefused) {
  Dataset other = dataset_;
  other.train.label[static_cast<size_t>(other.train.root(7))] ^= 1;
  EXPECT_EQ(LoadError(other), "belongs to other trees");
  other = dataset_;
  other.dev.word[0] += 1;
  EXPECT_EQ(LoadError(other), "belongs to other trees");
  other = dataset_;
  other.words.assign(static_cast<size_t>(other.vocabulary_size), "");
  EXPECT_EQ(LoadError(other), "belongs to other trees");
}

TEST_F(TrainerStateTest, OtherSpecsAndVersionsAreRefused) {
  spec_.seed = 2;
  EXPECT_EQ(LoadError(), "belongs to another run spec");
  TensorFile file = file_;
  file.metadata["format"] = "grove-state-3";
  WriteTensorFile(path_, file);
  EXPECT_EQ(LoadError(),
            "not the state of a run: format \"grove-state-3\"; allowed: grove-state-4");
}

TEST_F(TrainerStateTest, TheChecksumIsRequired) {
  std::string bytes = ReadFile(path_);
  const size_t key = bytes.find(kChecksumKey);
  ASSERT_NE(key, std::string::npos);
  bytes[key] = 'x';
  std::ofstream(path_, std::ios::binary) << bytes;
  EXPECT_EQ(LoadError(), "damaged: __metadata__ has \"xrove_xxh3\" for grove_xxh3");
}

// Whoever gets this must not throw the state away.
TEST_F(TrainerStateTest, WhatTheSystemRefusesIsNoDamage) {
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  Trainer trainer(spec_, dataset_);
  try {
    trainer.LoadState(path_);
    FAIL();
  } catch (const DamagedFile& error) {
    FAIL() << error.what();
  } catch (const Error&) {
  }
}

}  // namespace
}  // namespace grove
