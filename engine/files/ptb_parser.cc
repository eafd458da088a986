#include "engine/files/ptb_parser.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>
#include <system_error>
#include <utility>

#include "engine/files/ptb_words.h"
#include "engine/tasks/keyword_task.h"
#include "engine/text.h"

namespace grove {

PtbParser::PtbParser(int classes, const std::string& limit_reason, Examples examples)
    : given_classes_(classes), examples_(examples) {
  trees_.classes = examples == Examples::kScoredPairs ? kScores : classes;
  trees_.forest.trees_per_example = pairs() ? 2 : 1;
  const int limit = classes > 0 ? classes : kInferredClassesLimit;
  allowed_labels_ = std::string("must be ") + (pairs() ? "" : "'.' or ") + "an integer from 0 to " +
                    std::to_string(limit - 1);
  if (classes == 0) {
    allowed_labels_ += " unless the number of classes is given (--classes)";
  } else if (limit_reason.empty()) {
    allowed_labels_ += ", because classes is " + std::to_string(classes) + " (--classes)";
  } else {
    allowed_labels_ += ", because " + limit_reason;
  }
}

bool PtbParser::Fail(size_t column, std::string message) {
  fault_ = {{line_number_, column}, std::move(message)};
  return false;
}

void PtbParser::SkipBlanks() {
  while (pos_ < line_.size() && IsBlank(line_[pos_])) ++pos_;
}

// The run of bytes up to the next blank or bracket.
std::string_view PtbParser::Token() {
  const size_t end = std::min(line_.find_first_of(" \t()", pos_), line_.size());
  const std::string_view token = line_.substr(pos_, end - pos_);
  pos_ = end;
  return token;
}

int32_t PtbParser::WordId(std::string_view spelling, size_t column) {
  const int32_t next = static_cast<int32_t>(trees_.words.size());
  std::string word = UnescapeWord(spelling);
  const auto [found, added] = word_ids_.try_emplace(word, next);
  if (added) {
    trees_.words.push_back(std::move(word));
    trees_.first_places.push_back({line_number_, column});
  }
  return found->second;
}

bool PtbParser::Label() {
  SkipBlanks();
  const size_t column = pos_ + 1;
  const std::string_view token = Token();
  const int limit = given_classes_ > 0 ? given_classes_ : kInferredClassesLimit;
  if (pos_ == line_.size()) return true;  // the end of the line will be the fault
  if (token.empty()) {
    return Fail(column, "missing label: after '(' there " +
                            (pairs() ? std::string("must be '.' or a label") : allowed_labels_));
  }
  if (token == "." || pairs()) return true;  // a pair has one label of its own
  const int32_t label = PlainInteger(token);
  if (label == kNone || label >= limit) {
    return Fail(column, "label '" + std::string(token) + "': " + allowed_labels_);
  }
  if (given_classes_ == 0) trees_.classes = std::max(trees_.classes, label + 1);
  open_.back().label = label;
  return true;
}

bool PtbParser::OpenBracket() {
  const size_t column = ++pos_;
  if (complete_) return Fail(column, "text after the tree: a line holds one tree");
  if (!open_.empty()) {
    if (open_.back().word != kNone) return Fail(column, "a node with a word cannot have children");
    if (open_.back().children == 2) return Fail(column, "a third child: trees must be binary");
  }
  open_.push_back({column});
  return Label();
}

bool PtbParser::CloseBracket() {
  const size_t column = ++pos_;
  if (open_.empty()) return Fail(column, "unbalanced ')': no bracket is open");
  const OpenNode node = open_.back();
  if (node.word == kNone && node.children == 0) {
    return Fail(column, "empty word: a node needs a word or two children");
  }
  if (node.children == 1) return Fail(node.column, "only one child: an inner node needs two");
  open_.pop_back();
  Forest& forest = trees_.forest;
  const int32_t position = node.word != kNone
                               ? forest.AddLeaf(node.word, node.label)
                               : forest.AddInner(node.child[0], node.child[1], node.label);
  if (open_.empty()) {
    complete_ = true;
  } else {
    open_.back().child[open_.back().children++] = position;
  }
  return true;
}

bool PtbParser::Word() {
  const size_t column = pos_ + 1;
  const std::string_view token = Token();
  if (complete_) return Fail(column, "text after the tree: a line holds one tree");
  if (open_.empty()) {
    const bool tabs = !pairs() && line_.find('\t') != std::string_view::npos;
    return Fail(column, std::string("a tree must begin with '('") +
                            (tabs ? "; of pairs of trees, comparison (--comparison) must be tai or "
                                    "bowman"
                                  : ""));
  }
  OpenNode& node = open_.back();
  if (node.children > 0) return Fail(column, "a node with children cannot have a word");
  if (node.word != kNone) return Fail(column, "a second word: a leaf has one");
  node.word = WordId(token, column);
  return true;
}

// Returns false after Fail. Of control characters and bytes that are no UTF-8 the first is told.
bool PtbParser::IsText() {
  const auto* control = std::find_if(line_.begin(), line_.end(), IsControl);
  const size_t first_control = static_cast<size_t>(control - line_.begin());
  const size_t first_byte = std::min(FindNotUtf8(line_), line_.size());
  const size_t first = std::min(first_control, first_byte);
  if (first == line_.size()) return true;
  char code[8];
  std::snprintf(code, sizeof(code), "0x%02x", static_cast<unsigned char>(line_[first]));
  if (first == first_control) {
    return Fail(first + 1, std::string("control character ") + code + ": this is no text");
  }
  return Fail(first + 1, std::string("byte ") + code +
                             " is not UTF-8: convert the file first, from Latin-1 for one with "
                             "iconv -f latin1 -t utf-8");
}

bool PtbParser::ParseTree(bool cut) {
  open_.clear();
  complete_ = false;
  // A node takes two brackets at least.
  if (trees_.forest.nodes() + line_.size() / 2 > std::numeric_limits<int32_t>::max()) {
    return Fail(1, "too many nodes: a file may have 2147483647");
  }
  for (SkipBlanks(); pos_ < line_.size(); SkipBlanks()) {
    const char c = line_[pos_];
    if (!(c == '(' ? OpenBracket() : c == ')' ? CloseBracket() : Word())) return false;
  }
  if (open_.empty()) return true;
  return Fail(line_.size() + 1, "unbalanced '(': the line ends with " +
                                    std::to_string(open_.size()) + " open" +
                                    (cut ? "; the file seems to be cut short" : ""));
}

// Takes back the nodes of a tree that came to nothing. Its words stay known; no node uses them.
void PtbParser::DropNodes(size_t first_node) { trees_.forest.DropNodes(first_node); }

int32_t PtbParser::Keyword(size_t first_node) const {
  const Forest& forest = trees_.forest;
  int32_t keyword = kNone;
  for (size_t i = first_node; i < forest.nodes(); ++i) {
    if (forest.word[i] == kNone) continue;
    const std::string& word = trees_.words[forest.word[i]];
    if (!IsPlainInteger(word)) return kNone;
    const int32_t value = PlainInteger(word);
    if (value == kNone || value >= kKeywordTokens) continue;
    if (keyword != kNone) return kNone;
    keyword = static_cast<int32_t>(i);
  }
  return keyword;
}

// The class or the score that stands before the two trees.
bool PtbParser::ParseTarget(std::string_view field) {
  Forest& forest = trees_.forest;
  if (examples_ == Examples::kScoredPairs) {
    double score = 0;
    const char* const end = field.data() + field.size();
    const auto [stop, code] = std::from_chars(field.data(), end, score);
    // Written so that NaN is refused too.
    if (code != std::errc() || stop != end || !(score >= 1 && score <= kScores)) {
      return Fail(1, "score '" + std::string(field) + "': must be a number from 1 to " +
                         std::to_string(kScores));
    }
    forest.pair_score.push_back(static_cast<float>(score));
    return true;
  }
  const int limit = given_classes_ > 0 ? given_classes_ : kInferredClassesLimit;
  const int32_t label = PlainInteger(field);
  if (label == kNone || label >= limit) {
    return Fail(1, "label '" + std::string(field) + "': " + allowed_labels_);
  }
  if (given_classes_ == 0) trees_.classes = std::max(trees_.classes, label + 1);
  forest.pair_label.push_back(label);
  return true;
}

// label TAB tree TAB tree
bool PtbParser::ParsePair(bool cut) {
  const std::string_view line = line_;
  size_t fields = 1, begin[4] = {0}, end[4] = {line.size()};
  for (size_t at = 0; at < line.size() && fields < 4; ++at) {
    if (line[at] != '\t') continue;
    end[fields - 1] = at;
    begin[fields] = at + 1;
    end[fields++] = line.size();
  }
  if (fields != 3) {
    return Fail(
        fields < 3 ? line.size() + 1 : begin[3],
        (fields < 3 ? "only " + std::to_string(fields) + (fields == 1 ? " field" : " fields")
                    : std::string("a fourth field")) +
            ": a pair is a label, a tab, a tree, a tab and a tree");
  }
  if (!ParseTarget(line.substr(0, end[0]))) return false;
  Forest& forest = trees_.forest;
  for (const size_t field : {1, 2}) {
    line_ = line.substr(0, end[field]);
    pos_ = begin[field];
    const size_t first_node = forest.nodes();
    const bool good = ParseTree(cut && field == 2);
    if (!good) DropNodes(first_node);
    if (good && complete_) {
      forest.FinishTree();
      continue;
    }
    if (field == 2) forest.DropLastTree();
    forest.pair_label.resize(std::min(forest.pair_label.size(), forest.trees() / 2));
    forest.pair_score.resize(std::min(forest.pair_score.size(), forest.trees() / 2));
    return good ? Fail(begin[field] + 1, "an empty field: here must be a tree") : false;
  }
  return true;
}

std::optional<PtbFault> PtbParser::ParseLine(std::string_view line, size_t number, bool cut) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  line_ = line;
  line_number_ = number;
  pos_ = 0;
  if (!IsText()) return fault_;
  if (pairs()) {
    SkipBlanks();
    if (pos_ == line.size() || ParsePair(cut)) return std::nullopt;
    return fault_;
  }
  const size_t first_node = trees_.forest.nodes();
  if (!ParseTree(cut)) {
    DropNodes(first_node);
    return fault_;
  }
  if (complete_) trees_.forest.FinishTree(Keyword(first_node));
  return std::nullopt;
}

}  // namespace grove
