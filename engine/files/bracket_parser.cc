#include "engine/files/bracket_parser.h"

#include <algorithm>
#include <span>
#include <utility>

#include "engine/files/bracket_words.h"

namespace grove {

BracketParser::BracketParser(TreebankBuilder& builder, const ReadingSpec& reading)
    : builder_(builder), keep_unary_(reading.keep_unary), strip_traces_(reading.strip_traces) {}

void BracketParser::Start() {
  open_.clear();
  children_.clear();
  lost_ = 0;
  complete_ = false;
}

bool BracketParser::Fail(FilePlace place, std::string message) {
  fault_ = {place, std::move(message), ""};
  return false;
}

std::string BracketParser::MissingLabel() const {
  return "missing label: after '(' there " +
         (builder_.pairs() ? "must be '.' or a label" : builder_.allowed_labels());
}

bool BracketParser::OpenBracket() {
  if (complete_) return Fail(Here(), "text after the tree: a line holds one tree");
  if (!open_.empty()) {
    const OpenNode& parent = open_.back();
    if (parent.word.id != kNone) {
      return Fail(Here(), "a node with a word cannot have children");
    }
    // The field writes trees as ( (S ...)).
    if (!parent.has_label && open_.size() > 1) return Fail(Here(), MissingLabel());
  }
  open_.push_back({Here(), children_.size()});
  ++pos_;
  return true;
}

bool BracketParser::Label(std::string_view token, FilePlace place) {
  OpenNode& node = open_.back();
  node.has_label = true;
  node.is_trace = strip_traces_ && token == "-NONE-";
  if (node.is_trace || builder_.TakeLabel(token, node.label)) return true;
  return Fail(place, builder_.message());
}

// The run of bytes up to the next blank or bracket: a label or a word.
bool BracketParser::Text() {
  const FilePlace place = Here();
  const size_t end = std::min(line_.find_first_of(" \t()", pos_), line_.size());
  const std::string_view token = line_.substr(pos_, end - pos_);
  pos_ = end;
  if (complete_) return Fail(place, "text after the tree: a line holds one tree");
  if (open_.empty()) {
    const bool tabs = !builder_.pairs() && line_.find('\t') != std::string_view::npos;
    return Fail(place, std::string("a tree must begin with '('") +
                           (tabs ? "; of pairs of trees, comparison (--comparison) must be tai or "
                                   "bowman"
                                 : ""));
  }
  OpenNode& node = open_.back();
  const bool has_children = children_.size() > node.first_child;
  if (!node.has_label && !has_children) return Label(token, place);
  if (has_children) return Fail(place, "a node with children cannot have a word");
  if (node.word.id != kNone) return Fail(place, "a second word: a leaf has one");
  if (node.is_trace) {
    node.word.id = 0;  // any: the node will be left out
    return true;
  }
  return builder_.TakeWord(UnescapeWord(token), node.word) || Fail(place, builder_.message());
}

bool BracketParser::CloseBracket() {
  const FilePlace place = Here();
  ++pos_;
  if (open_.empty()) return Fail(place, "unbalanced ')': no bracket is open");
  const OpenNode node = open_.back();
  if (!node.has_label && children_.size() == node.first_child) return Fail(place, MissingLabel());
  open_.pop_back();
  return Close(node, place);
}

// Puts the node, if it is to be there, in the place of its children.
bool BracketParser::Close(const OpenNode& node, FilePlace place) {
  const std::span<const int32_t> children = std::span(children_).subspan(node.first_child);
  int32_t position = kNone;
  if (node.is_trace && node.word.id != kNone) {
    builder_.CountTrace();
    ++lost_;
  } else if (node.word.id == kNone && children.empty()) {
    if (lost_ == 0) return Fail(place, "empty word: a node needs a word or children");
  } else if (children.size() == 1 && (!keep_unary_ || !node.has_label)) {
    position = children.front();
    if (node.has_label) builder_.Collapse(position, node.label);
  } else if (!builder_.AddNode(children, node.word, node.label, position)) {
    return Fail(node.place, builder_.message());
  }
  children_.resize(node.first_child);
  if (!open_.empty()) {
    if (position != kNone) children_.push_back(position);
    return true;
  }
  if (position == kNone) return Fail(node.place, "a tree of traces, without a word");
  complete_ = true;
  return true;
}

bool BracketParser::Parse(std::string_view line, size_t begin, size_t number) {
  line_ = line;
  number_ = number;
  for (pos_ = begin; pos_ < line_.size();) {
    const char c = line_[pos_];
    if (IsBlank(c)) {
      ++pos_;
    } else if (!(c == '(' ? OpenBracket() : c == ')' ? CloseBracket() : Text())) {
      return false;
    }
  }
  return true;
}

}  // namespace grove
