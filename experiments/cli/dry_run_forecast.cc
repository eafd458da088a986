#include "experiments/cli/dry_run_forecast.h"

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <map>
#include <set>
#include <unordered_map>

#include "experiments/cli/dry_run.h"
#include "sched/progress.h"

namespace grove {
namespace {

std::string CountRuns(size_t count) {
  return std::to_string(count) + (count == 1 ? " run" : " runs");
}

// Some of the runs: those of a file, or of a point.
struct Share {
  std::string label;
  size_t runs = 0;              // not in lines above
  std::set<std::string> above;  // keys of those that are
  size_t to_do = 0;
  std::vector<Job> jobs;  // that are forecast
  std::vector<Prediction> predictions;

  void Add(const Standing& run) {
    ++runs;
    to_do += !run.is_final;
    if (!run.counts) return;
    jobs.push_back(*run.job);
    predictions.push_back(run.prediction);
  }
};

std::vector<Share> Shares(const RunList& all, const std::vector<Standing>& runs) {
  std::unordered_map<std::string, const Standing*> by_key;
  for (const Standing& run : runs) by_key.emplace(run.job->key, &run);
  const bool by_file = all.groups.size() > kMaxSummaryLines;
  std::vector<Share> shares;
  std::vector<size_t> share_of;  // by group
  for (size_t g = 0; g < all.groups.size(); ++g) {
    const RunGroup& group = all.groups[g];
    const bool same_file =
        g > 0 && all.groups[g - 1].name == group.name && all.groups[g - 1].sweep == group.sweep;
    if (!by_file || !same_file) {
      const bool has_point = !by_file && !group.point.empty();
      shares.emplace_back().label = group.name + (has_point ? ": " + group.point : "");
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

}  // namespace

Forecast MakeForecast(const std::vector<Standing>& runs, const std::vector<int>& cores) {
  Forecast forecast;
  forecast.chosen = runs.size();
  for (const Standing& run : runs) {
    forecast.done += run.is_final;
    if (!run.counts) continue;
    forecast.jobs.push_back(*run.job);
    forecast.predictions.push_back(run.prediction);
  }
  const Workload workload = MakeWorkload(forecast.jobs, forecast.predictions);
  for (const int n : cores) forecast.rows.push_back(PlanCores(workload, n));
  if (!forecast.jobs.empty()) forecast.longest = FindLongestRun(workload);
  return forecast;
}

std::string DescribeBases(const std::vector<Prediction>& predictions) {
  struct Use {
    size_t planned = 0, fewest = SIZE_MAX, most = 0;
  };
  std::map<Basis, Use> uses;
  for (const Prediction& prediction : predictions) {
    Use& use = uses[prediction.basis];
    ++use.planned;
    use.fewest = std::min(use.fewest, prediction.runs);
    use.most = std::max(use.most, prediction.runs);
  }
  std::string text;
  for (const auto& [basis, use] : uses) {
    if (!text.empty()) text += "; ";
    text += Describe(basis, use.fewest, use.most) + " (" + CountRuns(use.planned) + ")";
  }
  return text;
}

// "l2: l2 = 0: 45 runs, about 5m"
void PrintShares(const RunList& all, const std::vector<Standing>& runs, int cores) {
  for (const Share& share : Shares(all, runs)) {
    if (share.runs == 0 && share.above.empty()) continue;
    std::cout << share.label << ": " << CountRuns(share.runs);
    if (!share.above.empty()) std::cout << " and " << share.above.size() << " of lines above";
    if (share.runs > share.to_do) std::cout << ", " << share.to_do << " to do";
    if (!share.jobs.empty()) {
      const CorePlan plan = PlanCores(MakeWorkload(share.jobs, share.predictions), cores);
      std::cout << ", about " << sched::FormatDuration(plan.seconds);
    }
    std::cout << "\n";
  }
}

}  // namespace grove
