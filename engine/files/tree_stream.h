// Trees as they come, from a file or a pipe of any length: what every reader of treebanks is made
// of. Memory is bounded for who takes the trees as they come, but for new words.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/files/line_source.h"
#include "engine/files/tree_reader.h"
#include "engine/files/treebank.h"
#include "engine/files/treebank_builder.h"
#include "engine/trees/forest.h"

namespace grove {

class TreeStream {
 public:
  // Finds the format by the path's ending and the first line, if the options leave it open. Throws
  // Error as LineSource, and if there is no such format or a file that belongs to it is not there.
  TreeStream(LineSource source, const TreebankOptions& options);

  const std::string& name() const { return source_.name(); }
  const TreeFormat& format() const { return *format_; }
  Examples examples() const { return builder_.examples(); }

  // Reads on, a line; false at the end. Then, as at every line, faults() are what was found wrong.
  // Throws Error if reading fails.
  bool ReadLine();
  const std::vector<TreebankFault>& faults() const { return faults_; }
  bool any_tree() const { return any_tree_ || builder_.trees() > 0; }

  // Reads on until there are enough trees to take them, and gives them; false at the end. Throws
  // Error at the first fault, and at the end of a file without a tree.
  bool ReadForest(Forest& forest);

  // Whether enough trees have come to take them away, some hundred kilobytes.
  bool IsMuch() const;
  // The finished trees, which the stream then no longer has.
  Forest TakeForest();
  // All that is known of the file after its last line; its forest has the trees not yet taken.
  Treebank TakeTreebank();
  // Names by class as far as the file has shown them; empty: labels are numbers.
  const std::vector<std::string>& labels() const { return builder_.treebank().labels; }
  const std::vector<std::string>& words() const { return builder_.treebank().words; }

  // For who answers as trees come: the trees, or pairs, of the lines that can be read without
  // waiting; waits while there is none. An empty forest: the end, or faults, which end the stream
  // once the trees before them are given. Throws Error if reading fails.
  Forest Next();

 private:
  LineSource source_;
  const TreeFormat* format_;
  TreebankBuilder builder_;
  std::unique_ptr<TreeReader> reader_;
  std::vector<TreebankFault> faults_;
  bool any_tree_ = false, ended_ = false;
};

}  // namespace grove
