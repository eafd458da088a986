#include "experiments/plan/treebanks.h"

#include <algorithm>

#include "engine/error.h"
#include "engine/files/treebank_dataset.h"
#include "engine/run_spec_json.h"

namespace grove {
namespace {

bool HasLabels(const Forest& forest) {
  if (forest.trees_per_example == 2) return true;
  for (size_t t = 0; t < forest.trees(); ++t) {
    if (forest.label[static_cast<size_t>(forest.root(t))] != kNone) return true;
  }
  return false;
}

int CountOf(const Forest& forest) { return static_cast<int>(forest.examples()); }

}  // namespace

void DescribeTreebank(const Dataset& dataset, Job& job) {
  const ReadingSpec reading = job.files ? job.files->reading : ReadingSpec();
  DataFiles& files = job.files.emplace();
  files.reading = reading;
  for (const DatasetFile& file : dataset.files) {
    ForEachFile(files, [&](const std::string& role, DataFile& described) {
      if (role == file.role) described = {file.path, file.xxh3};
    });
  }
  if (!HasLabels(dataset.dev)) {
    throw Error(files.dev.path +
                ": no tree has a label at its root; training stops by their accuracy");
  }
  files.classes = dataset.classes;
  job.vocabulary = dataset.vocabulary_size;
  job.has_keywords = std::any_of(dataset.train.keyword.begin(), dataset.train.keyword.end(),
                                 [](int32_t keyword) { return keyword != kNone; });
  DatasetSpec& sizes = job.data = {};
  sizes.train = CountOf(dataset.train);
  sizes.dev = CountOf(dataset.dev);
  sizes.test = CountOf(dataset.test);
  sizes.min_length = sizes.max_length = static_cast<int>(dataset.train.leaves(0));
  for (const Forest* forest : {&dataset.train, &dataset.dev, &dataset.test}) {
    for (size_t t = 0; t < forest->trees(); ++t) {
      const int leaves = static_cast<int>(forest->leaves(t));
      sizes.min_length = std::min(sizes.min_length, leaves);
      sizes.max_length = std::max(sizes.max_length, leaves);
    }
  }
}

TreebankOptions OptionsOf(const Job& job) {
  TreebankOptions options = OptionsFor(job.run, job.files->reading);
  options.classes = job.files->classes;
  return options;
}

void Treebanks::Read(Job& job) {
  const DataFiles& files = *job.files;
  const TreebankOptions options = OptionsOf(job);
  const Key key = {files.train.path, files.dev.path, files.test.path,
                   std::to_string(options.classes) + CanonicalJson(options.reading) +
                       std::to_string(static_cast<int>(*options.examples)) + " " +
                       std::to_string(options.most_children) +
                       (options.inner_words ? " with inner words" : "")};
  const auto found = read_.find(key);
  if (found == read_.end()) {
    DescribeTreebank(
        ReadTreebankDataset(files.train.path, files.dev.path, files.test.path, options), job);
    read_.emplace(key, job);
    return;
  }
  const Job& other = found->second;
  job.files = other.files;
  job.data = other.data;
  job.vocabulary = other.vocabulary;
  job.has_keywords = other.has_keywords;
}

}  // namespace grove
