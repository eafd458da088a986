// How far a batch of jobs is and how long it will still take. Counts and formats; printing is the
// caller's affair.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace grove::sched {

struct JobEstimate {
  std::string label;  // "exp1 d3 rlstm s2"
  double cost = 1;    // expected work, any unit, > 0
};

// The state at one moment. Costs are in the unit of JobEstimate::cost.
struct ProgressSnapshot {
  struct Running {
    std::string label;
    std::string detail;   // "epoch 7, dev 0.41"; may be empty
    double fraction = 0;  // of the job's cost, in [0, 1]
  };
  size_t total = 0;     // jobs, with those done before
  size_t finished = 0;  // with those done before
  size_t failed = 0;
  size_t stopped = 0;
  double total_cost = 0;                    // of the jobs of this batch
  double finished_cost = 0;                 // of ended jobs, and the fractions of the running ones
  std::vector<Running> running;             // in order of their start
  double elapsed_seconds = 0;               // since the meter was made
  std::optional<double> remaining_seconds;  // empty while nothing can be said
};

// All functions are thread-safe. A job is its index in the constructor's list.
class ProgressMeter {
 public:
  // Monotonic seconds from an arbitrary origin.
  using Clock = std::function<double()>;

  // `done_before` jobs of an earlier, interrupted batch count as finished but have no cost.
  // `threads` is how many jobs run at once. An empty `clock` is the steady clock.
  ProgressMeter(std::vector<JobEstimate> jobs, int threads, size_t done_before = 0,
                Clock clock = nullptr);
  ~ProgressMeter();

  // Called by RunGraph.
  void Start(size_t job);
  void Finish(size_t job);
  void Fail(size_t job);
  void Stop(size_t job);  // whether it had started or not

  // Called by the running job: the share of its cost that is done, in [0, 1] (clamped). Wait-free:
  // fit for every minibatch. The first call after Start says where a resumed job goes on, and what
  // lies before it does not count as this batch's speed.
  void Update(size_t job, double fraction);
  // What to show beside the label; takes a lock: fit for every epoch.
  void SetDetail(size_t job, std::string detail);

  ProgressSnapshot Snapshot() const;

 private:
  struct JobState;
  struct Work;

  // Notes the end of a job that is running. Both under the mutex.
  void End(size_t job);
  Work Measure(double now) const;

  std::vector<JobEstimate> jobs_;
  int threads_;
  size_t done_before_;
  Clock clock_;
  double begin_;
  std::unique_ptr<JobState[]> states_;
  mutable std::mutex mutex_;
  std::vector<size_t> running_;  // in order of their start
  size_t finished_ = 0;
  size_t failed_ = 0;
  size_t stopped_ = 0;
};

// One line of at most `width` characters:
// "37/200 done, 2 running: exp1 d3 rlstm s2 (epoch 7, dev 0.41) | ... | 3m12s, about 9m left".
// Running jobs are left out from the last one on where the line would get too long.
std::string FormatProgress(const ProgressSnapshot& snapshot, size_t width);

// "42s", "3m12s", "2h05m".
std::string FormatDuration(double seconds);

}  // namespace grove::sched
