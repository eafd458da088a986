#include "experiments/plan/plan.h"

#include <fmt/format.h>

#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <variant>

#include "engine/error.h"
#include "engine/seed_keys.h"
#include "engine/tasks/task.h"
#include "experiments/plan/run_filter.h"

namespace grove {
namespace {

// More runs than these are no plan but a mistake in a file.
constexpr size_t kMaxRuns = 1'000'000;

// "seed has 10000 values, l2 1000": the axes that make a plan large.
std::string LargestAxes(std::vector<Axis> axes) {
  std::stable_sort(axes.begin(), axes.end(),
                   [](const Axis& a, const Axis& b) { return a.points.size() > b.points.size(); });
  std::string text;
  for (const Axis& axis : std::span(axes).first(std::min<size_t>(3, axes.size()))) {
    if (axis.points.size() == 1) break;
    text += text.empty() ? fmt::format("{} has {} values", axis.name, axis.points.size())
                         : fmt::format(", {} {}", axis.name, axis.points.size());
  }
  return text;
}

// Of combinations of points with so many jobs each.
size_t CountJobs(const Spec& spec, size_t each) {
  double count = static_cast<double>(each);
  for (const Axis& axis : spec.axes) count *= static_cast<double>(axis.points.size());
  if (count <= static_cast<double>(kMaxRuns)) return static_cast<size_t>(count);
  throw Error(fmt::format(
      "{}: {} runs, and a plan has at most {}; {}", spec.path,
      count < 1e15 ? fmt::format("{:.0f}", count) : fmt::format("about {:.1g}", count), kMaxRuns,
      spec.IsSweep() ? fmt::format("{} points of {} runs each", spec.axes[0].points.size(), each)
                     : LargestAxes(spec.axes)));
}

void RequireFiles(const DataFiles& files) {
  Validate(files.reading);
  for (const auto& [file, key] : {std::pair{&files.train, "train"}, {&files.dev, "dev"}}) {
    if (!file->path.empty()) continue;
    throw Error(std::string(key) + ": no file is named; [data], an axis or every dataset must");
  }
}

// The jobs of one spec: every combination of points, with each of the jobs that it varies.
class Planner {
 public:
  explicit Planner(const Spec& spec) : spec_(spec), position_(spec.axes.size(), 0) {}

  std::vector<Job> Plan() {
    const std::vector<Job> bases = Bases();
    jobs_.reserve(CountJobs(spec_, bases.size()));
    do {
      if (OnlySeedChanges()) {
        AddWithNextSeed();
      } else {
        for (const Job& base : bases) AddCombination(base);
      }
    } while (Advance());
    return std::move(jobs_);
  }

 private:
  // What is varied, with the settings that all combinations have.
  std::vector<Job> Bases() const {
    std::vector<Job> bases;
    if (spec_.IsSweep()) {
      bases = JobsToVary(spec_);
    } else {
      Job& defaults = bases.emplace_back();
      defaults.experiment = spec_.name;
      defaults.dataset = 1;
      if (spec_.treebanks) defaults.files.emplace();
    }
    for (Job& base : bases) ApplyAll(spec_.settings, base);
    return bases;
  }

  const Point& PointOn(size_t axis) const { return spec_.axes[axis].points[position_[axis]]; }

  // Where the combination stands in the file: where its dataset or its point does.
  std::string Place() const { return position_.empty() ? spec_.path : PointOn(0).place; }

  // Takes that step; what it throws gets the place.
  template <typename Step>
  void AtPlace(const Step& step) const {
    try {
      step();
    } catch (const Error& error) {
      throw Error(Place() + ": " + error.what());
    }
  }

  void ApplyAll(const std::vector<Setting>& settings, Job& job) const {
    AtPlace([&] {
      for (const Setting& setting : settings) Apply(setting, job);
    });
  }

  void AddCombination(Job job) {
    for (size_t a = 0; a < position_.size(); ++a) ApplyAll(PointOn(a).settings, job);
    if (spec_.IsSweep()) job.variant = Variant();
    if (spec_.treebanks) {
      AtPlace([&] { RequireFiles(*job.files); });
      spec_.treebanks->Read(job);
    }
    AtPlace([&] {
      TakeWordWidth(job);
      Validate(job);
    });
    job.run = Resolve(job.run);
    keys_.emplace(job.run, DataIdentity(job.data, job.files));
    Add(std::move(job));
  }

  std::string Variant() const {
    std::vector<Setting> settings = spec_.settings;
    const std::vector<Setting>& own = PointOn(0).settings;
    settings.insert(settings.end(), own.begin(), own.end());
    return Label(settings);
  }

  // The seed, the last axis, decides nothing but itself: the rest is that of the job before.
  bool OnlySeedChanges() const {
    return !position_.empty() && spec_.axes.back().name == "seed" && position_.back() > 0;
  }

  void AddWithNextSeed() {
    Job job = jobs_.back();
    job.run.seed = std::get<uint64_t>(PointOn(position_.size() - 1).settings[0].value);
    Add(std::move(job));
  }

  void Add(Job job) {
    job.key = keys_->KeyOf(job.run.seed);
    if (!spec_.IsSweep()) {
      const auto [same, is_new] = by_key_.emplace(job.key, jobs_.size());
      if (!is_new) {
        throw Error(Place() + ": " + jobs_[same->second].Label() + " and " + job.Label() +
                    " are the same run");
      }
    }
    jobs_.push_back(std::move(job));
  }

  // To the next combination, the last axis first; false after the last one.
  bool Advance() {
    for (size_t a = position_.size(); a > 0; --a) {
      if (++position_[a - 1] < spec_.axes[a - 1].points.size()) return true;
      position_[a - 1] = 0;
    }
    return false;
  }

  const Spec& spec_;
  std::vector<size_t> position_;  // on each axis
  std::vector<Job> jobs_;
  std::optional<SeedKeys> keys_;                    // of the last combination
  std::unordered_map<std::string, size_t> by_key_;  // the jobs of an experiment
};

}  // namespace

void Validate(const Job& job) {
  if (!job.files) ValidateDatasetSpec(job.data);
  Validate(job.run);
  if (!job.files && TreesPerExample(job.run) > 1) {
    throw Error("comparison = '" + job.run.comparison +
                "': it compares pairs of trees, and task '" + job.data.task +
                "' makes single trees; name files of pairs in [data]");
  }
  if (!job.run.probe || job.has_keywords) return;
  throw Error("probe = true: it follows the keywords of trees, and no tree of " +
              job.files->train.path +
              " has one (words that are numbers, exactly one of them below 1000)");
}

std::vector<Job> JobsToVary(const Spec& sweep) {
  double count = 0;
  for (const Spec& experiment : sweep.of) {
    count += static_cast<double>(CountJobs(experiment, 1));
    if (count <= static_cast<double>(kMaxRuns)) continue;
    throw Error(
        fmt::format("{}: of: the experiments have more than {} runs", sweep.path, kMaxRuns));
  }
  std::vector<Job> jobs;
  for (const Spec& experiment : sweep.of) {
    for (Job& job : Planner(experiment).Plan()) jobs.push_back(std::move(job));
  }
  for (const std::vector<std::string>& clauses : sweep.only) {
    jobs = SelectRuns(std::move(jobs), clauses, sweep.path + ": only");
  }
  return jobs;
}

RunList Plan(const std::vector<Spec>& specs) {
  RunList list;
  for (const Spec& spec : specs) {
    std::vector<Job> jobs = Planner(spec).Plan();
    if (list.runs.size() + jobs.size() > kMaxRuns) {
      throw Error(
          fmt::format("{}: with those of the files before it {} runs, and a plan has at "
                      "most {}",
                      spec.path, list.runs.size() + jobs.size(), kMaxRuns));
    }
    const size_t groups = spec.IsSweep() ? spec.axes[0].points.size() : 1;
    for (size_t j = 0; j < jobs.size(); ++j) {
      const size_t each = jobs.size() / groups;
      if (j % each == 0) {
        const std::string point = spec.IsSweep() ? spec.axes[0].points[j / each].label : "";
        list.groups.push_back({spec.name, spec.IsSweep(), point, {}});
      }
      const size_t group = list.groups.size() - 1;
      list.groups[group].keys.insert(jobs[j].key);
      const bool is_new = list.group_of.emplace(jobs[j].key, group).second;
      if (is_new) list.runs.push_back(std::move(jobs[j]));
    }
  }
  return list;
}

}  // namespace grove
