#include "sched/simulate.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>
#include <stdexcept>
#include <string>
#include <utility>

#include "sched/priorities.h"

namespace grove::sched {
namespace {

// Breakdowns in a row in which nothing ends: more are taken for no end at all.
constexpr size_t kMostInARow = 10'000;

template <typename T, typename Before>
using Queue = std::priority_queue<T, std::vector<T>, Before>;

}  // namespace

Simulator::Simulator(const std::vector<SimulatedResource>& resources,
                     const std::vector<SimulatedJob>& jobs)
    : rank_(jobs.size()), used_begin_(1, 0), users_begin_(resources.size() + 1, 0) {
  for (const SimulatedResource& resource : resources) resource_seconds_.push_back(resource.seconds);
  for (const SimulatedJob& job : jobs) {
    for (const size_t r : job.resources) {
      if (r >= resources.size()) {
        throw std::invalid_argument("a job names resource " + std::to_string(r) + " of " +
                                    std::to_string(resources.size()));
      }
      used_.push_back(static_cast<uint32_t>(r));
      ++users_begin_[r + 1];
    }
    used_begin_.push_back(static_cast<uint32_t>(used_.size()));
  }
  std::partial_sum(users_begin_.begin(), users_begin_.end(), users_begin_.begin());
  users_.resize(used_.size());
  std::vector<uint32_t> next(users_begin_.begin(), users_begin_.end() - 1);
  for (size_t j = 0; j < jobs.size(); ++j) {
    for (const uint32_t r : ResourcesOf(j)) users_[next[r]++] = static_cast<uint32_t>(j);
  }

  // Of equal priorities, which two resources of one job have, the lower index is the first.
  const Priorities priorities(jobs, resources.size());
  const auto priority = [&](const Node& node) {
    return node.is_resource ? priorities.resource(node.index) : priorities.job(node.index);
  };
  for (size_t j = 0; j < jobs.size(); ++j) order_.push_back({false, j});
  for (size_t r = 0; r < resources.size(); ++r) {
    if (priorities.resource(r) != 0) order_.push_back({true, r});
  }
  std::stable_sort(order_.begin(), order_.end(),
                   [&](const Node& a, const Node& b) { return priority(a) > priority(b); });
  for (size_t place = 0; place < order_.size(); ++place) {
    const auto [is_resource, index] = order_[place];
    if (!is_resource) rank_[index] = static_cast<uint32_t>(place);
    if (is_resource || ResourcesOf(index).empty()) {
      at_start_.push_back(static_cast<uint32_t>(place));
    }
  }
}

std::span<const uint32_t> Simulator::ResourcesOf(size_t job) const {
  return std::span(used_).subspan(used_begin_[job], used_begin_[job + 1] - used_begin_[job]);
}

std::span<const uint32_t> Simulator::UsersOf(size_t r) const {
  return std::span(users_).subspan(users_begin_[r], users_begin_[r + 1] - users_begin_[r]);
}

// How one simulation goes.
class Course {
 public:
  Course(const Simulator& graph, std::span<const double> seconds, int threads,
         const Breakdowns& breakdowns)
      : graph_(graph),
        seconds_(seconds),
        breakdowns_(breakdowns),
        missing_(graph.rank_.size()),
        ready_({}, graph.at_start_) {
    std::vector<size_t> all(static_cast<size_t>(threads));
    std::iota(all.begin(), all.end(), size_t{0});
    idle_ = Queue<size_t, std::greater<>>({}, std::move(all));
    result_.busy.resize(static_cast<size_t>(threads));
    result_.jobs.resize(missing_.size());
    result_.resources.resize(graph.resource_seconds_.size());
    for (size_t j = 0; j < missing_.size(); ++j) {
      missing_[j] = static_cast<uint32_t>(graph.ResourcesOf(j).size());
    }
    ComeUp(0);
  }

  Simulation Run() {
    while (true) {
      while (!ready_.empty() && !idle_.empty()) Start();
      if (running_.empty()) return std::move(result_);
      const double next = running_.front().end;
      if (next > down_at_) {
        BreakDown();
        continue;
      }
      result_.seconds = next;
      in_a_row_ = 0;
      // All that ends now, before anything starts.
      while (!running_.empty() && running_.front().end == next) End();
    }
  }

 private:
  struct Running {
    double end;
    size_t thread;
    Simulator::Node node;

    bool operator>(const Running& other) const {
      return end != other.end ? end > other.end : thread > other.thread;
    }
  };

  double SecondsOf(const Simulator::Node& node) const {
    return node.is_resource ? graph_.resource_seconds_[node.index] : seconds_[node.index];
  }
  TimeSpan& SpanOf(const Simulator::Node& node) {
    return (node.is_resource ? result_.resources : result_.jobs)[node.index];
  }

  void Start() {
    const Simulator::Node node = graph_.order_[ready_.top()];
    ready_.pop();
    const size_t thread = idle_.top();
    idle_.pop();
    const double seconds = SecondsOf(node);
    const TimeSpan span{result_.seconds, result_.seconds + seconds};
    SpanOf(node) = span;
    result_.busy[thread] += seconds;
    running_.push_back({span.end, thread, node});
    std::push_heap(running_.begin(), running_.end(), std::greater<>());
  }

  void End() {
    const Running ended = running_.front();
    std::pop_heap(running_.begin(), running_.end(), std::greater<>());
    running_.pop_back();
    idle_.push(ended.thread);
    SpanOf(ended.node).end = ended.end;
    if (ended.node.is_resource) {
      for (const uint32_t j : graph_.UsersOf(ended.node.index)) {
        if (--missing_[j] == 0) ready_.push(graph_.rank_[j]);
      }
    } else {
      for (const uint32_t r : graph_.ResourcesOf(ended.node.index)) {
        result_.resources[r].end = ended.end;
      }
    }
  }

  void ComeUp(double now) {
    up_since_ = now;
    if (breakdowns_.next_uptime) down_at_ = now + breakdowns_.next_uptime();
  }

  // What has to be done again before a job that ran before the machine came up goes on.
  double Rebuilding(const Simulator::Node& node) const {
    double seconds = 0;
    for (const uint32_t r : graph_.ResourcesOf(node.index)) seconds += graph_.resource_seconds_[r];
    return seconds;
  }

  double EndAfterBreakdown(const Running& running) {
    const double up = down_at_ + breakdowns_.restart;
    if (running.node.is_resource) return up + SecondsOf(running.node);
    const double begin = SpanOf(running.node).begin;
    const double went_on = begin < up_since_ ? up_since_ + Rebuilding(running.node) : begin;
    const double since_state =
        breakdowns_.state_every > 0 ? std::fmod(down_at_ - up_since_, breakdowns_.state_every) : 0;
    const double lost = std::clamp(down_at_ - went_on, 0.0, since_state);
    const double left = running.end - std::max(down_at_, went_on);
    return up + Rebuilding(running.node) + lost + left;
  }

  void BreakDown() {
    if (++in_a_row_ > kMostInARow) {
      throw std::runtime_error("breakdowns come so fast that nothing ends between " +
                               std::to_string(kMostInARow) + " of them");
    }
    ++result_.breakdowns;
    for (Running& running : running_) {
      const double end = EndAfterBreakdown(running);
      result_.lost += end - running.end;
      running.end = end;
    }
    std::make_heap(running_.begin(), running_.end(), std::greater<>());
    ComeUp(down_at_ + breakdowns_.restart);
  }

  const Simulator& graph_;
  std::span<const double> seconds_;
  const Breakdowns& breakdowns_;
  std::vector<uint32_t> missing_;          // by job: resources that are not built
  Queue<uint32_t, std::greater<>> ready_;  // places in the order
  Queue<size_t, std::greater<>> idle_;     // threads
  std::vector<Running> running_;           // a heap, what ends first in front
  double up_since_ = 0, down_at_ = INFINITY;
  size_t in_a_row_ = 0;
  Simulation result_;
};

Simulation Simulator::Run(std::span<const double> seconds, int threads,
                          const Breakdowns& breakdowns) const {
  if (threads < 1) throw std::invalid_argument("threads must be at least 1");
  return Course(*this, seconds, threads, breakdowns).Run();
}

Simulation SimulateGraph(const std::vector<SimulatedResource>& resources,
                         const std::vector<SimulatedJob>& jobs, int threads,
                         const Breakdowns& breakdowns) {
  std::vector<double> seconds;
  seconds.reserve(jobs.size());
  for (const SimulatedJob& job : jobs) seconds.push_back(job.seconds);
  return Simulator(resources, jobs).Run(seconds, threads, breakdowns);
}

}  // namespace grove::sched
