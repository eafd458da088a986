// What people see of runs while they are trained.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "experiments/runs/batch.h"

namespace grove {

// Lines for people while a batch runs: a progress line that is redrawn on a terminal, and now and
// then a plain line elsewhere; other lines do not tear it.
class Terminal {
 public:
  // What is told of progress if stderr is no terminal.
  enum class Elsewhere { kLines, kNothing };

  // Asks `progress` for a line of at most the given width, from its own thread: five times a second
  // if stderr is a terminal, else every 30 seconds or never. An empty function: no progress is
  // shown; an empty line: for now.
  explicit Terminal(std::function<std::string(size_t width)> progress,
                    Elsewhere elsewhere = Elsewhere::kLines);
  ~Terminal();  // clears the progress line
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // True if progress goes to a terminal.
  bool redraws() const { return redraws_; }

  // A line of output, or a note on stderr. Thread-safe.
  void Print(const std::string& line);
  void Note(const std::string& line);

 private:
  void Loop();
  void Clear();
  void Write(std::ostream& stream, const std::string& line);

  std::function<std::string(size_t)> progress_;
  bool redraws_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool drawn_ = false;
  bool ending_ = false;
  std::thread thread_;
};

// Of many runs: a line of progress, a line for each run that ends unless the progress is redrawn,
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
