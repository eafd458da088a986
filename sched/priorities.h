// In which order jobs and resources start: one definition for the graph that runs them and for the
// simulation that foretells it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace grove::sched {

// Larger is earlier. Resources come in the order of their dearest jobs, and the jobs of a resource
// one after another, the dearest first: a resource is held no longer than its own jobs last,
// however many others there are, and what is left for the end is short. A job of several resources
// stands with the dearest of them; one of none, by itself. What is equal keeps the order given. A
// resource comes right before the first job that needs it.
class Priorities {
 public:
  // Jobs has `cost` and `resources`, indices below `resources`.
  template <typename Jobs>
  Priorities(const Jobs& jobs, size_t resources) : jobs_(jobs.size()), resources_(resources, 0) {
    std::vector<double> dearest(resources, 0);
    for (const auto& job : jobs) {
      for (size_t r : job.resources) dearest[r] = std::max(dearest[r], job.cost);
    }
    // Cost of the group, its number (that of the resource; jobs of none come after), own cost.
    struct Key {
      double group_cost;
      size_t group;
      double cost;
    };
    std::vector<Key> keys(jobs.size());
    for (size_t j = 0; j < jobs.size(); ++j) {
      keys[j] = {jobs[j].cost, resources + j, jobs[j].cost};
      for (size_t i = 0; i < jobs[j].resources.size(); ++i) {
        const size_t r = jobs[j].resources[i];
        if (i == 0 || dearest[r] > keys[j].group_cost) {
          keys[j].group_cost = dearest[r];
          keys[j].group = r;
        }
      }
    }
    std::vector<size_t> order(jobs.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      if (keys[a].group_cost != keys[b].group_cost) return keys[a].group_cost > keys[b].group_cost;
      if (keys[a].group != keys[b].group) return keys[a].group < keys[b].group;
      return keys[a].cost > keys[b].cost;
    });
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
