#include "engine/files/tsv_readers.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "engine/files/bracket_words.h"

namespace grove {
namespace {

// The first line that is not blank.
std::string_view FirstLine(std::string_view sample) {
  const size_t first = sample.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  sample.remove_prefix(first);
  return sample.substr(0, sample.find('\n'));
}

// A label, then `trees` trees; with one tree its root has the label, with two the pair.
class TsvReader : public TreeReader {
 public:
  TsvReader(TreebankBuilder& builder, const TreebankOptions& options, size_t trees)
      : builder_(builder), keep_unary_(options.reading.keep_unary), trees_(trees) {}

  void Line(const TextLine& line, Faults& faults) override {
    if (line.text.find_first_not_of(" \t") == std::string_view::npos) return;
    line_ = line.text;
    if (Parse()) return;
    builder_.DropTree();
    faults.push_back({{line.number, fault_column_}, message_, ""});
  }

 private:
  bool Fail(size_t column, std::string message) {
    fault_column_ = column;
    message_ = std::move(message);
    return false;
  }

  bool Parse() {
    const size_t fields = 1 + static_cast<size_t>(std::count(line_.begin(), line_.end(), '\t'));
    if (fields != trees_ + 1) {
      return Fail(1, std::to_string(fields) + (fields == 1 ? " field" : " fields") +
                         ": a line is a label, a tab and a tree" +
                         (trees_ == 2 ? ", a tab and a tree" : ""));
    }
    size_t end = line_.find('\t');
    const std::string_view label = line_.substr(0, end);
    int32_t root_label = kNone;
    if (trees_ == 2 ? !builder_.TakeTarget(label) : !builder_.TakeLabel(label, root_label)) {
      return Fail(1, builder_.message());
    }
    for (size_t tree = 0; tree < trees_; ++tree) {
      const size_t begin = end + 1;
      end = std::min(line_.find('\t', begin), line_.size());
      if (!ParseTree(begin, end, root_label)) return false;
      if (!builder_.FinishTree()) return Fail(begin + 1, builder_.message());
    }
    return true;
  }

  // The columns [begin, end), from 0.
  bool ParseTree(size_t begin, size_t end, int32_t root_label) {
    open_.clear();
    children_.clear();
    for (size_t at = begin; at < end;) {
      if (IsBlank(line_[at])) {
        ++at;
        continue;
      }
      const size_t stop = std::min(line_.find_first_of(" \t", at), end);
      if (open_.empty() && !children_.empty()) return Fail(at + 1, "text after the tree");
      if (!Token(line_.substr(at, stop - at), at + 1, root_label)) return false;
      at = stop;
    }
    if (!open_.empty()) {
      return Fail(end + 1,
                  "unbalanced '(': the tree ends with " + std::to_string(open_.size()) + " open");
    }
    return !children_.empty() || Fail(begin + 1, "an empty field: here must be a tree");
  }

  bool Token(std::string_view token, size_t column, int32_t root_label) {
    if (token == "(") {
      open_.push_back({column, children_.size()});
      return true;
    }
    int32_t node = kNone;
    if (token != ")") {
      TreebankWord word;
      if (!builder_.TakeWord(token, word) ||
          !builder_.AddNode({}, word, open_.empty() ? root_label : kNone, node)) {
        return Fail(column, builder_.message());
      }
      children_.push_back(node);
      return true;
    }
    if (open_.empty()) return Fail(column, "unbalanced ')': no bracket is open");
    const Bracket bracket = open_.back();
    open_.pop_back();
    const int32_t label = open_.empty() ? root_label : kNone;
    const std::span<const int32_t> children = std::span(children_).subspan(bracket.first_child);
    if (children.empty()) return Fail(column, "nothing between the brackets");
    if (children.size() == 1 && !keep_unary_) {
      node = children.front();
      builder_.Collapse(node, label);
    } else if (!builder_.AddNode(children, {}, label, node)) {
      return Fail(bracket.column, builder_.message());
    }
    children_.resize(bracket.first_child);
    children_.push_back(node);
    return true;
  }

  struct Bracket {
    size_t column, first_child;
  };

  TreebankBuilder& builder_;
  const bool keep_unary_;
  const size_t trees_;
  std::string_view line_;
  std::vector<Bracket> open_;
  std::vector<int32_t> children_;  // of the open brackets, those of the innermost last
  size_t fault_column_ = 0;
  std::string message_;
};

}  // namespace

std::unique_ptr<TreeReader> MakeListOpsReader(TreebankBuilder& builder,
                                              const TreebankOptions& options, const LineSource&) {
  return std::make_unique<TsvReader>(builder, options, 1);
}

std::unique_ptr<TreeReader> MakeLogicReader(TreebankBuilder& builder,
                                            const TreebankOptions& options, const LineSource&) {
  return std::make_unique<TsvReader>(builder, options, 2);
}

bool LooksLikeListOps(std::string_view sample) {
  const std::string_view line = FirstLine(sample);
  const size_t tab = line.find('\t');
  if (tab == std::string_view::npos || !IsPlainInteger(line.substr(0, tab))) return false;
  // In brackets a label follows a bracket at once.
  const std::string_view tree = line.substr(tab + 1);
  return tree.find('\t') == std::string_view::npos &&
         (tree.starts_with("( ") || tree.find('(') == std::string_view::npos);
}

bool LooksLikeLogic(std::string_view sample) {
  const std::string_view line = FirstLine(sample);
  return line.size() > 1 && line[1] == '\t' &&
         std::string_view("=<>^|v#").find(line[0]) != std::string_view::npos;
}

}  // namespace grove
