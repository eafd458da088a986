// How bracketed text becomes the nodes of a tree, piece by piece; for
// engine/files/bracket_reader.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/files/treebank.h"
#include "engine/files/treebank_builder.h"

namespace grove {

class BracketParser {
 public:
  // The builder must outlive it.
  BracketParser(TreebankBuilder& builder, const ReadingSpec& reading);

  // Forgets what was parsed: the next piece begins a tree.
  void Start();

  // Parses the columns from `begin` on, counted from 0, of a piece of line `number`. False if there
  // is a fault, in fault().
  bool Parse(std::string_view line, size_t begin, size_t number);
  const TreebankFault& fault() const { return fault_; }

  size_t open() const { return open_.size(); }  // brackets without their closing one
  bool complete() const { return complete_; }   // a whole tree was parsed
  // Whether nodes of the tree, though not the root, are there with all that is below them.
  bool has_nodes() const { return !children_.empty(); }
  // The line on which the tree begins.
  size_t first_line() const { return open_.empty() ? 0 : open_.front().place.line; }

 private:
  // A node whose closing bracket has not come yet.
  struct OpenNode {
    FilePlace place;
    size_t first_child;  // in children_
    bool has_label = false, is_trace = false;
    int32_t label = kNone;
    TreebankWord word = {};
  };

  // Each consumes its token at pos_ and returns false after Fail.
  bool OpenBracket();
  bool CloseBracket();
  bool Text();
  bool Label(std::string_view token, FilePlace place);
  bool Close(const OpenNode& node, FilePlace place);
  bool Fail(FilePlace place, std::string message);
  FilePlace Here() const { return {number_, pos_ + 1}; }
  std::string MissingLabel() const;

  TreebankBuilder& builder_;
  const bool keep_unary_, strip_traces_;

  std::string_view line_;
  size_t number_ = 0, pos_ = 0;
  std::vector<OpenNode> open_;
  std::vector<int32_t> children_;  // of the open nodes, those of the innermost last
  size_t lost_ = 0;                // nodes of the tree that only traces had made
  bool complete_ = false;
  TreebankFault fault_;
};

}  // namespace grove
