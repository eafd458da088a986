#include "experiments/cli/run_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "sched/progress.h"

namespace grove {

void RunView::OnStart(const sched::ProgressMeter& meter, size_t to_do) {
  std::function<std::string(size_t)> progress;
  if (!quiet_ && to_do > 0) {
    progress = [&meter](size_t width) { return FormatProgress(meter.Snapshot(), width); };
  }
  terminal_ = std::make_unique<Terminal>(progress);
}

void RunView::OnRecord(const Job& job, const RunRecord& record) {
  if (record.status != "done") {
    OnNote(job.Label() + " " + record.status + ": " + record.message);
  } else if (!quiet_ && !terminal_->redraws()) {
    const bool tested = !std::isnan(record.test_accuracy);
    terminal_->Note(fmt::format("{}: {} accuracy {} after {} epochs, {}", job.Label(),
                                tested ? "test" : "dev",
                                PercentText(tested ? record.test_accuracy : record.dev_accuracy),
                                record.epochs, sched::FormatDuration(record.seconds)));
  }
}

void RunView::OnCell(const std::string& line) {
  if (cells_) terminal_->Print(line);
}

void RunView::OnNote(const std::string& line) { terminal_->Note("grove: " + line); }

void TrainView::OnProgress(const Job& job, const TrainProgress&, const RunResult& result) {
  if (!started_) {
    started_ = true;
    begin_ = Clock::now();
    before_ = result.history.size();
  }
  Show(job, result.history);
}

void TrainView::OnRecord(const Job& job, const RunRecord& record) { Show(job, record.history); }

void TrainView::OnNote(const std::string& line) { std::cerr << "grove: " << line << std::endl; }

void TrainView::Show(const Job& job, const std::vector<EpochRecord>& history) {
  for (; seen_ < history.size(); ++seen_) {
    const EpochRecord& epoch = history[seen_];
    if (epoch.dev_accuracy > best_) {
      best_ = epoch.dev_accuracy;
      best_epoch_ = epoch.epoch;
    }
    if (!quiet_ && seen_ >= before_) Print(job, epoch);
  }
}

void TrainView::Print(const Job& job, const EpochRecord& epoch) const {
  const double elapsed = std::chrono::duration<double>(Clock::now() - begin_).count();
  const double pace = elapsed / static_cast<double>(seen_ + 1 - before_);  // seconds an epoch
  std::string line = fmt::format(
      "epoch {}: loss {:.4f}, train {:.2f} %, dev {:.2f} % (best {:.2f} % in epoch {}), "
      "{:.0f} trees/s, {}",
      epoch.epoch, epoch.loss, 100 * epoch.train_accuracy, 100 * epoch.dev_accuracy, 100 * best_,
      best_epoch_, job.data.train / pace, sched::FormatDuration(elapsed));
  // Patience may end the run early; each better dev accuracy puts that off.
  const int longest = job.run.epochs - epoch.epoch;
  const int shortest = std::min(longest, job.run.patience - (epoch.epoch - best_epoch_));
  if (shortest > 0) {
    line += fmt::format(", {} to {} left", sched::FormatDuration(pace * shortest),
                        sched::FormatDuration(pace * longest));
  }
  std::cerr << line << std::endl;
}

}  // namespace grove
