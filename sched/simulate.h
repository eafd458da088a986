// What RunGraph would do, without doing it: the same order of resources and jobs on so many
// threads, in made-up time, of a machine that may break down. All times are seconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace grove::sched {

struct SimulatedResource {
  double seconds = 0;  // to build it
};

struct SimulatedJob {
  double cost = 1;     // what the order goes by, as Job::cost
  double seconds = 0;  // what it then takes
  std::vector<size_t> resources;
};

struct TimeSpan {
  double begin = 0;
  double end = 0;

  bool operator==(const TimeSpan&) const = default;
};

// When a machine breaks down and what it costs. The states of all running jobs are written at
// once, every so often from the moment at which the machine is up, at no cost. A breakdown takes
// what jobs did since then and the resources in memory; what has ended is kept. The machine comes
// back, and each job that ran goes on from its state once its resources are built again.
struct Breakdowns {
  std::function<double()> next_uptime;  // until the next one, at every start; empty: there is none
  double state_every = 10;              // 0: nothing is ever lost of a job
  double restart = 60;                  // until the machine is up again
};

struct Simulation {
  double seconds = 0;               // until the last job has ended
  std::vector<double> busy;         // by thread: seconds it builds or works, with nothing twice
  std::vector<TimeSpan> jobs;       // when each runs
  std::vector<TimeSpan> resources;  // when each is held, its building included; 0 to 0: never
  // Of all threads that were at work, through breakdowns: until the machine was up again, what was
  // lost, and the building of resources again.
  double lost = 0;
  size_t breakdowns = 0;
};

// Jobs in the order in which they start, for simulations with any times. Const functions may be
// called at the same time.
class Simulator {
 public:
  // Keeps neither argument. Throws std::invalid_argument for an index out of range.
  Simulator(const std::vector<SimulatedResource>& resources, const std::vector<SimulatedJob>& jobs);

  // `seconds`: of the jobs. A thread that becomes free takes the first in order of what is ready,
  // the lowest thread before the others; summaries and the report take no time. Throws
  // std::invalid_argument for less than one thread, and std::runtime_error if breakdowns come so
  // fast that nothing ever ends.
  Simulation Run(std::span<const double> seconds, int threads,
                 const Breakdowns& breakdowns = {}) const;

 private:
  friend class Course;
  // A job, or a resource that has to be built.
  struct Node {
    bool is_resource = false;
    size_t index = 0;
  };

  std::span<const uint32_t> ResourcesOf(size_t job) const;
  std::span<const uint32_t> UsersOf(size_t resource) const;

  std::vector<double> resource_seconds_;
  std::vector<Node> order_;         // the first to start is the first
  std::vector<uint32_t> rank_;      // by job: where it stands in order_
  std::vector<uint32_t> at_start_;  // places in order_ of what is ready at the start, in order
  // The resources of job j are used_[used_begin_[j]] and so on; the jobs of resource r likewise.
  std::vector<uint32_t> used_begin_, used_, users_begin_, users_;
};

// A single simulation.
Simulation SimulateGraph(const std::vector<SimulatedResource>& resources,
                         const std::vector<SimulatedJob>& jobs, int threads,
                         const Breakdowns& breakdowns = {});

}  // namespace grove::sched
