#include "experiments/cli/run_view.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "engine/training/early_stopping.h"
#include "sched/progress.h"

namespace grove {
namespace {

std::string MeritText(const std::string& select_by, double merit) {
  if (select_by == "loss") return fmt::format("{:.4f}", -merit);
  return fmt::format("{:.2f} %", 100 * merit);
}

// ", dev macro_f1 43.21 %": what epochs are compared by, unless the line says it anyway.
std::string Selected(const std::string& select_by, double merit) {
  if (select_by == "root_accuracy") return "";
  return ", dev " + select_by + " " + MeritText(select_by, merit);
}

// Also before the first run starts, when there is no terminal yet.
void Note(Terminal* terminal, const std::string& line) {
  if (terminal != nullptr) return terminal->Note("grove: " + line);
  std::cerr << "grove: " << line << std::endl;
}

}  // namespace

std::string FormatBars(const sched::ProgressSnapshot& snapshot, const Screen& screen) {
  constexpr size_t kBar = 20;
  // The line below, and one that is left free so that nothing scrolls.
  const size_t room = screen.rows > 2 ? screen.rows - 2 : 0;
  std::string text;
  for (size_t i = 0; i < std::min(snapshot.running.size(), room); ++i) {
    const sched::ProgressSnapshot::Running& run = snapshot.running[i];
    std::string line =
        fmt::format("{} {:3.0f} % {}", Bar(run.fraction, kBar), 100 * run.fraction, run.label);
    if (!run.detail.empty()) line += ", " + run.detail;
    text += line.substr(0, screen.width) + "\n";
  }
  return text + FormatProgress(snapshot, screen.width);
}

std::string FormatEpochProgress(int64_t trained, int trees, double pace, size_t width) {
  constexpr size_t kBar = 20;
  const int64_t epoch = (trained - 1) / trees + 1;
  const auto done = static_cast<double>(trained - (epoch - 1) * trees);
  const std::string head = fmt::format("epoch {} ", epoch), bar = Bar(done / trees, kBar);
  std::string tail = fmt::format("{:3.0f} %", 100 * done / trees);
  if (pace > 0) {
    tail += fmt::format(", {:.0f} trees/s, {} left", pace,
                        sched::FormatDuration((trees - done) / pace));
  }
  const std::string line = head + bar + " " + tail;
  return line.size() <= width ? line : (head + tail).substr(0, width);
}

void RunView::OnStart(const sched::ProgressMeter& meter, size_t to_do) {
  std::function<std::string(const Screen&)> progress;
  if (!quiet_ && to_do > 0) {
    progress = [&meter](const Screen& screen) { return FormatBars(meter.Snapshot(), screen); };
  }
  terminal_ = std::make_unique<Terminal>(progress);
}

void RunView::OnRecord(const Job& job, const RunRecord& record) {
  if (record.status != "done") {
    OnNote(job.Label() + " " + Red(record.status, HasColours(STDERR_FILENO)) + ": " +
           record.message);
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

void RunView::OnNote(const std::string& line) { Note(terminal_.get(), line); }

void TrainView::OnStart(const sched::ProgressMeter&, size_t to_do) {
  std::function<std::string(const Screen&)> progress;
  if (!quiet_ && to_do > 0) {
    progress = [this](const Screen& screen) { return Progress(screen.width); };
  }
  terminal_ = std::make_unique<Terminal>(std::move(progress), Terminal::Elsewhere::kNothing);
  if (!quiet_ && to_do > 0 && !opening_.empty()) terminal_->Note(opening_);
}

std::string TrainView::Progress(size_t width) {
  const int64_t trained = trained_.load(std::memory_order_relaxed);
  const Clock::time_point now = Clock::now();
  if (first_trained_ == 0) {
    first_trained_ = trained;
    first_seen_ = now;
  }
  const double seconds = std::chrono::duration<double>(now - first_seen_).count();
  if (first_trained_ == 0 || seconds < 2) return "";
  const double pace = static_cast<double>(trained - first_trained_) / seconds;
  return FormatEpochProgress(trained, trees_, pace, width);
}

void TrainView::OnProgress(const Job& job, const TrainProgress& progress, const RunResult& result) {
  trained_.store(progress.trees_trained, std::memory_order_relaxed);
  if (!started_) {
    started_ = true;
    begin_ = Clock::now();
    before_ = result.history.size();
  }
  Show(job, result.history);
}

void TrainView::OnRecord(const Job& job, const RunRecord& record) { Show(job, record.history); }

void TrainView::OnNote(const std::string& line) { Note(terminal_.get(), line); }

void TrainView::Show(const Job& job, const std::vector<EpochRecord>& history) {
  if (seen_ == history.size()) return;
  const Merit merit = MeritBy(job.run.select_by);
  for (; seen_ < history.size(); ++seen_) {
    const EpochRecord& epoch = history[seen_];
    if (best_epoch_ == 0 || merit(epoch) > best_) {
      best_ = merit(epoch);
      best_epoch_ = epoch.epoch;
    }
    if (!quiet_ && seen_ >= before_) Print(job, epoch);
  }
}

void TrainView::Print(const Job& job, const EpochRecord& epoch) const {
  const double elapsed = std::chrono::duration<double>(Clock::now() - begin_).count();
  const double pace = elapsed / static_cast<double>(seen_ + 1 - before_);  // seconds an epoch
  const std::string& by = job.run.select_by;
  std::string line = fmt::format(
      "epoch {}: loss {:.4f}, train {:.2f} %, dev {:.2f} %{} (best {} in epoch {}), "
      "{:.0f} trees/s, {}",
      epoch.epoch, epoch.loss, 100 * epoch.train_accuracy, 100 * epoch.dev_accuracy,
      Selected(by, MeritBy(by)(epoch)), MeritText(by, best_), best_epoch_, job.data.train / pace,
      sched::FormatDuration(elapsed));
  // Patience may end the run early; each better epoch puts that off.
  const int longest = job.run.epochs - epoch.epoch;
  const int shortest = std::min(longest, job.run.patience - (epoch.epoch - best_epoch_));
  if (shortest > 0) {
    line += fmt::format(", {} to {} left", sched::FormatDuration(pace * shortest),
                        sched::FormatDuration(pace * longest));
  }
  terminal_->Note(line);
}

}  // namespace grove
