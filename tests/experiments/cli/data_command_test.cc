// grove data and grove info, as a user calls them.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::vector<std::string> GenerateArguments(const std::string& out, const std::string& seed) {
  return {"data",         "generate", "--task", "keyword", "--min-length", "3",
          "--max-length", "8",        "--seed", seed,      "--train",      "40",
          "--dev",        "10",       "--test", "7",       "--out",        out};
}

TEST(DataGenerate, TheSameSeedGivesTheSameFiles) {
  const TemporaryFolder folder;
  ASSERT_EQ(RunProgram(GenerateArguments(folder.Path("a"), "5")).exit_code, 0);
  ASSERT_EQ(RunProgram(GenerateArguments(folder.Path("b"), "5")).exit_code, 0);
  ASSERT_EQ(RunProgram(GenerateArguments(folder.Path("c"), "6")).exit_code, 0);
  const std::map<std::string, size_t> sizes = {{"train.ptb", 40}, {"dev.ptb", 10}, {"test.ptb", 7}};
  for (const auto& [name, trees] : sizes) {
    const std::string text = ReadText(folder.Path("a/" + name));
    EXPECT_EQ(Lines(text).size(), trees);
    EXPECT_EQ(text, ReadText(folder.Path("b/" + name)));
    EXPECT_NE(text, ReadText(folder.Path("c/" + name)));
  }
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder.Path("a"))) ++files;
  EXPECT_EQ(files, 3u) << "something else was left behind";
}

// Ten million trees would take minutes and more memory than the test may have.
TEST(DataGenerate, ChecksTheFolderBeforeAnyWork) {
  const TemporaryFolder folder;
  const auto million = [](const std::string& out) {
    return std::vector<std::string>{"data", "generate", "--train", "10000000", "--out", out};
  };
  folder.Write("file", "");
  ExpectOneError(million(folder.Path("file/sub/data")), {folder.Path("file"), "not a folder"});
  fs::create_directories(folder.Path("taken/dev.ptb"));
  ExpectOneError(million(folder.Path("taken")), {"taken/dev.ptb", "no file"});
}

TEST(DataGenerate, LabelsOnlyTheRootWithTheKeywordsClass) {
  const TemporaryFolder folder;
  ASSERT_EQ(RunProgram(GenerateArguments(folder.Path("a"), "5")).exit_code, 0);
  for (const std::string& line : Lines(ReadText(folder.Path("a/train.ptb")))) {
    const int label = std::stoi(line.substr(1));
    int keywords = 0, leaves = 0;
    for (size_t at = line.find(' '); at != std::string::npos; at = line.find(' ', at + 1)) {
      if (line[at + 1] == '(') {
        EXPECT_EQ(line[at + 2], '.') << line;  // an inner label
      } else {
        const int word = std::stoi(line.substr(at + 1));
        ++leaves;
        if (word >= 1000) continue;
        ++keywords;
        EXPECT_EQ(word / 100, label) << line;
      }
    }
    EXPECT_EQ(keywords, 1) << line;
    EXPECT_GE(leaves, 3) << line;
    EXPECT_LE(leaves, 8) << line;
  }
}

TEST(DataGenerate, KeepsAnEqualFolderAndRefusesAnother) {
  const TemporaryFolder folder;
  const auto five = GenerateArguments(folder.Path("a"), "5");
  const auto six = GenerateArguments(folder.Path("a"), "6");
  ASSERT_EQ(RunProgram(five).exit_code, 0);
  EXPECT_EQ(RunProgram(five).exit_code, 0);
  const std::string before = ReadText(folder.Path("a/train.ptb"));
  ExpectOneError(six, {"train.ptb", "--force"});
  EXPECT_EQ(ReadText(folder.Path("a/train.ptb")), before);
  EXPECT_EQ(RunProgram(With(six, {"--force"})).exit_code, 0);
  EXPECT_NE(ReadText(folder.Path("a/train.ptb")), before);
}

TEST(DataGenerate, BadSettingsWriteNothing) {
  const TemporaryFolder folder;
  const auto good = GenerateArguments(folder.Path("a"), "5");
  ExpectOneError(With(good, {"--tree", "spilt"}), {"--tree", "'spilt'", "split", "catalan"});
  ExpectOneError(With(good, {"--keyword-depth", "4-3"}), {"--keyword-depth", "'4-3'"});
  ExpectOneError(With(good, {"--keyword-depth", "three"}), {"--keyword-depth", "'three'"});
  ExpectOneError(With(good, {"--keyword-depth", "9"}), {"keyword_depth"});
  ExpectOneError(With(good, {"--trian", "3"}), {"unknown option '--trian'", "'--train'"});
  ExpectOneError({"data", "generate", "--min-length", "x", "--out", folder.Path("a")},
                 {"--min-length", "'x'", "1000000"});
  ExpectOneError({"data", "generate", "--min-length", "31", "--out", folder.Path("a")},
                 {"max_length", "30"});
  EXPECT_FALSE(fs::exists(folder.Path("a")));
}

TEST(DataGenerate, KeywordDepthIsADepthOrARange) {
  const TemporaryFolder folder;
  for (const auto& [depth, allowed] :
       std::map<std::string, std::set<std::string>>{{"2", {"2"}}, {"2-3", {"2", "3"}}}) {
    const auto arguments =
        With(GenerateArguments(folder.Path(depth), "1"), {"--keyword-depth", depth});
    ASSERT_EQ(RunProgram(arguments).exit_code, 0);
    const ProgramResult stats =
        RunProgram({"data", "stats", folder.Path(depth + "/train.ptb"), "--json"});
    ASSERT_EQ(stats.exit_code, 0) << stats.err;
    const Json counts = Json::parse(stats.out)["keyword_depth"]["counts"];
    std::set<std::string> found;
    for (const auto& [value, count] : counts.items()) found.insert(value);
    EXPECT_EQ(found, allowed);
  }
}

TEST(DataStats, CountsWhatIsThere) {
  const TemporaryFolder folder;
  WriteText(folder.Path("f.ptb"),
            "(6 (. 4711) (. 607))\n(2 (. (. 1) (. 2000)) (. 3000))\n(6 600)\n");
  const ProgramResult result = RunProgram({"data", "stats", folder.Path("f.ptb"), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json stats = Json::parse(result.out);
  EXPECT_EQ(stats["trees"], 3);
  EXPECT_EQ(stats["nodes"], 9);
  EXPECT_EQ(stats["distinct_words"], 6);
  EXPECT_EQ(stats["length"]["counts"], (Json{{"1", 1}, {"2", 1}, {"3", 1}}));
  EXPECT_EQ(stats["keyword_depth"]["counts"], (Json{{"0", 1}, {"1", 1}, {"2", 1}}));
  EXPECT_EQ(stats["root_labels"], (Json{{"2", 1}, {"6", 2}}));
  const std::string text = RunProgram({"data", "stats", folder.Path("f.ptb")}).out;
  EXPECT_NE(text.find("trees          3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("66.7 %  ##########"), std::string::npos) << text;
}

TEST(DataCheck, NamesThePlaceOfEveryFault) {
  const TemporaryFolder folder;
  const std::string good = folder.Path("good.ptb"), bad = folder.Path("bad.ptb");
  WriteText(good, "(6 (. 4711) (. 607))\n(3 300)\n");
  const ProgramResult fine = RunProgram({"data", "check", good});
  EXPECT_EQ(fine.exit_code, 0);
  EXPECT_EQ(fine.out, "2 trees, no faults\n");

  // Line 1 has one bracket too many, line 2 a label out of range, line 4 is cut short.
  WriteText(bad, "(6 (. 1) (. 2)))\n(12 300)\n(1 100)\n(1 (. 1) (. 2");
  const ProgramResult result = RunProgram({"data", "check", bad, "--classes", "10"});
  EXPECT_EQ(result.exit_code, 2);
  const std::vector<std::string> faults = Lines(result.out);
  ASSERT_EQ(faults.size(), 3u) << result.out;
  EXPECT_EQ(faults[0].rfind(bad + ":1:16: ", 0), 0u) << faults[0];
  EXPECT_EQ(faults[1].rfind(bad + ":2:2: ", 0), 0u) << faults[1];
  EXPECT_NE(faults[1].find("from 0 to 9"), std::string::npos) << faults[1];
  EXPECT_EQ(faults[2].rfind(bad + ":4:", 0), 0u) << faults[2];

  const ProgramResult json = RunProgram({"data", "check", bad, "--classes", "10", "--json"});
  EXPECT_EQ(json.exit_code, 2);
  EXPECT_EQ(Json::parse(json.out)["trees"], 1);
  EXPECT_EQ(Json::parse(json.out)["faults"][1]["line"], 2);
  ExpectOneError({"data", "check", folder.Path("absent.ptb")}, {"absent.ptb", "No such file"});
}

// What is read once may come out of a pipe.
TEST(DataCheck, TakesAPipe) {
  const TemporaryFolder folder;
  for (const std::string command : {"check", "stats"}) {
    const std::string pipe = folder.Path(command);
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    std::thread writer([&] { WriteText(pipe, "(6 (. 4711) (. 607))\n(3 300)\n"); });
    const ProgramResult result = RunProgram({"data", command, pipe});
    writer.join();
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_NE(result.out.find(command == "check" ? "2 trees" : "trees          2"),
              std::string::npos)
        << result.out;
  }
}

TEST(DataCommand, NeedsAKnownSubcommand) {
  ExpectOneError({"data"}, {"generate", "stats", "check"});
  ExpectOneError({"data", "chekc"}, {"'chekc'", "'check'"});
}

TEST(Info, NamesProgramLibrariesAndTargets) {
  const ProgramResult result = RunProgram({"info", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json info = Json::parse(result.out);
  for (const char* key :
       {"version", "compiler", "libraries", "simd_target", "simd_targets", "cores"}) {
    EXPECT_TRUE(info.contains(key)) << key;
  }
  const std::string last = info["simd_targets"].back();
  EXPECT_EQ(Json::parse(RunProgram({"--target", last, "info", "--json"}).out)["simd_target"], last);
  ExpectOneError({"info", "--target", "ABACUS"}, {"ABACUS", last});
  EXPECT_NE(RunProgram({"info"}).out.find("compiler"), std::string::npos);
}

}  // namespace
}  // namespace grove::test
