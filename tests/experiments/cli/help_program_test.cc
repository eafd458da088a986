// Help by word and by option, its headings, and short forms of options.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

using Arguments = std::vector<std::string>;

std::string Said(const Arguments& arguments) {
  const ProgramResult result = RunProgram(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  return result.out;
}

// The commands that a help text lists.
std::vector<std::string> Commands(const std::string& help) {
  std::vector<std::string> names;
  bool listed = false;
  for (const std::string& line : Lines(help)) {
    if (listed && line.size() > 2) names.push_back(line.substr(2, line.find(' ', 2) - 2));
    listed = listed || line == "Subcommands:";
  }
  return names;
}

TEST(HelpProgram, TheWordSaysWhatTheOptionSays) {
  const std::string all = Said({"help"});
  EXPECT_EQ(all, Said({"--help"}));
  const std::vector<std::string> commands = Commands(all);
  ASSERT_GE(commands.size(), 8u);
  for (const std::string& command : commands) {
    const std::string help = Said({"help", command});
    EXPECT_EQ(help, Said({command, "--help"}));
    for (const std::string& part : Commands(help)) {
      EXPECT_EQ(Said({"help", command, part}), Said({command, part, "--help"})) << part;
    }
  }
  EXPECT_GE(Commands(Said({"help", "data"})).size(), 3u);
  ExpectOneError({"help", "trian"}, {"unknown command 'grove trian'", "did you mean 'train'?"});
  ExpectOneError({"help", "data", "chekc"}, {"'grove data chekc'", "did you mean 'check'?"});
}

// Where in the text the option begins; of no two the same.
size_t At(const std::string& help, const std::string& what) {
  const size_t at = help.find("\n" + what);
  EXPECT_NE(at, std::string::npos) << what << "\n" << help;
  return at;
}

TEST(HelpProgram, OptionsOfTrainStandUnderHeadings) {
  const std::string help = Said({"help", "train"});
  const std::vector<std::pair<std::string, Arguments>> groups = {
      {"Data:", {"--train", "--dev", "--test", "--classes", "--format", "--min-count"}},
      {"Model:", {"--model", "--dim", "--activation", "--comparison", "--init-fan-cell"}},
      {"Optimiser:", {"--batch", "--learning-rate", "--l2", "--rule", "--clip"}},
      {"Run:", {"--epochs", "--patience", "--select-by", "--seed", "--init", "-o,--out"}}};
  for (size_t g = 0; g < groups.size(); ++g) {
    const size_t begin = At(help, groups[g].first);
    const size_t end = g + 1 < groups.size() ? At(help, groups[g + 1].first) : help.size();
    EXPECT_LT(begin, end);
    for (const std::string& option : groups[g].second) {
      const size_t at = At(help, "  " + option + " ");
      EXPECT_TRUE(begin < at && at < end) << option << " is not under " << groups[g].first;
    }
  }
}

// What the page of the manual has is what the program takes, and none is forgotten.
TEST(HelpProgram, ManualSaysEveryCommandAndOption) {
  const TemporaryFolder folder;
  EXPECT_EQ(Said({"help", "--man-pages", folder.Path("man")}), "");
  size_t pages = 0;
  std::vector<Arguments> commands = {{}};
  for (size_t i = 0; i < commands.size(); ++i) {
    const Arguments command = commands[i];
    std::string page = folder.Path("man/grove");
    for (const std::string& name : command) page += "-" + name;
    const std::string text = ReadText(page + ".1");
    EXPECT_EQ(text, Said(With(With({"help"}, command), {"--man"})));
    ++pages;
    const std::string help = Said(With(With({"help"}, command), {}));
    static const std::regex kOption("\n +(?:-[a-zA-Z],)?--([a-z0-9-]+)");
    for (std::sregex_iterator at(help.begin(), help.end(), kOption), end; at != end; ++at) {
      const std::string name = std::regex_replace((*at)[1].str(), std::regex("-"), "\\-");
      EXPECT_NE(text.find("\\-\\-" + name + "\\fR"), std::string::npos) << page << ": " << name;
    }
    for (const std::string& part : Commands(help)) {
      EXPECT_NE(text.find("\\fB" + part + "\\fR"), std::string::npos) << page << ": " << part;
      commands.push_back(With(command, {part}));
    }
  }
  EXPECT_GE(pages, 15u);
  ExpectOneError({"help", "--man", "trian"}, {"unknown command 'grove trian'"});
}

TEST(HelpProgram, CompletionsOfThreeShells) {
  for (const char* shell : {"bash", "fish", "zsh"}) {
    const std::string script = Said({"completion", shell});
    for (const char* word : {"predict", "max-run-seconds", "child_sum"}) {
      EXPECT_NE(script.find(word), std::string::npos) << shell << ": " << word;
    }
  }
  ExpectOneError({"completion", "tcsh"}, {"no completion for 'tcsh'", "bash, fish, zsh"});
  ExpectOneError({"completion"}, {"shell is required"});
}

class ShortFormsTest : public ProgramTest {
 protected:
  const std::string trees_ = folder_.Write("t.ptb", "(1 (0 a) (1 b))\n(0 (1 b) (0 a))\n");
  const Arguments train_ = {"train", "train=" + trees_, "dev=" + trees_, "epochs=1", "dim=3"};
};

TEST_F(ShortFormsTest, StandForTheLongOnes) {
  const ProgramResult quiet = RunProgram(With(train_, {"-q", "-o", folder_.Path("m")}));
  EXPECT_EQ(quiet.exit_code, 0);
  EXPECT_EQ(quiet.err, "");
  EXPECT_TRUE(std::filesystem::exists(folder_.Path("m/record.json")));
  const std::string spec =
      Spec("s", "name = 's'\n[data]\ntrain = 't.ptb'\ndev = 't.ptb'\n[run]\ndim = 3\nepochs = 1\n");
  for (const Arguments& threads : {Arguments{"-j", "2"}, Arguments{"-j1"}}) {
    const ProgramResult run =
        RunProgram(With({"-q", "run", spec, "-o", folder_.Path("r")}, threads));
    EXPECT_EQ(run.exit_code, 0) << run.err;
  }
  ExpectOneError({"run", spec, "-o", folder_.Path("r"), "-j", "0"}, {"--threads"});
}

TEST_F(ShortFormsTest, VerboseSaysWhatIsTrained) {
  const ProgramResult result =
      RunProgram(With(train_, {"-v", "-q", "test=" + trees_, "-o", folder_.Path("m")}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto model =
      nlohmann::json::parse(Said({"inspect", folder_.Path("m/model.safetensors"), "--json"}));
  const std::vector<std::string> lines = Lines(result.err);
  ASSERT_EQ(lines.size(), 9u) << result.err;
  EXPECT_EQ(lines[0], "train       2 trees: " + trees_);
  EXPECT_EQ(lines[2], "test        2 trees: " + trees_);
  EXPECT_EQ(lines[3], "length      2 to 2 words");
  EXPECT_EQ(lines[4], "vocabulary  3 words");
  EXPECT_EQ(lines[5], "classes     2");
  EXPECT_EQ(lines[6], "parameters  " + model["parameters"].dump());
  EXPECT_EQ(lines[7].rfind("threads     1", 0), 0u);
  EXPECT_EQ(lines[8].rfind("target      ", 0), 0u);
}

}  // namespace
}  // namespace grove::test
