// What people see of runs while they are trained.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "experiments/cli/terminal.h"
#include "experiments/runs/batch.h"

namespace grove {

// A bar for each of the runs that are being trained, as many as the screen has room for, and below
// them the line of FormatProgress (sched/progress.h).
std::string FormatBars(const sched::ProgressSnapshot& snapshot, const Screen& screen);

// Of many runs: on a terminal a bar for each that is being trained and a line below them; elsewhere
// a line of progress now and then, a line for each run that ends unless the progress is redrawn,
// and one on standard output for each cell that is complete.
class RunView : public BatchWatcher {
 public:
  // `quiet`: no progress; `cells`: the lines on standard output.
  RunView(bool quiet, bool cells) : quiet_(quiet), cells_(cells) {}

  void OnStart(const sched::ProgressMeter& meter, size_t to_do) override;
  void OnRecord(const Job& job, const RunRecord& record) override;
  void OnCell(const std::string& line) override;
  void OnNote(const std::string& line) override;
  void OnEnd() override { terminal_.reset(); }

 private:
  bool quiet_, cells_;
  std::unique_ptr<Terminal> terminal_;
};

// "epoch 3 [#########           ]  45 %, 1234 trees/s, 12s left", of at most `width` characters:
// `trained` trees (or pairs) after the start of a run that has `trees` of them in an epoch, at so
// many a second.
std::string FormatEpochProgress(int64_t trained, int trees, double pace, size_t width);

// Of one run: a line an epoch on standard error, unless `quiet`, and before them `opening` if that
// is not empty. On a terminal also how far the epoch is, once training takes longer than 2 seconds.
class TrainView : public BatchWatcher {
 public:
  // `trees`: trees (or pairs) in an epoch.
  TrainView(bool quiet, int trees, std::string opening)
      : quiet_(quiet), trees_(trees), opening_(std::move(opening)) {}

  void OnStart(const sched::ProgressMeter& meter, size_t to_do) override;
  void OnProgress(const Job& job, const TrainProgress& progress, const RunResult& result) override;
  void OnRecord(const Job& job, const RunRecord& record) override;
  void OnNote(const std::string& line) override;
  void OnEnd() override { terminal_.reset(); }

  size_t epochs() const { return seen_; }  // that have ended

 private:
  void Show(const Job& job, const std::vector<EpochRecord>& history);
  void Print(const Job& job, const EpochRecord& epoch) const;
  std::string Progress(size_t width);

  using Clock = std::chrono::steady_clock;
  bool quiet_;
  int trees_;
  std::string opening_;
  bool started_ = false;
  Clock::time_point begin_;
  size_t before_ = 0;  // epochs of the run that were trained before it was interrupted
  size_t seen_ = 0;
  double best_ = 0;  // merit of best_epoch_ (engine/training/early_stopping.h)
  int best_epoch_ = 0;
  std::atomic<int64_t> trained_{0};  // trees; what training leaves for the terminal's thread
  // Of that thread: what it saw first, and when.
  int64_t first_trained_ = 0;
  Clock::time_point first_seen_;
  std::unique_ptr<Terminal> terminal_;
};

}  // namespace grove
