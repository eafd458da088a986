#include "experiments/runs/folder_status.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/error.h"
#include "experiments/runs/line_fields.h"
#include "experiments/runs/manifest.h"
#include "experiments/runs/record.h"
#include "experiments/runs/run_folder.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

enum class End : uint8_t { kNone, kFailed, kDiverged, kDone };

struct Standing {
  uint32_t experiment = 0;
  End end = End::kNone;
  bool has_state = false;
  float expected = 0;  // seconds
  float seconds = 0;
};

uint64_t KeyNumber(std::string_view key) {
  uint64_t number = 0;
  std::from_chars(key.data(), key.data() + key.size(), number, 16);
  return number;
}

class StatusReader {
 public:
  explicit StatusReader(const OnDamage& on_damage) : on_damage_(on_damage) {}

  void Read(const std::string& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) throw Error(folder + ": no such folder");
    const bool has_manifest = !FilesOfRunFolder(folder, "manifest", ".jsonl").empty();
    const std::vector<std::string> journals = JournalsOfRunFolder(folder);
    if (!has_manifest && journals.empty()) {
      throw Error(folder + ": no runs; `grove run SPEC --out DIR` makes a folder of runs");
    }
    status_.has_manifest &= has_manifest;
    ReadManifests(
        folder,
        [this](const ManifestRun& run) {
          Standing& standing = RunOf(run.key, run.experiment);
          standing.expected = static_cast<float>(run.seconds);
        },
        on_damage_);
    for (const std::string& path : journals) {
      ForEachJournalLine(path, on_damage_, [this](const LineSource&, std::string_view line) {
        const LineFields fields(line);
        if (fields.Find("key")) TakeRecord(fields);
      });
    }
    for (const std::string& key : RunFolder(folder).States()) {
      const auto found = runs_.find(KeyNumber(key));
      if (found != runs_.end()) found->second.has_state = true;
    }
    for (Live& live : ReadLive(folder)) status_.live.push_back(std::move(live));
  }

  FolderStatus Finish() && {
    for (const auto& [key, run] : runs_) {
      for (StatusCounts* counts : {&status_.experiments[names_[run.experiment]], &status_.total}) {
        Count(run, *counts);
      }
    }
    for (FailedRun& run : failures_) {
      const uint64_t key = KeyNumber(run.key);
      if (runs_.at(key).end == End::kFailed && listed_.insert(key).second) {
        status_.failed.push_back(std::move(run));
      }
    }
    return std::move(status_);
  }

 private:
  Standing& RunOf(const std::string& key, const std::string& experiment) {
    const auto [run, is_new] = runs_.emplace(KeyNumber(key), Standing());
    if (is_new) {
      const auto [name, is_new_name] =
          number_of_.emplace(experiment, static_cast<uint32_t>(names_.size()));
      if (is_new_name) names_.push_back(experiment);
      run->second.experiment = name->second;
    }
    return run->second;
  }

  // The last record of a run counts, but none that failed after one that did not.
  void TakeRecord(const LineFields& fields) {
    const std::string key = fields.Text("key");
    Standing& run = RunOf(key, fields.Text("experiment"));
    const std::string status = fields.Text("status");
    if (IsFinal(status)) {
      run.end = status == "done" ? End::kDone : End::kDiverged;
      run.seconds = static_cast<float>(fields.Number("seconds"));
    } else if (run.end == End::kNone || run.end == End::kFailed) {
      run.end = End::kFailed;
      failures_.push_back({key, LabelOf(fields), fields.Text("message")});
    }
  }

  // "exp1 d3 rlstm s2", without what its axes say.
  static std::string LabelOf(const LineFields& fields) {
    return fields.Text("experiment") + " d" + std::string(fields.At("dataset")) + " " +
           fields.Text("model") + " s" + std::string(fields.At("seed"));
  }

  static void Count(const Standing& run, StatusCounts& counts) {
    if (run.end == End::kDone || run.end == End::kDiverged) {
      ++(run.end == End::kDone ? counts.done : counts.diverged);
      counts.seconds_done += run.seconds;
      counts.expected_done += run.expected;
      return;
    }
    ++(run.has_state             ? counts.interrupted
       : run.end == End::kFailed ? counts.failed
                                 : counts.waiting);
    counts.expected_to_do += run.expected;
  }

  const OnDamage& on_damage_;
  FolderStatus status_;
  std::unordered_map<uint64_t, Standing> runs_;  // by key
  std::vector<std::string> names_;               // of experiments
  std::unordered_map<std::string, uint32_t> number_of_;
  std::vector<FailedRun> failures_;
  std::unordered_set<uint64_t> listed_;
};

}  // namespace

FolderStatus ReadStatus(const std::vector<std::string>& folders, const OnDamage& on_damage) {
  StatusReader reader(on_damage);
  std::unordered_set<std::string> seen;
  for (const std::string& folder : folders) {
    std::error_code error;
    if (seen.insert(fs::weakly_canonical(folder, error).string()).second) reader.Read(folder);
  }
  return std::move(reader).Finish();
}

std::optional<double> RemainingSeconds(const FolderStatus& status, double now) {
  std::optional<double> longest;
  for (const Live& live : status.live) {
    if (now - live.time > kAliveSeconds || !live.progress.remaining_seconds) continue;
    const double left = std::max(0.0, *live.progress.remaining_seconds - (now - live.time));
    longest = std::max(longest.value_or(0), left);
  }
  return longest;
}

}  // namespace grove
