// grove inspect, as a user calls it, on a network that grove train has just trained; and what the
// README says of the file to readers of other languages.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/files/checkpoint.h"
#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class InspectProgram : public testing::Test {
 protected:
  void SetUp() override {
    const std::string trees = folder_.Write("trees.ptb", "(1 (0 a) (1 b))\n(0 (1 b) (0 a))\n");
    const ProgramResult trained =
        RunProgram({"train", "--train", trees, "--dev", trees, "--out", folder_.Path("run"),
                    "--dim", "5", "--epochs", "3", "--model", "rnn", "--quiet", "--json"});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    record_ = Json::parse(trained.out);
    model_ = folder_.Path("run/model.safetensors");
  }

  static Json Inspect(const std::string& model, const std::vector<std::string>& more = {}) {
    const ProgramResult result = RunProgram(With({"inspect", model, "--json"}, more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out);
  }

  TemporaryFolder folder_;
  std::string model_;
  Json record_;
};

TEST_F(InspectProgram, DescribesEveryTensor) {
  const Json json = Inspect(model_);
  const TensorFile file = ReadTensorFile(model_);
  ASSERT_EQ(json["tensors"].size(), file.tensors.size());
  size_t parameters = 0;
  for (size_t i = 0; i < file.tensors.size(); ++i) {
    const NamedTensor& tensor = file.tensors[i];
    const Json& shown = json["tensors"][i];
    SCOPED_TRACE(tensor.name);
    EXPECT_EQ(shown["name"], tensor.name);
    EXPECT_EQ(shown["shape"], Json(tensor.shape));
    double sum = 0, squares = 0, largest = 0;
    const double n = static_cast<double>(tensor.values.size());
    for (const float value : tensor.values) {
      sum += static_cast<double>(value);
      largest = std::max(largest, static_cast<double>(std::fabs(value)));
    }
    for (const float value : tensor.values) squares += std::pow(value - sum / n, 2);
    EXPECT_NEAR(shown["mean"], sum / n, 1e-9);
    EXPECT_NEAR(shown["sd"], std::sqrt(squares / n), 1e-9);
    EXPECT_EQ(shown["largest"], largest);
    if (!tensor.name.starts_with("opt")) parameters += tensor.values.size();
  }
  EXPECT_EQ(json["parameters"], parameters);
}

TEST_F(InspectProgram, SaysWhatItIsAndWhereItComesFrom) {
  const Json json = Inspect(model_);
  EXPECT_EQ(json["model"], "rnn");
  EXPECT_EQ(json["classes"], 2);
  EXPECT_EQ(json["vocabulary_size"], 3);
  EXPECT_EQ(json["epoch"], record_["best_epoch"]);
  EXPECT_EQ(json["labels"], Json::array());
  EXPECT_EQ(json["spec"], record_["spec"]);
  EXPECT_TRUE(json["provenance"].contains("compiler"));
  EXPECT_FALSE(json.contains("words"));
  ASSERT_EQ(json["history"].size(), record_["history"].size());
  for (size_t i = 0; i < json["history"].size(); ++i) {
    EXPECT_EQ(json["history"][i]["epoch"], i + 1);
    EXPECT_EQ(json["history"][i]["dev_accuracy"], record_["history"][i]["dev_accuracy"]);
  }
}

TEST_F(InspectProgram, TextHasTheSame) {
  const std::string text = RunProgram({"inspect", model_}).out;
  for (const char* part : {"\ntensor ", "\nembeddings ", "(3, 5)", "\nsettings\n", "learning_rate",
                           "\nprovenance\n", "\nhistory\n", "largest |x|"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST_F(InspectProgram, ListsWords) {
  EXPECT_EQ(RunProgram({"inspect", model_, "--words"}).out, "a\nb\n<unk>\n");
  EXPECT_EQ(Inspect(model_, {"--words"})["words"], Json::parse(R"(["a","b","<unk>"])"));
}

TEST_F(InspectProgram, AModelElsewhereHasNoHistory) {
  const std::string alone = folder_.Path("alone.safetensors");
  fs::copy_file(model_, alone);
  EXPECT_FALSE(Inspect(alone).contains("history"));
  TensorFile file = ReadTensorFile(model_);
  file.metadata["labels"] = R"(["bad","good"])";
  file.tensors[0].values[0] = NAN;
  WriteTensorFile(folder_.Path("run/other.safetensors"), file);
  const Json json = Inspect(folder_.Path("run/other.safetensors"));
  EXPECT_EQ(json["labels"], Json::parse(R"(["bad","good"])"));
  EXPECT_TRUE(json["tensors"][0]["mean"].is_null()) << "what is no number can be looked at";
  EXPECT_FALSE(json.contains("history"));
  ExpectOneError({"inspect", folder_.Path("absent")}, {"absent"});
  ExpectOneError({"inspect", folder_.Write("text", "no model")}, {"text"});
}

}  // namespace
}  // namespace grove::test
