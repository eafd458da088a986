#include "engine/files/ptb_dataset.h"

#include <optional>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/ptb.h"

namespace grove {
namespace {

// Replaces the file's own word ids by those of the vocabulary.
Forest Renumber(PtbTrees trees, const std::string& path, const Vocabulary& vocabulary) {
  std::vector<int32_t> ids;
  ids.reserve(trees.words.size());
  for (size_t i = 0; i < trees.words.size(); ++i) {
    const int32_t id = vocabulary.Find(trees.words[i]);
    if (id == kNone) {
      throw Error(Describe(path, {trees.first_places[i], vocabulary.Missing(trees.words[i])}));
    }
    ids.push_back(id);
  }
  for (int32_t& word : trees.forest.word) {
    if (word != kNone) word = ids[word];
  }
  return std::move(trees.forest);
}

}  // namespace

Examples ExamplesOf(const RunSpec& spec) {
  if (spec.comparison == "none") return Examples::kTrees;
  return spec.target == "score" ? Examples::kScoredPairs : Examples::kPairs;
}

Dataset ReadPtbDataset(const std::string& train, const std::string& dev, const std::string& test,
                       const Vocabulary* vocabulary, int classes, const std::string& limit_reason,
                       Examples examples) {
  return *ReadPtbDataset(train, dev, test, vocabulary, classes, limit_reason, examples,
                         std::atomic<bool>(false));
}

std::optional<Dataset> ReadPtbDataset(const std::string& train, const std::string& dev,
                                      const std::string& test, const Vocabulary* vocabulary,
                                      int classes, const std::string& limit_reason,
                                      Examples examples, const std::atomic<bool>& stop) {
  if (examples == Examples::kScoredPairs && classes != 0 && classes != kScores) {
    throw Error("classes = " + std::to_string(classes) + ": scores are from 1 to " +
                std::to_string(kScores) + "; leave the option (--classes) out");
  }
  std::optional<PtbTrees> trees = ReadPtb(train, classes, limit_reason, examples, stop);
  if (!trees) return std::nullopt;
  if (trees->classes == 0) throw Error(train + ": no node has a label, there is nothing to learn");
  std::optional<Vocabulary> built;
  if (vocabulary == nullptr) vocabulary = &built.emplace(Vocabulary::FromTraining(trees->words));

  Dataset dataset;
  dataset.classes = trees->classes;
  dataset.vocabulary_size = vocabulary->size();
  dataset.words = vocabulary->words();
  const std::string reason =
      classes > 0 ? limit_reason
                  : "the training file " + train +
                        " has no higher label; set classes (--classes) to allow more";
  // Returns false if stopped.
  const auto take = [&](const char* role, const std::string& path, std::optional<PtbTrees> read,
                        Forest& forest) {
    if (!read) return false;
    dataset.files.push_back({role, path, read->xxh3});
    forest = Renumber(*std::move(read), path, *vocabulary);
    return true;
  };
  const auto read = [&](const std::string& path) {
    return ReadPtb(path, dataset.classes, reason, examples, stop);
  };
  take("train", train, std::move(trees), dataset.train);
  if (!take("dev", dev, read(dev), dataset.dev)) return std::nullopt;
  if (!test.empty() && !take("test", test, read(test), dataset.test)) return std::nullopt;
  return dataset;
}

Forest ReadPtbForest(const std::string& path, const Vocabulary& vocabulary, int classes,
                     const std::string& limit_reason, Examples examples) {
  PtbTrees trees = ParsePtb(ReadFile(path), path, classes, limit_reason, examples);
  return Renumber(std::move(trees), path, vocabulary);
}

}  // namespace grove
