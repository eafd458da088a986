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
#include "engine/hash.h"
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

// The names of files that belong together.
struct FileNames {
  explicit FileNames(const std::string& of) : path(of), name(fs::path(of).filename().string()) {
    if (name.ends_with(".gz")) name.resize(name.size() - 3);
    stem = fs::path(name).stem().string();
  }

  std::string Tokens() const {
    const std::string expected = stem == "STree" ? "SOStr.txt" : stem + ".toks";
    return Require("its tokens", FindBeside(path, {expected, "sents.toks", "sents.txt"}), expected);
  }
  std::optional<std::string> Labels() const {
    const bool dependency = name.ends_with(".parents");
    return FindBeside(path,
                      {stem + ".labels", dependency ? "dlabels.txt" : "labels.txt", "sent.labels"});
  }
  // Of pairs, of which this file has the first trees.
  std::string OfSecond() const {
    const std::string expected = "b" + name.substr(std::min<size_t>(1, name.size()));
    return Require("the second trees", FindBeside(path, {expected}), expected);
  }
  std::string Targets(Examples examples) const {
    const std::string expected = examples == Examples::kScoredPairs ? "sim.txt" : "ent.txt";
    return Require("the pairs' targets", FindBeside(path, {expected}), expected);
  }

  std::string path, name, stem;

 private:
  std::string Require(const std::string& what, const std::optional<std::string>& found,
                      const std::string& expected) const {
    if (found) return *found;
    throw Error(path + ": the file of " + what + " is not there: " + expected +
                " in the same folder");
  }
};

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

// A file whose lines go with those of another.
bool NextLine(LineSource& source, std::string_view& line) {
  if (!source.Next(line)) return false;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

class ParentsReader : public TreeReader {
 public:
  ParentsReader(TreebankBuilder& builder, const TreebankOptions& options, const std::string& path)
      : builder_(builder), keep_unary_(options.reading.keep_unary), flat_(options.flat) {
    const FileNames names(path);
    others_.emplace_back(names.Tokens());
    if (builder.pairs()) {
      const FileNames second(names.OfSecond());
      others_.emplace_back(second.path);
      others_.emplace_back(second.Tokens());
      others_.emplace_back(names.Targets(builder.examples()));
    } else if (const auto labels = names.Labels()) {
      others_.emplace_back(*labels);
      lowest_label_ = HasNegative(*labels) ? kLowestLabel : 0;
    }
    lines_.resize(others_.size());
  }

  void Line(const TextLine& line, Faults& faults) override {
    if (ended_) return;
    number_ = line.number;
    for (size_t i = 0; i < others_.size(); ++i) {
      if (NextLine(others_[i], lines_[i])) continue;
      ended_ = true;
      faults.push_back({{number_, 1},
                        others_[i].name() + " has only " + std::to_string(number_ - 1) + " lines",
                        ""});
      return;
    }
    if (builder_.pairs() ? ParsePair(line.text)
                         : ParseTree(line.text, nullptr, others_[0], lines_[0])) {
      return;
    }
    builder_.DropTree();
    faults.push_back({{number_, column_}, message_, ""});
  }

  void Skip(std::string_view) override {
    for (size_t i = 0; i < others_.size(); ++i) NextLine(others_[i], lines_[i]);
  }

  void End(Faults& faults) override {
    for (size_t i = 0; i < others_.size(); ++i) {
      if (ended_ || !NextLine(others_[i], lines_[i])) continue;
      faults.push_back({{number_, 1}, others_[i].name() + " has more lines than trees", ""});
    }
  }

  std::string HashWith(const std::string& xxh3) const override {
    std::string all = xxh3;
    for (const LineSource& other : others_) all += other.xxh3();
    Hasher hasher;
    hasher.Add(all.data(), all.size());
    return hasher.Digits();
  }

 private:
  bool Fail(size_t column, std::string message) {
    column_ = column;
    message_ = std::move(message);
    return false;
  }
  // In another file, whose place the message has; null: in the first.
  bool FailIn(const LineSource* source, size_t column, const std::string& message) {
    if (source == nullptr) return Fail(column, message);
    return Fail(1, source->place() + ":" + std::to_string(column) + ": " + message);
  }

  bool ParsePair(std::string_view line) {
    const LineSource& targets = others_[3];
    if (!builder_.TakeTarget(lines_[3])) return FailIn(&targets, 1, builder_.message());
    return ParseTree(line, nullptr, others_[0], lines_[0]) &&
           ParseTree(lines_[1], &others_[1], others_[2], lines_[2]);
  }

  // `parents` is the file that the line is of, null for the first.
  bool ParseTree(std::string_view line, const LineSource* parents, const LineSource& tokens,
                 std::string_view token_line) {
    parents_ = parents;
    const bool by_bars = line.find('|') != std::string_view::npos;
    Split(line, by_bars, items_);
    Split(token_line, by_bars, token_items_);
    if (items_.empty()) return FailIn(parents_, 1, "no node: a line is a tree");
    if (token_items_.size() > items_.size() || token_items_.empty()) {
      return FailIn(parents_, 1,
                    std::to_string(items_.size()) + " nodes, and " + tokens.place() + " has " +
                        std::to_string(token_items_.size()) + " tokens");
    }
    nodes_.assign(items_.size(), {});
    const bool dependency = token_items_.size() == items_.size();
    for (size_t i = 0; i < items_.size(); ++i) {
      if (!TakeParent(i, dependency)) return false;
    }
    for (size_t i = 0; i < token_items_.size(); ++i) {
      if (!TakeToken(i, tokens)) return false;
    }
    if (others_.size() == 2 && !TakeLabels(lines_[1], by_bars)) return false;
    if (dependency && !LeaveOutStrays()) return false;
    ListFault fault;
    const bool good =
        flat_ ? AddFlatTree(nodes_, builder_, fault)
              : AddListedTree(nodes_, !dependency, dependency || keep_unary_, builder_, fault);
    return good || FailIn(parents_, columns_[fault.node], fault.message);
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
      return FailIn(parents_, item.column,
                    "parent '" + std::string(item.text) + "': must be another node, from 1 to " +
                        std::to_string(count) + ", or 0 at the root");
    }
    nodes_[i].parent = parent < 0 ? kStray : parent - 1;
    return true;
  }

  bool TakeToken(size_t i, const LineSource& tokens) {
    const Item& item = token_items_[i];
    if (item.text.empty() || !IsUtf8(item.text) ||
        std::any_of(item.text.begin(), item.text.end(),
                    [](char c) { return IsControl(c) || IsBlank(c); })) {
      return FailIn(&tokens, item.column,
                    "a token that is empty, has blanks or control characters or is not UTF-8");
    }
    return builder_.TakeWord(UnescapeWord(item.text), nodes_[i].word) ||
           FailIn(&tokens, item.column, builder_.message());
  }

  bool TakeLabels(std::string_view line, bool by_bars) {
    Split(line, by_bars, label_items_);
    if (label_items_.size() != 1 && label_items_.size() != nodes_.size()) {
      return FailIn(&others_[1], 1,
                    std::to_string(label_items_.size()) + " labels: must be one, or " +
                        std::to_string(nodes_.size()) + " as the tree has nodes");
    }
    for (size_t i = 0; i < nodes_.size(); ++i) {
      const bool of_root = label_items_.size() == 1;
      if (of_root && nodes_[i].parent != kNone) continue;
      const Item& item = label_items_[of_root ? 0 : i];
      if (!TakeLabel(item, nodes_[i].label)) {
        return FailIn(&others_[1], item.column, builder_.message());
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
        if (node.parent == kNone)
          return FailIn(parents_, columns_[i], "a parent that is in no tree");
      }
      columns_[static_cast<size_t>(moved[i])] = columns_[i];
      nodes_[static_cast<size_t>(moved[i])] = node;
    }
    nodes_.resize(static_cast<size_t>(count));
    return count > 0 || FailIn(parents_, 1, "no token is in the tree");
  }

  static constexpr int32_t kStray = -2;  // a parent: the token is in no tree

  TreebankBuilder& builder_;
  const bool keep_unary_, flat_;
  // Of trees: tokens, and labels if there are any. Of pairs: tokens of the first, parents and
  // tokens of the second, and targets.
  std::vector<LineSource> others_;
  std::vector<std::string_view> lines_;
  int lowest_label_ = 0;
  bool ended_ = false;                   // one of them has
  const LineSource* parents_ = nullptr;  // whose line is parsed; null: of the first file

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
