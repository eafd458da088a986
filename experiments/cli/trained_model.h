// A model file made ready for use.
#pragma once

#include <cstdint>
#include <string>

#include "engine/files/model_file.h"
#include "engine/files/treebank.h"
#include "engine/files/vocabulary.h"
#include "engine/training/network.h"
#include "experiments/cli/cli.h"

namespace grove {

class TrainedModel {
 public:
  // Reads `path`. Throws Error if it is no model, or holds weights that are not finite.
  TrainedModel(const std::string& path, const GlobalOptions& globals);

  const std::string& path() const { return path_; }
  const ModelInfo& info() const { return info_; }
  const Vocabulary& vocabulary() const { return vocabulary_; }
  Network& network() { return network_; }
  // What a line of a file that it reads holds.
  Examples examples() const { return examples_; }
  bool pairs() const { return examples_ != Examples::kTrees; }
  // How to read trees for it: as those that it was trained on, but for the format, and with its
  // words and classes.
  TreebankOptions Options(const std::string& format) const;

 private:
  TrainedModel(const std::string& path, const TensorFile& file, const GlobalOptions& globals);

  std::string path_;
  ModelInfo info_;
  Examples examples_;
  Vocabulary vocabulary_;
  Network network_;
};

// Words of trees, and how many of them the model does not know.
struct WordCounts {
  int64_t words = 0, unknown = 0;
};
WordCounts CountWords(const Forest& forest, const Vocabulary& vocabulary);
// Says so on standard error, if there is something to say.
void TellUnknownWords(const WordCounts& counts, const GlobalOptions& globals);

// Adds --format, of the file that a model is used on.
void AddFormatOption(CLI::App& command, std::string& format);

}  // namespace grove
