#include "experiments/runs/batch.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/files/files.h"
#include "engine/files/folders.h"
#include "engine/training/ratio_statistics.h"
#include "experiments/plan/cost_model.h"
#include "experiments/plan/forecast.h"
#include "experiments/runs/live.h"
#include "experiments/runs/load_data.h"
#include "experiments/runs/manifest.h"
#include "experiments/runs/open_journal.h"
#include "experiments/runs/provenance.h"
#include "experiments/runs/retry.h"
#include "experiments/runs/sealed_line.h"
#include "experiments/runs/store.h"
#include "experiments/runs/train_run.h"
#include "sched/run_graph.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

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
        OpenJournal& opened, std::atomic<bool>& stop, BatchWatcher& watcher)
      : runs_(runs),
        folder_(folder),
        options_(options),
        journal_(*opened.journal),
        stop_(stop),
        watcher_(watcher),
        outcomes_(std::move(opened.outcomes)) {
    std::set<std::string> ended;
    for (size_t i = 0; i < runs.size(); ++i) {
      if (HasEnded(runs[i])) {
        ended.insert(runs[i].key);
        continue;
      }
      pending_.push_back(i);
      // Until it ends once more it is to do, whatever came of it before.
      outcomes_.erase(runs[i].key);
    }
    // The process before may have died between the end of a run and that of its state.
    for (const std::string& key : folder.States()) {
      if (ended.count(key) > 0) folder.RemoveState(key);
    }
  }

  BatchCounts Run(const std::function<void()>& report) {
    std::vector<sched::JobEstimate> estimates;
    for (const size_t i : pending_) {
      estimates.push_back({runs_[i].Label(), PredictSeconds(runs_[i].run, runs_[i].data)});
    }
    meter_ = std::make_unique<sched::ProgressMeter>(std::move(estimates), options_.threads,
                                                    runs_.size() - pending_.size());
    Watch(report);
    return Count();
  }

 private:
  // However it ends, whoever watches hears of it before the meter goes.
  void Watch(const std::function<void()>& report) {
    struct Watched {
      BatchWatcher& watcher;
      ~Watched() { watcher.OnEnd(); }
    } watched{watcher_};
    watcher_.OnStart(*meter_, pending_.size());
    if (!pending_.empty()) {
      const nlohmann::ordered_json line = {{"journal_version", kJournalVersion},
                                           {"provenance", Provenance(runs_[pending_[0]].run.gemm)}};
      journal_.Append(Seal(line.dump()));
    }
    std::optional<LiveFile> live;
    if (options_.watched && !pending_.empty()) live.emplace(folder_.LivePath(), *meter_);
    sched::RunGraph(Graph(report), options_.threads, stop_, meter_.get(), options_.cores);
  }

  bool HasEnded(const Job& job) const {
    const auto found = outcomes_.find(job.key);
    if (options_.again || found == outcomes_.end() || !IsFinal(found->second.status)) return false;
    return !options_.model_path || found->second.status != "done" ||
           HasModel(options_.model_path(job));
  }

  // A damaged one is as good as none.
  bool HasModel(const std::string& path) const {
    std::error_code error;
    if (!fs::exists(path, error)) return false;
    try {
      ReadTensorFile(path);
      return true;
    } catch (const DamagedFile& damage) {
      watcher_.OnNote(std::string(damage.what()) +
                      "; its run is trained again, and the file is now " + folder_.SetAside(path));
      return false;
    }
  }

  sched::GraphSpec Graph(const std::function<void()>& report) {
    sched::GraphSpec graph;
    std::map<std::string, size_t> resource_of;           // by what the data are
    std::map<std::string, std::vector<size_t>> jobs_of;  // by cell
    for (size_t job = 0; job < pending_.size(); ++job) {
      const Job& planned = runs_[pending_[job]];
      if (BytesOf(planned) > options_.max_bytes) {
        graph.jobs.push_back(RefusedJob(planned));
      } else {
        const auto [place, is_new] =
            resource_of.emplace(SharedData(planned), graph.resources.size());
        if (is_new) graph.resources.push_back(DataResource(planned));
        graph.jobs.push_back(TrainJob(job, place->second));
      }
      jobs_of[CellLabel(planned)].push_back(job);
    }
    AddSummaries(jobs_of, graph);
    graph.report = report;
    return graph;
  }

  // One for each cell, in the order of the plan; a cell without jobs was done before.
  void AddSummaries(std::map<std::string, std::vector<size_t>>& jobs_of, sched::GraphSpec& graph) {
    for (size_t i = 0; i < runs_.size(); ++i) {
      const std::string label = CellLabel(runs_[i]);
      std::vector<size_t>& members = members_of_[label];  // stays where it is
      if (members.empty()) {
        graph.summaries.push_back({label, jobs_of[label], [this, label, &members] {
                                     watcher_.OnCell(CellLine(label, members));
                                   }});
      }
      members.push_back(i);
    }
  }

  sched::Resource DataResource(const Job& planned) {
    auto slot = std::make_shared<std::optional<LoadedData>>();
    data_.push_back(slot);
    return {"dataset " + std::to_string(planned.dataset) + " of " + planned.experiment,
            [this, slot, &planned] {
              Retry(options_.retries, stop_, NoteOf(planned),
                    [&] { *slot = LoadData(planned, stop_); });
            },
            [slot] { slot->reset(); }};
  }

  sched::Job TrainJob(size_t job, size_t resource) {
    const Job& planned = runs_[pending_[job]];
    auto seconds = std::make_shared<double>(0);
    sched::Job result = NamedJob(planned);
    result.resources = {resource};
    result.work = [this, job, &planned, resource, seconds](const std::atomic<bool>& stop) {
      if (!*data_[resource]) return sched::Outcome::kStopped;  // while they were made
      const TrainRunOptions run_options = RunOptions(job, planned);
      const auto trained = Retry(options_.retries, stop, run_options.note, [&] {
        return TrainRun(planned, **data_[resource], folder_, stop, run_options, *seconds);
      });
      if (!trained) return sched::Outcome::kStopped;
      for (const std::string& line : trained->tables) journal_.Append(Seal(line));
      Keep(planned, trained->record);
      return sched::Outcome::kFinished;
    };
    result.on_failure = FailureOf(planned, seconds);
    return result;
  }

  // One that needs more memory than it may: no data are made for it.
  sched::Job RefusedJob(const Job& planned) {
    const std::string why = fmt::format("needs {:.0f} MB with its data; a run may have {:.0f} MB",
                                        static_cast<double>(BytesOf(planned)) / 1e6,
                                        static_cast<double>(options_.max_bytes) / 1e6);
    sched::Job result = NamedJob(planned);
    result.work = [why](const std::atomic<bool>&) -> sched::Outcome { throw Error(why); };
    result.on_failure = FailureOf(planned, std::make_shared<double>(0));
    return result;
  }

  static sched::Job NamedJob(const Job& planned) {
    sched::Job job;
    job.key = planned.key;
    job.label = planned.Label();
    job.cost = PredictSeconds(planned.run, planned.data);
    return job;
  }

  std::function<void(const std::exception&)> FailureOf(const Job& planned,
                                                       const std::shared_ptr<double>& seconds) {
    return [this, &planned, seconds](const std::exception& failure) {
      Keep(planned, FailureRecord(planned, failure, *seconds));
      if (options_.fail_fast) stop_ = true;
    };
  }

  std::function<void(const std::string&)> NoteOf(const Job& planned) {
    return [this, &planned](const std::string& line) {
      watcher_.OnNote(planned.Label() + ": " + line);
    };
  }

  TrainRunOptions RunOptions(size_t job, const Job& planned) {
    const double trees = ExpectedEpochs(planned.run, planned.data) * planned.data.train;
    TrainRunOptions options;
    if (options_.model_path) options.model_path = options_.model_path(planned);
    options.states = options_.states;
    options.max_seconds = options_.max_seconds;
    options.note = NoteOf(planned);
    options.progress = [this, job, trees, &planned, shown = 0](const TrainProgress& now,
                                                               const RunResult& result) mutable {
      meter_->Update(job, trees > 0 ? now.trees_trained / trees : 1);
      watcher_.OnProgress(planned, now, result);
      if (now.epoch == shown) return;
      shown = now.epoch;
      std::string detail = "epoch " + std::to_string(now.epoch);
      if (now.epoch > 1) detail += ", dev " + PercentText(now.dev_accuracy);
      meter_->SetDetail(job, std::move(detail));
    };
    return options;
  }

  // The journal line makes the run done; only then may its state go. A run that failed may go on
  // from its state: what failed may pass.
  void Keep(const Job& job, const RunRecord& record) {
    journal_.Append(Seal(ToJson(record).dump()));
    if (IsFinal(record.status)) folder_.RemoveState(record.key);
    {
      const std::lock_guard lock(mutex_);
      outcomes_[record.key] = {record.status, record.message, record.test_accuracy,
                               record.dev_accuracy};
    }
    watcher_.OnRecord(job, record);
  }

  // Of the test trees, or where a run had none of the dev trees.
  std::string CellLine(const std::string& label, const std::vector<size_t>& members) {
    std::vector<double> accuracies;
    const char* of = "test";
    {
      const std::lock_guard lock(mutex_);
      for (const size_t i : members) {
        const auto found = outcomes_.find(runs_[i].key);
        if (found == outcomes_.end() || found->second.status != "done") continue;
        const Outcome& record = found->second;
        if (std::isnan(record.test_accuracy)) of = "dev";
        accuracies.push_back(std::isnan(record.test_accuracy) ? record.dev_accuracy
                                                              : record.test_accuracy);
      }
    }
    std::string line =
        fmt::format("{}: {} of {} runs done", label, accuracies.size(), members.size());
    if (accuracies.empty()) return line;
    return line + fmt::format(", {} accuracy median {}, best {}", of,
                              PercentText(Median(accuracies)),
                              PercentText(Quantile(accuracies, 1)));
  }

  BatchCounts Count() const {
    BatchCounts counts;
    for (const Job& planned : runs_) {
      const auto found = outcomes_.find(planned.key);
      if (found == outcomes_.end()) {
        ++counts.stopped;
      } else if (found->second.status == "done") {
        ++counts.done;
      } else {
        ++(found->second.status == "diverged" ? counts.diverged : counts.failed);
        counts.not_done.push_back(
            {planned.key, planned.Label(), found->second.status, found->second.message});
      }
    }
    return counts;
  }

  const std::vector<Job>& runs_;
  const RunFolder& folder_;
  const BatchOptions options_;
  sched::Journal& journal_;
  std::atomic<bool>& stop_;
  BatchWatcher& watcher_;
  std::vector<size_t> pending_;  // positions in runs_; a job is its position here
  std::vector<std::shared_ptr<std::optional<LoadedData>>> data_;  // by resource
  std::map<std::string, std::vector<size_t>> members_of_;         // positions in runs_, by cell
  std::unique_ptr<sched::ProgressMeter> meter_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Outcome> outcomes_;  // by key
};

}  // namespace

std::string PercentText(double share) { return fmt::format("{:.1f} %", 100 * share); }

BatchCounts RunBatch(const std::vector<Job>& runs, const RunFolder& folder,
                     const BatchOptions& options, std::atomic<bool>& stop, BatchWatcher& watcher,
                     const std::function<void()>& report) {
  folder.Create();
  const auto note = [&](const std::string& line) { watcher.OnNote(line); };
  OpenJournal opened = OpenJournalOf(folder, note);
  if (options.check) options.check();
  std::set<std::string> keys;
  for (const Job& run : runs) keys.insert(run.key);
  folder.RemoveUnfinished(keys);
  if (options.watched) WriteManifest(folder, ManifestOf(runs), note);
  if (options.model_path && !runs.empty()) {
    MakeFolders(fs::path(options.model_path(runs[0])).parent_path().string());
    CheckWritable(options.model_path(runs[0]));
  }
  return Batch(runs, folder, options, opened, stop, watcher).Run(report);
}

}  // namespace grove
