#include "engine/tasks/task.h"

#include <xxhash.h>

#include <limits>
#include <utility>

#include "engine/error.h"
#include "engine/nearest_name.h"
#include "engine/tasks/keyword_task.h"

namespace grove {
namespace {

struct Task {
  const char* name;
  void (*validate)(const DatasetSpec&);  // beyond the ranges that Validate checks
  // Nothing if stopped.
  std::optional<Dataset> (*generate)(const DatasetSpec&, const std::atomic<bool>& stop);
};

constexpr Task kTasks[] = {
    {"keyword", ValidateKeywordTask, GenerateKeywordTask},
};

const Task& FindTask(const std::string& name) {
  for (const Task& task : kTasks) {
    if (name == task.name) return task;
  }
  throw Error("task = '" + name + "': must be one of " + Join(TaskNames()));
}

}  // namespace

std::vector<std::string> TaskNames() {
  std::vector<std::string> names;
  for (const Task& task : kTasks) names.emplace_back(task.name);
  return names;
}

void ValidateDatasetSpec(const DatasetSpec& spec) {
  const Task& task = FindTask(spec.task);
  Validate(spec);
  const int64_t most_nodes = 2 * int64_t{spec.max_length} - 1;
  const int64_t most_trees = std::numeric_limits<int32_t>::max() / most_nodes;
  for (const auto& [key, trees] :
       {std::pair{"train", spec.train}, {"dev", spec.dev}, {"test", spec.test}}) {
    if (trees > most_trees) {
      throw Error(std::string(key) + " = " + std::to_string(trees) + ": must be at most " +
                  std::to_string(most_trees) +
                  " with max_length = " + std::to_string(spec.max_length));
    }
  }
  task.validate(spec);
}

Dataset GenerateDataset(const DatasetSpec& spec) {
  return *GenerateDataset(spec, std::atomic<bool>(false));
}

std::optional<Dataset> GenerateDataset(const DatasetSpec& spec, const std::atomic<bool>& stop) {
  ValidateDatasetSpec(spec);
  return FindTask(spec.task).generate(spec, stop);
}

uint64_t DatasetStreamSeed(const DatasetSpec& spec) {
  const std::string settings = "task=" + spec.task + " tree=" + spec.tree +
                               " min_length=" + std::to_string(spec.min_length) +
                               " max_length=" + std::to_string(spec.max_length) +
                               " min_keyword_depth=" + std::to_string(spec.min_keyword_depth) +
                               " max_keyword_depth=" + std::to_string(spec.max_keyword_depth);
  return XXH3_64bits_withSeed(settings.data(), settings.size(), spec.seed);
}

}  // namespace grove
