#include "engine/files/treebank_dataset.h"

#include <optional>
#include <utility>
#include <vector>

#include "engine/cells/model.h"
#include "engine/error.h"

namespace grove {
namespace {

// The words that come often enough to be learnt.
std::vector<std::string> FrequentWords(const Treebank& treebank, int min_count) {
  std::vector<int> counts(treebank.words.size(), 0);
  for (const int32_t word : treebank.forest.word) {
    if (word != kNone) ++counts[static_cast<size_t>(word)];
  }
  std::vector<std::string> words;
  for (size_t w = 0; w < counts.size(); ++w) {
    if (counts[w] >= min_count) words.push_back(treebank.words[w]);
  }
  return words;
}

// Replaces the file's own word ids by those of the vocabulary.
void Renumber(const Vocabulary& vocabulary, Treebank& treebank) {
  std::vector<int32_t> ids;
  ids.reserve(treebank.words.size());
  for (const std::string& word : treebank.words) ids.push_back(vocabulary.Find(word));
  for (int32_t& word : treebank.forest.word) {
    if (word != kNone) word = ids[static_cast<size_t>(word)];
  }
}

// What dev and test files are read with: nothing is new in them.
TreebankOptions AfterTraining(const TreebankOptions& options, const std::string& train,
                              const Dataset& dataset) {
  TreebankOptions after = options;
  after.classes = dataset.classes;
  after.labels = dataset.labels;
  if (options.labels) return after;
  if (!dataset.labels.empty()) {
    after.limit_reason = "the training file " + train + " has no other";
  } else if (options.classes == 0) {
    after.limit_reason = "the training file " + train +
                         " has no higher label; set classes (--classes) to allow more";
  }
  return after;
}

}  // namespace

TreebankOptions OptionsFor(const RunSpec& spec, const ReadingSpec& reading) {
  const CellTable cell = MakeCell(spec);
  TreebankOptions options;
  options.reading = reading;
  options.examples = ExamplesOf(spec);
  options.most_children = cell.places;
  options.inner_words = cell.words_inside;
  options.taker = spec.model;
  return options;
}

Dataset ReadTreebankDataset(const std::string& train, const std::string& dev,
                            const std::string& test, const TreebankOptions& options) {
  return *ReadTreebankDataset(train, dev, test, options, std::atomic<bool>(false));
}

std::optional<Dataset> ReadTreebankDataset(const std::string& train, const std::string& dev,
                                           const std::string& test, const TreebankOptions& options,
                                           const std::atomic<bool>& stop) {
  if (options.examples == Examples::kScoredPairs && options.classes != 0 &&
      options.classes != kScores) {
    throw Error("classes = " + std::to_string(options.classes) + ": scores are from 1 to " +
                std::to_string(kScores) + "; leave the option (--classes) out");
  }
  std::optional<Treebank> treebank = ReadTreebank(train, options, stop);
  if (!treebank) return std::nullopt;
  if (treebank->classes == 0) {
    throw Error(train + ": no node has a label, there is nothing to learn");
  }
  const Vocabulary* vocabulary = options.vocabulary;
  std::optional<Vocabulary> built;
  if (vocabulary == nullptr) {
    vocabulary = &built.emplace(
        Vocabulary::FromTraining(FrequentWords(*treebank, options.reading.min_count)));
    Renumber(*vocabulary, *treebank);
  }
  Dataset dataset;
  dataset.classes = treebank->classes;
  dataset.labels = treebank->labels;
  dataset.vocabulary_size = vocabulary->size();
  dataset.words = vocabulary->words();
  dataset.files.push_back({"train", train, treebank->xxh3});
  dataset.train = std::move(treebank->forest);

  TreebankOptions after = AfterTraining(options, train, dataset);
  after.vocabulary = vocabulary;
  // Returns false if stopped.
  const auto read = [&](const char* role, const std::string& path, Forest& forest) {
    treebank = ReadTreebank(path, after, stop);
    if (!treebank) return false;
    dataset.files.push_back({role, path, treebank->xxh3});
    forest = std::move(treebank->forest);
    return true;
  };
  if (!read("dev", dev, dataset.dev)) return std::nullopt;
  if (!test.empty() && !read("test", test, dataset.test)) return std::nullopt;
  return dataset;
}

}  // namespace grove
