#include "sched/run_graph.h"

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "sched/cores.h"
#include "sched/priorities.h"

namespace grove::sched {
namespace {

namespace flow = oneapi::tbb::flow;
using Node = flow::continue_node<flow::continue_msg>;

void CheckIndices(const std::vector<size_t>& indices, size_t size, const std::string& owner) {
  for (size_t index : indices) {
    if (index >= size) {
      throw std::invalid_argument(owner + " names number " + std::to_string(index) + " of " +
                                  std::to_string(size));
    }
  }
}

void CheckSpec(const GraphSpec& spec, int threads, std::span<const int> cores) {
  if (threads < 1) throw std::invalid_argument("threads must be at least 1");
  if (!cores.empty() && cores.size() < static_cast<size_t>(threads)) {
    throw std::invalid_argument("cores: " + std::to_string(cores.size()) + " for " +
                                std::to_string(threads) + " threads");
  }
  for (const Job& job : spec.jobs) {
    CheckIndices(job.resources, spec.resources.size(), "resources: job " + job.key);
  }
  for (const Summary& summary : spec.summaries) {
    CheckIndices(summary.jobs, spec.jobs.size(), "jobs: summary " + summary.name);
  }
}

// What follows from finished jobs is short and goes first.
constexpr flow::node_priority_t kFirst = std::numeric_limits<flow::node_priority_t>::max();

// Binds the threads of an arena, while they have something to do, to cores of their own. An arena
// with constraints would not: it binds to the cores of a node, and only where tbbbind is installed.
// Nor would an observer of the arena let a thread go that is still in it when the graph has
// drained.
class Binding {
 public:
  explicit Binding(std::span<const int> cores) : cores_(cores) {
    if (!cores.empty()) all_ = AllowedCores();
  }

  // Of the calling thread, as long as it lives.
  class Scope {
   public:
    explicit Scope(const Binding& binding) : binding_(binding) {
      if (binding.cores_.empty()) return;
      // No two threads that are in the arena at a time have the same.
      const int slot = oneapi::tbb::this_task_arena::current_thread_index();
      bound_ = BindThread(binding.cores_.subspan(static_cast<size_t>(slot), 1));
    }
    ~Scope() {
      if (bound_) BindThread(binding_.all_);
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    const Binding& binding_;
    bool bound_ = false;
  };

 private:
  std::span<const int> cores_;
  std::vector<int> all_;  // of the thread that runs the graph
};

// What the nodes do when their turn comes. Nothing thrown leaves a body: an exception that left a
// node would cancel the whole graph.
class Execution {
 public:
  Execution(const GraphSpec& spec, const std::atomic<bool>& stop, ProgressMeter* progress,
            std::span<const int> cores)
      : spec_(spec),
        stop_(stop),
        progress_(progress),
        binding_(cores),
        resources_(std::make_unique<ResourceState[]>(spec.resources.size())),
        ends_(spec.jobs.size(), End::kStopped) {
    for (const Job& job : spec.jobs) {
      for (size_t r : job.resources) ++resources_[r].users;
    }
  }

  void BuildResource(size_t r) {
    if (Halted()) return;
    const Binding::Scope bound(binding_);
    try {
      spec_.resources[r].build();
      resources_[r].built = true;
    } catch (...) {
      resources_[r].error = std::current_exception();
    }
  }

  void RunJob(size_t j) {
    const Binding::Scope bound(binding_);
    ends_[j] = Perform(j);
    if (progress_ != nullptr) ReportEnd(j);
    for (size_t r : spec_.jobs[j].resources) {
      const bool last = resources_[r].users.fetch_sub(1) == 1;
      if (last && resources_[r].built) Guard(spec_.resources[r].release);
    }
  }

  void RunSummary(size_t s) {
    const Summary& summary = spec_.summaries[s];
    const bool complete = std::none_of(summary.jobs.begin(), summary.jobs.end(),
                                       [&](size_t j) { return ends_[j] == End::kStopped; });
    if (complete && !fatal_) Guard(summary.work);
  }

  void RunReport() {
    if (Count(End::kStopped) == 0 && !fatal_) Guard(spec_.report);
  }

  // After the graph has drained.
  GraphResult Result() const {
    if (first_error_) std::rethrow_exception(first_error_);
    return {Count(End::kFinished), Count(End::kFailed), Count(End::kStopped)};
  }

 private:
  enum class End { kFinished, kFailed, kStopped };

  struct ResourceState {
    bool built = false;
    std::exception_ptr error;
    std::atomic<size_t> users{0};  // jobs that have not ended
  };

  bool Halted() const { return stop_ || fatal_; }

  size_t Count(End end) const {
    return static_cast<size_t>(std::count(ends_.begin(), ends_.end(), end));
  }

  End Perform(size_t j) {
    const Job& job = spec_.jobs[j];
    if (Halted()) return End::kStopped;
    try {
      for (size_t r : job.resources) {
        if (resources_[r].error) std::rethrow_exception(resources_[r].error);
        if (!resources_[r].built) return End::kStopped;
      }
      if (progress_ != nullptr) progress_->Start(j);
      return job.work(stop_) == Outcome::kFinished ? End::kFinished : End::kStopped;
    } catch (const std::exception& error) {
      Guard([&] { job.on_failure(error); });
    } catch (...) {
      Guard([&] { job.on_failure(std::runtime_error("unknown exception")); });
    }
    return End::kFailed;
  }

  void ReportEnd(size_t j) {
    switch (ends_[j]) {
      case End::kFinished:
        return progress_->Finish(j);
      case End::kFailed:
        return progress_->Fail(j);
      case End::kStopped:
        return progress_->Stop(j);
    }
  }

  // Calls what keeps the results; its exception is the batch's.
  void Guard(const std::function<void()>& call) {
    if (!call) return;
    try {
      call();
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!first_error_) first_error_ = std::current_exception();
      fatal_ = true;
    }
  }

  const GraphSpec& spec_;
  const std::atomic<bool>& stop_;
  ProgressMeter* progress_;
  const Binding binding_;
  std::unique_ptr<ResourceState[]> resources_;
  std::vector<End> ends_;  // each written by its job's node, read by the nodes after it
  std::atomic<bool> fatal_{false};
  std::mutex mutex_;
  std::exception_ptr first_error_;
};

// The nodes and edges, made by loops over the spec as a serial program would run it.
class TaskGraph {
 public:
  TaskGraph(const GraphSpec& spec, Execution& execution)
      : spec_(spec), priorities_(spec.jobs, spec.resources.size()), execution_(execution) {
    AddResources();
    AddJobs();
    AddSummaries();
    report_ = Add(kFirst, [this] { execution_.RunReport(); });
    for (Node* job : jobs_) flow::make_edge(*job, *report_);
    for (Node* summary : summaries_) flow::make_edge(*summary, *report_);
  }

  // Starts what waits for nothing, in the order of priority, and returns when all is done.
  void Run() {
    std::stable_sort(roots_.begin(), roots_.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [priority, node] : roots_) node->try_put(flow::continue_msg());
    if (jobs_.empty() && summaries_.empty()) report_->try_put(flow::continue_msg());
    graph_.wait_for_all();
  }

 private:
  template <typename Body>
  Node* Add(flow::node_priority_t priority, Body body) {
    return &nodes_.emplace_back(
        graph_, [body](const flow::continue_msg&) { body(); }, priority);
  }

  void AddResources() {
    for (size_t r = 0; r < spec_.resources.size(); ++r) {
      const flow::node_priority_t priority = priorities_.resource(r);
      Node* node = nullptr;
      if (priority != 0) {
        node = Add(priority, [this, r] { execution_.BuildResource(r); });
        roots_.emplace_back(priority, node);
      }
      resources_.push_back(node);
    }
  }

  void AddJobs() {
    for (size_t j = 0; j < spec_.jobs.size(); ++j) {
      Node* node = Add(priorities_.job(j), [this, j] { execution_.RunJob(j); });
      for (size_t r : spec_.jobs[j].resources) flow::make_edge(*resources_[r], *node);
      if (spec_.jobs[j].resources.empty()) roots_.emplace_back(priorities_.job(j), node);
      jobs_.push_back(node);
    }
  }

  void AddSummaries() {
    for (size_t s = 0; s < spec_.summaries.size(); ++s) {
      Node* node = Add(kFirst, [this, s] { execution_.RunSummary(s); });
      for (size_t j : spec_.summaries[s].jobs) flow::make_edge(*jobs_[j], *node);
      if (spec_.summaries[s].jobs.empty()) roots_.emplace_back(kFirst, node);
      summaries_.push_back(node);
    }
  }

  const GraphSpec& spec_;
  Priorities priorities_;
  Execution& execution_;
  flow::graph graph_;
  std::deque<Node> nodes_;  // a deque: edges hold their addresses
  std::vector<Node*> resources_;
  std::vector<Node*> jobs_;
  std::vector<Node*> summaries_;
  Node* report_ = nullptr;
  std::vector<std::pair<flow::node_priority_t, Node*>> roots_;
};

}  // namespace

GraphResult RunGraph(const GraphSpec& spec, int threads, const std::atomic<bool>& stop,
                     ProgressMeter* progress, std::span<const int> cores) {
  CheckSpec(spec, threads, cores);
  Execution execution(spec, stop, progress, cores);
  // The arena bounds how many nodes run at once; the control lets it have more threads than cores.
  const oneapi::tbb::global_control control(oneapi::tbb::global_control::max_allowed_parallelism,
                                            static_cast<size_t>(threads));
  oneapi::tbb::task_arena arena(threads);
  // The graph belongs to the arena in which it is made.
  arena.execute([&] { TaskGraph(spec, execution).Run(); });
  return execution.Result();
}

}  // namespace grove::sched
