// grove status: how the runs of folders stand, beside the processes that train there.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "experiments/cli/cli.h"
#include "experiments/cli/terminal.h"
#include "experiments/runs/folder_status.h"
#include "experiments/runs/retry.h"
#include "sched/progress.h"
#include "sched/stop.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;
using sched::FormatDuration;

constexpr size_t kMostFailures = 20;  // that are listed; --json has all
constexpr double kInterval = 2;       // seconds, of --watch
constexpr char kClearScreen[] = "\x1b[H\x1b[2J";

struct StatusOptions {
  std::vector<std::string> folders;
  bool watch = false;
};

bool IsAlive(const Live& live, double now) { return now - live.time <= kAliveSeconds; }

size_t Running(const FolderStatus& status, double now) {
  size_t running = 0;
  for (const Live& live : status.live) {
    if (IsAlive(live, now)) running += live.progress.running.size();
  }
  return running;
}

// Runs that ended in an hour, of all processes that are alive; none if nothing has ended.
double RunsAnHour(const FolderStatus& status, double now) {
  double rate = 0;
  for (const Live& live : status.live) {
    const double seconds = live.progress.elapsed_seconds;
    if (IsAlive(live, now) && seconds > 0) rate += 3600 * static_cast<double>(live.ended) / seconds;
  }
  return rate;
}

void PrintCounts(const std::string& name, size_t width, const StatusCounts& counts) {
  std::cout << fmt::format("{:<{}}  {:>7}  {:>6}  {:>8}  {:>11}  {:>7}\n", name, width, counts.done,
                           counts.failed, counts.diverged, counts.interrupted, counts.waiting);
}

void PrintTable(const FolderStatus& status) {
  size_t width = 10;
  for (const auto& [name, counts] : status.experiments) width = std::max(width, name.size());
  std::cout << fmt::format("{:<{}}  {:>7}  {:>6}  {:>8}  {:>11}  {:>7}\n", "experiment", width,
                           "done", "failed", "diverged", "interrupted", "waiting");
  for (const auto& [name, counts] : status.experiments) PrintCounts(name, width, counts);
  if (status.experiments.size() > 1) PrintCounts("all", width, status.total);
}

void PrintProcesses(const FolderStatus& status, double now) {
  for (const Live& live : status.live) {
    const std::string who = fmt::format("process {} on {}", live.pid, live.host);
    if (!IsAlive(live, now)) {
      std::cout << who << ": no sign of life for " << FormatDuration(now - live.time) << "\n";
      continue;
    }
    std::cout << who << ":\n";
    for (const auto& run : live.progress.running) {
      std::cout << fmt::format("  {} {:3.0f} % {}{}{}\n", Bar(run.fraction, 20), 100 * run.fraction,
                               run.label, run.detail.empty() ? "" : ", ", run.detail);
    }
  }
}

void PrintFailures(const FolderStatus& status) {
  const bool colours = HasColours(STDOUT_FILENO);
  const size_t shown = std::min(status.failed.size(), kMostFailures);
  for (size_t i = 0; i < shown; ++i) {
    const FailedRun& run = status.failed[i];
    std::cout << Red("failed", colours) << ": " << run.key << "  " << run.label << "  "
              << run.message << "\n";
  }
  if (shown < status.failed.size()) {
    std::cout << "and " << status.failed.size() - shown << " more: --json has them\n";
  }
}

// What the cost model expects, at the pace of the runs that are done.
std::string WorkText(const StatusCounts& total) {
  if (total.expected_to_do <= 0) return "";
  const double pace = total.expected_done > 0 ? total.seconds_done / total.expected_done : 1;
  return fmt::format("about {} of one core to do", FormatDuration(pace * total.expected_to_do));
}

void Print(const FolderStatus& status, double now) {
  PrintTable(status);
  PrintProcesses(status, now);
  PrintFailures(status);
  std::string line = fmt::format("{} of {} ended, {} running", status.total.Ended(),
                                 status.total.All(), Running(status, now));
  if (const double rate = RunsAnHour(status, now); rate > 0) {
    line += fmt::format(", {:.0f} an hour", rate);
  }
  if (const std::string work = WorkText(status.total); !work.empty()) line += ", " + work;
  if (const auto left = RemainingSeconds(status, now)) {
    line += ", " + FormatDuration(*left) + " left";
  }
  if (!status.has_manifest) line += " (made by an earlier version: what waits is not known)";
  std::cout << line << std::endl;
}

Json CountsJson(const StatusCounts& counts) {
  return {{"done", counts.done},
          {"failed", counts.failed},
          {"diverged", counts.diverged},
          {"interrupted", counts.interrupted},
          {"waiting", counts.waiting},
          {"seconds_done", counts.seconds_done},
          {"expected_seconds_to_do", counts.expected_to_do}};
}

void PrintJson(const FolderStatus& status, double now) {
  Json json = CountsJson(status.total);
  json["running"] = Running(status, now);
  json["runs_an_hour"] = RunsAnHour(status, now);
  const std::optional<double> left = RemainingSeconds(status, now);
  json["remaining_seconds"] = left ? Json(*left) : Json(nullptr);
  json["has_manifest"] = status.has_manifest;
  json["experiments"] = Json::object();
  for (const auto& [name, counts] : status.experiments) {
    json["experiments"][name] = CountsJson(counts);
  }
  json["processes"] = Json::array();
  for (const Live& live : status.live) {
    Json& process = json["processes"].emplace_back(Json{{"host", live.host},
                                                        {"pid", live.pid},
                                                        {"silent_seconds", now - live.time},
                                                        {"alive", IsAlive(live, now)},
                                                        {"runs", Json::array()}});
    for (const auto& run : live.progress.running) {
      process["runs"].push_back(
          {{"label", run.label}, {"detail", run.detail}, {"fraction", run.fraction}});
    }
  }
  json["failures"] = Json::array();
  for (const FailedRun& run : status.failed) {
    json["failures"].push_back({{"key", run.key}, {"label", run.label}, {"message", run.message}});
  }
  std::cout << json.dump() << std::endl;
}

// Nothing more will happen without another command.
bool IsOver(const FolderStatus& status, double now) {
  return std::none_of(status.live.begin(), status.live.end(),
                      [now](const Live& live) { return IsAlive(live, now); });
}

int Status(const StatusOptions& options, const GlobalOptions& globals) {
  sched::StopOnSignal signals;
  const bool redraws = options.watch && !globals.json && isatty(STDOUT_FILENO) == 1;
  size_t damaged = 0;
  while (true) {
    damaged = 0;
    const FolderStatus status = ReadStatus(options.folders, [&](const DamagedLine& line) {
      if (line.torn) return;  // someone may be just writing it
      if (damaged++ < kMostFailures) std::cerr << "grove: " << line.message << "\n";
    });
    const double now = WallTime();
    if (redraws) std::cout << kClearScreen;
    globals.json ? PrintJson(status, now) : Print(status, now);
    if (!options.watch || IsOver(status, now)) break;
    WaitUnless(signals.stop(), kInterval);
    if (signals.stop()) return 128 + signals.signal();
  }
  return damaged > 0 ? kExitFailed : 0;
}

}  // namespace

void AddStatusCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand(
      "status", "Say how the runs of folders stand, also while they are trained");
  const auto options = std::make_shared<StatusOptions>();
  command->add_option("DIR", options->folders, "Folders of runs, of shards for instance")
      ->required();
  command->add_flag("--watch", options->watch,
                    "Again every two seconds, until no process trains there any more");
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Status(*options, globals); };
  });
}

}  // namespace grove
