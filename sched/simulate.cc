#include "sched/simulate.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "sched/priorities.h"

namespace grove::sched {
namespace {

void Check(const std::vector<SimulatedJob>& jobs, size_t resources, int threads) {
  if (threads < 1) throw std::invalid_argument("threads must be at least 1");
  for (const SimulatedJob& job : jobs) {
    for (size_t r : job.resources) {
      if (r >= resources) {
        throw std::invalid_argument("a job names resource " + std::to_string(r) + " of " +
                                    std::to_string(resources));
      }
    }
  }
}

class Simulator {
 public:
  Simulator(const std::vector<SimulatedResource>& resources, const std::vector<SimulatedJob>& jobs,
            int threads)
      : resources_(resources),
        jobs_(jobs),
        priorities_(jobs, resources.size()),
        users_(resources.size()),
        missing_(jobs.size()) {
    result_.busy.resize(static_cast<size_t>(threads));
    result_.jobs.resize(jobs.size());
    result_.resources.resize(resources.size());
    for (size_t t = 0; t < result_.busy.size(); ++t) idle_.push(t);
    for (size_t j = 0; j < jobs.size(); ++j) {
      missing_[j] = jobs[j].resources.size();
      for (size_t r : jobs[j].resources) users_[r].push_back(j);
      if (missing_[j] == 0) ready_.push(JobNode(j));
    }
    for (size_t r = 0; r < resources.size(); ++r) {
      if (priorities_.resource(r) != 0) ready_.push({priorities_.resource(r), true, r});
    }
  }

  Simulation Run() {
    while (true) {
      while (!ready_.empty() && !idle_.empty()) Start();
      if (running_.empty()) return std::move(result_);
      result_.seconds = running_.top().end;
      // All that ends now, before anything starts.
      while (!running_.empty() && running_.top().end == result_.seconds) End();
    }
  }

 private:
  struct Node {
    unsigned priority;
    bool is_resource;
    size_t index;

    // The greatest is the first: of equal priorities, which two resources of one job have, the
    // lower index.
    bool operator<(const Node& other) const {
      return std::tie(priority, other.index) < std::tie(other.priority, index);
    }
  };
  struct Running {
    double end;
    size_t thread;
    Node node;

    bool operator>(const Running& other) const {
      return std::tie(end, thread) > std::tie(other.end, other.thread);
    }
  };

  Node JobNode(size_t j) const { return {priorities_.job(j), false, j}; }

  void Start() {
    const Node node = ready_.top();
    ready_.pop();
    const size_t thread = idle_.top();
    idle_.pop();
    const double seconds =
        node.is_resource ? resources_[node.index].seconds : jobs_[node.index].seconds;
    const TimeSpan span{result_.seconds, result_.seconds + seconds};
    (node.is_resource ? result_.resources : result_.jobs)[node.index] = span;
    result_.busy[thread] += seconds;
    running_.push({span.end, thread, node});
  }

  void End() {
    const Running ended = running_.top();
    running_.pop();
    idle_.push(ended.thread);
    if (ended.node.is_resource) {
      for (size_t j : users_[ended.node.index]) {
        if (--missing_[j] == 0) ready_.push(JobNode(j));
      }
    } else {
      for (size_t r : jobs_[ended.node.index].resources) result_.resources[r].end = ended.end;
    }
  }

  const std::vector<SimulatedResource>& resources_;
  const std::vector<SimulatedJob>& jobs_;
  const Priorities priorities_;
  std::vector<std::vector<size_t>> users_;  // jobs by resource
  std::vector<size_t> missing_;             // by job: resources that are not built
  std::priority_queue<Node> ready_;
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> idle_;
  std::priority_queue<Running, std::vector<Running>, std::greater<>> running_;
  Simulation result_;
};

}  // namespace

Simulation SimulateGraph(const std::vector<SimulatedResource>& resources,
                         const std::vector<SimulatedJob>& jobs, int threads) {
  Check(jobs, resources.size(), threads);
  return Simulator(resources, jobs, threads).Run();
}

}  // namespace grove::sched
