#include "experiments/cli/train_overview.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <tuple>

#include "engine/cells/model.h"
#include "engine/target.h"
#include "engine/training/head.h"
#include "experiments/runs/batch.h"

namespace grove {
namespace {

// Of the network: what its tensors and word vectors hold, without what the update rule keeps.
int64_t CountParameters(const Job& job) {
  ParameterLayout layout;
  const std::unique_ptr<LevelModel> model = MakeModel(job.run, layout);
  const std::unique_ptr<Head> head = MakeHead(job.run, job.files->classes, layout);
  int64_t count = int64_t{job.vocabulary} * WordWidth(job.run);
  for (const TensorInfo& tensor : layout.tensors()) count += int64_t{tensor.out} * tensor.in;
  return count;
}

std::string WithCommas(int64_t number) {
  std::string text = std::to_string(number);
  for (size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

}  // namespace

std::string Overview(const Job& job) {
  std::string text;
  const auto add = [&text](const char* name, const std::string& value) {
    text += fmt::format("{:<12}{}\n", name, value);
  };
  const char* unit = TreesPerExample(job.run) == 1 ? "trees" : "pairs";
  for (const auto& [role, file, size] : {std::tuple("train", &job.files->train, job.data.train),
                                         std::tuple("dev", &job.files->dev, job.data.dev),
                                         std::tuple("test", &job.files->test, job.data.test)}) {
    if (!file->path.empty())
      add(role, fmt::format("{} {}: {}", WithCommas(size), unit, file->path));
  }
  add("length", fmt::format("{} to {} words", job.data.min_length, job.data.max_length));
  add("vocabulary", WithCommas(job.vocabulary) + " words");
  add("classes", std::to_string(job.files->classes));
  add("parameters", WithCommas(CountParameters(job)));
  add("threads", "1, as a run has one");
  add("target", ActiveTarget());
  return text;
}

std::string VectorsLine(const VectorsFile& vectors) {
  if (vectors.path.empty()) return "";
  return fmt::format("vectors: {} of {} words ({}) from {}", WithCommas(vectors.covered),
                     WithCommas(vectors.words),
                     PercentText(vectors.covered / std::max(1.0, 1.0 * vectors.words)),
                     vectors.path);
}

}  // namespace grove
