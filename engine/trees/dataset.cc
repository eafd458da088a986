#include "engine/trees/dataset.h"

#include "engine/run_spec_json.h"

namespace grove {
namespace {

// Every part comes after its length, so that no two datasets give the same bytes.
void AppendBytes(const void* data, size_t bytes, std::string& all) {
  all += std::to_string(bytes) + ":";
  all.append(static_cast<const char*>(data), bytes);
}

void AppendForest(const Forest& forest, std::string& all) {
  for (const std::vector<int32_t>* column : {&forest.child_begin, &forest.child, &forest.word,
                                             &forest.label, &forest.tree_begin, &forest.keyword}) {
    AppendBytes(column->data(), column->size() * sizeof(int32_t), all);
  }
  if (forest.trees_per_example == 1) return;
  AppendBytes(forest.pair_label.data(), forest.pair_label.size() * sizeof(int32_t), all);
  AppendBytes(forest.pair_score.data(), forest.pair_score.size() * sizeof(float), all);
}

}  // namespace

std::string HashDataset(const Dataset& dataset) {
  std::string text;  // of all forests the hash of each: no more than one is copied at a time
  for (const Forest* forest : {&dataset.train, &dataset.dev, &dataset.test}) {
    std::string bytes;
    AppendForest(*forest, bytes);
    text += HashText(bytes);
  }
  text += std::to_string(dataset.vocabulary_size) + "," + std::to_string(dataset.classes) + ",";
  for (const std::string& word : dataset.words) AppendBytes(word.data(), word.size(), text);
  return HashText(text);
}

}  // namespace grove
