#include "engine/files/treebank_builder.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

#include "engine/files/bracket_words.h"
#include "engine/tasks/keyword_task.h"
#include "engine/text.h"

namespace grove {
namespace {

bool IsNumber(std::string_view text) {
  if (text.find_first_of("0123456789") == std::string_view::npos) return false;
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code != std::errc::invalid_argument && end == text.data() + text.size();
}

// NP-SBJ-1 and NP=2 are NP; -LRB- and -NONE- are names.
std::string_view WithoutFunctions(std::string_view label) {
  const size_t end = label.find_first_of("-=");
  return end == 0 ? label : label.substr(0, end);
}

// The first few of many.
std::string JoinFew(const std::vector<std::string>& names) {
  constexpr size_t kMost = 10;
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kMost); ++i) text += (i > 0 ? ", " : "") + names[i];
  return text + (names.size() > kMost ? ", ..." : "");
}

std::string AllowedNumbers(const TreebankOptions& options, bool pairs) {
  const int limit = options.classes > 0 ? options.classes : kInferredClassesLimit;
  const std::string allowed = std::string("must be ") + (pairs ? "" : "'.' or ") +
                              "an integer from 0 to " + std::to_string(limit - 1);
  if (options.classes == 0) {
    return allowed + " unless the number of classes is given (--classes)";
  }
  if (!options.limit_reason.empty()) return allowed + ", because " + options.limit_reason;
  return allowed + ", because classes is " + std::to_string(options.classes) + " (--classes)";
}

}  // namespace

TreebankBuilder::TreebankBuilder(const TreebankOptions& options, Examples examples)
    : reading_(options.reading),
      examples_(examples),
      given_classes_(options.classes),
      limit_reason_(options.limit_reason),
      vocabulary_(options.vocabulary),
      targets_may_lack_(options.targets_may_lack),
      most_children_(options.most_children),
      inner_words_(options.inner_words),
      taker_(options.taker),
      allowed_labels_(AllowedNumbers(options, examples != Examples::kTrees)) {
  treebank_.forest.trees_per_example = pairs() ? 2 : 1;
  if (!options.labels) return;
  kind_ = options.labels->empty() ? Labels::kNumbers : Labels::kNames;
  names_are_given_ = !options.labels->empty();
  if (!names_are_given_) return;
  treebank_.labels = *options.labels;
  for (const std::string& name : treebank_.labels) {
    label_ids_.emplace(name, static_cast<int32_t>(label_ids_.size()));
  }
  allowed_labels_ = std::string("must be ") + (pairs() ? "" : "'.' or ") + "one of " +
                    JoinFew(treebank_.labels) +
                    (limit_reason_.empty() ? "" : ", because " + limit_reason_);
}

bool TreebankBuilder::Fail(std::string message) {
  message_ = std::move(message);
  return false;
}

bool TreebankBuilder::TakeWord(std::string_view word, TreebankWord& taken) {
  std::string lower;
  if (reading_.lower_case) word = lower = LowerCase(word);
  taken.number = kNone;
  if (IsPlainInteger(word)) {
    const int32_t value = PlainInteger(word);
    taken.number = value == kNone ? std::numeric_limits<int32_t>::max() : value;
  }
  if (vocabulary_ != nullptr) {
    taken.id = vocabulary_->Find(word);
    return taken.id != kNone || Fail(vocabulary_->Missing(std::string(word)));
  }
  const auto found = word_ids_.find(word);
  if (found != word_ids_.end()) {
    taken.id = found->second;
    return true;
  }
  taken.id = static_cast<int32_t>(treebank_.words.size());
  treebank_.words.emplace_back(word);
  word_ids_.emplace(word, taken.id);
  return true;
}

bool TreebankBuilder::TakeName(std::string_view text, int32_t& label) {
  const auto found = label_ids_.find(text);
  if (found != label_ids_.end()) {
    label = found->second;
    return true;
  }
  const std::string what = "label '" + std::string(text) + "': ";
  if (names_are_given_) return Fail(what + allowed_labels_);
  if (IsNumber(text)) return Fail(what + "must be '.' or a name, as the labels before it are");
  const int limit = given_classes_ > 0 ? given_classes_ : kMaxClasses;
  const auto count = static_cast<int32_t>(label_ids_.size());
  if (count == limit) {
    return Fail(what + "must be '.' or one of " + JoinFew(treebank_.labels) +
                ", because classes is " + std::to_string(limit) + " (--classes)");
  }
  label = count;
  label_ids_.emplace(text, label);
  treebank_.labels.emplace_back(text);
  return true;
}

bool TreebankBuilder::TakeClass(std::string_view text, int32_t& label) {
  if (kind_ == Labels::kUnknown) kind_ = IsNumber(text) ? Labels::kNumbers : Labels::kNames;
  if (kind_ == Labels::kNames) return TakeName(text, label);
  const int limit = given_classes_ > 0 ? given_classes_ : kInferredClassesLimit;
  label = PlainInteger(text);
  if (label == kNone || label >= limit) {
    return Fail("label '" + std::string(text) + "': " + allowed_labels_);
  }
  greatest_label_ = std::max(greatest_label_, label);
  return true;
}

bool TreebankBuilder::TakeLabel(std::string_view text, int32_t& label) {
  label = kNone;
  if (text == "." || pairs()) return true;  // a pair has one label of its own
  return TakeClass(reading_.strip_functions ? WithoutFunctions(text) : text, label);
}

bool TreebankBuilder::TakeTarget(std::string_view text) {
  target_label_ = kNone;
  target_score_ = 0;
  if (targets_may_lack_ && text == ".") return true;
  if (examples_ == Examples::kPairs) {
    // Empty or `.`, it would become a name.
    if (!text.empty() && text != ".") return TakeClass(text, target_label_);
    return Fail("label '" + std::string(text) + "': " + allowed_labels_);
  }
  double score = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, score);
  // Written so that NaN is refused too.
  if (code != std::errc() || stop != end || !(score >= 1 && score <= kScores)) {
    return Fail("score '" + std::string(text) + "': must be a number from 1 to " +
                std::to_string(kScores));
  }
  target_score_ = static_cast<float>(score);
  return true;
}

bool TreebankBuilder::AddNode(std::span<const int32_t> children, const TreebankWord& word,
                              int32_t label, int32_t& node) {
  if (most_children_ > 0 && children.size() > static_cast<size_t>(most_children_)) {
    return Fail("a node with " + std::to_string(children.size()) + " children, and " + taker_ +
                " takes up to " + std::to_string(most_children_) +
                "; 'grove data convert --binarise left' makes binary trees");
  }
  if (!inner_words_ && !children.empty() && word.id != kNone) {
    return Fail("a node with children has a word, which " + taker_ +
                " does not take; the model (--model) can be child_sum");
  }
  node = tree_.AddNode(children, word.id, label);
  numbers_.push_back(word.number);
  return true;
}

void TreebankBuilder::Collapse(int32_t child, int32_t label) {
  if (label != kNone) tree_.label[static_cast<size_t>(child)] = label;
  ++tree_collapsed_;
}

// The one number below kKeywordTokens among words that are all numbers.
int32_t TreebankBuilder::Keyword() const {
  int32_t keyword = kNone;
  for (size_t i = 0; i < tree_.nodes(); ++i) {
    if (tree_.word[i] == kNone) continue;
    if (numbers_[i] == kNone) return kNone;
    if (numbers_[i] >= kKeywordTokens) continue;
    if (keyword != kNone) return kNone;
    keyword = static_cast<int32_t>(i);
  }
  return keyword;
}

void TreebankBuilder::Append(const Forest& tree, int32_t keyword) {
  Forest& forest = treebank_.forest;
  const auto base = static_cast<int32_t>(forest.nodes());
  for (size_t i = 0; i < tree.nodes(); ++i) {
    shifted_.clear();
    for (const int32_t child : tree.Children(static_cast<int32_t>(i))) {
      shifted_.push_back(base + child);
    }
    forest.AddNode(shifted_, tree.word[i], tree.label[i]);
  }
  forest.FinishTree(keyword == kNone ? kNone : base + keyword);
}

bool TreebankBuilder::FinishTree() {
  const size_t nodes = treebank_.forest.nodes() + tree_.nodes() + first_.nodes();
  if (nodes > std::numeric_limits<int32_t>::max()) {
    return Fail("too many nodes: a file may have 2147483647");
  }
  if (pairs() && first_.nodes() == 0) {
    std::swap(first_, tree_);
    numbers_.clear();
    return true;
  }
  if (pairs()) Append(first_, kNone);
  Append(tree_, pairs() ? kNone : Keyword());
  if (examples_ == Examples::kPairs) treebank_.forest.pair_label.push_back(target_label_);
  if (examples_ == Examples::kScoredPairs) treebank_.forest.pair_score.push_back(target_score_);
  treebank_.collapsed += tree_collapsed_;
  treebank_.traces += tree_traces_;
  DropTree();
  return true;
}

void TreebankBuilder::DropTree() {
  tree_.DropNodes(0);
  first_.DropNodes(0);
  numbers_.clear();
  tree_collapsed_ = tree_traces_ = 0;
}

void TreebankBuilder::KeepTrees(size_t trees) {
  Forest& forest = treebank_.forest;
  while (forest.trees() > trees) forest.DropLastTree();
  forest.pair_label.resize(std::min(forest.pair_label.size(), forest.examples()));
  forest.pair_score.resize(std::min(forest.pair_score.size(), forest.examples()));
}

Forest TreebankBuilder::TakeForest() {
  Forest empty;
  empty.trees_per_example = treebank_.forest.trees_per_example;
  return std::exchange(treebank_.forest, std::move(empty));
}

Treebank TreebankBuilder::Take() {
  treebank_.classes = given_classes_ > 0 ? given_classes_ : greatest_label_ + 1;
  if (!treebank_.labels.empty()) treebank_.classes = static_cast<int>(treebank_.labels.size());
  if (examples_ == Examples::kScoredPairs) treebank_.classes = kScores;
  return std::move(treebank_);
}

}  // namespace grove
