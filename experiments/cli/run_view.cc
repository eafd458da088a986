#include "experiments/cli/run_view.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "engine/training/early_stopping.h"
#include "sched/progress.h"

namespace grove {
namespace {

size_t Width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
  return size.ws_col;
}

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

Terminal::Terminal(std::function<std::string(size_t)> progress, Elsewhere elsewhere)
    : progress_(std::move(progress)), redraws_(progress_ && isatty(STDERR_FILENO) == 1) {
  const bool shows = progress_ && (redraws_ || elsewhere == Elsewhere::kLines);
  if (shows) thread_ = std::thread([this] { Loop(); });
}

Terminal::~Terminal() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    Clear();
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Terminal::Loop() {
  const auto interval = std::chrono::milliseconds(redraws_ ? 200 : 30000);
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval, [this] { return ending_; })) {
    // One column is left free: a full line would wrap on some terminals.
    const std::string line = progress_(redraws_ ? Width() - 1 : 200);
    Clear();
    std::cerr << line;
    if (!redraws_) std::cerr << '\n';
    std::cerr << std::flush;
    drawn_ = redraws_;
  }
}

void Terminal::Clear() {
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

void Terminal::Write(std::ostream& stream, const std::string& line) {
  const std::lock_guard lock(mutex_);
  Clear();
  stream << line << std::endl;
}

void Terminal::Print(const std::string& line) { Write(std::cout, line); }
void Terminal::Note(const std::string& line) { Write(std::cerr, line); }

std::string FormatEpochProgress(int64_t trained, int trees, double pace, size_t width) {
  constexpr size_t kBar = 20;
  const int64_t epoch = (trained - 1) / trees + 1;
  const auto done = static_cast<double>(trained - (epoch - 1) * trees);
  const double share = done / trees;
  const std::string head = fmt::format("epoch {} ", epoch);
  std::string bar(kBar, ' '), tail = fmt::format("{:3.0f} %", 100 * share);
  std::fill_n(bar.begin(), static_cast<size_t>(share * kBar), '#');
  if (pace > 0) {
    tail += fmt::format(", {:.0f} trees/s, {} left", pace,
                        sched::FormatDuration((trees - done) / pace));
  }
  const std::string line = head + "[" + bar + "] " + tail;
  return line.size() <= width ? line : (head + tail).substr(0, width);
}

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

void RunView::OnNote(const std::string& line) { Note(terminal_.get(), line); }

void TrainView::OnStart(const sched::ProgressMeter&, size_t to_do) {
  std::function<std::string(size_t)> progress;
  if (!quiet_ && to_do > 0) progress = [this](size_t width) { return Progress(width); };
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
