// Runs whose words start with vectors from a file.
#include <gtest/gtest.h>

#include "engine/files/checkpoint.h"
#include "experiments/plan/plan.h"
#include "experiments/runs/train_run.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

using Row = std::vector<float>;

const std::atomic<bool> kGo{false};

// Words of the trees: a b c d <unk>.
constexpr char kTrees[] = "(1 (0 a) (1 b))\n(0 (1 b) (0 (1 c) (0 a)))\n(2 (. d) (. c))\n(1 b)\n";
constexpr char kVectors[] = "zebra 9 9 9\nc 0.5 -1 2\n<unk> 7 7 7\na 0.25 1e-3 4\nc 1 1 1\n";

class VectorsRunTest : public testing::Test {
 protected:
  VectorsRunTest() {
    folder_.Write("trees.ptb", kTrees);
    folder_.Write("v.txt", kVectors);
  }

  Job Plan(const std::string& data, const std::string& run) const {
    return grove::Plan(
               {ReadSpec(folder_.Write(
                   "e.toml", "name = 'e'\n[data]\ntrain = 'trees.ptb'\ndev = 'trees.ptb'\n" + data +
                                 "[run]\nmodel = 'tai_binary'\ndim = 4\n" + run))})
        .runs[0];
  }

  // To its end.
  TrainedRun Train(const Job& job, const std::string& model = "") const {
    const std::optional<LoadedData> data = LoadData(job, kGo);
    TrainRunOptions options;
    options.model_path = model;
    double seconds = 0;
    return *TrainRun(job, *data, State(), kGo, options, seconds);
  }

  // The model after training.
  TensorFile Model(const Job& job) const {
    Train(job, folder_.Path("m.safetensors"));
    return ReadTensorFile(folder_.Path("m.safetensors"));
  }

  RunFolder State() const {
    RunFolder folder(folder_.Path("out"));
    folder.Create();
    return folder;
  }

  TemporaryFolder folder_;
};

Row RowOf(const TensorFile& model, int word) {
  const NamedTensor& embeddings = *model.Find("embeddings");
  EXPECT_EQ(embeddings.shape, (std::vector<int64_t>{5, 3}));
  const auto begin = embeddings.values.begin() + ptrdiff_t{3} * word;
  return {begin, begin + 3};
}

TEST_F(VectorsRunTest, StartValuesAreThoseOfTheFile) {
  const Job job = Plan("vectors = 'v.txt'\n", "epochs = 0\n");
  EXPECT_EQ(job.run.word_dim, 3);
  const TensorFile model = Model(job), plain = Model(Plan("", "epochs = 0\nword_dim = 3\n"));
  EXPECT_EQ(RowOf(model, 0), (Row{0.25f, 1e-3f, 4}));
  EXPECT_EQ(RowOf(model, 2), (Row{0.5f, -1, 2}));
  for (const int word : {1, 3, 4}) EXPECT_EQ(RowOf(model, word), RowOf(plain, word)) << word;
  for (const NamedTensor& tensor : plain.tensors) {
    if (tensor.name == "embeddings") continue;
    EXPECT_EQ(model.Find(tensor.name)->values, tensor.values) << tensor.name;
  }
  EXPECT_EQ(model.metadata.at("vectors"),
            "{\"xxh3\":\"" + job.files->vectors.xxh3 + "\",\"width\":3,\"words\":4,\"covered\":2}");
  EXPECT_FALSE(plain.metadata.contains("vectors"));
}

TEST_F(VectorsRunTest, AreTrainedUnlessFrozen) {
  const TensorFile frozen = Model(Plan("vectors = 'v.txt'\n", "epochs = 2\nfreeze_words = true\n"));
  EXPECT_EQ(RowOf(frozen, 0), (Row{0.25f, 1e-3f, 4}));
  EXPECT_EQ(RowOf(frozen, 2), (Row{0.5f, -1, 2}));
  EXPECT_EQ(RowOf(frozen, 1), RowOf(Model(Plan("", "epochs = 0\nword_dim = 3\n")), 1));
  const TensorFile trained = Model(Plan("vectors = 'v.txt'\n", "epochs = 2\n"));
  EXPECT_NE(RowOf(trained, 0), RowOf(frozen, 0));
}

// For rnn and rlstm a word vector of another width than a node's is projected.
TEST_F(VectorsRunTest, EveryModelTakesThem) {
  for (const char* model : {"rnn", "rlstm"}) {
    Job job = Plan("vectors = 'v.txt'\n", "epochs = 0\n");
    job.run.model = model;
    EXPECT_EQ(RowOf(Model(job), 2), (Row{0.5f, -1, 2})) << model;
  }
}

TEST_F(VectorsRunTest, AResumedRunIsTheUndisturbedOne) {
  const Job job = Plan("vectors = 'v.txt'\n", "epochs = 6\npatience = 6\nbatch = 1\n");
  const RunRecord whole = Train(job).record;
  const std::optional<LoadedData> data = LoadData(job, kGo);
  std::optional<TrainedRun> ended;
  for (int parts = 0; !ended; ++parts) {
    ASSERT_LT(parts, 100);
    std::atomic<bool> stop = false;
    TrainRunOptions options;
    options.progress = [&, updates = 0](const TrainProgress&, const RunResult&) mutable {
      stop = ++updates == 5;
    };
    double seconds = 0;
    ended = TrainRun(job, *data, State(), stop, options, seconds);
    if (parts == 0) {
      ASSERT_FALSE(ended.has_value()) << "it was not interrupted";
    }
  }
  EXPECT_EQ(ended->record.weights_xxh3, whole.weights_xxh3);
  EXPECT_EQ(ended->record.dev_accuracy, whole.dev_accuracy);
}

TEST_F(VectorsRunTest, AFileThatHasChangedIsRefused) {
  const Job job = Plan("vectors = 'v.txt'\n", "");
  folder_.Write("v.txt", std::string(kVectors) + "foe 1 2 3\n");
  EXPECT_EQ(
      ErrorMessage([&] { LoadData(job, kGo); }),
      folder_.Path("v.txt") + ": has changed since the runs were planned; start the command again");
}

}  // namespace
}  // namespace grove
