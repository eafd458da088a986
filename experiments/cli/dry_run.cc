#include "experiments/cli/dry_run.h"

#include <iostream>
#include <set>

#include "experiments/plan/forecast.h"
#include "experiments/plan/predictor.h"
#include "experiments/runs/batch.h"
#include "experiments/runs/measured_runs.h"
#include "sched/progress.h"

namespace grove {
namespace {

// A chosen run as it stands.
struct Standing {
  Job planned;
  std::string status;
  bool is_final = false;
  Prediction prediction;
};

std::vector<Standing> Stand(const std::vector<Job>& chosen, const RunFolder& folder) {
  const RecordsByKey records = ReadRecords(folder.directory());
  const Predictor predictor(ReadMeasuredRuns(folder.directory()));
  std::vector<Standing> runs;
  for (const Job& planned : chosen) {
    Standing& run = runs.emplace_back();
    run.planned = planned;
    run.prediction = predictor.Predict(planned.run, planned.data);
    const auto record = records.find(planned.key);
    if (record != records.end()) {
      run.status = record->second.status;
      run.is_final = IsFinal(record->second);
    } else {
      run.status = folder.HasState(planned.key) ? "interrupted" : "pending";
    }
  }
  return runs;
}

void PrintJson(const RunList& all, const std::vector<Standing>& runs) {
  auto list = nlohmann::ordered_json::array();
  for (const Standing& run : runs) {
    const Job& planned = run.planned;
    const RunGroup& group = all.groups[all.group_of.at(planned.key)];
    list.push_back({{"key", planned.key},
                    {"experiment", planned.experiment},
                    {"dataset", planned.dataset},
                    {"model", planned.run.model},
                    {"seed", planned.run.seed},
                    {"axes", planned.axes},
                    {"sweep", group.sweep ? group.name : ""},
                    {"point", group.point},
                    {"status", run.status},
                    {"predicted_seconds", run.prediction.seconds}});
  }
  std::cout << list.dump(1) << std::endl;
}

std::string CountRuns(size_t count) {
  return std::to_string(count) + (count == 1 ? " run" : " runs");
}

// Some of the runs: those of all files, of one, or of a point.
struct Share {
  std::string label;
  size_t runs = 0;              // not in lines above
  std::set<std::string> above;  // keys of those that are
  std::vector<Job> to_do;
  std::vector<Prediction> predictions;

  void Add(const Standing& run) {
    ++runs;
    if (run.is_final) return;
    to_do.push_back(run.planned);
    predictions.push_back(run.prediction);
  }
  std::string Time(int threads) const {
    return "about " +
           sched::FormatDuration(PlanCores(MakeWorkload(to_do, predictions), threads).seconds);
  }
};

// One for each point, or for each file if there are too many points. Runs that are not chosen do
// not count.
std::vector<Share> Shares(const RunList& all, const std::vector<Standing>& runs) {
  std::map<std::string, const Standing*> by_key;
  for (const Standing& run : runs) by_key.emplace(run.planned.key, &run);
  const bool by_file = all.groups.size() > kMaxSummaryLines;
  std::vector<Share> shares;
  std::vector<size_t> share_of;  // by group
  for (size_t g = 0; g < all.groups.size(); ++g) {
    const RunGroup& group = all.groups[g];
    const bool same_file =
        g > 0 && all.groups[g - 1].name == group.name && all.groups[g - 1].sweep == group.sweep;
    if (!by_file || !same_file) {
      const bool has_point = !by_file && !group.point.empty();
      shares.push_back({group.name + (has_point ? ": " + group.point : ""), 0, {}, {}, {}});
    }
    share_of.push_back(shares.size() - 1);
    for (const std::string& key : group.keys) {
      const auto run = by_key.find(key);
      if (run == by_key.end()) continue;
      const size_t first = all.group_of.at(key);
      if (first == g) {
        shares.back().Add(*run->second);
      } else if (share_of[first] != share_of[g]) {
        shares.back().above.insert(key);
      }
    }
  }
  return shares;
}

// "l2: l2 = 0: 45 runs, about 5m"
void PrintShare(const Share& share, int threads) {
  if (share.runs == 0 && share.above.empty()) return;
  std::cout << share.label << ": " << CountRuns(share.runs);
  if (!share.above.empty()) std::cout << " and " << share.above.size() << " of lines above";
  if (share.runs > share.to_do.size()) std::cout << ", " << share.to_do.size() << " to do";
  if (!share.to_do.empty()) std::cout << ", " << share.Time(threads);
  std::cout << "\n";
}

}  // namespace

void PrintDryRun(const RunList& all, const std::vector<Job>& chosen, const RunFolder& folder,
                 int threads, bool json) {
  const std::vector<Standing> runs = Stand(chosen, folder);
  if (json) return PrintJson(all, runs);
  Share total;
  for (const Standing& run : runs) {
    std::cout << run.planned.key << "  " << run.planned.Label() << "  " << run.status;
    if (!run.is_final) std::cout << ", about " << sched::FormatDuration(run.prediction.seconds);
    std::cout << "\n";
    total.Add(run);
  }
  if (all.HasSweeps()) {
    for (const Share& share : Shares(all, runs)) PrintShare(share, threads);
  }
  std::cout << runs.size() << " runs, " << total.to_do.size() << " to do, " << total.Time(threads)
            << " on " << threads << (threads == 1 ? " thread" : " threads") << std::endl;
}

}  // namespace grove
