// Every text of every figure stands inside the canvas and clear of all others.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "engine/files/files.h"
#include "experiments/report/draw.h"
#include "tests/experiments/made_up_figures.h"
#include "tests/experiments/made_up_tables.h"
#include "tests/experiments/svg_texts.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

using testing::CountText;
using testing::Extent;
using testing::LayoutFaults;
using testing::MadeUpFigures;

// The axis titles of a figure that is no sweep.
std::vector<std::string> AxisTitles(const Figure& figure) {
  const std::string& script = figure.script;
  if (script == "accuracy" || script == "strips") {
    return {"dataset, with its sentence lengths", "test accuracy (%)"};
  }
  if (script == "ratios_by_depth") return {"keyword depth", "gradient ratio: keyword over root"};
  if (script == "ratios_by_epoch") return {"epoch", "gradient ratio"};
  if (script == "node_ratios") return {"depth of the node", "gradient ratio: node over root"};
  if (script == "length_depth") return {"words", "keyword depth"};
  if (script == "gates") return {"epoch (0: before training)", "mean activation"};
  if (script == "claims") return {"five-run studies that uphold the claim (%)"};
  if (script == "curves") return {"epoch", "dev accuracy (%)", "loss"};
  if (script == "variants") return {"judged claims that hold (%)"};
  return {"epoch"};
}

// Draws all figures of this extent, or those of one script, and looks for faults.
void ExpectClearTexts(const Extent& extent, const std::string& script = "") {
  const TemporaryFolder folder;
  const std::string figures = folder.path() + "/figures";
  std::filesystem::create_directory(figures);
  testing::WriteMadeUpTables(folder.path(), extent);
  for (Figure& figure : MadeUpFigures(extent)) {
    if (!script.empty() && figure.script != script) continue;
    SCOPED_TRACE(figure.name);
    ASSERT_EQ(Draw(figures, figure, Formats::kSvg), "");
    EXPECT_EQ(LayoutFaults(figure.svg), std::vector<std::string>());
    EXPECT_EQ(CountText(figure.svg, figure.title), 1);
    if (figure.script != "sweep") {
      for (const std::string& text : AxisTitles(figure)) EXPECT_GE(CountText(figure.svg, text), 1);
    }
    if (figure.script == "claims" || figure.script == "variants") {
      for (const std::string& label :
           std::get<std::vector<std::string>>(figure.settings.at("labels"))) {
        EXPECT_EQ(CountText(figure.svg, label), 1) << label;
      }
    }
    // gnuplot warns on stderr of what it could not make sense of.
    const std::string command = "cd '" + figures + "' && gnuplot -d " + figure.name + ".gp 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string said;
    for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) said += static_cast<char>(c);
    EXPECT_EQ(pclose(pipe), 0);
    EXPECT_EQ(said, "");
    EXPECT_EQ(ReadFile(figures + "/" + figure.name + ".svg"), figure.svg) << "drawn again";
  }
}

TEST(FiguresLayout, Ordinary) { ExpectClearTexts({}); }

TEST(FiguresLayout, TheLeastThereCanBe) {
  Extent extent;
  extent.datasets = extent.epochs = extent.rows = extent.seeds = 1;
  extent.depths = 2;
  extent.title = "One";
  extent.label = "a";
  ExpectClearTexts(extent);
}

TEST(FiguresLayout, ManyOfEverything) {
  Extent extent;
  extent.epochs = 25;
  extent.rows = 28;
  extent.depths = 40;
  extent.seeds = 25;
  extent.title =
      "A finding that needs a very long sentence, since it names two models, three experiments, "
      "seven lengths of sentences, ten depths of the keyword, and how often each was seen";
  ExpectClearTexts(extent);
}

TEST(FiguresLayout, LongLabels) {
  Extent extent;
  extent.label =
      "leaf_weights = shared, first_step = adagrad, init_fan_cell = 2, init_fan_gate = 4, l2 = "
      "0.0001 of variant";
  ExpectClearTexts(extent);
}

TEST(FiguresLayout, OneModel) {
  for (const char* model : {"rnn", "rlstm"}) {
    Extent extent;
    extent.models = {model};
    ExpectClearTexts(extent);
  }
}

TEST(FiguresLayout, ManyModels) {
  Extent extent;
  extent.models = {"rnn", "rlstm", "tai_binary", "child_sum", "zhu", "gru", "grc", "another"};
  ExpectClearTexts(extent, "ratios");
  ExpectClearTexts(extent, "curves");
}

TEST(FiguresLayout, ManySeries) {
  Extent extent;
  extent.models = {"rnn", "rlstm"};
  Figure figure = testing::MadeUpSweep("many", extent, true);
  figure.settings["labels"] = testing::Labels(8, "rlstm, hidden = 10, batch = 5, seed ");
  const TemporaryFolder folder;
  ASSERT_EQ(Draw(folder.path(), figure, Formats::kSvg), "");
  EXPECT_EQ(LayoutFaults(figure.svg), std::vector<std::string>());
}

// Figure 5 as it was drawn once, without its points and lines: the numbers of one row of panels run
// into the titles of the next, and gnuplot left out the axis titles that stood beyond the canvas.
TEST(LayoutFaults, SeesTheFaultsOfACrowdedFigure) {
  const std::string crowded =
      ReadFile(GROVE_SOURCE_DIR "/tests/experiments/report/crowded_figure.svg");
  const std::vector<std::string> faults = LayoutFaults(crowded);
  const std::string overlap = "overlap: \"8\", \"epoch 7\"";
  EXPECT_TRUE(std::find(faults.begin(), faults.end(), overlap) != faults.end());
  EXPECT_EQ(CountText(crowded, "epoch 7"), 1);
  EXPECT_EQ(CountText(crowded, "gradient ratio"), 0) << "it was the title of three axes";
}

TEST(LayoutFaults, SeesWhatLeavesTheCanvas) {
  const auto drawing = [](const std::string& place, const std::string& anchor) {
    return "<svg viewBox=\"0 0 100 50\"><g transform=\"" + place +
           "\" fill=\"black\" font-size=\"10.00\"  text-anchor=\"" + anchor +
           "\"><text><tspan>a title &lt; all</tspan></text></g></svg>";
  };
  const std::vector<std::string> none, cut = {"cut off: \"a title < all\""};
  EXPECT_EQ(LayoutFaults(drawing("translate(50.00,25.00)", "middle")), none);
  EXPECT_EQ(LayoutFaults(drawing("translate(50.00,5.00)", "middle")), cut);
  EXPECT_EQ(LayoutFaults(drawing("translate(50.00,25.00)", "start")), cut);
  EXPECT_EQ(LayoutFaults(drawing("translate(50.00,25.00) rotate(-90.00)", "middle")), cut);
  EXPECT_EQ(LayoutFaults("<svg viewBox=\"0 0 9 9\"></svg>"), std::vector{std::string("no texts")});
}

}  // namespace
}  // namespace grove
