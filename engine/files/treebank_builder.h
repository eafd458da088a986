// Makes a treebank of what a reader finds: numbers words and labels, and joins the nodes of a tree.
// A tree with a fault leaves no node; its words and labels stay known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/files/treebank.h"
#include "engine/trees/forest.h"

namespace grove {

// A word of the text.
struct TreebankWord {
  int32_t id = kNone;
  int32_t number = kNone;  // of a plain integer its value, as far as an int32_t goes
};

// Where a function returns false, message() says what is wrong; the tree is to be dropped then.
class TreebankBuilder {
 public:
  TreebankBuilder(const TreebankOptions& options, Examples examples);

  Examples examples() const { return examples_; }
  bool pairs() const { return examples_ != Examples::kTrees; }
  const std::string& message() const { return message_; }
  // After "must be", as messages have it.
  const std::string& allowed_labels() const { return allowed_labels_; }

  bool TakeWord(std::string_view word, TreebankWord& taken);
  // "." is kNone.
  bool TakeLabel(std::string_view text, int32_t& label);
  // The class or the score of the pair whose trees follow.
  bool TakeTarget(std::string_view text);

  // Adds a node to the tree under construction, children first; its position comes out.
  bool AddNode(std::span<const int32_t> children, const TreebankWord& word, int32_t label,
               int32_t& node);
  // Leaves out the parent of an only child: the upper label stays.
  void Collapse(int32_t child, int32_t label);
  void CountTrace() { ++tree_traces_; }

  // The last node added is the root. The first tree of a pair waits for the second.
  bool FinishTree();
  void DropTree();

  size_t trees() const { return treebank_.forest.trees(); }
  // Takes back all finished trees but the first ones.
  void KeepTrees(size_t trees);
  Forest TakeForest();
  const Treebank& treebank() const { return treebank_; }
  Treebank Take();

 private:
  enum class Labels { kUnknown, kNumbers, kNames };

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Ids = std::unordered_map<std::string, int32_t, Hash, std::equal_to<>>;

  bool Fail(std::string message);
  bool TakeClass(std::string_view text, int32_t& label);
  bool TakeName(std::string_view text, int32_t& label);
  int32_t Keyword() const;
  void Append(const Forest& tree, int32_t keyword);

  const ReadingSpec reading_;
  const Examples examples_;
  const int given_classes_;
  const std::string limit_reason_;
  const Vocabulary* const vocabulary_;
  const bool targets_may_lack_;
  const int most_children_;
  const bool inner_words_;
  const std::string taker_;
  bool names_are_given_ = false;
  Labels kind_ = Labels::kUnknown;
  std::string allowed_labels_;  // for messages

  Treebank treebank_;
  Ids word_ids_, label_ids_;
  int greatest_label_ = kNone;

  // Under construction:
  Forest tree_, first_;           // one unfinished tree; the first of a pair
  std::vector<int32_t> numbers_;  // by node: that of its word
  std::vector<int32_t> shifted_;
  size_t tree_collapsed_ = 0, tree_traces_ = 0;
  int32_t target_label_ = kNone;
  float target_score_ = 0;
  std::string message_;
};

}  // namespace grove
