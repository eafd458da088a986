#include "experiments/cli/single_run.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <limits>

#include "engine/error.h"
#include "engine/model_file.h"
#include "engine/run_spec_json.h"
#include "experiments/runs/provenance.h"
#include "sched/progress.h"
#include "sched/stop.h"

namespace grove {
namespace {

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A line an epoch on standard error.
class EpochLines {
 public:
  // `before`: epochs of the run that were trained, and shown, before it was interrupted.
  EpochLines(const RunSpec& spec, size_t trees, size_t before)
      : spec_(spec), trees_(static_cast<double>(trees)), before_(before), begin_(Now()) {}

  void Update(const std::vector<EpochRecord>& history) {
    for (; seen_ < history.size(); ++seen_) {
      const EpochRecord& epoch = history[seen_];
      if (epoch.dev_accuracy > best_) {
        best_ = epoch.dev_accuracy;
        best_epoch_ = epoch.epoch;
      }
      if (seen_ >= before_) Print(epoch);
    }
  }

 private:
  void Print(const EpochRecord& epoch) const {
    const double elapsed = Now() - begin_;
    const double pace = elapsed / static_cast<double>(seen_ + 1 - before_);  // seconds an epoch
    // Patience may end the run early; each better dev accuracy puts that off.
    const int longest = spec_.epochs - epoch.epoch;
    const int shortest = std::min(longest, spec_.patience - (epoch.epoch - best_epoch_));
    char line[240];
    std::snprintf(line, sizeof(line),
                  "epoch %d: loss %.4f, train %.2f %%, dev %.2f %% (best %.2f %% in epoch %d), "
                  "%.0f trees/s, ",
                  epoch.epoch, epoch.loss, 100 * epoch.train_accuracy, 100 * epoch.dev_accuracy,
                  100 * best_, best_epoch_, trees_ / pace);
    std::cerr << line << sched::FormatDuration(elapsed);
    if (shortest > 0) {
      std::cerr << ", " << sched::FormatDuration(pace * shortest) << " to "
                << sched::FormatDuration(pace * longest) << " left";
    }
    std::cerr << std::endl;
  }

  const RunSpec& spec_;
  double trees_;  // of an epoch
  size_t before_;
  double begin_;
  size_t seen_ = 0;
  double best_ = -1;
  int best_epoch_ = 0;
};

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TrainOutcome RunTraining(Trainer& trainer, const RunSpec& spec, const Dataset& dataset,
                         const TrainFolder& folder, bool show) {
  TrainOutcome outcome;
  EpochLines lines(spec, dataset.train.trees(), trainer.result().history.size());
  const sched::StopOnSignal signals;
  const double begin = Now();
  bool finished = false;
  try {
    finished = trainer.Run(signals.stop(), [&](const TrainProgress& progress) {
      outcome.trees = progress.trees_trained;
      if (show) lines.Update(trainer.result().history);
    });
    outcome.status = finished ? "done" : "stopped";
  } catch (const DivergedError& error) {
    outcome.status = "diverged";
    outcome.message = error.what();
  }
  outcome.seconds = folder.interrupted_seconds().value_or(0) + Now() - begin;
  if (show) lines.Update(trainer.result().history);
  if (outcome.status == "stopped") {
    outcome.signal = signals.signal();
    trainer.SaveState(folder.state_path());
    folder.NoteInterruption(outcome.seconds);
  }
  return outcome;
}

RunRecord MakeRecord(const std::string& key, const RunSpec& spec, const Dataset& dataset,
                     const Trainer& trainer, const TrainOutcome& outcome) {
  const RunResult& result = trainer.result();
  const bool done = outcome.status == "done";
  const bool has_best = done || result.best_epoch > 0;
  RunRecord record;
  record.key = key;
  record.model = spec.model;
  record.seed = spec.seed;
  record.status = outcome.status;
  record.message = outcome.message;
  record.test_accuracy = done && dataset.test.trees() > 0 ? result.test_accuracy : kNaN;
  record.dev_accuracy = has_best ? result.dev_accuracy : kNaN;
  record.train_accuracy = has_best ? result.train_accuracy : kNaN;
  record.best_epoch = result.best_epoch;
  record.epochs = static_cast<int>(result.history.size());
  record.seconds = outcome.seconds;
  record.trees_per_second = static_cast<double>(outcome.trees) / outcome.seconds;
  record.weights_xxh3 = result.weights_xxh3;
  record.history = result.history;
  return record;
}

nlohmann::ordered_json RecordDocument(const RunRecord& record, const RunSpec& spec,
                                      const nlohmann::ordered_json& data) {
  nlohmann::ordered_json json = ToJson(record);
  for (const char* key : {"experiment", "dataset", "axes", "run"}) json.erase(key);
  json["spec"] = nlohmann::ordered_json::parse(CanonicalJson(spec));
  json["data"] = data;
  json["provenance"] = Provenance();
  return json;
}

void SaveTrained(const std::string& path, Trainer& trainer, const RunSpec& spec,
                 const Dataset& dataset) {
  ModelInfo info;
  info.spec = spec;
  info.classes = dataset.classes;
  info.vocabulary_size = dataset.vocabulary_size;
  info.words = dataset.words;
  info.epoch = trainer.result().best_epoch;
  const nlohmann::ordered_json provenance = Provenance();
  for (const auto& [key, value] : provenance.items()) {
    // Without the date the same run gives the same file.
    if (key == "date") continue;
    info.provenance[key] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  SaveModel(path, info, trainer.network().layout(), trainer.network().parameters(),
            /*with_optimiser=*/true);
}

}  // namespace grove
