#include "experiments/cli/trained_model.h"

#include <iostream>

#include "engine/files/checkpoint.h"
#include "engine/files/formats.h"
#include "engine/files/treebank_dataset.h"

namespace grove {
namespace {

ModelInfo ReadInfo(const TensorFile& file, const GlobalOptions& globals) {
  ModelInfo info = ReadModelInfo(file);
  if (!globals.gemm.empty()) info.spec.gemm = globals.gemm;
  if (info.spec.gemm == "openblas") CheckOpenblasThreads();
  return info;
}

}  // namespace

TrainedModel::TrainedModel(const std::string& path, const GlobalOptions& globals)
    : TrainedModel(path, ReadTensorFile(path), globals) {}

TrainedModel::TrainedModel(const std::string& path, const TensorFile& file,
                           const GlobalOptions& globals)
    : path_(path),
      info_(ReadInfo(file, globals)),
      examples_(ExamplesOf(info_.spec)),
      vocabulary_(info_.words, info_.vocabulary_size),
      network_(info_.spec, info_.vocabulary_size, info_.classes) {
  LoadWeights(file, network_.layout(), network_.parameters());
}

TreebankOptions TrainedModel::Options(const std::string& format) const {
  TreebankOptions options = OptionsFor(info_.spec, info_.reading);
  options.reading.format = format;
  options.classes = info_.classes;
  options.limit_reason =
      "the model " + path_ + " has " + std::to_string(info_.classes) + " classes";
  options.labels = info_.labels;
  options.vocabulary = &vocabulary_;
  options.targets_may_lack = true;
  return options;
}

WordCounts CountWords(const Forest& forest, const Vocabulary& vocabulary) {
  WordCounts counts;
  for (const int32_t word : forest.word) {
    counts.words += word != kNone ? 1 : 0;
    counts.unknown += word != kNone && word == vocabulary.unknown() ? 1 : 0;
  }
  return counts;
}

void TellUnknownWords(const WordCounts& counts, const GlobalOptions& globals) {
  if (counts.unknown == 0 || globals.quiet) return;
  std::cerr << counts.unknown << " of " << counts.words << " words unknown\n";
}

void AddFormatOption(CLI::App& command, std::string& format) {
  command
      .add_option("--format", format,
                  "How the file is written; auto: as its name and its first line say")
      ->check(CLI::IsMember(FormatNames()));
}

}  // namespace grove
