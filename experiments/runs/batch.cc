#include "experiments/runs/batch.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>

#include "engine/error.h"
#include "engine/run_spec_json.h"
#include "engine/task.h"
#include "experiments/plan/cost_model.h"
#include "experiments/runs/provenance.h"
#include "experiments/runs/store.h"
#include "experiments/runs/terminal.h"
#include "experiments/runs/train_run.h"
#include "sched/journal.h"
#include "sched/progress.h"
#include "sched/run_graph.h"

namespace grove {
namespace {

std::string Percent(double share) {
  char text[16];
  std::snprintf(text, sizeof(text), "%.1f %%", 100 * share);
  return text;
}

// "exp1 dataset 3 rlstm"
std::string CellLabel(const Job& planned) {
  std::string label =
      planned.experiment + " dataset " + std::to_string(planned.dataset) + " " + planned.run.model;
  for (const auto& [name, value] : planned.axes.items()) label += " " + name + "=" + value.dump();
  return label;
}

class Batch {
 public:
  Batch(const std::vector<Job>& runs, const RunFolder& folder, const BatchOptions& options,
        sched::Journal& journal)
      : runs_(runs), folder_(folder), options_(options), journal_(journal) {
    const Store store = ReadRunFolder(folder.directory());
    for (const RunRecord* record : store.Records()) records_[record->key] = *record;
    for (size_t i = 0; i < runs.size(); ++i) {
      const auto found = records_.find(runs[i].key);
      if (found == records_.end() || !IsFinal(found->second)) pending_.push_back(i);
    }
  }

  BatchCounts Run(const std::atomic<bool>& stop, const std::function<void()>& report) {
    std::vector<sched::JobEstimate> estimates;
    for (const size_t i : pending_) {
      estimates.push_back({runs_[i].Label(), PredictSeconds(runs_[i].run, runs_[i].data)});
    }
    meter_ = std::make_unique<sched::ProgressMeter>(std::move(estimates), options_.threads,
                                                    runs_.size() - pending_.size());
    std::function<std::string(size_t)> progress;
    if (!options_.quiet && !pending_.empty()) {
      progress = [this](size_t width) { return FormatProgress(meter_->Snapshot(), width); };
    }
    terminal_ = std::make_unique<Terminal>(progress);
    if (!pending_.empty()) {
      journal_.Append(
          nlohmann::ordered_json{{"provenance", Provenance(runs_[pending_[0]].run.gemm)}}.dump());
    }
    sched::RunGraph(Graph(report), options_.threads, stop, meter_.get());
    terminal_.reset();
    return Count();
  }

 private:
  sched::GraphSpec Graph(const std::function<void()>& report) {
    sched::GraphSpec graph;
    std::map<std::string, size_t> resource_of;           // by canonical dataset spec
    std::map<std::string, std::vector<size_t>> jobs_of;  // by cell
    for (size_t job = 0; job < pending_.size(); ++job) {
      const Job& planned = runs_[pending_[job]];
      const auto [place, is_new] =
          resource_of.emplace(CanonicalJson(planned.data), graph.resources.size());
      if (is_new) graph.resources.push_back(DatasetResource(planned));
      graph.jobs.push_back(TrainJob(job, place->second));
      jobs_of[CellLabel(planned)].push_back(job);
    }
    if (options_.tables) AddSummaries(jobs_of, graph);
    graph.report = report;
    return graph;
  }

  // One for each cell, in the order of the plan; a cell without jobs was done before.
  void AddSummaries(std::map<std::string, std::vector<size_t>>& jobs_of, sched::GraphSpec& graph) {
    std::map<std::string, std::shared_ptr<std::vector<size_t>>> members_of;
    for (size_t i = 0; i < runs_.size(); ++i) {
      const std::string label = CellLabel(runs_[i]);
      std::shared_ptr<std::vector<size_t>>& members = members_of[label];
      if (members == nullptr) {
        members = std::make_shared<std::vector<size_t>>();
        graph.summaries.push_back({label, jobs_of[label], [this, label, members] {
                                     terminal_->Print(CellLine(label, *members));
                                   }});
      }
      members->push_back(i);
    }
  }

  sched::Resource DatasetResource(const Job& planned) {
    auto slot = std::make_shared<std::unique_ptr<Dataset>>();
    datasets_.push_back(slot);
    return {
        "dataset " + std::to_string(planned.dataset) + " of " + planned.experiment,
        [slot, spec = planned.data] { *slot = std::make_unique<Dataset>(GenerateDataset(spec)); },
        [slot] { slot->reset(); }};
  }

  sched::Job TrainJob(size_t job, size_t resource) {
    const Job& planned = runs_[pending_[job]];
    auto seconds = std::make_shared<double>(0);
    sched::Job result;
    result.key = planned.key;
    result.label = planned.Label();
    result.cost = PredictSeconds(planned.run, planned.data);
    result.resources = {resource};
    result.work = [this, job, &planned, resource, seconds](const std::atomic<bool>& stop) {
      const auto trained =
          TrainRun(planned, **datasets_[resource], folder_, stop, Progress(job, planned), *seconds);
      if (!trained) return sched::Outcome::kStopped;
      for (const std::string& line : trained->tables) journal_.Append(line);
      const RunRecord& record = trained->record;
      Keep(record);
      if (!options_.quiet && !terminal_->redraws()) {
        terminal_->Note(planned.Label() + ": test accuracy " + Percent(record.test_accuracy) +
                        " after " + std::to_string(record.epochs) + " epochs, " +
                        sched::FormatDuration(record.seconds));
      }
      return sched::Outcome::kFinished;
    };
    result.on_failure = [this, &planned, seconds](const std::exception& failure) {
      const RunRecord record = FailureRecord(planned, failure, *seconds);
      Keep(record);
      terminal_->Note("grove: " + planned.Label() + " " + record.status + ": " + record.message);
    };
    return result;
  }

  TrainRunProgress Progress(size_t job, const Job& planned) {
    const double trees = ExpectedEpochs(planned.run, planned.data) * planned.data.train;
    return [this, job, trees, shown = 0](const TrainProgress& now) mutable {
      meter_->Update(job, trees > 0 ? now.trees_trained / trees : 1);
      if (now.epoch == shown) return;
      shown = now.epoch;
      std::string detail = "epoch " + std::to_string(now.epoch);
      if (now.epoch > 1) detail += ", dev " + Percent(now.dev_accuracy);
      meter_->SetDetail(job, std::move(detail));
    };
  }

  // The journal line makes the run done; only then may its state go.
  void Keep(const RunRecord& record) {
    journal_.Append(ToJson(record).dump());
    folder_.RemoveState(record.key);
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
  }

  std::string CellLine(const std::string& label, const std::vector<size_t>& members) {
    std::vector<double> accuracies;
    {
      const std::lock_guard lock(mutex_);
      for (const size_t i : members) {
        const auto found = records_.find(runs_[i].key);
        if (found != records_.end() && found->second.status == "done") {
          accuracies.push_back(found->second.test_accuracy);
        }
      }
    }
    std::string line = label + ": " + std::to_string(accuracies.size()) + " of " +
                       std::to_string(members.size()) + " runs done";
    if (accuracies.empty()) return line;
    std::sort(accuracies.begin(), accuracies.end());
    const size_t n = accuracies.size();
    const double median = 0.5 * (accuracies[(n - 1) / 2] + accuracies[n / 2]);
    return line + ", test accuracy median " + Percent(median) + ", best " +
           Percent(accuracies.back());
  }

  BatchCounts Count() const {
    BatchCounts counts;
    for (const Job& planned : runs_) {
      const auto found = records_.find(planned.key);
      if (found == records_.end()) {
        ++counts.stopped;
      } else if (found->second.status == "done") {
        ++counts.done;
      } else {
        ++(found->second.status == "diverged" ? counts.diverged : counts.failed);
      }
    }
    return counts;
  }

  const std::vector<Job>& runs_;
  const RunFolder& folder_;
  const BatchOptions options_;
  sched::Journal& journal_;
  std::vector<size_t> pending_;  // positions in runs_; a job is its position here
  std::vector<std::shared_ptr<std::unique_ptr<Dataset>>> datasets_;  // by resource
  std::unique_ptr<sched::ProgressMeter> meter_;
  std::unique_ptr<Terminal> terminal_;
  mutable std::mutex mutex_;
  std::map<std::string, RunRecord> records_;  // by key
};

}  // namespace

BatchCounts RunBatch(const std::vector<Job>& runs, const RunFolder& folder,
                     const BatchOptions& options, const std::atomic<bool>& stop,
                     const std::function<void()>& report) {
  folder.Create();
  std::unique_ptr<sched::Journal> journal;
  try {
    journal = std::make_unique<sched::Journal>(folder.JournalPath());
  } catch (const sched::JournalError& error) {
    throw Error(error.what());
  }
  return Batch(runs, folder, options, *journal).Run(stop, report);
}

}  // namespace grove
