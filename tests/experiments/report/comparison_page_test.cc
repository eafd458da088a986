// The comparison of folders end to end: made-up runs in, files out.
#include "experiments/report/comparison_page.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "experiments/report/comparison_tables.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using testing::MadeUpRun;
using testing::WriteRunFolder;
using Strings = std::vector<std::string>;

class ComparisonPageTest : public ::testing::Test {
 protected:
  // A folder of runs of these models on three seeds, with this width, `gain` better than others.
  std::string Folder(const std::string& name, int dim, double gain,
                     const Strings& models = {"rnn", "rlstm"}) {
    std::vector<RunRecord> runs;
    for (const std::string& model : models) {
      for (const uint64_t seed : {1, 2, 3}) {
        runs.push_back(MadeUpRun("mine", 1, model, seed, 0.5 + 0.1 * seed + gain));
        runs.back().run.dim = dim;
        runs.back().key += name;
      }
    }
    WriteRunFolder(folder_.Path(name), runs, 0);
    return folder_.Path(name);
  }

  const TemporaryFolder folder_;
  const std::string out_ = folder_.Path("comparison");
};

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ShortestEndings, AreAsShortAsTheyCanBe) {
  EXPECT_EQ(ShortestEndings({"out/a", "out/b/"}), (Strings{"a", "b"}));
  EXPECT_EQ(ShortestEndings({"x/run", "y/run", "z/other"}), (Strings{"x/run", "y/run", "other"}));
  EXPECT_EQ(ShortestEndings({"/a/x/run", "/b/x/run"}), (Strings{"a/x/run", "b/x/run"}));
  EXPECT_EQ(ShortestEndings({"/run", "/x/run"}), (Strings{"run", "x/run"}));
  EXPECT_EQ(ShortestEndings({"./a/../b", "c.jsonl.gz", "d.jsonl"}), (Strings{"b", "c", "d"}));
  EXPECT_EQ(ShortestEndings({"a", "a.jsonl"}), (Strings{"a", "a.jsonl"}));
}

TEST_F(ComparisonPageTest, WritesThePageWithEverythingBesideIt) {
  const ComparisonReport report =
      WriteComparison({Folder("wide", 50, 0), Folder("narrow", 10, -0.05)}, out_);
  EXPECT_EQ(report.page, out_ + "/index.html");
  EXPECT_EQ(report.warnings, Strings());
  EXPECT_EQ(Verdicts(report.comparison),
            Strings{"narrow - wide: -5 points of test accuracy, 95 % interval -5 to -5, over the 2 "
                    "cells that both have"});
  const std::string page = folder_.Read("comparison/index.html");
  for (const char* part :
       {"<h1>wide, narrow side by side</h1>", "narrow - wide: -5 points", "<td>dim</td>",
        "id=\"curves_rnn-gnuplot_canvas\"", "id=\"curves_rlstm-gnuplot_canvas\"",
        "<span class=\"bad\">-5</span>", "--out ", "<section id=\"runs\">", "narrow: loss"}) {
    EXPECT_TRUE(Contains(page, part)) << part;
  }
  const std::string cells = folder_.Read("comparison/comparison.csv");
  EXPECT_TRUE(
      cells.starts_with("folder,model,cells,runs,failed_or_diverged,mean,difference,low,"
                        "high,paired\nwide,rnn,1,3,0,70.0,0.0,0.0,0.0,yes\n"
                        "narrow,rnn,1,3,0,65.0,-5.0,-5.0,-5.0,yes\n"))
      << cells;
  EXPECT_TRUE(cells.ends_with("narrow,,2,,,,-5.0,-5.0,-5.0,\n")) << cells;
  const std::string curves = folder_.Read("comparison/curves.csv");
  EXPECT_TRUE(
      curves.starts_with("number,folder,model,epoch,cells,runs,dev_accuracy,loss\n"
                         "1,wide,rnn,1,1,3,0.1,2.3\n"))
      << curves;
  EXPECT_TRUE(folder_.Read("comparison/runs.csv").starts_with("folder,key,experiment,"));
  EXPECT_TRUE(Contains(folder_.Read("comparison/runs.csv"), "\nnarrow,mine-1-rnn-1narrow,mine,"));
  for (const char* name : {"curves_rnn.svg", "curves_rnn.png", "curves_rlstm.gp"}) {
    EXPECT_TRUE(fs::exists(out_ + "/figures/" + name)) << name;
  }
}

TEST_F(ComparisonPageTest, FoldersOfOneModelEachShareAFigure) {
  WriteComparison({Folder("a", 50, 0), Folder("b", 50, 0)}, out_);
  WriteComparison({Folder("c", 50, 0, {"rnn"}), Folder("d", 50, 0.1, {"rlstm"})}, out_);
  EXPECT_TRUE(fs::exists(out_ + "/figures/curves.svg"));
  EXPECT_FALSE(fs::exists(out_ + "/figures/curves_rnn.svg")) << "of an older comparison";
  EXPECT_TRUE(Contains(folder_.Read("comparison/figures/curves.svg"), "d (rlstm)"));
}

TEST_F(ComparisonPageTest, NamesAreText) {
  const std::string odd = Folder("<b>& 'x'", 50, 0);
  WriteComparison({odd, Folder("plain", 50, 0)}, out_);
  const std::string page = folder_.Read("comparison/index.html");
  EXPECT_FALSE(Contains(page, "<b>& "));
  EXPECT_TRUE(Contains(page, "&lt;b&gt;&amp; &#39;x&#39;"));
  EXPECT_TRUE(Contains(page, "None: where each folder has one value of a setting"));
}

TEST_F(ComparisonPageTest, FailedRunsAreCountedAndNamed) {
  const std::string a = Folder("a", 50, 0), b = folder_.Path("b");
  RunRecord failed = MadeUpRun("mine", 1, "rnn", 1, std::nan(""));
  failed.status = "diverged";
  failed.message = "loss is not finite";
  WriteRunFolder(b, {failed, MadeUpRun("mine", 1, "rnn", 2, 0.7)}, 0);
  WriteComparison({a, b}, out_);
  const std::string page = folder_.Read("comparison/index.html");
  EXPECT_TRUE(Contains(page, "2 (1 failed or diverged)"));
  EXPECT_TRUE(Contains(page, "loss is not finite"));
}

TEST_F(ComparisonPageTest, BadInputIsAnErrorBeforeAnythingIsWritten) {
  const std::string a = Folder("a", 50, 0), b = folder_.Path("b");
  const auto message = [&](const Strings& paths) {
    return ErrorMessage([&] { WriteComparison(paths, out_); });
  };
  EXPECT_EQ(message({a, a + "/"}), a + "/: given twice: " + a + " has the same runs");
  EXPECT_EQ(message({a, a + "/journal.jsonl"}),
            a + "/journal.jsonl: given twice: " + a + " has the same runs");
  EXPECT_TRUE(message({a, b}).starts_with(b + ": no such file or folder")) << message({a, b});
  RunRecord failed = MadeUpRun("mine", 1, "rnn", 1, 0.5);
  failed.status = "failed";
  WriteRunFolder(b, {failed}, 0);
  EXPECT_TRUE(message({a, b}).starts_with(b + ": no finished run to compare")) << message({a, b});
  EXPECT_EQ(message({a}), "a comparison is of two folders or more");
  EXPECT_EQ(message(Strings(9, a)), "9 folders; at most 8 can be compared at a time");
  EXPECT_FALSE(fs::exists(out_));
}

}  // namespace
}  // namespace grove
