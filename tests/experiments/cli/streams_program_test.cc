// Standard streams that are closed, full, or gone, as shells and services hand them on.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <regex>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

constexpr char kTiny[] = R"(name = "tiny"
[dataset]
train = 40
dev = 10
test = 10
min_length = 1
max_length = 5
[run]
dim = 4
epochs = 1
[axes]
seed = "1-2"
)";

constexpr char kTrees[] = "(1 (0 a) (1 b))\n(0 (1 b) (0 a))\n";

class StreamsTest : public ProgramTest {
 protected:
  // Runs the program in a shell: `arguments` may redirect. G stands for the folder of the test.
  int Shell(std::string arguments) const {
    arguments = std::regex_replace(arguments, std::regex("\\bG/"), folder_.path() + "/");
    const int status = std::system(("'" GROVE_PROGRAM "' " + arguments).c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  std::string Text(const std::string& name) const { return ReadText(folder_.Path(name)); }
};

// What the program says must never land in a file that it opens for its results.
TEST_F(StreamsTest, ClosedStreamsStayOutOfResults) {
  Spec("t", kTiny);
  EXPECT_EQ(Shell("run G/t.toml --out G/o --threads 1 >&- 2>G/err"), 0) << Text("err");
  EXPECT_EQ(Shell("run G/t.toml --out G/p --threads 1 2>&- >G/out"), 0);
  EXPECT_EQ(Shell("run G/t.toml --out G/q --threads 1 <&- >&- 2>&-"), 0);
  for (const std::string name : {"o", "p", "q"}) {
    const std::vector<std::string> lines = Lines(Text(name + "/journal.jsonl"));
    EXPECT_EQ(lines.size(), 3u) << name;
    for (const std::string& line : lines) EXPECT_EQ(line[0], '{') << name << ": " << line;
  }
}

TEST_F(StreamsTest, AFullStandardOutputIsOneErrorWhateverPrints) {
  Spec("t", kTiny);
  WriteText(folder_.Path("t.ptb"), kTrees);
  for (const std::string command :
       {"info", "--json info", "--version", "run --help", "data stats G/t.ptb",
        "data check G/t.ptb", "run G/t.toml --out G/o --threads 1 --quiet",
        "run G/t.toml --out G/o --dry-run",
        "--quiet train --train G/t.ptb --dev G/t.ptb --out G/m --epochs 1 --dim 3",
        "eval --checkpoint G/m/model.safetensors --data G/t.ptb"}) {
    EXPECT_EQ(Shell(command + " >/dev/full 2>G/err"), 1) << command;
    EXPECT_EQ(Text("err"), "grove: standard output: No space left on device\n") << command;
  }
}

TEST_F(StreamsTest, AClosedPipeEndsQuietly) {
  Spec("t", kTiny);
  EXPECT_EQ(Shell("run G/t.toml --out G/o --dry-run 2>G/err | true"), 0);
  EXPECT_EQ(Text("err"), "");
}

}  // namespace
}  // namespace grove::test
