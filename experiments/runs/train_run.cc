#include "experiments/runs/train_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>

#include "engine/error.h"
#include "engine/files/model_file.h"
#include "engine/training/trainer.h"
#include "experiments/runs/provenance.h"
#include "experiments/runs/table_lines.h"

namespace grove {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Adds the time it lives to a total.
class Stopwatch {
 public:
  explicit Stopwatch(double& seconds) : seconds_(seconds), begin_(Clock::now()) {}
  ~Stopwatch() { seconds_ += Elapsed(); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

  double Elapsed() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  double& seconds_;
  Clock::time_point begin_;
};

// One line, as a journal and a terminal want it.
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

RunRecord StartRecord(const Job& job, double seconds) {
  RunRecord record;
  static_cast<RunIdentity&>(record) = job;
  record.model = job.run.model;
  record.seed = job.run.seed;
  record.test_accuracy = kNaN;
  record.dev_accuracy = kNaN;
  record.train_accuracy = kNaN;
  record.seconds = seconds;
  return record;
}

// At the run's start.
std::unique_ptr<Trainer> NewTrainer(const Job& job, const LoadedData& data) {
  auto trainer = std::make_unique<Trainer>(job.run, data.dataset);
  if (data.initial) {
    LoadWeights(*data.initial, trainer->network().layout(), trainer->network().parameters());
  }
  if (data.vectors) SetWords(*data.vectors, trainer->network().parameters());
  return trainer;
}

// At the run's start, or where it was interrupted.
std::unique_ptr<Trainer> MakeTrainer(const Job& job, const LoadedData& data,
                                     const RunFolder& folder, const TrainRunOptions& options,
                                     double& seconds) {
  auto trainer = NewTrainer(job, data);
  if (!folder.HasState(job.key)) return trainer;
  try {
    seconds = StateSaver::Seconds(trainer->LoadState(folder.StatePath(job.key)));
    return trainer;
  } catch (const DamagedFile& damage) {
    const std::string aside = folder.SetAside(folder.StatePath(job.key));
    if (options.note) {
      options.note(OneLine(damage.what()) + "; the run starts again, and the file is now " + aside);
    }
    return NewTrainer(job, data);
  }
}

// What the result holds once the run has ended or diverged: in that case of the epochs before.
void TakeResult(const RunResult& result, bool done, bool has_test_trees, RunRecord& record) {
  if (done && has_test_trees) record.test_accuracy = result.test_accuracy;
  if (done || result.best_epoch > 0) {
    record.dev_accuracy = result.dev_accuracy;
    record.train_accuracy = result.train_accuracy;
  }
  record.best_epoch = result.best_epoch;
  record.epochs = static_cast<int>(result.history.size());
  const double trees = static_cast<double>(record.epochs) * record.data.train;
  record.trees_per_second = record.seconds > 0 ? trees / record.seconds : 0;
  record.weights_xxh3 = result.weights_xxh3;
  record.history = result.history;
}

void WriteModel(const std::string& path, const Job& job, const Dataset& dataset, Trainer& trainer) {
  ModelInfo info;
  info.spec = job.run;
  info.classes = dataset.classes;
  info.vocabulary_size = dataset.vocabulary_size;
  info.words = dataset.words;
  info.labels = dataset.labels;
  if (job.files) info.reading = job.files->reading;
  info.epoch = trainer.result().best_epoch;
  const nlohmann::ordered_json provenance = Provenance(job.run.gemm);
  for (const auto& [key, value] : provenance.items()) {
    if (key == "date") continue;  // without it the same run gives the same file
    info.provenance[key] = PlainText(value);
  }
  if (job.files && !job.files->vectors.path.empty()) {
    nlohmann::ordered_json vectors = FilesJson(*job.files)["vectors"];
    vectors.erase("path");  // likewise
    info.provenance["vectors"] = vectors.dump();
  }
  SaveModel(path, info, trainer.network().layout(), trainer.network().parameters(),
            /*with_optimiser=*/true);
}

std::vector<std::string> TableLines(const Job& job, const RunResult& result) {
  std::vector<std::string> lines;
  if (job.run.probe) lines.push_back(RatioLine(job.key, SummariseRatios(result.ratios)));
  if (job.run.observe) lines.push_back(ObservationLine(job.key, result.observations));
  return lines;
}

}  // namespace

std::optional<TrainedRun> TrainRun(const Job& job, const LoadedData& data, const RunFolder& folder,
                                   const std::atomic<bool>& stop, const TrainRunOptions& options,
                                   double& seconds) {
  seconds = 0;
  std::unique_ptr<Trainer> trainer;
  std::optional<StateSaver> states;
  bool ended = false;
  std::string divergence;  // why, if it did
  {
    double earlier = 0;
    const Stopwatch stopwatch(seconds);
    trainer = MakeTrainer(job, data, folder, options, earlier);
    seconds += earlier;
    const RunResult& result = trainer->result();
    states.emplace(*trainer, folder.StatePath(job.key), options.states, options.note);
    try {
      ended = trainer->Run(stop, [&](const TrainProgress& progress) {
        if (options.progress) options.progress(progress, result);
        const double so_far = earlier + stopwatch.Elapsed();
        states->AfterUpdate(so_far);
        if (so_far < options.max_seconds) return;
        states->Save(so_far);
        throw TookTooLong(fmt::format(
            "took longer than the {:.0f} s that a run may; with more it goes on from its state",
            options.max_seconds));
      });
    } catch (const DivergedError& error) {
      divergence = OneLine(error.what());
    }
  }
  const bool has_test_trees = data.dataset.test.trees() > 0;
  TrainedRun run{StartRecord(job, seconds), {}};
  if (!divergence.empty()) {
    run.record.status = "diverged";
    run.record.message = divergence;
    TakeResult(trainer->result(), /*done=*/false, has_test_trees, run.record);
    return run;
  }
  if (!ended) {
    states->Save(seconds);
    return std::nullopt;
  }
  run.record.status = "done";
  TakeResult(trainer->result(), /*done=*/true, has_test_trees, run.record);
  run.tables = TableLines(job, trainer->result());
  if (!options.model_path.empty()) WriteModel(options.model_path, job, data.dataset, *trainer);
  return run;
}

RunRecord FailureRecord(const Job& job, const std::exception& failure, double seconds) {
  RunRecord record = StartRecord(job, seconds);
  record.status = "failed";
  record.message = OneLine(failure.what());
  return record;
}

}  // namespace grove
