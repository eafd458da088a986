#include "experiments/report/report_page.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "experiments/report/html.h"
#include "experiments/stats/numbers.h"
#include "experiments/stats/statistics.h"

namespace grove {
namespace {

constexpr char kTitle[] =
    "Long-distance dependencies in recursive networks: RNN and recursive LSTM";
constexpr char kPaper[] =
    "A reproduction of P. Le and W. Zuidema (2016), Quantifying the vanishing gradient and long "
    "distance dependency problem in recursive neural networks and recursive LSTMs, RepL4NLP 2016, "
    "arXiv 1603.00423. Figures are numbered as there.";
constexpr char kIntervals[] =
    "With more than five seeds the claims are judged as 1,000 studies of five runs a cell, and "
    "hold "
    "if at least half of them uphold it; with five or fewer the one study decides. Value: its "
    "median "
    "over the studies. Interval: 95 %, percentile bootstrap over runs of a five-run study's "
    "figure; "
    "none where a cell has a single run. Best-of and largest-of statistics are biased when runs "
    "are "
    "drawn anew, so their interval may lie to one side of the value. Experiment 3: every statistic "
    "is computed for each run, its value is the median over runs. The condition shown is the one "
    "that fails in most studies. Runs that failed or diverged count as 0 %.";

std::string Heading(const std::string& text) { return Element("h2", EscapeHtml(text)) + "\n"; }

std::string Code(const std::string& text) { return Element("code", EscapeHtml(text)); }

// A share of 0.934 as "93.4".
std::string PercentText(double share) {
  if (std::isnan(share)) return "&ndash;";
  return FormatNumber(std::round(share * 1000) / 10, 4);
}

std::string VerdictCell(Verdict verdict) {
  const char* style = verdict == Verdict::kHolds         ? "class=\"good\""
                      : verdict == Verdict::kDoesNotHold ? "class=\"bad\""
                                                         : "class=\"none\"";
  return Element("span", ToString(verdict), style);
}

std::string ValueText(double value, const std::string& unit) {
  if (std::isnan(value)) return "&ndash;";
  return EscapeHtml(FormatNumber(value) + (unit.empty() ? "" : " " + unit));
}

std::string ClaimsSection(const Judgements& claims) {
  std::vector<std::vector<std::string>> rows;
  for (const Judgement& j : claims.claims) {
    const std::string unit = Unit(j.condition().statistic);
    const std::string interval =
        std::isnan(j.interval.low)
            ? "&ndash;"
            : EscapeHtml(FormatNumber(j.interval.low) + " to " + FormatNumber(j.interval.high));
    const std::string solved = ToText(j.solved);
    std::string measured = j.available ? j.text : j.missing;
    if (!solved.empty()) measured += "; solved (at least 50 %): " + solved;
    rows.push_back({j.claim->id, EscapeHtml(j.claim->paper), EscapeHtml(j.claim->holds_when),
                    EscapeHtml(measured), ValueText(j.value, unit), interval,
                    EscapeHtml(ToString(j.condition().relation) + " ") +
                        ValueText(j.condition().threshold, unit),
                    VerdictCell(j.verdict())});
  }
  return Heading("Claims") +
         Table({{"Claim"},
                {"The paper says"},
                {"Holds when"},
                {"Measured"},
                {"Value", true},
                {"Interval", true},
                {"Threshold", true},
                {"Verdict"}},
               rows) +
         Paragraph(kIntervals, "class=\"faint\"");
}

std::string FiguresSection(const std::vector<Figure>& figures) {
  std::string html = Heading("Figures");
  for (const Figure& figure : figures) {
    const std::string& name = figure.name;
    // Those of the paper have its numbers.
    const bool numbered = name.starts_with("figure");
    const std::string number = numbered ? name.substr(6) : "-" + name;
    const std::string title = numbered ? "Figure " + number : "A sweep";
    if (!figure.missing.empty()) {
      html += Paragraph(title + " (" + figure.title + ") " + figure.missing, "class=\"faint\"");
      continue;
    }
    const std::string caption = Element("b", title + ".") + " " +
                                EscapeHtml(figure.title + ". " + figure.caption) +
                                " Script: " + Code("figures/" + name + ".gp") + ".";
    const std::string drawing = figure.svg.empty()
                                    ? Paragraph("Not drawn; gnuplot draws it from its script.")
                                    : InlineSvg(figure.svg, "g" + number, figure.title);
    html += Element("figure", "\n" + drawing + "\n" + Element("figcaption", caption) + "\n") + "\n";
  }
  return html;
}

// The runs of one cell, finished or not.
struct Cell {
  std::vector<double> accuracies, epochs;
  std::set<uint64_t> seeds;
  size_t lost = 0;
};

// "1-5, 7".
std::string SeedRanges(const std::set<uint64_t>& seeds) {
  std::string text;
  for (auto seed = seeds.begin(); seed != seeds.end();) {
    const uint64_t first = *seed;
    uint64_t last = first;
    for (++seed; seed != seeds.end() && *seed == last + 1; ++seed) last = *seed;
    text += (text.empty() ? "" : ", ") + std::to_string(first);
    if (last != first) text += "-" + std::to_string(last);
  }
  return text;
}

std::string CellsSection(const ReportData& data) {
  using Key = std::tuple<std::string, int, std::string, std::string>;
  std::vector<std::pair<Key, Cell>> cells;  // runs are sorted, so cells come in order
  for (const RunRecord& run : data.runs) {
    const std::string axes = run.axes.empty() ? "" : run.axes.dump();
    const Key key{run.experiment, run.dataset, run.model, axes};
    auto found = std::find_if(cells.begin(), cells.end(),
                              [&](const auto& cell) { return cell.first == key; });
    if (found == cells.end()) found = cells.insert(cells.end(), {key, Cell()});
    Cell& cell = found->second;
    cell.seeds.insert(run.seed);
    cell.accuracies.push_back(IsDone(run) ? run.test_accuracy : 0);
    if (!IsDone(run)) {
      ++cell.lost;
      continue;
    }
    cell.epochs.push_back(run.epochs);
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& [key, cell] : cells) {
    const auto& [experiment, dataset, model, axes] = key;
    rows.push_back({EscapeHtml(experiment), std::to_string(dataset),
                    EscapeHtml(axes.empty() ? model : model + " " + axes),
                    std::to_string(cell.accuracies.size()),
                    PercentText(Quantile(cell.accuracies, 1)), PercentText(Median(cell.accuracies)),
                    PercentText(Quantile(cell.accuracies, 0)), PercentText(Mean(cell.accuracies)),
                    cell.epochs.empty() ? "&ndash;" : FormatNumber(Mean(cell.epochs)),
                    SeedRanges(cell.seeds), cell.lost == 0 ? "" : std::to_string(cell.lost)});
  }
  return Heading("Cells") +
         Paragraph(
             "Test accuracy in percent at the best dev epoch, over the "
             "runs of each cell, those that failed or diverged as 0 %; every run is in runs.csv.") +
         Table({{"Experiment"},
                {"Dataset", true},
                {"Model"},
                {"Runs", true},
                {"Best", true},
                {"Median", true},
                {"Lowest", true},
                {"Mean", true},
                {"Mean epochs", true},
                {"Seeds"},
                {"Lost", true}},
               rows);
}

std::string LostRunsSection(const ReportData& data) {
  std::vector<std::vector<std::string>> rows;
  for (const RunRecord& run : data.runs) {
    if (IsDone(run)) continue;
    rows.push_back({EscapeHtml(run.experiment), std::to_string(run.dataset), EscapeHtml(run.model),
                    std::to_string(run.seed), EscapeHtml(run.status), EscapeHtml(run.message)});
  }
  if (rows.empty()) return Heading("Failed runs") + Paragraph("None failed, none diverged.");
  return Heading("Failed runs") +
         Table({{"Experiment"}, {"Dataset", true}, {"Model"}, {"Seed", true}, {"Status"}, {"Why"}},
               rows);
}

std::string ProvenanceSection(const ReportData& data) {
  std::string html = Heading("Provenance");
  double seconds = 0;
  for (const RunRecord& run : data.runs) seconds += std::isnan(run.seconds) ? 0 : run.seconds;
  html += Paragraph(std::to_string(data.runs.size()) + " runs, " + FormatNumber(seconds / 3600) +
                    " core-hours of training in all; a run is one thread.");
  for (const nlohmann::json& provenance : data.provenance) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [key, value] : provenance.items()) {
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      rows.push_back({EscapeHtml(key), EscapeHtml(text)});
    }
    html += Table({{"What"}, {"Value"}}, rows);
  }
  return html;
}

std::string AgainSection() {
  return Heading("Making it again") +
         Paragraph(
             "From the project's folder; DIR is the folder that this report stands in. The "
             "first two commands are what the third one runs. Runs that are done are not "
             "repeated, and the same seeds give the same bits.") +
         Element("pre",
                 EscapeHtml("grove run experiments/specs/exp1.toml experiments/specs/exp2.toml "
                            "experiments/specs/exp3.toml --out DIR\n"
                            "grove report DIR\n"
                            "make -C experiments reproduce")) +
         "\n" +
         Paragraph(
             "Beside this page: claims.csv, runs.csv, epochs.csv, ratios.csv, and figures/ "
             "with every figure as SVG, PNG, data and gnuplot script.");
}

}  // namespace

std::string ReportPage(const ReportData& data, const Judgements& claims,
                       const std::vector<Figure>& figures,
                       const std::vector<std::string>& warnings) {
  std::string body = Element("h1", EscapeHtml(kTitle)) + "\n" + Paragraph(kPaper);
  body += Paragraph(VerdictLine(claims) + ".", "class=\"verdict\"");
  for (const std::string& warning : warnings) body += Paragraph(warning, "class=\"warning\"");
  body += ClaimsSection(claims) + FiguresSection(figures) + CellsSection(data) +
          LostRunsSection(data) + ProvenanceSection(data) + AgainSection();
  return Page(kTitle, body);
}

}  // namespace grove
