// Trees as they come, from a file or a pipe of any length.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/files/files.h"
#include "engine/files/ptb.h"
#include "engine/files/vocabulary.h"
#include "engine/trees/forest.h"

namespace grove {

class TreeStream {
 public:
  // Opens `path` ("-": standard input). Labels are below `classes`, and `limit_reason` tells in
  // messages where those come from (see ReadPtb). Throws Error if it cannot be opened.
  TreeStream(const std::string& path, const Vocabulary& vocabulary, int classes,
             const std::string& limit_reason, Examples examples);

  // The trees, or pairs, of the lines that can be read without waiting, up to some hundred
  // kilobytes of them; waits while there is none. A pair whose target is written `.` has the label
  // kNone or the score 0. An empty forest: the end, or fault(). Throws Error if reading fails.
  Forest Next();

  // "path:line:column: message" of the first line with a fault, a word that a vocabulary without
  // <unk> does not have included: reading stops there. Empty: none so far.
  const std::string& fault() const { return fault_; }

  int64_t words() const { return words_; }      // of the trees so far
  int64_t unknown() const { return unknown_; }  // of these, not in the vocabulary

 private:
  class Batch;
  void ParseLines(Batch& batch);

  std::string name_;  // for messages
  FileReader reader_;
  const Vocabulary& vocabulary_;
  int classes_;
  std::string limit_reason_;
  Examples examples_;
  std::string text_;     // read, but not parsed
  size_t searched_ = 0;  // no line ends before this place of it
  size_t line_ = 0;      // lines parsed
  bool ended_ = false;
  std::string fault_;
  int64_t words_ = 0, unknown_ = 0;
};

}  // namespace grove
