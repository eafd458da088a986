#include "experiments/cli/live_page.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <exception>
#include <limits>

namespace grove {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kShare = 10;  // of the time that writing takes, in which nothing is written

RunRecord RunningRecord(const Job& job, const RunResult& result) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  RunRecord record;
  static_cast<RunIdentity&>(record) = job;
  record.model = job.run.model;
  record.seed = job.run.seed;
  record.status = "running";
  const bool compared = result.best_epoch > 0;  // with the start values
  record.test_accuracy = kNone;
  record.dev_accuracy = compared ? result.dev_accuracy : kNone;
  record.train_accuracy = compared ? result.train_accuracy : kNone;
  record.best_epoch = result.best_epoch;
  record.epochs = static_cast<int>(result.history.size());
  record.seconds = kNone;
  record.trees_per_second = kNone;
  record.history = result.history;
  return record;
}

std::string TimeOfDay() { return fmt::format("{:%H:%M:%S}", fmt::localtime(std::time(nullptr))); }

}  // namespace

void LivePage::OnStart(const sched::ProgressMeter& meter, size_t to_do) {
  WatcherLink::OnStart(meter, to_do);
  if (to_do == 0) return;
  meter_ = &meter;
  thread_ = std::thread([this] { Loop(); });
}

void LivePage::OnProgress(const Job& job, const TrainProgress& progress, const RunResult& result) {
  WatcherLink::OnProgress(job, progress, result);
  const std::lock_guard lock(mutex_);
  const auto [place, is_new] = running_.try_emplace(job.key);
  if (!is_new && place->second.history.size() == result.history.size()) return;
  place->second = RunningRecord(job, result);
}

void LivePage::OnRecord(const Job& job, const RunRecord& record) {
  WatcherLink::OnRecord(job, record);
  const std::lock_guard lock(mutex_);
  running_.erase(job.key);
}

void LivePage::OnEnd() {
  if (thread_.joinable()) {
    Stop();
    Write(/*going_on=*/false);
  }
  WatcherLink::OnEnd();
}

void LivePage::Stop() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LivePage::Loop() {
  Clock::duration pause = interval_;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, pause, [this] { return ending_; })) {
    lock.unlock();
    const Clock::time_point begin = Clock::now();
    Write(/*going_on=*/true);
    pause = std::max<Clock::duration>(interval_, kShare * (Clock::now() - begin));
    lock.lock();
  }
}

UnfinishedRuns LivePage::Unfinished(bool going_on) {
  const sched::ProgressSnapshot now = meter_->Snapshot();
  UnfinishedRuns unfinished;
  unfinished.going_on = going_on;
  unfinished.line = fmt::format("{} of {} runs have ended", now.finished + now.failed, now.total);
  if (going_on) {
    unfinished.line += fmt::format(", {} in training", now.running.size());
    if (now.remaining_seconds) {
      unfinished.line +=
          fmt::format(", about {} to go", sched::FormatDuration(*now.remaining_seconds));
    }
  }
  unfinished.line += fmt::format("; written at {}", TimeOfDay());
  const std::lock_guard lock(mutex_);
  for (const auto& [key, record] : running_) {
    unfinished.runs.push_back(record);
    if (!going_on) unfinished.runs.back().status = "interrupted";
  }
  return unfinished;
}

void LivePage::Write(bool going_on) {
  try {
    const UnfinishedRuns unfinished = Unfinished(going_on);
    WriteReport(out_, "", &unfinished);
  } catch (const std::exception& error) {
    // Before the first run has ended there is nothing to report.
    const std::lock_guard lock(mutex_);
    if (noted_) return;
    noted_ = true;
    WatcherLink::OnNote(std::string("--live: ") + error.what());
  }
}

}  // namespace grove
