// The artifact appendix and the citation: the commands train what each claim is judged on, and what
// it names is there.
#include "experiments/report/artifact_page.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "engine/files/files.h"
#include "experiments/plan/plan.h"
#include "experiments/plan/run_filter.h"
#include "experiments/runs/provenance.h"

namespace grove {
namespace {

const std::string kRoot = GROVE_SOURCE_DIR;

// What the regular expression's group holds, wherever it matches.
std::set<std::string> Found(const std::string& text, const std::string& expression) {
  std::set<std::string> found;
  const std::regex regex(expression);
  for (std::sregex_iterator i(text.begin(), text.end(), regex), end; i != end; ++i) {
    found.insert((*i)[1]);
  }
  return found;
}

TEST(ArtifactPage, EachCommandTrainsWhatItsClaimIsJudgedOn) {
  const Store store = ReadStore(kRoot + "/experiments/results/journals/default_1-5.jsonl.gz");
  const std::vector<StoredRun> runs = AllRuns(store);
  const Judgements whole = Judge(PaperRuns(runs, Variant()), Cells::kAll);
  const std::vector<Job> plan = Plan({ReadSpec(kRoot + "/experiments/specs/exp1.toml"),
                                      ReadSpec(kRoot + "/experiments/specs/exp2.toml"),
                                      ReadSpec(kRoot + "/experiments/specs/exp3.toml")})
                                    .runs;
  ASSERT_EQ(whole.claims.size(), 17u);
  for (size_t i = 0; i < whole.claims.size(); ++i) {
    const Judgement& expected = whole.claims[i];
    const std::string only = OnlyOfClaim(*expected.claim);
    SCOPED_TRACE(std::string(expected.claim->id) + ": " + only);
    std::set<std::string> keys;
    for (const Job& job : SelectRuns(plan, {only})) keys.insert(job.key);
    std::vector<StoredRun> trained = runs;
    std::erase_if(trained, [&](const StoredRun& run) { return !keys.contains(run.record->key); });
    EXPECT_EQ(trained.size(), keys.size()) << "each of them is kept";
    const Judgement found = Judge(PaperRuns(trained, Variant()), Cells::kAll).claims.at(i);
    EXPECT_EQ(ToString(found.verdict()), ToString(expected.verdict()));
    EXPECT_NE(found.verdict(), Verdict::kNoData);
    EXPECT_EQ(found.value, expected.value);
  }
  EXPECT_EQ(OnlyOfClaim(*whole.claims[1].claim), "experiment=exp1,model=rnn,dataset=2-10");
  EXPECT_EQ(OnlyOfClaim(*whole.claims[4].claim), "experiment=exp1,dataset=8-10");
}

TEST(Citation, HasTheVersionOfTheProgram) {
  const std::string citation = ReadFile(kRoot + "/CITATION.cff");
  EXPECT_EQ(Found(citation, "\nversion: (.*)\n"), (std::set<std::string>{Version()}));
  for (const char* key :
       {"cff-version", "message", "title", "authors", "date-released", "license"}) {
    EXPECT_EQ(Found("\n" + citation, std::string("\n(") + key + "):").size(), 1u) << key;
  }
}

TEST(ArtifactPage, NamesWhatIsThere) {
  const std::string page = ReadFile(kRoot + "/experiments/results/ARTIFACT.md");
  const std::string makefile = ReadFile(kRoot + "/experiments/Makefile");
  const std::set<std::string> targets = Found(page, "make -C experiments ([a-z-]+)");
  EXPECT_GE(targets.size(), 8u);
  for (const std::string& target : targets) {
    EXPECT_NE(makefile.find("\n" + target + ":"), std::string::npos) << target;
  }
  const std::set<std::string> paths =
      Found(page, "`((simd|engine|sched|experiments|tests)/[A-Za-z0-9_./-]*|[A-Z]+\\.(cff|md))`");
  EXPECT_GE(paths.size(), 12u);
  for (const std::string& path : paths) {
    EXPECT_TRUE(std::filesystem::exists(kRoot + "/" + path)) << path;
  }
  EXPECT_EQ(Found(page, "\n\\| (E[1-3]\\.[1-9]) \\|").size(), 17u);
}

}  // namespace
}  // namespace grove
