// grove report DIR: writes DIR/report and prints the claims.
#include <cmath>
#include <iomanip>
#include <iostream>
#include <memory>

#include "experiments/cli/cli.h"
#include "experiments/report/report.h"
#include "experiments/stats/claim_statistics.h"

namespace grove {
namespace {

nlohmann::ordered_json NumberOrNull(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

nlohmann::ordered_json ToJson(const Claim& claim) {
  const Condition& condition = claim.condition();
  const Measurement& m = claim.measurement();
  return {{"claim", claim.spec->id},
          {"paper", claim.spec->paper},
          {"holds_when", claim.spec->holds_when},
          {"verdict", ToString(claim.verdict)},
          {"measured", claim.measured()},
          {"value", NumberOrNull(m.value)},
          {"interval", {NumberOrNull(m.interval.low), NumberOrNull(m.interval.high)}},
          {"relation", ToString(condition.relation)},
          {"threshold", condition.threshold},
          {"unit", Unit(condition.statistic)}};
}

void PrintJson(const Report& report) {
  nlohmann::ordered_json claims = nlohmann::ordered_json::array();
  for (const Claim& claim : report.claims) claims.push_back(ToJson(claim));
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
  for (const Claim& claim : report.claims) {
    const Condition& condition = claim.condition();
    const Measurement& m = claim.measurement();
    const std::string interval =
        std::isnan(m.interval.low)
            ? "-"
            : FormatNumber(m.interval.low) + " to " + FormatNumber(m.interval.high);
    const std::string threshold = ToString(condition.relation) + " " +
                                  FormatNumber(condition.threshold) + " " +
                                  Unit(condition.statistic);
    std::cout << std::left << std::setw(6) << claim.spec->id << std::setw(15)
              << ToString(claim.verdict) << std::right << std::setw(9) << FormatNumber(m.value)
              << std::setw(20) << interval << std::setw(14) << threshold << "  "
              << claim.spec->paper << "\n";
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
