#include "engine/files/model_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <limits>

#include "engine/error.h"
#include "engine/run_spec_json.h"
#include "engine/training/network.h"
#include "tests/reference/reference_model.h"

namespace grove {
namespace {

constexpr int kDim = 5, kClasses = 3, kVocabulary = 4;

ParameterLayout Layout() {
  ParameterLayout layout;
  const int inner = layout.AddBlock("inner", kDim);
  layout.AddTensor(inner, "W1", kDim, 0.5);
  layout.AddTensor(inner, "W2", kDim, 0.5);
  layout.AddBias(layout.AddBlock("bias", 1), "b", kDim);
  layout.AddTensor(layout.AddBlock("classifier", kDim), "softmax.W", kClasses, 0.5);
  layout.AddBias(layout.AddBlock("classifier bias", 1), "softmax.b", kClasses);
  layout.Finish();
  return layout;
}

class ModelFileTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "model_file_test_" + std::to_string(getpid());
    info_.spec.model = "rnn";
    info_.spec.dim = kDim;
    info_.spec.batch = 20;
    info_.spec.leaf_weights = "shared";
    info_.spec.l2 = 1.0 / 3;
    info_.classes = kClasses;
    info_.vocabulary_size = kVocabulary;
    info_.words = {"the", "(", "\xc3\xa9t\xc3\xa9", "\"<unk>\""};
    info_.epoch = 7;
    info_.provenance = {{"compiler", "any"}, {"version", "0.1"}};
    Initialise(layout_, info_.spec, parameters_);
    float value = 0;
    for (const TensorInfo& tensor : layout_.tensors()) {
      std::vector<float> sums(static_cast<size_t>(tensor.out) * tensor.in);
      for (float& sum : sums) sum = value += 0.25f;
      SetTensor(layout_, tensor, sums, parameters_.slots[0].weights);
    }
    for (int id = 0; id < kVocabulary; ++id) {
      float* row = parameters_.slots[0].words.data() + id * parameters_.word_stride;
      for (int k = 0; k < kDim; ++k) row[k] = value += 0.25f;
    }
    parameters_.updates = 9;
    parameters_.word_updates = {4, 0, simd::kMaxUpdates, 1};
  }
  void TearDown() override { std::filesystem::remove(path_); }

  TensorFile Saved(bool with_optimiser = true) {
    SaveModel(path_, info_, layout_, parameters_, with_optimiser);
    return ReadTensorFile(path_);
  }
  std::string InfoError(const TensorFile& file) {
    try {
      ReadModelInfo(file);
    } catch (const DamagedFile& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(path_ + ": ")) << error.what();
      return std::string(error.what()).substr(path_.size() + 2);
    }
    return "no error";
  }
  std::string LoadError(const TensorFile& file) {
    try {
      LoadWeights(file, layout_, parameters_);
    } catch (const DamagedFile& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(path_ + ": ")) << error.what();
      return std::string(error.what()).substr(path_.size() + 2);
    }
    return "no error";
  }
  static NamedTensor& Tensor(TensorFile& file, const std::string& name) {
    return *std::find_if(file.tensors.begin(), file.tensors.end(),
                         [&](const NamedTensor& tensor) { return tensor.name == name; });
  }

  std::string path_;
  ModelInfo info_;
  const ParameterLayout layout_ = Layout();
  Parameters parameters_{layout_, kVocabulary, kDim};
};

bool SameBits(const simd::AlignedArray<float>& a, const simd::AlignedArray<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST_F(ModelFileTest, TheSettingsOfReadingGoRound) {
  EXPECT_FALSE(Saved().metadata.contains("reading")) << "those by default say nothing";
  info_.reading.lower_case = true;
  info_.reading.min_count = 3;
  TensorFile file = Saved();
  EXPECT_EQ(ReadModelInfo(file).reading, info_.reading);
  file.metadata["reading"] = R"({"lower_case":"yes"})";
  EXPECT_NE(InfoError(file).find("__metadata__ reading: lower_case"), std::string::npos)
      << InfoError(file);
}

TEST_F(ModelFileTest, RoundTripKeepsEveryBit) {
  const TensorFile file = Saved();
  const ModelInfo info = ReadModelInfo(file);
  EXPECT_EQ(info.spec, Resolve(info_.spec));
  EXPECT_EQ(info.classes, kClasses);
  EXPECT_EQ(info.vocabulary_size, kVocabulary);
  EXPECT_EQ(info.words, info_.words);
  EXPECT_EQ(info.epoch, 7);
  EXPECT_EQ(info.provenance, info_.provenance);

  Parameters loaded(layout_, kVocabulary, kDim);
  LoadWeights(file, layout_, loaded);
  EXPECT_TRUE(SameBits(loaded.weights, parameters_.weights));
  EXPECT_TRUE(SameBits(loaded.words, parameters_.words));
  EXPECT_TRUE(SameBits(loaded.slots[0].weights, parameters_.slots[0].weights));
  EXPECT_TRUE(SameBits(loaded.slots[0].words, parameters_.slots[0].words));
  EXPECT_EQ(loaded.updates, parameters_.updates);
  EXPECT_EQ(loaded.word_updates, parameters_.word_updates);
  EXPECT_TRUE(SameBits(loaded.transposed, parameters_.transposed));
  EXPECT_EQ(WeightsHash(layout_, loaded), WeightsHash(layout_, parameters_));
}

// The names and shapes that the specification gives, which the oracle lists independently.
TEST_F(ModelFileTest, TensorsAreThoseOfTheSpecification) {
  const TensorFile file = Saved();
  const reference::Settings settings{"rnn", kDim, kClasses, false, "tanh"};
  const auto shapes = reference::TensorShapes(settings, kVocabulary);
  EXPECT_EQ(file.tensors.size(), 2 * shapes.size() + 2);
  for (const auto& expected : shapes) {
    for (const std::string prefix : {"", "opt."}) {
      const NamedTensor* tensor = file.Find(prefix + expected.name);
      ASSERT_NE(tensor, nullptr) << prefix + expected.name;
      const bool bias = expected.columns == 1;
      EXPECT_EQ(tensor->shape, bias ? std::vector<int64_t>{expected.rows}
                                    : std::vector<int64_t>({expected.rows, expected.columns}));
    }
  }
  // (out, in) row-major: row 1, column 2 of W1 is element (k = 2, m = 1) of its block.
  const BlockInfo& block = layout_.blocks()[0];
  EXPECT_EQ(file.Find("W1")->values[1 * kDim + 2],
            parameters_.weights[block.offset + 2 * block.stride + 1]);
  EXPECT_EQ(file.Find("embeddings")->values[2 * kDim + 1],
            parameters_.words[2 * parameters_.word_stride + 1]);
  EXPECT_EQ(file.metadata.at("vocabulary"),
            "[\"the\",\"(\",\"\xc3\xa9t\xc3\xa9\",\"\\\"<unk>\\\"\"]");
  EXPECT_EQ(file.metadata.at("format"), "grove-1");
}

TEST_F(ModelFileTest, WithoutOptimiserAccumulatorsBecomeZero) {
  const TensorFile file = Saved(false);
  EXPECT_EQ(file.tensors.size(), layout_.tensors().size() + 1);
  LoadWeights(file, layout_, parameters_);
  for (float value : parameters_.slots[0].weights) EXPECT_EQ(value, 0);
  for (float value : parameters_.slots[0].words) EXPECT_EQ(value, 0);
  EXPECT_EQ(parameters_.updates, 0u);
  EXPECT_EQ(parameters_.word_updates, std::vector<uint32_t>(kVocabulary));
}

// Earlier versions kept no counters: there the sums tell what has been updated.
TEST_F(ModelFileTest, WithoutCountersTheSumsTell) {
  TensorFile file = Saved();
  std::erase_if(file.tensors, [](const auto& tensor) { return tensor.name.ends_with("_updates"); });
  std::fill_n(Tensor(file, "opt.embeddings").values.begin() + std::ptrdiff_t{2} * kDim, kDim, 0.0f);
  EXPECT_EQ(LoadError(file), "no error");
  EXPECT_EQ(parameters_.updates, 1u);
  EXPECT_EQ(parameters_.word_updates, (std::vector<uint32_t>{1, 1, 0, 1}));
}

TEST_F(ModelFileTest, IdsAsSpellings) {
  info_.words.clear();
  const TensorFile file = Saved();
  EXPECT_EQ(file.metadata.at("vocabulary"), R"(["0","1","2","3"])");
  EXPECT_TRUE(ReadModelInfo(file).words.empty());
}

TEST_F(ModelFileTest, ClassesMayHaveNames) {
  EXPECT_FALSE(Saved().metadata.contains("labels"));
  info_.labels.assign(kClasses, "");
  for (size_t c = 0; c < info_.labels.size(); ++c) info_.labels[c] = "NP-" + std::to_string(c);
  const TensorFile file = Saved();
  EXPECT_EQ(ReadModelInfo(file).labels, info_.labels);
  EXPECT_EQ(ReadModelInfo(file).provenance, info_.provenance);
  TensorFile other = file;
  other.metadata["labels"] = R"(["S"])";
  EXPECT_EQ(InfoError(other),
            "__metadata__ labels has 1 names; classes is " + std::to_string(kClasses));
  info_.labels.pop_back();
  EXPECT_THROW(Saved(), Error);
}

TEST_F(ModelFileTest, WordVectorsOfAnotherWidthThanTheState) {
  info_.spec.word_dim = 9;
  Network wide(info_.spec, kVocabulary, info_.classes);
  Initialise(wide.layout(), info_.spec, wide.parameters());
  SaveModel(path_, info_, wide.layout(), wide.parameters(), true);
  const TensorFile file = ReadTensorFile(path_);
  EXPECT_EQ(ReadModelInfo(file).spec, Resolve(info_.spec));
  Network read(info_.spec, kVocabulary, info_.classes);
  LoadWeights(file, read.layout(), read.parameters());
  EXPECT_EQ(WeightsHash(read.layout(), read.parameters()),
            WeightsHash(wide.layout(), wide.parameters()));
  info_.spec.word_dim = 8;
  EXPECT_THROW(SaveModel(path_, info_, wide.layout(), wide.parameters(), true), Error);
}

TEST_F(ModelFileTest, TensorsThatDoNotFit) {
  TensorFile file = Saved();
  Tensor(file, "W2").shape = {kDim, kDim - 1};
  EXPECT_EQ(LoadError(file), "tensor \"W2\" has shape (5, 4); expected (5, 5)");
  file = Saved();
  Tensor(file, "b").shape = {kDim, 1};
  EXPECT_EQ(LoadError(file), "tensor \"b\" has shape (5, 1); expected (5)");
  file = Saved();
  file.tensors.erase(file.tensors.begin());
  EXPECT_EQ(LoadError(file), "tensor \"W1\" is missing; expected shape (5, 5)");
  file = Saved();
  std::erase_if(file.tensors, [](const auto& tensor) { return tensor.name == "opt.embeddings"; });
  EXPECT_EQ(LoadError(file), "tensor \"opt.embeddings\" is missing; expected shape (4, 5)");
  file = Saved();
  file.tensors.push_back({"leaf.W1", {1}, {0}});
  EXPECT_EQ(LoadError(file), "tensor \"leaf.W1\" is not part of this model");
}

TEST_F(ModelFileTest, WeightsThatAreNoNumbers) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const TensorFile good = Saved();
  const auto with = [&](const std::string& name, size_t at, float value) {
    TensorFile file = good;
    Tensor(file, name).values[at] = value;
    return LoadError(file);
  };
  for (const NamedTensor& tensor : good.tensors) {
    EXPECT_NE(with(tensor.name, tensor.values.size() - 1, nan), "no error") << tensor.name;
  }
  const std::string before = WeightsHash(layout_, parameters_);
  EXPECT_EQ(with("W1", 7, nan), "tensor \"W1\": element (1, 2) is not finite (nan)");
  EXPECT_EQ(with("b", 4, -infinity), "tensor \"b\": element (4) is not finite (-inf)");
  EXPECT_EQ(with("embeddings", 19, infinity),
            "tensor \"embeddings\": element (3, 4) is not finite (inf)");
  EXPECT_EQ(with("opt.W2", 0, -1),
            "tensor \"opt.W2\": element (0, 0) is no sum of squares (-1.000000)");
  EXPECT_EQ(WeightsHash(layout_, parameters_), before) << "a refused file left something behind";
  EXPECT_EQ(with("opt.word_updates", 1, 0.5f),
            "tensor \"opt.word_updates\": element (1) is no number of updates (0.500000)");
  EXPECT_EQ(with("opt.W2", 0, infinity), "no error") << "a sum of squares may overflow";
}

TEST_F(ModelFileTest, MetadataThatDoesNotFit) {
  const TensorFile good = Saved();
  const auto with = [&](const std::string& key, const std::string& value) {
    TensorFile file = good;
    file.metadata[key] = value;
    return InfoError(file);
  };
  for (const char* key : {"format", "spec", "vocabulary", "classes", "epoch"}) {
    TensorFile file = good;
    file.metadata.erase(key);
    EXPECT_EQ(InfoError(file), std::string("not a model: __metadata__ has no '") + key + "'");
  }
  EXPECT_EQ(with("format", "pt"), "__metadata__ format is \"pt\"; allowed: grove-1");
  for (const char* text : {"", "0", "-3", "3.0", "3x", " 3", "99999999999"}) {
    EXPECT_EQ(with("classes", text), "__metadata__ classes is \"" + std::string(text) +
                                         "\"; allowed: whole numbers from 1");
  }
  EXPECT_EQ(with("classes", "4"), "tensor \"softmax.b\" has shape (3); expected (4)");
  EXPECT_EQ(with("epoch", "-1"), "__metadata__ epoch is \"-1\"; allowed: whole numbers from 0");
  EXPECT_EQ(with("vocabulary", "[\"a\"]"),
            "__metadata__ vocabulary has 1 words; tensor \"embeddings\" has 4 rows");
  EXPECT_EQ(with("vocabulary", "{"), "__metadata__ vocabulary: not JSON at its byte 2");
  EXPECT_EQ(with("vocabulary", "{}"), "__metadata__ vocabulary is not a JSON list");
  EXPECT_EQ(with("vocabulary", std::string("[]\0x", 4)),
            "__metadata__ vocabulary: not JSON at its byte 3");
  EXPECT_EQ(with("vocabulary", R"(["a","b","a","c"])"),
            "__metadata__ vocabulary holds \"a\" twice");
  EXPECT_EQ(with("vocabulary", R"(["a","b",3,"c"])"),
            "__metadata__ vocabulary holds something that is not a string");
  EXPECT_EQ(with("spec", "{}").substr(0, 18), "__metadata__ spec:");
  RunSpec wide = info_.spec;
  wide.dim = 4096;
  wide.word_dim = kDim;
  EXPECT_EQ(with("spec", CanonicalJson(wide)).substr(0, 34),
            "tensor \"W1\" has shape (5, 5); expe");
  TensorFile file = good;
  Tensor(file, "embeddings").shape = {kDim, kVocabulary};
  EXPECT_EQ(InfoError(file),
            "tensor \"embeddings\" has shape (5, 4); expected (vocabulary size, 5)");
}

TEST_F(ModelFileTest, RefusesToSaveContradictions) {
  const auto refused = [&](ModelInfo info) {
    EXPECT_THROW(SaveModel(path_, info, layout_, parameters_, true), Error);
    EXPECT_FALSE(std::filesystem::exists(path_));
  };
  ModelInfo info = info_;
  info.words.pop_back();
  refused(info);
  info = info_;
  info.words[0] = "\xff";
  refused(info);
  info = info_;
  info.spec.dim = kDim + 1;
  refused(info);
  info = info_;
  info.provenance["spec"] = "mine";
  refused(info);
}

}  // namespace
}  // namespace grove
