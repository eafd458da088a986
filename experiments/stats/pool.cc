#include "experiments/stats/pool.h"

#include "engine/error.h"
#include "engine/run_spec_json.h"

namespace grove {
namespace {

template <typename Value>
const Value* Lookup(const std::map<std::string, const Value*>& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}

// Times differ between two measurements of one run; nothing else does.
bool SameResult(const RunRecord& a, const RunRecord& b) {
  return a.status == b.status && a.weights_xxh3 == b.weights_xxh3;
}

std::string KeyWithProbe(Job planned) {
  planned.run.probe = true;
  return RunKey(planned.run, planned.data);
}

}  // namespace

Pool::Pool(const std::vector<Piece>& pieces) {
  for (const Piece& piece : pieces) {
    for (const RunRecord& run : piece.runs) {
      const auto [there, is_new] = runs_.emplace(run.key, &run);
      if (!is_new && !SameResult(run, *there->second)) {
        throw Error(piece.name + ": run " + run.key + " has another result than in another piece");
      }
    }
    for (const auto& [key, summaries] : piece.ratios) ratios_[key] = &summaries;
    for (const auto& [key, groups] : piece.observations) observations_[key] = &groups;
  }
}

const RunRecord* Pool::Find(const std::string& key) const { return Lookup(runs_, key); }

const std::vector<RatioSummary>* Pool::FindRatios(const std::string& key) const {
  return Lookup(ratios_, key);
}

const Observations* Pool::FindObservations(const std::string& key) const {
  return Lookup(observations_, key);
}

ReportData Pool::Collect(const std::vector<Job>& planned) const {
  ReportData data;
  for (const Job& plan : planned) {
    const RunRecord* found = Find(plan.key);
    if (found == nullptr) found = Find(KeyWithProbe(plan));
    if (found == nullptr) continue;
    RunRecord& run = data.runs.emplace_back(*found);
    run.experiment = plan.experiment;
    run.dataset = plan.dataset;
    run.axes = nlohmann::json::object();
    if (!IsDone(run)) {
      run.message = run.status + (run.message.empty() ? "" : ": " + run.message);
      run.status = "done";
      run.test_accuracy = 0;
    }
  }
  SortRuns(data.runs);
  for (size_t i = 0; i < data.runs.size(); ++i) {
    const std::vector<RatioSummary>* ratios = FindRatios(data.runs[i].key);
    if (data.runs[i].experiment == "exp3" && ratios != nullptr) data.probes.push_back({i, *ratios});
  }
  return data;
}

}  // namespace grove
