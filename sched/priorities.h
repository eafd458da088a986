// In which order jobs and resources start: one definition for the graph that runs them and for the
// simulation that foretells it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace grove::sched {

// Larger is earlier. A job's priority follows its place in the order of cost, equal costs in the
// order given; a resource comes right before the first job that needs it.
class Priorities {
 public:
  // Jobs has `cost` and `resources`, indices below `resources`.
  template <typename Jobs>
  Priorities(const Jobs& jobs, size_t resources) : jobs_(jobs.size()), resources_(resources, 0) {
    std::vector<size_t> order(jobs.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return jobs[a].cost > jobs[b].cost; });
    unsigned priority = 2 * static_cast<unsigned>(order.size());
    for (size_t job : order) {
      jobs_[job] = priority;
      for (size_t r : jobs[job].resources) {
        if (resources_[r] == 0) resources_[r] = priority + 1;
      }
      priority -= 2;
    }
  }

  unsigned job(size_t j) const { return jobs_[j]; }
  // 0: no job needs it.
  unsigned resource(size_t r) const { return resources_[r]; }

 private:
  std::vector<unsigned> jobs_;
  std::vector<unsigned> resources_;
};

}  // namespace grove::sched
