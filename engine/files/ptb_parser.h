// How treebank text becomes trees, line by line; for the readers of engine/files/ptb.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/files/ptb.h"

namespace grove {

// Reads line after line into one PtbTrees. A line with a fault adds no tree.
class PtbParser {
 public:
  // See ReadPtb.
  PtbParser(int classes, const std::string& limit_reason, Examples examples);

  // Parses one line without its line end; `cut` tells that the file ended before one.
  std::optional<PtbFault> ParseLine(std::string_view line, size_t number, bool cut);

  PtbTrees& trees() { return trees_; }

 private:
  // A node whose closing bracket has not come yet.
  struct OpenNode {
    size_t column;
    int32_t label = kNone;
    int32_t word = kNone;
    int children = 0;
    int32_t child[2] = {kNone, kNone};
  };

  // Each consumes its token at pos_ and returns false after Fail.
  bool OpenBracket();
  bool CloseBracket();
  bool Label();
  bool Word();
  bool Fail(size_t column, std::string message);

  bool IsText();
  bool ParseTree(bool cut);
  bool ParsePair(bool cut);
  bool ParseTarget(std::string_view field);
  std::string_view Token();
  void SkipBlanks();
  int32_t WordId(std::string_view spelling, size_t column);
  int32_t Keyword(size_t first_node) const;
  void DropNodes(size_t first_node);

  bool pairs() const { return examples_ != Examples::kTrees; }

  int given_classes_;
  Examples examples_;
  std::string allowed_labels_;  // for messages
  PtbTrees trees_;
  std::unordered_map<std::string, int32_t> word_ids_;  // by spelling in the file

  std::string_view line_;
  size_t line_number_ = 0;
  size_t pos_ = 0;
  std::vector<OpenNode> open_;
  bool complete_ = false;
  PtbFault fault_;
};

}  // namespace grove
