#include "experiments/report/cells_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error.h"
#include "experiments/report/data_package.h"
#include "experiments/report/figures.h"
#include "experiments/report/paper_tables.h"
#include "experiments/report/run_tables.h"
#include "experiments/report/template.h"
#include "experiments/stats/numbers.h"
#include "experiments/stats/variants.h"

namespace grove {
namespace {

using Json = nlohmann::json;

constexpr char kRuns[] = "make -C experiments cells";
constexpr char kPage[] = "grove report out/cells --page cells";

std::string Joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string SettingsText(const GridPoint& point) {
  return point.settings.empty() ? "default" : point.settings;
}

// The last dataset of the experiment that has runs; 0 if none has.
int LastDataset(const CellStudy& study, int experiment) {
  int last = 0;
  for (const Cell& cell : study.cells) {
    if (cell.name.experiment == experiment) last = std::max(last, cell.name.dataset);
  }
  return last;
}

// The models whose median run solves the dataset, or does not.
std::vector<std::string> Solvers(const CellStudy& study, int experiment, int dataset, bool solve) {
  std::vector<std::string> models;
  for (const Cell& cell : study.cells) {
    if (cell.name.experiment != experiment || cell.name.dataset != dataset) continue;
    if ((cell.spread.median >= kSolved) == solve) models.push_back(cell.name.model);
  }
  return models;
}

// The hardest dataset there is, as people read it.
std::string Place(int experiment, int dataset) {
  return experiment == 1 ? WordsText({1, dataset}) + " words"
                         : "keywords " + DepthsText({2, dataset}) + " edges deep";
}

std::string AccuracyFinding(const CellStudy& study, int experiment) {
  const int last = LastDataset(study, experiment);
  const std::vector<std::string> none = Solvers(study, experiment, last, false);
  const size_t all = study.reported.models().size();
  return fmt::format("On {} the median run learns the task with {} of {} cells{}",
                     Place(experiment, last), all - none.size(), all,
                     none.empty() ? "" : "; not with " + Joined(none));
}

// Every run and the medians, a series a model.
std::string AccuracyRows(const CellStudy& study, int experiment) {
  std::string rows = "series,place,seed,percent,what\n";
  int series = 0;
  for (const std::string& model : study.reported.models()) {
    ++series;
    for (const Cell& cell : study.cells) {
      if (cell.name.experiment != experiment || cell.name.model != model) continue;
      const int place = cell.name.dataset;
      for (const StoredRun& run : study.reported.Cell(experiment, place, model)) {
        rows += fmt::format("{},{},{},{},run\n", series, place, run.record->seed, run.accuracy());
      }
      rows += fmt::format("{},{},,{},median\n", series, place, cell.spread.median);
    }
  }
  return rows;
}

Figure AccuracyFigure(const CellStudy& study, int experiment) {
  Figure figure{experiment == 1 ? "lengths" : "depths", "sweep"};
  if (LastDataset(study, experiment) == 0) {
    return Undrawn(figure, fmt::format("needs runs of experiment {}", experiment));
  }
  figure.title = AccuracyFinding(study, experiment);
  figure.caption = fmt::format(
      "Test accuracy by {} (figure {} of the paper, with every cell): every run (small) and the "
      "median of each cell (large); a failed or diverged run counts as 0 %. Guessing gives 10 %.",
      experiment == 1 ? "sentence length" : "depth of the keyword", experiment + 2);
  SetDatasets(study.reported, experiment, figure);
  figure.settings["places"] = figure.settings["datasets"];
  figure.settings["ticks"] = figure.settings["labels"];
  figure.settings["xlabel"] =
      std::string(experiment == 1 ? "words" : "keyword depth (21 to 30 words)");
  figure.settings["labels"] = study.reported.models();
  figure.settings["styles"] = SeriesStyles(study.reported.models());
  for (const char* yes : {"numeric", "joined"}) figure.settings[yes] = 1.0;
  figure.settings["log_x"] = 0.0;
  figure.settings["low"] = 0.0;
  figure.settings["high"] = 100.0;
  figure.settings["ylabel"] = std::string("test accuracy (%)");
  figure.table = AccuracyRows(study, experiment);
  return figure;
}

// The epochs of a model, the first, the one with the highest ratio, and the last.
struct RatioCourse {
  const RatioMedian* first = nullptr;
  const RatioMedian* highest = nullptr;
  const RatioMedian* last = nullptr;
};

RatioCourse CourseOf(const CellStudy& study, const std::string& model) {
  RatioCourse course;
  for (const RatioMedian& m : study.ratios) {
    if (m.model != model) continue;
    if (course.first == nullptr) course.first = &m;
    if (course.highest == nullptr || m.median > course.highest->median) course.highest = &m;
    course.last = &m;
  }
  return course;
}

Figure RatioFigure(const CellStudy& study) {
  Figure figure = RatioMediansFigure(study.ratios, false);
  if (!figure.missing.empty()) return figure;
  std::vector<std::string> above;
  for (const std::string& model : ModelsOf(study.ratios)) {
    if (CourseOf(study, model).highest->median >= 0.1) above.push_back(model);
  }
  figure.title = fmt::format("Median gradient ratio at depth {}: {} of {} cells reach 0.1",
                             kRatioDepth, above.size(), ModelsOf(study.ratios).size());
  figure.caption += " (Figure 7 of the paper, with every cell.)";
  return figure;
}

Table RatioTable(const CellStudy& study) {
  Table table({Words("model"), Numbers("first", "epoch 1"), Numbers("highest"),
               Numbers("highest_epoch", "in epoch"), Numbers("last"),
               Numbers("last_epoch", "in epoch")});
  for (const std::string& model : ModelsOf(study.ratios)) {
    const RatioCourse c = CourseOf(study, model);
    table.Add({model, c.first->median, c.highest->median, c.highest->epoch, c.last->median,
               c.last->epoch});
  }
  return table;
}

// Models whose chosen settings have no run that is reported.
std::vector<std::string> NotReported(const CellStudy& study) {
  std::vector<std::string> models;
  for (const CellChoice& choice : study.choices) {
    const bool told = std::any_of(study.cells.begin(), study.cells.end(), [&](const Cell& cell) {
      return cell.name.model == choice.model;
    });
    if (!told) models.push_back(fmt::format("{} ({})", choice.model, SettingsText(choice.best())));
  }
  return models;
}

// Whether what the page reads from the pictures is what these runs show: in the longest sentences
// and with the deepest keyword but one, all cells but rnn learn the task.
bool IsAsRead(const CellStudy& study) {
  const std::vector<std::string> only_rnn = {"rnn"};
  return study.choices.size() == 7 && LastDataset(study, 1) == 5 && LastDataset(study, 2) == 10 &&
         Solvers(study, 1, 5, false) == only_rnn && Solvers(study, 2, 9, false) == only_rnn &&
         ModelsOf(study.ratios).size() == study.choices.size();
}

std::string Page(const CellStudy& study, const std::vector<Figure>& figures) {
  Json data = {{"models", study.reported.models().size()},
               {"not_reported", Joined(NotReported(study))},
               {"choices", ChoicesTable(study.choices).Markdown()},
               {"ratio_table", RatioTable(study).Markdown()},
               {"ratio_depth", kRatioDepth},
               {"runs", study.runs.size()},
               {"time", TrainingTime(TotalSeconds(study.runs))},
               {"failed", CountFailed(study.runs)},
               {"l2", FormatNumber(Resolve(RunSpec()).l2)},
               {"learning_rate", FormatNumber(Resolve(RunSpec()).learning_rate)},
               {"reading", IsAsRead(study)}};
  for (Json& row : RatioTable(study).Rows()) data[row["model"].get<std::string>()] = row;
  for (const int experiment : {1, 2}) {
    const int last = LastDataset(study, experiment);
    const std::string name = experiment == 1 ? "lengths" : "depths";
    data[name] = {{"table", AccuracyTable(study, experiment).Markdown()},
                  {"hardest", last == 0 ? "" : Place(experiment, last)},
                  {"solved", Joined(Solvers(study, experiment, last, true))},
                  {"unsolved", Joined(Solvers(study, experiment, last, false))}};
  }
  for (const Figure& figure : figures) {
    data[figure.name + "_figure"] =
        figure.missing.empty() ? FigureMarkdown(figure, kRuns, kPage) : "";
  }
  return FillPage("cells.md", Markup::kMarkdown, data);
}

}  // namespace

CellStudy ComputeCellStudy(const std::string& path) {
  CellStudy study;
  study.store = ReadStore(path);
  study.runs = AllRuns(study.store);
  study.choices = ChooseSettings(study.runs);
  if (study.choices.empty()) {
    throw Error(path +
                ": no run to choose settings by (seeds 101-105 on sentences of 21 to 30 or 41 to "
                "50 words); "
                "first: grove run experiments/specs/cells/grid.toml --out " +
                path);
  }
  study.reported = PaperRuns(study.runs, ChosenVariant(study.choices), IsReportedSeed);
  study.cells = MakeCells(study.reported);
  study.ratios = RatioMedians(study.reported);
  if (study.cells.empty()) {
    throw Error(path + ": no run on seeds 1-5 with the settings that the grid chose: " +
                Joined(NotReported(study)));
  }
  return study;
}

std::vector<std::string> WriteCellStudy(const CellStudy& study, const std::string& folder) {
  std::vector<Figure> figures = {AccuracyFigure(study, 1), AccuracyFigure(study, 2),
                                 RatioFigure(study)};
  Files files = {{"choices.csv", ChoicesTable(study.choices).Csv()},
                 {"cells.csv", CellsTable(study.cells).Csv()},
                 {"cell_runs.csv", CellRunsTable(study.reported).Csv()},
                 {"ratio_medians.csv", RatioMediansTable(study.ratios).Csv()},
                 {"journals.csv", JournalsTable(study.store.journals()).Csv()},
                 {"README.md", Page(study, figures)}};
  AddDataPackage("grove-cells", "Every cell on the paper's task", files, {&figures});
  return WriteWithFigures(folder, files, figures);
}

Table ChoicesTable(const std::vector<CellChoice>& choices) {
  Table table({Words("model"), Words("settings"), Numbers("runs"),
               Numbers("dev_21_30", "21-30 words"), Numbers("dev_41_50", "41-50 words"),
               Numbers("dev_mean", "mean"), Numbers("solved"), Words("chosen")});
  for (const CellChoice& choice : choices) {
    for (const GridPoint& point : choice.points) {
      table.Add({choice.model, SettingsText(point), point.runs, point.dev[0], point.dev[1],
                 point.mean, point.solved, &point == &choice.best() ? "yes" : ""});
    }
  }
  return table;
}

Table AccuracyTable(const CellStudy& study, int experiment) {
  std::vector<Table::Column> columns = {Words("model")};
  const int last = LastDataset(study, experiment);
  for (int dataset = 1; dataset <= last; ++dataset) {
    columns.push_back(
        Numbers(experiment == 1 ? WordsText({1, dataset}) : DepthsText({2, dataset})));
  }
  Table table(columns);
  for (const std::string& model : study.reported.models()) {
    std::vector<Value> row(columns.size());
    row[0] = model;
    for (const Cell& cell : study.cells) {
      if (cell.name.experiment != experiment || cell.name.model != model) continue;
      row[static_cast<size_t>(cell.name.dataset)] = {
          cell.spread.median,
          fmt::format("{} ({}/{})", FormatNumber(cell.spread.median), cell.solved, cell.spread.n)};
    }
    table.Add(std::move(row));
  }
  return table;
}

}  // namespace grove
