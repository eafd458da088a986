#include "engine/files/conllu_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "engine/files/bracket_words.h"
#include "engine/files/dependency_tree.h"

namespace grove {
namespace {

constexpr size_t kColumns = 10;
enum Column : size_t { kId = 0, kForm = 1, kUpos = 3, kHead = 6, kDeprel = 7 };
constexpr std::string_view kCommentLabel = "comment:";

// A column and where it begins, from 1.
struct Field {
  std::string_view text;
  size_t column = 0;
};
using Fields = std::array<Field, kColumns>;

// False if there are more or fewer; `count` says how many.
bool Split(std::string_view line, Fields& fields, size_t& count) {
  size_t begin = 0;
  for (count = 0;; ++count) {
    const size_t end = std::min(line.find('\t', begin), line.size());
    if (count < kColumns) fields[count] = {line.substr(begin, end - begin), begin + 1};
    if (end == line.size()) break;
    begin = end + 1;
  }
  return ++count == kColumns;
}

// Of multi-word tokens "3-4" and empty nodes "5.1" the first number, and `other` what parts them.
int32_t ReadId(std::string_view text, char& other) {
  const size_t end = text.find_first_of("-.");
  other = end == std::string_view::npos ? '\0' : text[end];
  if (other != '\0' && PlainInteger(text.substr(end + 1)) == kNone) return kNone;
  return PlainInteger(text.substr(0, end));
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::string WithoutBlanks(std::string_view text) {
  std::string word(text);
  std::replace_if(word.begin(), word.end(), IsBlank, '_');
  return word;
}

class ConlluReader : public TreeReader {
 public:
  ConlluReader(TreebankBuilder& builder, const TreebankOptions& options)
      : builder_(builder), flat_(options.flat) {
    const std::string& label = options.reading.label;
    if (label == "upos") label_column_ = kUpos;
    if (label == "deprel") label_column_ = kDeprel;
    if (label.starts_with(kCommentLabel)) comment_key_ = label.substr(kCommentLabel.size());
  }

  void Line(const TextLine& line, Faults& faults) override {
    if (Trimmed(line.text).empty()) {
      End(faults);
    } else if (faulty_) {
      return;
    } else if (line.text.front() == '#') {
      TakeComment(line, faults);
    } else {
      TakeWord(line, faults);
    }
  }

  // The rest of the sentence says nothing.
  void Skip(std::string_view) override { faulty_ = true; }

  void End(Faults& faults) override {
    if (!faulty_ && !nodes_.empty()) Finish(faults);
    builder_.DropTree();
    nodes_.clear();
    places_.clear();
    label_ = kNone;
    faulty_ = false;
  }

 private:
  void Fail(FilePlace place, std::string message, Faults& faults) {
    faults.push_back({place, std::move(message), ""});
    faulty_ = true;
  }

  // "# key = value"
  void TakeComment(const TextLine& line, Faults& faults) {
    const size_t equals = line.text.find('=');
    if (comment_key_.empty() || equals == std::string_view::npos ||
        Trimmed(line.text.substr(1, equals - 1)) != comment_key_) {
      return;
    }
    const std::string_view value = Trimmed(line.text.substr(equals + 1));
    if (value.empty() || builder_.TakeLabel(WithoutBlanks(value), label_)) return;
    Fail({line.number, equals + 2}, builder_.message(), faults);
  }

  void TakeWord(const TextLine& line, Faults& faults) {
    Fields fields;
    size_t count = 0;
    if (!Split(line.text, fields, count)) {
      return Fail({line.number, 1},
                  std::to_string(count) + (count == 1 ? " column" : " columns") +
                      " where CoNLL-U has ten, parted by tabs",
                  faults);
    }
    const auto place = [&](Column column) { return FilePlace{line.number, fields[column].column}; };
    const int32_t expected = static_cast<int32_t>(nodes_.size()) + 1;
    char other = '\0';
    const int32_t id = ReadId(fields[kId].text, other);
    if (id == kNone || (other == '\0' && id != expected)) {
      return Fail(place(kId),
                  "ID '" + std::string(fields[kId].text) + "': must be " +
                      std::to_string(expected) + ", or a range or an empty node such as 1-2 or 1.1",
                  faults);
    }
    if (other != '\0') return;
    const int32_t head = PlainInteger(fields[kHead].text);
    if (head == kNone || head == id) {
      return Fail(place(kHead),
                  "HEAD '" + std::string(fields[kHead].text) +
                      "': must be the ID of another word, or 0 at the root",
                  faults);
    }
    if (fields[kForm].text.empty()) return Fail(place(kForm), "an empty FORM", faults);
    ListedNode node;
    node.parent = head - 1;
    if (!builder_.TakeWord(WithoutBlanks(fields[kForm].text), node.word)) {
      return Fail(place(kForm), builder_.message(), faults);
    }
    const Field label = label_column_ == kId ? Field{} : fields[label_column_];
    if (!label.text.empty() && label.text != "_" && !builder_.TakeLabel(label.text, node.label)) {
      return Fail({line.number, label.column}, builder_.message(), faults);
    }
    nodes_.push_back(node);
    places_.push_back(place(kHead));
  }

  void Finish(Faults& faults) {
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].parent < static_cast<int32_t>(nodes_.size())) continue;
      return Fail(places_[i],
                  "HEAD '" + std::to_string(nodes_[i].parent + 1) + "': the sentence has " +
                      std::to_string(nodes_.size()) + " words",
                  faults);
    }
    if (!comment_key_.empty()) {
      for (ListedNode& node : nodes_) {
        if (node.parent == kNone) node.label = label_;
      }
    }
    ListFault fault;
    const bool good = flat_ ? AddFlatTree(nodes_, builder_, fault)
                            : AddListedTree(nodes_, /*by_first_leaf=*/false, /*keep_unary=*/true,
                                            builder_, fault);
    if (!good) Fail(places_[fault.node], fault.message, faults);
  }

  TreebankBuilder& builder_;
  const bool flat_;
  size_t label_column_ = kId;  // kId: none
  std::string comment_key_;    // empty: none

  // Of the sentence:
  std::vector<ListedNode> nodes_;
  std::vector<FilePlace> places_;  // of their heads
  int32_t label_ = kNone;
  bool faulty_ = false;
};

}  // namespace

std::unique_ptr<TreeReader> MakeConlluReader(TreebankBuilder& builder,
                                             const TreebankOptions& options, const LineSource&) {
  return std::make_unique<ConlluReader>(builder, options);
}

bool LooksLikeConllu(std::string_view sample) {
  while (!sample.empty()) {
    const size_t end = std::min(sample.find('\n'), sample.size());
    const std::string_view line = sample.substr(0, end);
    sample.remove_prefix(std::min(end + 1, sample.size()));
    if (line.empty() || line == "\r" || line.front() == '#') continue;
    return line.front() == '1' && std::count(line.begin(), line.end(), '\t') == kColumns - 1;
  }
  return false;
}

}  // namespace grove
