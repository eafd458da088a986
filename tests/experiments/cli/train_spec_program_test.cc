// grove train with a spec file and key=value: what beats what, and what is refused.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

class TrainSpecProgram : public ProgramTest {
 protected:
  TrainSpecProgram() {
    const char trees[] = "(1 (0 a) (1 b))\n(0 (1 b) (0 a))\n";
    for (const char* name : {"a.ptb", "b.ptb", "dev.ptb"}) folder_.Write(name, trees);
    folder_.Write("b.ptb", std::string(trees) + trees);
    spec_ = Spec("one", R"(name = "one"
[data]
train = "a.ptb"
dev = "dev.ptb"
[run]
epochs = 0
dim = 3
batch = 2
)");
  }

  // The record of the run, which goes into the folder `out`.
  Json Train(const std::string& out, const Arguments& more) const {
    const ProgramResult result =
        RunProgram(With({"train", "--quiet", "--json", "--out", folder_.Path(out)}, more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.exit_code == 0 ? Json::parse(result.out) : Json();
  }
  void ExpectRefused(const Arguments& arguments, const Arguments& parts) const {
    ExpectOneError(With({"train", "--out", folder_.Path("bad")}, arguments), parts);
    EXPECT_FALSE(std::filesystem::exists(folder_.Path("bad")));
  }

  std::string spec_;
};

TEST_F(TrainSpecProgram, AFileSaysItAll) {
  const Json record = Train("file", {spec_});
  EXPECT_EQ(record["spec"]["dim"], 3);
  EXPECT_EQ(record["data"]["train"]["path"], folder_.Path("a.ptb"));
  EXPECT_EQ(ReadRecords(folder_.Path("file"))[0].experiment, "one");
  // The same run as that of the experiment, and as one by options alone.
  ASSERT_EQ(RunProgram({"run", spec_, "--out", folder_.Path("runs")}).exit_code, 0);
  EXPECT_EQ(ReadRecords(folder_.Path("runs"))[0].key, record["key"].get<std::string>());
  const Json options =
      Train("options", {"--train", folder_.Path("a.ptb"), "--dev", folder_.Path("dev.ptb"), "--dim",
                        "3", "--batch", "2", "--epochs", "0"});
  EXPECT_EQ(options["key"], record["key"]);
  const Json settings =
      Train("settings", {"train=" + folder_.Path("a.ptb"), "dev=" + folder_.Path("dev.ptb"),
                         "dim=3", "batch=2", "epochs=0"});
  EXPECT_EQ(settings["key"], record["key"]);
}

TEST_F(TrainSpecProgram, TheCommandLineBeatsTheFile) {
  const Json record =
      Train("run", {spec_, "dim=4", "--batch", "7", "train=" + folder_.Path("b.ptb"), "classes=3",
                    "layer_norm=true", "gemm=simd", "observe=true"});
  EXPECT_EQ(record["spec"]["dim"], 4);
  EXPECT_EQ(record["spec"]["batch"], 7);
  EXPECT_EQ(record["spec"]["epochs"], 0);
  EXPECT_EQ(record["spec"]["layer_norm"], true);
  EXPECT_EQ(record["spec"]["observe"], true) << "a setting without an option";
  EXPECT_EQ(record["data"]["train"]["path"], folder_.Path("b.ptb"));
  EXPECT_EQ(record["data"]["dev"]["path"], folder_.Path("dev.ptb"));
  EXPECT_EQ(record["data"]["classes"], 3);
  // --out may be a setting too.
  const std::string out = folder_.Path("as_setting");
  EXPECT_EQ(RunProgram({"train", "--quiet", spec_, "out=" + out}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(out + "/record.json"));
}

TEST_F(TrainSpecProgram, OneRunOfMany) {
  const std::string many =
      Spec("many", ReadText(spec_) + "[axes]\nmodel = ['rnn', 'rlstm']\nseed = '1-3'\n");
  ExpectRefused({many}, {"many.toml: 6 runs, by model (rnn, rlstm), seed (1, 2, 3)",
                         "model=... seed=...", "'grove run'", "--only"});
  const Json record = Train("run", {many, "seed=2", "--model", "rnn"});
  EXPECT_EQ(record["seed"], 2);
  EXPECT_EQ(record["model"], "rnn");
}

TEST_F(TrainSpecProgram, ACheckpointBeatsWhatNobodyAskedFor) {
  Train("start", {spec_, "dim=5"});
  const std::string init = "init=" + folder_.Path("start/model.safetensors");
  ExpectRefused({spec_, init}, {"--dim = 3", "has 5"});
  EXPECT_EQ(Train("run", {spec_, "dim=5", init})["spec"]["dim"], 5);
}

TEST_F(TrainSpecProgram, WhatIsWrongIsOneError) {
  ExpectRefused({spec_, "dmi=4"}, {"unknown key 'dmi'; did you mean 'dim'?"});
  ExpectRefused({spec_, "lr=4"}, {"unknown key 'lr'; did you mean 'learning_rate'?"});
  ExpectRefused({spec_, "quiet=true"}, {"unknown key 'quiet'"});
  ExpectRefused({spec_, "dataset=2"}, {"there is no dataset 2"});
  ExpectRefused({"dataset=2"}, {"unknown key 'dataset'"});
  ExpectRefused({spec_, "dim=4", "--dim", "5"}, {"dim=4: --dim is given already"});
  ExpectRefused({spec_, "dim=4", "dim=5"}, {"dim=5: --dim is given already"});
  ExpectRefused({spec_, "shuffle=once", "--no-shuffle"},
                {"--no-shuffle: --shuffle is given already"});
  ExpectRefused({spec_, "gemm=simd", "--gemm", "simd"}, {"--gemm is given already"});
  ExpectRefused({spec_, "dim=many"}, {"--dim = 'many'", "from 1 to 4096"});
  ExpectRefused({spec_, "classes=-1"}, {"--classes", "-1"});
  ExpectRefused({spec_, "select_by=f1"}, {"--select-by = 'f1'", "macro_f1"});
  ExpectRefused({spec_, "probe=true"}, {"probe = true", "keywords"});
  ExpectRefused({spec_, spec_}, {"a second spec file"});
  ExpectRefused({folder_.Path("absent.toml")}, {"absent.toml"});
  ExpectRefused({}, {"--train is required", "train=FILE", "[data]"});
  ExpectRefused({"train=" + folder_.Path("a.ptb")}, {"--dev is required"});
  ExpectOneError({"train", spec_}, {"--out is required"});
}

}  // namespace
}  // namespace grove::test
