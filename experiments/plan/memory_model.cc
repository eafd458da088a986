#include "experiments/plan/memory_model.h"

#include <algorithm>
#include <memory>

#include "engine/cells/model.h"
#include "engine/cells/parameters.h"
#include "engine/tasks/keyword_task.h"
#include "engine/training/evaluate.h"
#include "engine/training/gradients.h"
#include "engine/training/head.h"
#include "engine/training/trainer.h"
#include "engine/trees/forest.h"
#include "engine/update_rule.h"

namespace grove {
namespace {

constexpr uint64_t kFloat = sizeof(float);
constexpr uint64_t kIndex = sizeof(int32_t);

// Floats of a row of n, as the engine pads it.
constexpr uint64_t PadRow(uint64_t n) { return (n + 7) / 8 * 8; }

// The largest minibatch of training or evaluation: of the longest examples that there may be in
// training, of the shortest (they are the most) in evaluation.
struct Minibatch {
  uint64_t examples = 0;
  uint64_t nodes = 0;
};

Minibatch LargestMinibatch(const RunSpec& run, const DatasetSpec& data) {
  const auto trees = static_cast<uint64_t>(TreesPerExample(run));
  const auto nodes = [trees](int leaves) {
    return trees * (2 * static_cast<uint64_t>(leaves) - 1);
  };
  const auto trained = static_cast<uint64_t>(std::min(run.batch, data.train));
  const auto forest = static_cast<uint64_t>(std::max({data.train, data.dev, data.test}));
  const uint64_t evaluated = std::min(std::max(uint64_t{kEvalNodes}, nodes(data.max_length)),
                                      forest * nodes(data.max_length));
  return {.examples = std::max(trained, std::min(evaluated / nodes(data.min_length), forest)),
          .nodes = std::max(trained * nodes(data.max_length), evaluated)};
}

// The schedule of a minibatch and what makes it: indices by node, and labelled rows.
uint64_t ScheduleBytes(uint64_t nodes) { return nodes * (9 * kIndex + sizeof(LabelledRow)); }

}  // namespace

uint64_t WorkspaceBytes(const RunSpec& spec, const DatasetSpec& data, int vocabulary, int classes) {
  const RunSpec run = Resolve(spec);
  if (vocabulary == 0) vocabulary = kKeywordVocabulary;
  if (classes == 0) classes = kKeywordClasses;
  ParameterLayout layout;
  const std::unique_ptr<LevelModel> model = MakeModel(run, layout);
  const std::unique_ptr<Head> head = MakeHead(run, classes, layout);
  layout.Finish();
  const Minibatch batch = LargestMinibatch(run, data);
  const auto n = static_cast<uint64_t>(run.dim);
  const uint64_t words =
      static_cast<uint64_t>(vocabulary) * PadRow(static_cast<uint64_t>(WordWidth(run)));
  // Values and slots, all again at the best epoch; weights have gradients and transposed copies.
  const uint64_t sets = 2 * (1 + simd::SlotsOf(RuleOf(run)));
  const uint64_t parameters = (sets + 1) * layout.size() + layout.transposed_size() + sets * words;
  const uint64_t states = 2 * batch.nodes * PadRow(static_cast<uint64_t>(model->state_width()));
  const uint64_t classified = head->ReservedFloats(batch.examples, batch.examples);
  const uint64_t accumulated =
      run.accumulate == 1 ? 0
                          : layout.size() +
                                AccumulatedRows(run, batch.nodes, static_cast<size_t>(vocabulary)) *
                                    (PadRow(n) + 2) +
                                static_cast<uint64_t>(vocabulary);
  const uint64_t floats = parameters + accumulated + states +
                          model->ReservedFloats(batch.nodes, batch.nodes / 2) + classified;
  const auto train = static_cast<uint64_t>(data.train);
  const uint64_t probe = run.probe ? train * 32 * sizeof(GradientRatio) : 0;
  // The ratios of an epoch, in vectors that grow.
  const auto observed = static_cast<uint64_t>(data.dev) *
                        static_cast<uint64_t>(TreesPerExample(run)) *
                        static_cast<uint64_t>(data.min_length + data.max_length - 1);
  const uint64_t observe = run.observe ? observed * sizeof(double) * 3 / 2 : 0;
  return floats * kFloat + ScheduleBytes(batch.nodes) +
         (3 * static_cast<uint64_t>(vocabulary) + train) * kIndex + probe + observe;
}

uint64_t DatasetBytes(const DatasetSpec& data, int trees_per_example) {
  const auto trees = (static_cast<uint64_t>(data.train) + static_cast<uint64_t>(data.dev) +
                      static_cast<uint64_t>(data.test)) *
                     static_cast<uint64_t>(trees_per_example);
  const auto nodes = static_cast<uint64_t>(data.min_length) +
                     static_cast<uint64_t>(data.max_length) - 1;  // of the mean tree
  return trees * (nodes * 5 * kIndex + 3 * kIndex);
}

}  // namespace grove
