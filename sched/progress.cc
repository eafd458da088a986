#include "sched/progress.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <utility>

namespace grove::sched {
namespace {

double SteadySeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string TwoDigits(int64_t value) {
  std::string text(value < 10 ? 1 : 0, '0');
  return text += std::to_string(value);
}

std::string FormatRemaining(double seconds) {
  if (seconds < 60) return "under 1m left";
  const auto minutes = static_cast<int64_t>(std::llround(seconds / 60));
  if (minutes < 60) return "about " + std::to_string(minutes) + "m left";
  return "about " + std::to_string(minutes / 60) + "h" + TwoDigits(minutes % 60) + "m left";
}

std::string FormatJobs(const std::vector<ProgressSnapshot::Running>& running, size_t shown) {
  std::string text;
  for (size_t i = 0; i < shown; ++i) {
    text += (i == 0 ? ": " : " | ") + running[i].label;
    if (!running[i].detail.empty()) text += " (" + running[i].detail + ")";
  }
  if (shown < running.size()) text += shown == 0 ? ": ..." : " | ...";
  return text;
}

}  // namespace

enum class Phase { kWaiting, kRunning, kFinished, kFailed, kStopped };

// A cache line of its own for each job: what one writes in every minibatch, no other has to wait
// for.
struct alignas(64) ProgressMeter::JobState {
  // Written by the job alone, read by anyone.
  std::atomic<double> fraction{0};
  std::atomic<double> resumed_at{-1};  // the first fraction; -1: none yet
  // Under the mutex.
  Phase phase = Phase::kWaiting;
  double start = 0;
  double seconds = 0;  // from start to end, once ended
  std::string detail;
};

// What was done and what is left. Costs in the unit of the jobs.
struct ProgressMeter::Work {
  double done = 0;       // by this batch
  double busy = 0;       // thread-seconds that took
  double remaining = 0;  // of all jobs that have not ended
  double longest = 0;    // the largest part of `remaining` that one job has
  double finished_cost = 0;
  double total_cost = 0;
};

ProgressMeter::ProgressMeter(std::vector<JobEstimate> jobs, int threads, size_t done_before,
                             Clock clock)
    : jobs_(std::move(jobs)),
      threads_(std::max(threads, 1)),
      done_before_(done_before),
      clock_(clock ? std::move(clock) : SteadySeconds),
      begin_(clock_()),
      states_(std::make_unique<JobState[]>(jobs_.size())) {}

ProgressMeter::~ProgressMeter() = default;

void ProgressMeter::Start(size_t job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  states_[job].phase = Phase::kRunning;
  states_[job].start = clock_();
  running_.push_back(job);
}

void ProgressMeter::Finish(size_t job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  End(job);
  states_[job].phase = Phase::kFinished;
  ++finished_;
}

void ProgressMeter::Fail(size_t job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  End(job);
  states_[job].phase = Phase::kFailed;
  ++failed_;
}

void ProgressMeter::Stop(size_t job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  End(job);
  states_[job].phase = Phase::kStopped;
  ++stopped_;
}

void ProgressMeter::End(size_t job) {
  if (states_[job].phase != Phase::kRunning) return;
  states_[job].seconds = clock_() - states_[job].start;
  running_.erase(std::find(running_.begin(), running_.end(), job));
}

void ProgressMeter::Update(size_t job, double fraction) {
  JobState& state = states_[job];
  const double share = fraction > 0 ? std::min(fraction, 1.0) : 0.0;  // NaN counts as 0
  state.fraction.store(share, std::memory_order_relaxed);
  if (state.resumed_at.load(std::memory_order_relaxed) < 0) {
    state.resumed_at.store(share, std::memory_order_relaxed);
  }
}

void ProgressMeter::SetDetail(size_t job, std::string detail) {
  const std::lock_guard<std::mutex> lock(mutex_);
  states_[job].detail = std::move(detail);
}

ProgressMeter::Work ProgressMeter::Measure(double now) const {
  Work work;
  for (size_t job = 0; job < jobs_.size(); ++job) {
    const JobState& state = states_[job];
    const double cost = jobs_[job].cost;
    const double resumed_at = state.resumed_at.load(std::memory_order_relaxed);
    const double share =
        state.phase == Phase::kFinished ? 1.0 : state.fraction.load(std::memory_order_relaxed);
    // A running job that has not reported yet has done nothing we know of.
    const bool known = resumed_at >= 0 || state.phase == Phase::kFinished;
    if (known) work.done += cost * std::max(share - std::max(resumed_at, 0.0), 0.0);
    work.busy += state.phase == Phase::kRunning ? now - state.start : state.seconds;
    if (state.phase == Phase::kWaiting || state.phase == Phase::kRunning) {
      const double left = cost * (1 - share);
      work.remaining += left;
      work.longest = std::max(work.longest, left);
    }
    work.finished_cost += cost * (state.phase == Phase::kFailed ? 1.0 : share);
    work.total_cost += cost;
  }
  return work;
}

ProgressSnapshot ProgressMeter::Snapshot() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const double now = clock_();
  const Work work = Measure(now);
  ProgressSnapshot snapshot;
  snapshot.total = jobs_.size() + done_before_;
  snapshot.finished = finished_ + done_before_;
  snapshot.failed = failed_;
  snapshot.stopped = stopped_;
  snapshot.total_cost = work.total_cost;
  snapshot.finished_cost = work.finished_cost;
  snapshot.elapsed_seconds = now - begin_;
  if (work.remaining == 0) {
    snapshot.remaining_seconds = 0;
  } else if (work.done > 0 && work.busy > 0) {
    const double speed = work.done / work.busy;  // of one thread
    // All threads share what is left, but one job is one thread.
    snapshot.remaining_seconds = std::max(work.remaining / threads_, work.longest) / speed;
  }
  for (size_t job : running_) {
    snapshot.running.push_back({jobs_[job].label, states_[job].detail,
                                states_[job].fraction.load(std::memory_order_relaxed)});
  }
  return snapshot;
}

std::string FormatDuration(double seconds) {
  const auto whole = static_cast<int64_t>(std::max(seconds, 0.0));
  if (whole < 60) return std::to_string(whole) + "s";
  if (whole < 3600) return std::to_string(whole / 60) + "m" + TwoDigits(whole % 60) + "s";
  return std::to_string(whole / 3600) + "h" + TwoDigits(whole % 3600 / 60) + "m";
}

std::string FormatProgress(const ProgressSnapshot& snapshot, size_t width) {
  std::string head =
      std::to_string(snapshot.finished) + "/" + std::to_string(snapshot.total) + " done";
  if (snapshot.failed != 0) head += ", " + std::to_string(snapshot.failed) + " failed";
  if (snapshot.stopped != 0) head += ", " + std::to_string(snapshot.stopped) + " stopped";
  if (!snapshot.running.empty())
    head += ", " + std::to_string(snapshot.running.size()) + " running";
  std::string tail = " | " + FormatDuration(snapshot.elapsed_seconds);
  if (snapshot.remaining_seconds && *snapshot.remaining_seconds > 0) {
    tail += ", " + FormatRemaining(*snapshot.remaining_seconds);
  }
  for (size_t shown = snapshot.running.size();; --shown) {
    std::string line = head;
    line += FormatJobs(snapshot.running, shown);
    line += tail;
    if (line.size() <= width) return line;
    if (shown == 0) break;
  }
  return (head + tail).substr(0, width);
}

}  // namespace grove::sched
