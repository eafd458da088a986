// What RunGraph would do, without doing it: the same order of resources and jobs on so many
// threads, in made-up time.
#pragma once

#include <cstddef>
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

struct Simulation {
  double seconds = 0;               // until the last job has ended
  std::vector<double> busy;         // by thread: seconds it builds or works
  std::vector<TimeSpan> jobs;       // when each runs
  std::vector<TimeSpan> resources;  // when each is held, its building included; 0 to 0: never
};

// A thread that becomes free takes the first in order of what is ready, the lowest thread before
// the others; summaries and the report take no time. Throws std::invalid_argument for less than one
// thread and an index out of range.
Simulation SimulateGraph(const std::vector<SimulatedResource>& resources,
                         const std::vector<SimulatedJob>& jobs, int threads);

}  // namespace grove::sched
