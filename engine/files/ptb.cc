#include "engine/files/ptb.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <optional>
#include <unordered_map>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/ptb_words.h"
#include "engine/run_spec_json.h"
#include "engine/tasks/keyword_task.h"
#include "engine/text.h"

namespace grove {
namespace {

// Reads line after line into one PtbTrees. A line with a fault adds no tree.
class PtbParser {
 public:
  PtbParser(int classes, const std::string& limit_reason) : given_classes_(classes) {
    trees_.classes = classes;
    const int limit = classes > 0 ? classes : kInferredClassesLimit;
    allowed_labels_ = "must be '.' or an integer from 0 to " + std::to_string(limit - 1);
    if (classes == 0) {
      allowed_labels_ += " unless the number of classes is given (--classes)";
    } else if (limit_reason.empty()) {
      allowed_labels_ += ", because classes is " + std::to_string(classes) + " (--classes)";
    } else {
      allowed_labels_ += ", because " + limit_reason;
    }
  }

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
  std::string_view Token();
  void SkipBlanks();
  int32_t WordId(std::string_view spelling, size_t column);
  int32_t Keyword(size_t first_node) const;
  void DropNodes(size_t first_node);

  int given_classes_;
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
  if (token.empty()) return Fail(column, "missing label: after '(' there " + allowed_labels_);
  if (token == ".") return true;
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
  if (open_.empty()) return Fail(column, "a tree must begin with '('");
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
  if (!IsText()) return false;
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

std::optional<PtbFault> PtbParser::ParseLine(std::string_view line, size_t number, bool cut) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  line_ = line;
  line_number_ = number;
  pos_ = 0;
  open_.clear();
  complete_ = false;
  const size_t first_node = trees_.forest.nodes();
  if (!ParseTree(cut)) {
    DropNodes(first_node);
    return fault_;
  }
  if (complete_) trees_.forest.FinishTree(Keyword(first_node));
  return std::nullopt;
}

// Parses all lines; `on_fault` decides what becomes of a fault. A file without any tree is a fault.
template <typename OnFault>
void ParseLines(std::string_view text, PtbParser& parser, const OnFault& on_fault) {
  size_t number = 0;
  bool faults = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const bool cut = end == text.size();
    if (const auto fault = parser.ParseLine(text.substr(0, end), ++number, cut)) {
      faults = true;
      on_fault(*fault);
    }
    text.remove_prefix(cut ? end : end + 1);
  }
  if (!faults && parser.trees().forest.trees() == 0) on_fault(PtbFault{{1, 1}, "there is no tree"});
}

void AppendLabel(int32_t label, std::string& text) {
  text += '(';
  text += label == kNone ? "." : std::to_string(label);
}

std::string Spelling(int32_t id, const std::vector<std::string>& words) {
  if (words.empty()) return std::to_string(id);
  const std::string& word = words[id];
  const auto bad = [](char c) { return IsBlank(c) || IsControl(c); };
  if (word.empty() || !IsUtf8(word) || std::any_of(word.begin(), word.end(), bad)) {
    throw Error("word " + std::to_string(id) +
                " is empty or holds white space, control characters or bytes that are no UTF-8: "
                "no treebank file can hold it");
  }
  return EscapeWord(word);
}

}  // namespace

std::string Describe(const std::string& path, const PtbFault& fault) {
  return path + ":" + std::to_string(fault.place.line) + ":" + std::to_string(fault.place.column) +
         ": " + fault.message;
}

PtbTrees ParsePtb(std::string_view text, const std::string& name, int classes,
                  const std::string& limit_reason) {
  PtbParser parser(classes, limit_reason);
  ParseLines(text, parser, [&name](const PtbFault& fault) { throw Error(Describe(name, fault)); });
  parser.trees().xxh3 = HashText(text);
  return std::move(parser.trees());
}

PtbTrees ReadPtb(const std::string& path, int classes, const std::string& limit_reason) {
  return ParsePtb(ReadRegularFile(path), path, classes, limit_reason);
}

PtbCheck CheckPtb(const std::string& path, int classes) {
  const std::string text = ReadFile(path);
  PtbParser parser(classes, "");
  PtbCheck check;
  ParseLines(text, parser, [&check](const PtbFault& fault) { check.faults.push_back(fault); });
  check.trees = parser.trees().forest.trees();
  return check;
}

std::string FormatPtb(const Forest& forest, const std::vector<std::string>& words) {
  std::string text;
  std::vector<int32_t> stack;  // nodes still to write; kNone: a closing bracket
  for (size_t t = 0; t < forest.trees(); ++t) {
    stack.push_back(forest.root(t));
    while (!stack.empty()) {
      const int32_t node = stack.back();
      stack.pop_back();
      if (node == kNone) {
        text += ')';
        continue;
      }
      if (node != forest.root(t)) text += ' ';
      AppendLabel(forest.label[node], text);
      if (forest.IsLeaf(node)) {
        text += ' ' + Spelling(forest.word[node], words) + ')';
        continue;
      }
      stack.push_back(kNone);
      const std::span<const int32_t> children = forest.Children(node);
      stack.insert(stack.end(), children.rbegin(), children.rend());
    }
    text += '\n';
  }
  return text;
}

void WritePtb(const std::string& path, const Forest& forest,
              const std::vector<std::string>& words) {
  WriteFileAtomically(path, FormatPtb(forest, words));
}

}  // namespace grove
