// The README's own lines, run as they stand: in each indented block a line "$ COMMAND" is what a
// reader types, and the lines under it are what he sees.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "tests/experiments/program.h"

namespace grove {
namespace {

using test::Lines;

// What a reader types, here-documents included, and what the page shows of the answer.
struct Step {
  std::string command;
  std::vector<std::string> shown;
};

constexpr size_t kIndent = 4;

// The steps of all indented blocks, in order.
std::vector<Step> ReadSteps(const std::string& text) {
  std::vector<Step> steps;
  std::string end;  // of the here-document that the command is in; empty: none
  bool in_block = false;
  for (const std::string& line : Lines(text)) {
    const bool indented = line.rfind(std::string(kIndent, ' '), 0) == 0;
    const std::string content = indented ? line.substr(kIndent) : "";
    std::smatch match;
    if (!end.empty()) {
      steps.back().command += "\n" + content;
      if (content == end) end.clear();
    } else if (indented && content.rfind("$ ", 0) == 0) {
      steps.push_back({content.substr(2), {}});
      in_block = true;
      static const std::regex kHereDocument("<<'([A-Z]+)'");
      if (std::regex_search(content, match, kHereDocument)) end = match[1];
    } else if (indented && in_block) {
      steps.back().shown.push_back(content);
    } else {
      in_block = false;
    }
  }
  return steps;
}

struct Answer {
  int exit_code = -1;
  std::vector<std::string> lines;  // of standard output and standard error
};

Answer RunStep(const std::string& command, const std::string& folder) {
  const std::string program = std::filesystem::path(GROVE_PROGRAM).parent_path().string();
  const std::string script = folder + "/.step";
  test::WriteText(script, "cd '" + folder + "/work'\nexport PATH='" + program +
                              "':\"$PATH\"\nexec 2>&1\n" + command + "\n");
  Answer answer;
  FILE* pipe = popen(("bash '" + script + "'").c_str(), "r");
  if (pipe == nullptr) return answer;
  std::string text;
  std::array<char, 4096> buffer;
  for (size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    text.append(buffer.data(), n);
  }
  const int status = pclose(pipe);
  answer.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  answer.lines = Lines(text);
  return answer;
}

// "..." in a shown line stands for anything.
bool Matches(const std::string& line, const std::string& shown) {
  static const std::regex kSpecial(R"([.*+?^${}()|\[\]\\])");
  std::string pattern = std::regex_replace(shown, kSpecial, R"(\$&)");
  static const std::regex kAnything(R"(\\\.\\\.\\\.)");
  pattern = std::regex_replace(pattern, kAnything, ".*");
  return std::regex_match(line, std::regex(pattern));
}

// Every shown line stands in the answer, in this order; a line "..." leaves lines out.
void ExpectShown(const Step& step, const Answer& answer) {
  size_t next = 0;
  for (const std::string& shown : step.shown) {
    if (shown == "...") continue;
    const size_t from = next;
    while (next < answer.lines.size() && !Matches(answer.lines[next], shown)) ++next;
    if (next == answer.lines.size()) {
      std::string all;
      for (size_t i = from; i < answer.lines.size(); ++i) all += answer.lines[i] + "\n";
      ADD_FAILURE() << "$ " << step.command << "\nthe README shows: " << shown
                    << "\nthe program says:\n"
                    << all;
      return;
    }
    ++next;
  }
}

// The indented block of the page that begins with this line, without its indent.
std::string Block(const std::string& text, const std::string& first) {
  std::string block;
  for (const std::string& line : Lines(text)) {
    const bool indented = line.rfind(std::string(kIndent, ' '), 0) == 0;
    if (!block.empty() && !indented) break;
    const std::string content = indented ? line.substr(kIndent) : "";
    if (!block.empty() || content == first) block += content + "\n";
  }
  return block;
}

// As much of the package as the page uses, by the format's description: the length of the header
// in 8 bytes, JSON, numbers.
constexpr char kSafetensors[] = R"(import json, struct
class safe_open:
    def __init__(self, path, framework):
        data = open(path, "rb").read()
        end = 8 + struct.unpack("<Q", data[:8])[0]
        self.header, self.numbers = json.loads(data[8:end]), data[end:]
    def __enter__(self): return self
    def __exit__(self, *error): pass
    def metadata(self): return self.header["__metadata__"]
    def shape(self, name): return self.header[name]["shape"]
    def get_tensor(self, name):
        assert self.header[name]["dtype"] == "F32"
        rows, columns = self.shape(name)
        begin, end = self.header[name]["data_offsets"]
        assert end - begin == 4 * rows * columns
        flat = struct.unpack("<%df" % (rows * columns), self.numbers[begin:end])
        return [flat[r * columns:(r + 1) * columns] for r in range(rows)]
)";

// As much of pandas: a table of lines, a choice of some, a choice of columns.
constexpr char kPandas[] = R"(import json
class Lines(list):
    def __getattr__(self, column): return Column(line.get(column) for line in self)
    def __getitem__(self, choice):
        if isinstance(choice[0], bool): return Lines(l for l, c in zip(self, choice) if c)
        return [{column: line[column] for column in choice} for line in self]
class Column(list):
    def __eq__(self, value): return [each == value for each in self]
def read_json(path, lines): return Lines(json.loads(line) for line in open(path))
)";

constexpr char kModelHolds[] = R"(
assert len(words) == len(vectors) and len(vectors[0]) == 50, (len(words), len(vectors))
assert "793" in words and words[-1] == "<unk>"
assert model.shape("W_ci1") == [50, 50] and model.shape("leaf.W_i1") == [50, 50]
assert model.shape("softmax.W") == [10, 50], "out, in"
)";
constexpr char kJournalHolds[] = R"(
assert len(runs) == 18, len(runs)
assert sorted({run["axes"]["learning_rate"] for run in runs}) == [0.02, 0.05, 0.1]
assert all(0 <= run["dev_accuracy"] <= 1 for run in runs)
)";

// What the page tells readers who use Python, in the folder of its other commands. The packages
// need not be there.
void ExpectPythonReads(const std::string& page, const TemporaryFolder& folder) {
  folder.Write("safetensors.py", kSafetensors);
  folder.Write("pandas.py", kPandas);
  const std::string model = Block(page, "import json"), journal = Block(page, "import pandas");
  EXPECT_EQ(Lines(model).size(), 5u);
  EXPECT_EQ(Lines(journal).size(), 3u);
  for (const std::string& program : {model + kModelHolds, journal + kJournalHolds}) {
    const std::string path = folder.Write("lines.py", program);
    const Answer answer = RunStep("PYTHONPATH=.. python3 '" + path + "'", folder.path());
    std::string all;
    for (const std::string& line : answer.lines) all += line + "\n";
    EXPECT_EQ(answer.exit_code, 0) << program << all;
  }
}

TEST(ReadmeProgramTest, EveryCommandDoesWhatThePageShows) {
  const std::string page = test::ReadText(std::string(GROVE_SOURCE_DIR) + "/README.md");
  const std::vector<Step> steps = ReadSteps(page);
  ASSERT_GE(steps.size(), 8u);
  TemporaryFolder folder;
  std::filesystem::create_directory(folder.Path("work"));
  for (const Step& step : steps) {
    const Answer answer = RunStep(step.command, folder.path());
    std::string all;
    for (const std::string& line : answer.lines) all += line + "\n";
    ASSERT_EQ(answer.exit_code, 0) << "$ " << step.command << "\n" << all;
    ExpectShown(step, answer);
  }
  if (RunStep("python3 -c pass", folder.path()).exit_code == 0) ExpectPythonReads(page, folder);
}

// What the reader of the page must see, and what must not pass for it.
TEST(ReadmeProgramTest, TellsWhatIsShownFromWhatIsNot) {
  const std::vector<Step> steps = ReadSteps(
      "text\n\n    $ cat > a <<'END'\n    1\n    END\n    $ cat a\n    1\n    ...\n\nmore\n    "
      "no\n");
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].command, "cat > a <<'END'\n1\nEND");
  EXPECT_EQ(steps[1].shown, (std::vector<std::string>{"1", "..."}));
  EXPECT_TRUE(Matches("loss 0.123 (x)", "loss ... (x)"));
  EXPECT_FALSE(Matches("loss 0.123 (y)", "loss ... (x)"));
  EXPECT_FALSE(Matches("1x2", "1.2"));
}

}  // namespace
}  // namespace grove
