#include "experiments/runs/train_run.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>

#include "engine/error.h"
#include "engine/trainer.h"
#include "experiments/runs/table_lines.h"

namespace grove {
namespace {

// Adds the time it lives to a total.
class Stopwatch {
 public:
  explicit Stopwatch(double& seconds) : seconds_(seconds), begin_(Clock::now()) {}
  ~Stopwatch() { seconds_ += std::chrono::duration<double>(Clock::now() - begin_).count(); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  double& seconds_;
  Clock::time_point begin_;
};

RunRecord StartRecord(const Job& planned) {
  RunRecord record;
  record.key = planned.key;
  record.experiment = planned.experiment;
  record.dataset = planned.dataset;
  record.model = planned.run.model;
  record.seed = planned.run.seed;
  record.axes = planned.axes;
  record.variant = planned.variant;
  record.run = planned.run;
  record.data = planned.data;
  record.files = planned.files;
  return record;
}

// A trainer at the run's start, or where it was interrupted.
std::unique_ptr<Trainer> MakeTrainer(const Job& planned, const Dataset& dataset,
                                     const RunFolder& folder, double& seconds) {
  auto trainer = std::make_unique<Trainer>(planned.run, dataset);
  if (!folder.HasState(planned.key)) return trainer;
  try {
    trainer->LoadState(folder.StatePath(planned.key));
    seconds = folder.ReadSeconds(planned.key);
    return trainer;
  } catch (const Error&) {
    folder.RemoveState(planned.key);
    return std::make_unique<Trainer>(planned.run, dataset);
  }
}

RunRecord DoneRecord(const Job& planned, const RunResult& result, double seconds) {
  RunRecord record = StartRecord(planned);
  record.status = "done";
  record.test_accuracy = result.test_accuracy;
  record.dev_accuracy = result.dev_accuracy;
  record.train_accuracy = result.train_accuracy;
  record.best_epoch = result.best_epoch;
  record.epochs = static_cast<int>(result.history.size());
  record.seconds = seconds;
  const double trees = static_cast<double>(record.epochs) * planned.data.train;
  record.trees_per_second = seconds > 0 ? trees / seconds : 0;
  record.weights_xxh3 = result.weights_xxh3;
  record.history = result.history;
  return record;
}

}  // namespace

std::optional<TrainedRun> TrainRun(const Job& planned, const Dataset& dataset,
                                   const RunFolder& folder, const std::atomic<bool>& stop,
                                   const TrainRunProgress& progress, double& seconds) {
  seconds = 0;
  std::unique_ptr<Trainer> trainer;
  bool ended = false;
  {
    double earlier = 0;
    const Stopwatch stopwatch(seconds);
    trainer = MakeTrainer(planned, dataset, folder, earlier);
    seconds += earlier;
    ended = trainer->Run(stop, progress);
  }
  if (!ended) {
    // The time first: a state without it would count the earlier part as nothing.
    folder.WriteSeconds(planned.key, seconds);
    trainer->SaveState(folder.StatePath(planned.key));
    return std::nullopt;
  }
  const RunResult& result = trainer->result();
  TrainedRun run{DoneRecord(planned, result, seconds), {}};
  if (planned.run.probe) {
    run.tables.push_back(RatioLine(planned.key, SummariseRatios(result.ratios)));
  }
  if (planned.run.observe) {
    run.tables.push_back(ObservationLine(planned.key, result.observations));
  }
  return run;
}

RunRecord FailureRecord(const Job& planned, const std::exception& failure, double seconds) {
  RunRecord record = StartRecord(planned);
  record.status = dynamic_cast<const DivergedError*>(&failure) != nullptr ? "diverged" : "failed";
  record.message = failure.what();
  std::replace(record.message.begin(), record.message.end(), '\n', ' ');
  record.test_accuracy = std::numeric_limits<double>::quiet_NaN();
  record.dev_accuracy = record.test_accuracy;
  record.train_accuracy = record.test_accuracy;
  record.seconds = seconds;
  return record;
}

}  // namespace grove
