// The report end to end: made-up runs in, files out.
#include "experiments/report/report.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/error.h"
#include "engine/files/files.h"
#include "gtest/gtest.h"
#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using ::grove::testing::MadeUpExperiments;
using ::grove::testing::MadeUpRun;
using ::grove::testing::WriteRunFolder;

std::string FreshFolder(const std::string& name) {
  const std::string path = ::testing::TempDir() + "grove_" + name;
  fs::remove_all(path);
  return path;
}

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Report, WritesEverythingOfAWholeReproduction) {
  const std::string folder = FreshFolder("whole_report");
  std::vector<RunRecord> runs = MadeUpExperiments(5);
  for (const std::string model : {"rnn", "rlstm"}) {
    for (int seed = 1; seed <= 2; ++seed) runs.push_back(MadeUpRun("exp3", 3, model, seed, 0.9));
  }
  WriteRunFolder(folder, runs, 14);
  const Report report = WriteReport(folder);
  EXPECT_EQ(report.warnings, std::vector<std::string>());
  EXPECT_EQ(report.page, folder + "/report/index.html");

  const std::string page = ReadFile(report.page);
  EXPECT_TRUE(Contains(page, "17 of 17 claims hold."));
  EXPECT_TRUE(Contains(page, "a &lt;b&gt; &amp; &quot;c&quot;")) << "provenance, escaped";
  EXPECT_EQ(std::count_if(page.begin(), page.end(), [](char c) { return c < 0; }), 0);
  for (int number = 3; number <= 7; ++number) {
    const std::string base = folder + "/report/figures/figure" + std::to_string(number);
    const std::string svg = ReadFile(base + ".svg");
    EXPECT_TRUE(Contains(svg, "</svg>")) << base;
    EXPECT_TRUE(ReadFile(base + ".png").starts_with("\x89PNG")) << base;
    EXPECT_TRUE(Contains(page, "id=\"figure" + std::to_string(number) + "-gnuplot_canvas\""))
        << base;
    EXPECT_TRUE(fs::exists(base + ".gp")) << base;
    const std::string name = "Figure " + std::to_string(number);
    EXPECT_TRUE(Contains(page, "<summary>The numbers of " + name + "</summary>"));
  }
  const std::string figures = folder + "/report/figures/";
  EXPECT_TRUE(Contains(ReadFile(figures + "figure3.svg"), "rnn up to 10 words"));
  EXPECT_TRUE(Contains(ReadFile(figures + "figure4.svg"), "rnn up to depth 4"));
  EXPECT_TRUE(Contains(ReadFile(figures + "figure5.svg"), "rnn: the median ratio at depth 10"));
  EXPECT_TRUE(Contains(ReadFile(figures + "figure6.svg"), "epoch 14")) << "the last panel";
  EXPECT_TRUE(Contains(ReadFile(figures + "figure7.svg"), "(b) rlstm"));
  // Five of each kind, and the folder of the scripts that they load.
  EXPECT_EQ(std::distance(fs::directory_iterator(figures), fs::directory_iterator()), 16);
  // Both models stand on one scale of ratios.
  const auto range = [&](const std::string& name) {
    std::string lines;
    for (const std::string& line : Lines(ReadFile(figures + name))) {
      if (line.starts_with("low =") || line.starts_with("high =")) lines += line + "\n";
    }
    return lines;
  };
  EXPECT_EQ(range("figure5.gp"), range("figure6.gp"));
}

TEST(Report, TablesHaveARowForEverything) {
  const std::string folder = FreshFolder("table_report");
  std::vector<RunRecord> runs = {MadeUpRun("exp1", 3, "rlstm", 2, 0.5),
                                 MadeUpRun("exp1", 3, "rnn", 1, 0.1),
                                 MadeUpRun("exp3", 3, "rlstm", 1, 0.9)};
  runs[0].status = "failed";
  runs[0].message = "no memory, \"alas\"";
  WriteRunFolder(folder, runs, 3);
  const Report report = WriteReport(folder);
  const auto table = [&](const std::string& name) {
    return Lines(ReadFile(folder + "/report/" + name));
  };
  EXPECT_EQ(table("claims.csv").size(), 1 + 17u);
  const auto run_lines = table("runs.csv");
  ASSERT_EQ(run_lines.size(), 1 + 3u);
  EXPECT_TRUE(Contains(run_lines[0], "weights_xxh3"));
  EXPECT_FALSE(Contains(run_lines[0], "history"));
  EXPECT_TRUE(Contains(run_lines[1], "exp1-3-rnn-1")) << "sorted";
  EXPECT_TRUE(Contains(run_lines[2], "\"no memory, \"\"alas\"\"\""));
  const auto cell_lines = table("cells.csv");
  ASSERT_EQ(cell_lines.size(), 1 + 2u);
  // The run of experiment 3 stands for its twin in experiment 1, and the failed one for 0 %.
  EXPECT_TRUE(cell_lines[2].starts_with("exp1,3,21-30,,rlstm,2,1,0.0,")) << cell_lines[2];
  EXPECT_EQ(table("cell_runs.csv").size(), 1 + 3u);
  EXPECT_EQ(table("epochs.csv").size(), 1 + 3 * 8u);
  const auto ratio_lines = table("ratios.csv");
  ASSERT_EQ(ratio_lines.size(), 1 + 3 * 12u);
  EXPECT_TRUE(ratio_lines[1].starts_with("exp3-3-rlstm-1,exp3,rlstm,1,1,2,60,"));
  EXPECT_TRUE(Contains(ReadFile(report.page), "no memory, &quot;alas&quot;"));
  EXPECT_FALSE(fs::exists(folder + "/report/sweep.csv")) << "nothing but the paper's runs";
}

// A sweep over l2 on the paper's data, in `dim` dimensions; the default has 50.
std::vector<RunRecord> SweepRunsOf(int dim, int dataset, const std::string& model) {
  std::vector<RunRecord> runs;
  for (const double l2 : {0.0, 0.0003, 0.001}) {
    for (int seed = 1; seed <= 3; ++seed) {
      RunRecord run = MadeUpRun("exp1", dataset, model, seed, 0.5 + 100 * l2);
      run.experiment = "mine";
      run.run.dim = dim;
      run.run.l2 = l2;
      run.axes["l2"] = l2;
      run.key += "-" + std::to_string(l2);
      runs.push_back(run);
    }
  }
  return runs;
}

TEST(Report, OfASweepShowsItsMetricAndNothingOfThePaper) {
  const std::string folder = FreshFolder("sweep_report");
  std::vector<RunRecord> runs = SweepRunsOf(4, 3, "rlstm");
  runs[0].status = "diverged";
  WriteRunFolder(folder, runs, 3);
  const Report report = WriteReport(folder);
  EXPECT_FALSE(report.has_paper);
  EXPECT_EQ(report.metric, "test accuracy");
  const std::string page = ReadFile(report.page);
  EXPECT_FALSE(Contains(page, "claim"));
  EXPECT_TRUE(Contains(page, "<td class=\"number\">0.001</td><td>rlstm</td><td class=\"number\">3"))
      << "the numbers of the figure";
  EXPECT_TRUE(Contains(page, "Test accuracy by setting"));
  EXPECT_TRUE(Contains(page, "<svg"));
  EXPECT_TRUE(Contains(page, "grove run mine.toml --out DIR"));
  EXPECT_FALSE(fs::exists(folder + "/report/claims.csv"));
  EXPECT_EQ(
      Lines(ReadFile(folder + "/report/sweep.csv")),
      (std::vector<std::string>{"l2,model,n,failed_or_diverged,lowest,q25,median,q75,best,mean",
                                "0.0,rlstm,3,1,0.0,25.0,50.0,50.0,50.0,33.333333333333336",
                                "0.0003,rlstm,3,0,53.0,53.0,53.0,53.0,53.0,53.0",
                                "0.001,rlstm,3,0,60.0,60.0,60.0,60.0,60.0,60.0"}));
}

// The page of these runs.
std::string PageOf(const std::string& folder, const std::vector<RunRecord>& runs) {
  WriteRunFolder(folder, runs, 3);
  return ReadFile(WriteReport(folder).page);
}

TEST(Report, OfASweepThatPassesThePapersSettings) {
  const std::string folder = FreshFolder("passing_report");
  std::vector<RunRecord> runs = SweepRunsOf(50, 3, "rlstm");
  EXPECT_FALSE(Contains(PageOf(folder, runs), "claim")) << "too few to judge any";
  // Claim E1.1 can be judged: behind what was asked for.
  runs = SweepRunsOf(50, 1, "rnn");
  const std::string behind = PageOf(folder, runs);
  EXPECT_LT(behind.find("Test accuracy by setting"), behind.find("17 claims hold"));
  EXPECT_TRUE(Contains(behind, "17 claims hold"));
  // Runs of the paper itself come first.
  runs.push_back(MadeUpRun("exp1", 3, "rlstm", 4, 0.9));
  const std::string before = PageOf(folder, runs);
  EXPECT_GT(before.find("Test accuracy by setting"), before.find("17 claims hold"));
}

TEST(Report, RemovesWhatAnOlderOneLeft) {
  const std::string folder = FreshFolder("older_report");
  fs::create_directories(folder + "/report/figures");
  for (const char* name : {"ratios.csv", "sweep.csv", "figures/sweep_mine_l2.svg"}) {
    std::ofstream(folder + "/report/" + name) << "of an older report";
  }
  PageOf(folder, {MadeUpRun("exp1", 1, "rnn", 1, 0.9)});
  for (const char* name : {"ratios.csv", "sweep.csv", "figures/sweep_mine_l2.svg"}) {
    EXPECT_FALSE(fs::exists(folder + "/report/" + name)) << name;
  }
}

TEST(Report, OfAJournalGoesWhereItIsAsked) {
  const std::string folder = FreshFolder("journal_report");
  WriteRunFolder(folder, {MadeUpRun("exp1", 1, "rnn", 1, 0.9)}, 3);
  fs::rename(folder + "/journal.jsonl", folder + "/kept.jsonl");
  EXPECT_EQ(WriteReport(folder + "/kept.jsonl", folder + "/there").page,
            folder + "/there/index.html");
  EXPECT_EQ(WriteReport(folder + "/kept.jsonl").page, folder + "/report/index.html");
}

TEST(Report, SaysWhatIsMissing) {
  const std::string folder = FreshFolder("partial_report");
  std::vector<RunRecord> runs = {MadeUpRun("exp1", 1, "rnn", 1, 0.9),
                                 MadeUpRun("exp3", 3, "rnn", 1, 0.9)};
  WriteRunFolder(folder, {runs[0]}, 3);
  std::ofstream(folder + "/journal.jsonl", std::ios::app) << ToJson(runs[1]).dump() << "\n";
  fs::create_directories(folder + "/report/figures");
  std::ofstream(folder + "/report/figures/figure5.svg") << "of an older report";
  const Report report = WriteReport(folder);
  ASSERT_EQ(report.warnings.size(), 1u);
  EXPECT_TRUE(Contains(report.warnings[0], "the gradient ratios of run " + runs[1].key));
  const std::string page = ReadFile(report.page);
  EXPECT_TRUE(Contains(page, "1 of 17 claims holds, 16 have no data yet."));
  EXPECT_TRUE(Contains(page, "needs runs of experiment 3: grove run experiments/specs/exp3.toml"));
  EXPECT_TRUE(fs::exists(folder + "/report/figures/figure3.png"));
  EXPECT_FALSE(fs::exists(folder + "/report/figures/figure5.svg"));
}

TEST(Report, IsTheSameWhateverTheOrderOfTheJournal) {
  std::vector<RunRecord> runs = MadeUpExperiments(2);
  const std::string one = FreshFolder("ordered_report"), two = FreshFolder("reversed_report");
  WriteRunFolder(one, runs, 3);
  std::reverse(runs.begin(), runs.end());
  WriteRunFolder(two, runs, 3);
  WriteReport(one);
  WriteReport(two);
  for (const char* file : {"index.html", "claims.csv", "cells.csv", "runs.csv", "epochs.csv"}) {
    EXPECT_EQ(ReadFile(one + "/report/" + file), ReadFile(two + "/report/" + file)) << file;
  }
}

TEST(Report, WithoutRunsIsAnErrorThatSaysWhatToRun) {
  const std::string folder = FreshFolder("empty_report");
  for (const bool exists : {false, true}) {
    if (exists) fs::create_directories(folder);
    try {
      WriteReport(folder);
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_TRUE(Contains(error.what(), "grove run")) << error.what();
    }
    EXPECT_FALSE(fs::exists(folder + "/report"));
  }
}

TEST(Report, WithoutGnuplotWarnsOnceAndKeepsScripts) {
  const std::string folder = FreshFolder("undrawn");
  WriteRunFolder(folder, MadeUpExperiments(1), 3);
  const std::string path = getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  const Report report = WriteReport(folder);
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(report.warnings,
            std::vector<std::string>{"gnuplot is not installed (package gnuplot-nox)"});
  const std::string figures = folder + "/report/figures";
  EXPECT_TRUE(fs::exists(figures + "/figure3.gp"));
  EXPECT_TRUE(fs::exists(figures + "/plots/accuracy.gp"));
  EXPECT_FALSE(fs::exists(figures + "/figure3.svg"));
}

}  // namespace
}  // namespace grove
