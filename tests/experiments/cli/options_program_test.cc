// Options as a user types them: truth values, and names that other programs have.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

using Arguments = std::vector<std::string>;

class OptionsTest : public ProgramTest {
 protected:
  Arguments Train(const std::string& out, const Arguments& more) const {
    return With({"train", "--train", trees_, "--dev", trees_, "--out", folder_.Path(out), "--quiet",
                 "--epochs", "0", "--dim", "3", "--json"},
                more);
  }
  // The key of that run: equal for equal settings.
  std::string Key(const std::string& out, const Arguments& more) const {
    const ProgramResult result = RunProgram(Train(out, more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return nlohmann::json::parse(result.out)["key"];
  }

  const std::string trees_ = folder_.Write("t.ptb", "(1 (0 a) (1 b))\n(0 (1 b) (0 a))\n");
};

TEST_F(OptionsTest, ATruthValueCanBeSwitchedOff) {
  const std::string by_default = Key("default", {});
  EXPECT_EQ(Key("bare", {"--l2-words"}), by_default);
  EXPECT_EQ(Key("true", {"--l2-words=true"}), by_default);
  const std::string off = Key("off", {"--l2-words=false"});
  EXPECT_NE(off, by_default);
  EXPECT_EQ(Key("apart", {"--l2-words", "false"}), off);
  EXPECT_EQ(Key("before", {"--l2-words", "--l2", "0.0003"}), by_default);
  ExpectOneError(Train("bad", {"--l2-words=maybe"}), {"--l2-words", "'maybe'", "true or false"});
}

TEST_F(OptionsTest, NamesOfOtherProgramsFindTheSetting) {
  for (const auto& [typed, meant] : {std::pair{"--lr", "--learning-rate"},
                                     {"--hidden", "--dim"},
                                     {"--bs", "--batch"},
                                     {"--batch-size", "--batch"},
                                     {"--wd", "--l2"}}) {
    ExpectOneError(Train("bad", {typed, "1"}), {std::string("unknown option '") + typed + "'",
                                                std::string("did you mean '") + meant + "'?"});
  }
  const std::string spec = Spec("s", "name = 's'\n[run]\nlr = 0.1\n");
  ExpectOneError({"run", spec, "--out", folder_.Path("o")},
                 {"s.toml:3: unknown key 'lr'; did you mean 'learning_rate'?"});
}

}  // namespace
}  // namespace grove::test
