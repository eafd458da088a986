// grove report DIR: writes DIR/report and prints the claims.
#include <cmath>
#include <iomanip>
#include <iostream>
#include <memory>

#include "experiments/cli/cli.h"
#include "experiments/report/report.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

nlohmann::ordered_json NumberOrNull(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

nlohmann::ordered_json ToJson(const Judgement& j) {
  nlohmann::ordered_json solved = nlohmann::ordered_json::array();
  for (const SolvedRuns& s : j.solved) {
    solved.push_back(
        {{"model", s.cell.model}, {"dataset", s.cell.dataset}, {"solved", s.solved}, {"n", s.n}});
  }
  nlohmann::ordered_json json = {
      {"claim", j.claim->id},
      {"paper", j.claim->paper},
      {"holds_when", j.claim->holds_when},
      {"verdict", ToString(j.verdict())},
      {"measured", j.available ? j.text : j.missing},
      {"value", NumberOrNull(j.value)},
      {"interval", {NumberOrNull(j.interval.low), NumberOrNull(j.interval.high)}},
      {"relation", ToString(j.condition().relation)},
      {"threshold", j.condition().threshold},
      {"unit", Unit(j.condition().statistic)}};
  if (j.available && !j.one_study) json["upheld"] = j.upheld;
  if (!j.solved.empty()) json["solved_runs"] = solved;
  return json;
}

void PrintJson(const Report& report) {
  nlohmann::ordered_json claims = nlohmann::ordered_json::array();
  for (const Judgement& j : report.claims.claims) claims.push_back(ToJson(j));
  const nlohmann::ordered_json all = {{"verdict", VerdictLine(report.claims)},
                                      {"claims", claims},
                                      {"warnings", report.warnings},
                                      {"page", report.page}};
  std::cout << all.dump(2) << "\n";
}

void PrintTable(const Report& report) {
  std::cout << std::left << std::setw(6) << "claim" << std::setw(15) << "verdict" << std::right
            << std::setw(9) << "value" << std::setw(20) << "95 % interval" << std::setw(14)
            << "threshold"
            << "  the paper says\n";
  for (const Judgement& j : report.claims.claims) {
    const Condition& condition = j.condition();
    const std::string interval =
        std::isnan(j.interval.low)
            ? "-"
            : FormatNumber(j.interval.low) + " to " + FormatNumber(j.interval.high);
    const std::string threshold = ToString(condition.relation) + " " +
                                  FormatNumber(condition.threshold) + " " +
                                  Unit(condition.statistic);
    std::cout << std::left << std::setw(6) << j.claim->id << std::setw(15) << ToString(j.verdict())
              << std::right << std::setw(9) << FormatNumber(j.value) << std::setw(20) << interval
              << std::setw(14) << threshold << "  " << j.claim->paper << "\n";
  }
  std::cout << VerdictLine(report.claims) << "\n" << report.page << "\n";
}

int RunReport(const std::string& directory, const GlobalOptions& globals) {
  const Report report = WriteReport(directory);
  for (const std::string& warning : report.warnings) {
    std::cerr << "grove: warning: " << warning << "\n";
  }
  globals.json ? PrintJson(report) : PrintTable(report);
  std::cout.flush();
  return 0;
}

}  // namespace

void AddReportCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command =
      app.add_subcommand("report", "Write the claims, figures and tables of a folder of runs");
  const auto directory = std::make_shared<std::string>();
  command->add_option("DIR", *directory, "The --out folder of grove run")->required();
  command->callback([directory, &globals] {
    globals.command = [directory, &globals] { return RunReport(*directory, globals); };
  });
}

}  // namespace grove
