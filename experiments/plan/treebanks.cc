#include "experiments/plan/treebanks.h"

#include <algorithm>

#include "engine/error.h"
#include "engine/files/treebank_dataset.h"
#include "engine/files/vocabulary.h"
#include "engine/files/word_vectors.h"
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

void DescribeVectors(const std::string& path, const Dataset& dataset, Job& job) {
  if (path.empty()) return;
  const WordVectors read =
      ReadWordVectors(path, Vocabulary(dataset.words, dataset.vocabulary_size));
  job.files->vectors = {
      {path, read.xxh3}, read.width, read.asked, static_cast<int>(read.ids.size())};
}

void TakeWordWidth(Job& job) {
  if (!job.files || job.files->vectors.path.empty()) return;
  const VectorsFile& vectors = job.files->vectors;
  if (job.run.word_dim != 0 && job.run.word_dim != vectors.width) {
    throw Error("word_dim = " + std::to_string(job.run.word_dim) + ": the vectors of " +
                vectors.path + " have " + std::to_string(vectors.width) +
                " numbers; leave word_dim out to take that");
  }
  job.run.word_dim = vectors.width;
}

void Treebanks::Read(Job& job) {
  const DataFiles& files = *job.files;
  const TreebankOptions options = OptionsOf(job);
  const Key key = {files.train.path, files.dev.path, files.test.path, files.vectors.path,
                   std::to_string(options.classes) + CanonicalJson(options.reading) +
                       std::to_string(static_cast<int>(*options.examples)) + " " +
                       std::to_string(options.most_children) +
                       (options.inner_words ? " with inner words" : "")};
  const auto found = read_.find(key);
  if (found == read_.end()) {
    const Dataset dataset =
        ReadTreebankDataset(files.train.path, files.dev.path, files.test.path, options);
    const std::string vectors = files.vectors.path;
    DescribeTreebank(dataset, job);
    DescribeVectors(vectors, dataset, job);
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
