#include "engine/files/parents_reader.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/files/bracket_words.h"
#include "engine/files/dependency_tree.h"
#include "engine/run_spec_json.h"
#include "engine/text.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

constexpr int kLowestLabel = -2;

struct Item {
  std::string_view text;
  size_t column = 0;
};

// The items of a line, parted by `|` or by blanks.
void Split(std::string_view line, bool by_bars, std::vector<Item>& items) {
  const char* const separators = by_bars ? "|" : " \t";
  items.clear();
  for (size_t begin = 0; begin < line.size();) {
    const size_t end = std::min(line.find_first_of(separators, begin), line.size());
    if (end > begin || by_bars) items.push_back({line.substr(begin, end - begin), begin + 1});
    begin = end + 1;
  }
}

std::string Pathname(const fs::path& folder, const std::string& name) {
  return (folder / name).string();
}

// The first of these files that is there, or nothing.
std::optional<std::string> FindBeside(const std::string& path,
                                      std::initializer_list<std::string> names) {
  const fs::path folder = fs::path(path).parent_path();
  for (const std::string& name : names) {
    std::error_code error;
    const std::string beside = Pathname(folder, name);
    if (beside != path && fs::exists(beside, error)) return beside;
  }
  return std::nullopt;
}

bool HasNegative(const std::string& path) {
  LineSource source(path);
  for (std::string_view line; source.Next(line);) {
    if (line.starts_with('-') || line.find(" -") != std::string_view::npos ||
        line.find("|-") != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

class ParentsReader : public TreeReader {
 public:
  ParentsReader(TreebankBuilder& builder, const TreebankOptions& options, const std::string& path)
      : builder_(builder), keep_unary_(options.reading.keep_unary), flat_(options.flat) {
    std::string name = fs::path(path).filename().string();
    if (name.ends_with(".gz")) name.resize(name.size() - 3);
    const std::string stem = fs::path(name).stem().string();
    const bool dependency = name.ends_with(".parents");
    const auto tokens = FindBeside(
        path, {stem == "STree" ? "SOStr.txt" : stem + ".toks", "sents.toks", "sents.txt"});
    if (!tokens) {
      throw Error(path + ": the file of its tokens is not there: " +
                  (stem == "STree" ? "SOStr.txt" : stem + ".toks") + " in the same folder");
    }
    tokens_.emplace(*tokens);
    const auto labels = FindBeside(
        path, {stem + ".labels", dependency ? "dlabels.txt" : "labels.txt", "sent.labels"});
    if (!labels) return;
    labels_.emplace(*labels);
    lowest_label_ = HasNegative(*labels) ? kLowestLabel : 0;
  }

  void Line(const TextLine& line, Faults& faults) override {
    std::string_view tokens, labels;
    const bool has_tokens = Next(*tokens_, tokens), has_labels = !labels_ || Next(*labels_, labels);
    number_ = line.number;
    if (ended_) return;
    if (!has_tokens || !has_labels) {
      ended_ = true;
      faults.push_back({{number_, 1},
                        (has_tokens ? labels_ : tokens_)->name() + " has only " +
                            std::to_string(number_ - 1) + " lines",
                        ""});
      return;
    }
    if (Parse(line.text, tokens, labels)) return;
    builder_.DropTree();
    faults.push_back({{number_, column_}, message_, ""});
  }

  void Skip(std::string_view) override {
    std::string_view ignored;
    Next(*tokens_, ignored);
    if (labels_) Next(*labels_, ignored);
  }

  void End(Faults& faults) override {
    std::string_view more;
    for (std::optional<LineSource>* other : {&tokens_, &labels_}) {
      if (ended_ || !*other || !Next(**other, more)) continue;
      faults.push_back({{number_, 1}, (*other)->name() + " has more lines than trees", ""});
    }
  }

  std::string HashWith(const std::string& xxh3) const override {
    return HashText(xxh3 + tokens_->xxh3() + (labels_ ? labels_->xxh3() : ""));
  }

 private:
  static bool Next(LineSource& source, std::string_view& line) {
    if (!source.Next(line)) return false;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return true;
  }

  bool Fail(size_t column, std::string message) {
    column_ = column;
    message_ = std::move(message);
    return false;
  }
  // In another file, whose place the message has.
  bool FailIn(const LineSource& source, size_t column, const std::string& message) {
    return Fail(1, source.place() + ":" + std::to_string(column) + ": " + message);
  }

  bool Parse(std::string_view line, std::string_view tokens, std::string_view labels) {
    const bool by_bars = line.find('|') != std::string_view::npos;
    Split(line, by_bars, items_);
    Split(tokens, by_bars, token_items_);
    if (items_.empty()) return Fail(1, "no node: a line is a tree");
    if (token_items_.size() > items_.size() || token_items_.empty()) {
      return Fail(1, std::to_string(items_.size()) + " nodes, and " + tokens_->place() + " has " +
                         std::to_string(token_items_.size()) + " tokens");
    }
    nodes_.assign(items_.size(), {});
    const bool dependency = token_items_.size() == items_.size();
    for (size_t i = 0; i < items_.size(); ++i) {
      if (!TakeParent(i, dependency)) return false;
    }
    for (size_t i = 0; i < token_items_.size(); ++i) {
      if (!TakeToken(i)) return false;
    }
    if (labels_ && !TakeLabels(labels, by_bars)) return false;
    if (dependency && !LeaveOutStrays()) return false;
    ListFault fault;
    const bool good =
        flat_ ? AddFlatTree(nodes_, builder_, fault)
              : AddListedTree(nodes_, !dependency, dependency || keep_unary_, builder_, fault);
    return good || Fail(columns_[fault.node], fault.message);
  }

  bool TakeParent(size_t i, bool may_be_stray) {
    const Item& item = items_[i];
    columns_.resize(items_.size());
    columns_[i] = item.column;
    int32_t parent = 0;
    const char* const end = item.text.data() + item.text.size();
    const auto [stop, code] = std::from_chars(item.text.data(), end, parent);
    const auto count = static_cast<int32_t>(items_.size());
    if (code != std::errc() || stop != end || parent < (may_be_stray ? -1 : 0) || parent > count ||
        parent == static_cast<int32_t>(i) + 1) {
      return Fail(item.column, "parent '" + std::string(item.text) +
                                   "': must be another node, from 1 to " + std::to_string(count) +
                                   ", or 0 at the root");
    }
    nodes_[i].parent = parent < 0 ? kStray : parent - 1;
    return true;
  }

  bool TakeToken(size_t i) {
    const Item& item = token_items_[i];
    if (item.text.empty() || !IsUtf8(item.text) ||
        std::any_of(item.text.begin(), item.text.end(),
                    [](char c) { return IsControl(c) || IsBlank(c); })) {
      return FailIn(*tokens_, item.column,
                    "a token that is empty, has blanks or control characters or is not UTF-8");
    }
    return builder_.TakeWord(UnescapeWord(item.text), nodes_[i].word) ||
           FailIn(*tokens_, item.column, builder_.message());
  }

  bool TakeLabels(std::string_view line, bool by_bars) {
    Split(line, by_bars, label_items_);
    if (label_items_.size() != 1 && label_items_.size() != nodes_.size()) {
      return FailIn(*labels_, 1,
                    std::to_string(label_items_.size()) + " labels: must be one, or " +
                        std::to_string(nodes_.size()) + " as the tree has nodes");
    }
    for (size_t i = 0; i < nodes_.size(); ++i) {
      const bool of_root = label_items_.size() == 1;
      if (of_root && nodes_[i].parent != kNone) continue;
      const Item& item = label_items_[of_root ? 0 : i];
      if (!TakeLabel(item, nodes_[i].label)) {
        return FailIn(*labels_, item.column, builder_.message());
      }
    }
    return true;
  }

  bool TakeLabel(const Item& item, int32_t& label) {
    int32_t number = 0;
    const char* const end = item.text.data() + item.text.size();
    const auto [stop, code] = std::from_chars(item.text.data(), end, number);
    if (lowest_label_ == 0 || code != std::errc() || stop != end || number < lowest_label_) {
      return item.text == "#" || builder_.TakeLabel(item.text, label);
    }
    return builder_.TakeLabel(std::to_string(number - lowest_label_), label);
  }

  // Tokens that are in no tree go, and the others close up.
  bool LeaveOutStrays() {
    std::vector<int32_t> moved(nodes_.size(), kNone);
    int32_t count = 0;
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].parent != kStray) moved[i] = count++;
    }
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (moved[i] == kNone) continue;
      ListedNode node = nodes_[i];
      if (node.parent != kNone) {
        node.parent = moved[static_cast<size_t>(node.parent)];
        if (node.parent == kNone) return Fail(columns_[i], "a parent that is in no tree");
      }
      columns_[static_cast<size_t>(moved[i])] = columns_[i];
      nodes_[static_cast<size_t>(moved[i])] = node;
    }
    nodes_.resize(static_cast<size_t>(count));
    return count > 0 || Fail(1, "no token is in the tree");
  }

  static constexpr int32_t kStray = -2;  // a parent: the token is in no tree

  TreebankBuilder& builder_;
  const bool keep_unary_, flat_;
  std::optional<LineSource> tokens_, labels_;
  int lowest_label_ = 0;
  bool ended_ = false;  // another file has

  std::vector<Item> items_, token_items_, label_items_;
  std::vector<ListedNode> nodes_;
  std::vector<size_t> columns_;
  size_t number_ = 0, column_ = 0;
  std::string message_;
};

}  // namespace

std::unique_ptr<TreeReader> MakeParentsReader(TreebankBuilder& builder,
                                              const TreebankOptions& options,
                                              const LineSource& source) {
  return std::make_unique<ParentsReader>(builder, options, source.name());
}

}  // namespace grove
