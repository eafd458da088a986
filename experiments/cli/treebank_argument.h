// A file of trees as commands of `grove data` are given it, and how it is to be read.
#pragma once

#include <string>
#include <vector>

#include "engine/files/treebank.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/spec_options.h"

namespace grove {

class TreebankArgument {
 public:
  // Adds the argument and the options of reading, but for the keys in `skip`. It must outlive the
  // app's parsing.
  void AddTo(CLI::App& command, const std::vector<std::string>& skip);

  const std::string& path() const { return path_; }
  // Throws Error for options that contradict each other.
  TreebankOptions Options() const;

 private:
  std::string path_;
  int classes_ = 0;
  std::string target_;  // of pairs: classes or score; empty: as the lines look
  SpecOptions<ReadingSpec> reading_;
};

}  // namespace grove
