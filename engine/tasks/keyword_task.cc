#include "engine/tasks/keyword_task.h"

#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/random.h"
#include "engine/tasks/task.h"
#include "engine/trees/tree_shapes.h"

namespace grove {
namespace {

// A tree with the place of its keyword.
struct Sentence {
  std::vector<ShapeNode> nodes;
  int32_t keyword = 0;  // position of the leaf among the nodes
};

bool DepthAllowed(const DatasetSpec& spec, int32_t depth) {
  return depth >= spec.min_keyword_depth &&
         (spec.max_keyword_depth < 0 || depth <= spec.max_keyword_depth);
}

// Position of the `index`-th leaf from the left.
int32_t LeafPosition(const std::vector<ShapeNode>& nodes, uint32_t index) {
  int32_t i = 0;
  while (true) {
    if (nodes[i].left == kNone && index-- == 0) return i;
    ++i;
  }
}

// Edges from the root. Parents follow their children in post-order, the root is last.
int32_t DepthOf(const std::vector<ShapeNode>& nodes, int32_t position) {
  int32_t depth = 0;
  for (int32_t i = position + 1; i < static_cast<int32_t>(nodes.size()); ++i) {
    if (nodes[i].left != position && nodes[i].right != position) continue;
    position = i;
    ++depth;
  }
  return depth;
}

std::string AllowedDepths(const DatasetSpec& spec) {
  return "min_keyword_depth = " + std::to_string(spec.min_keyword_depth) +
         ", max_keyword_depth = " + std::to_string(spec.max_keyword_depth);
}

std::string TreesOf(const DatasetSpec& spec) {
  return "'" + spec.tree + "' trees with " + std::to_string(spec.min_length) + " to " +
         std::to_string(spec.max_length) + " leaves";
}

// Nothing if stopped.
std::optional<Sentence> DrawSentence(const DatasetSpec& spec, TreeShape shape, RandomStream& random,
                                     const std::atomic<bool>& stop) {
  for (int draw = 0; draw < kMaxKeywordDraws; ++draw) {
    if (stop.load(std::memory_order_relaxed)) return std::nullopt;
    const uint32_t lengths = static_cast<uint32_t>(spec.max_length - spec.min_length) + 1;
    const int32_t length = spec.min_length + static_cast<int32_t>(random.NextBelow(lengths));
    Sentence sentence;
    sentence.nodes = DrawTree(shape, length, random);
    const uint32_t place = random.NextBelow(static_cast<uint32_t>(length));
    sentence.keyword = LeafPosition(sentence.nodes, place);
    if (DepthAllowed(spec, DepthOf(sentence.nodes, sentence.keyword))) return sentence;
  }
  throw Error(AllowedDepths(spec) + ": none of " + std::to_string(kMaxKeywordDraws) +
              " random sentences (" + TreesOf(spec) +
              ") has its keyword there; widen the depths or change the lengths");
}

void AppendTree(const Sentence& sentence, RandomStream& random, Forest& forest) {
  const int32_t base = static_cast<int32_t>(forest.nodes());
  const int32_t keyword = static_cast<int32_t>(random.NextBelow(kKeywordTokens));
  for (int32_t i = 0; i < static_cast<int32_t>(sentence.nodes.size()); ++i) {
    const ShapeNode& node = sentence.nodes[i];
    if (node.left != kNone) {
      forest.AddInner(base + node.left, base + node.right);
    } else if (i == sentence.keyword) {
      forest.AddLeaf(keyword);
    } else {
      const uint32_t draw = random.NextBelow(kKeywordVocabulary - kKeywordTokens);
      forest.AddLeaf(kKeywordTokens + static_cast<int32_t>(draw));
    }
  }
  forest.label.back() = keyword / kKeywordsPerClass;
  forest.FinishTree(base + sentence.keyword);
}

// The beginning of it if stopped.
Forest DrawForest(const DatasetSpec& spec, Purpose purpose, int trees,
                  const std::atomic<bool>& stop) {
  const TreeShape shape = ParseTreeShape(spec.tree);
  const uint64_t seed = DatasetStreamSeed(spec);
  Forest forest;
  for (int t = 0; t < trees; ++t) {
    RandomStream random(seed, purpose, static_cast<uint32_t>(t));
    const std::optional<Sentence> sentence = DrawSentence(spec, shape, random, stop);
    if (!sentence) break;
    AppendTree(*sentence, random, forest);
  }
  return forest;
}

}  // namespace

void ValidateKeywordTask(const DatasetSpec& spec) {
  const TreeShape shape = ParseTreeShape(spec.tree);
  // Without gaps from the shortest tree's least depth to the longest tree's greatest.
  const int32_t least = LeafDepthRange(shape, spec.min_length).min;
  const int32_t most = LeafDepthRange(shape, spec.max_length).max;
  if (spec.min_keyword_depth <= most &&
      (spec.max_keyword_depth < 0 || spec.max_keyword_depth >= least)) {
    return;
  }
  throw Error(AllowedDepths(spec) + ": leaves of " + TreesOf(spec) + " have depths from " +
              std::to_string(least) + " to " + std::to_string(most));
}

std::optional<Dataset> GenerateKeywordTask(const DatasetSpec& spec, const std::atomic<bool>& stop) {
  Dataset dataset;
  dataset.train = DrawForest(spec, Purpose::kTrainData, spec.train, stop);
  dataset.dev = DrawForest(spec, Purpose::kDevData, spec.dev, stop);
  dataset.test = DrawForest(spec, Purpose::kTestData, spec.test, stop);
  // A stop after the last tree changes nothing.
  if (dataset.test.trees() < static_cast<size_t>(spec.test)) return std::nullopt;
  dataset.vocabulary_size = kKeywordVocabulary;
  dataset.classes = kKeywordClasses;
  return dataset;
}

}  // namespace grove
