// Runs a batch of opaque jobs as a task graph: resources -> jobs -> summaries -> report. What a job
// computes is not known here; one job is one thread, and nothing a job calls may start a parallel
// section of its own.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "sched/progress.h"

namespace grove::sched {

enum class Outcome {
  kFinished,
  kStopped,  // the job saw `stop` and saved its state
};

// Something several jobs share read-only. Built once, right before the most expensive of its jobs
// is due; released as soon as the last of its jobs has ended. One without jobs is never built.
struct Resource {
  std::string name;
  std::function<void()> build;
  std::function<void()> release;  // may be empty; not called if build threw or never ran
};

struct Job {
  std::string key;                // identifies the job in the journal; not interpreted
  std::string label;              // for people: "exp1 d3 rlstm s2"
  double cost = 1;                // expected work, any unit, > 0: large first (sched/priorities.h)
  std::vector<size_t> resources;  // indices into GraphSpec::resources
  std::function<Outcome(const std::atomic<bool>& stop)> work;
  // Called in the job's thread if work or the building of one of its resources threw: writes down
  // why. The other jobs go on.
  std::function<void(const std::exception&)> on_failure;
};

// Runs after all of `jobs` have finished or failed; skipped if one of them was stopped.
struct Summary {
  std::string name;
  std::vector<size_t> jobs;  // indices into GraphSpec::jobs
  std::function<void()> work;
};

struct GraphSpec {
  std::vector<Resource> resources;
  std::vector<Job> jobs;
  std::vector<Summary> summaries;
  std::function<void()> report;  // last, after every summary; may be empty; skipped as a summary is
};

// finished + failed + stopped = number of jobs.
struct GraphResult {
  size_t finished = 0;
  size_t failed = 0;   // work, or the building of a resource, threw
  size_t stopped = 0;  // returned kStopped, or never started
};

// Runs the whole graph on `threads` >= 1 threads, the calling one included, and returns when it has
// drained. Once `stop` is true nothing more is built or started; the jobs that are running are
// expected to notice it themselves. The order is that of sched/priorities.h: by resource, and large
// jobs first.
//
// `progress` may be null; otherwise it was made for the same jobs in the same order, and gets their
// starts and ends from here (the fractions in between come from the jobs themselves).
//
// With `cores` (sched/cores.h), at least as many as threads, a thread is bound to one of its own
// while it builds or works, so that what it has in the caches of that core, and in the memory
// beside it, stays near; summaries and the report, which may start programs, are free. A core that
// the system refuses is not bound to.
//
// An exception out of on_failure, release, a summary or the report means that results can no longer
// be kept: nothing more is started, the running jobs come to their end, and the first such
// exception is rethrown. Throws std::invalid_argument before anything runs if an index is out of
// range, or if there are more threads than cores to bind them to.
GraphResult RunGraph(const GraphSpec& spec, int threads, const std::atomic<bool>& stop,
                     ProgressMeter* progress = nullptr, std::span<const int> cores = {});

}  // namespace grove::sched
