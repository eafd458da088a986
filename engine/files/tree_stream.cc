#include "engine/files/tree_stream.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/error.h"
#include "engine/files/bracket_words.h"
#include "engine/files/formats.h"
#include "engine/text.h"

namespace grove {
namespace {

// So many nodes are a few hundred kilobytes.
constexpr size_t kMuch = 1 << 14;

// Of control characters and bytes that are no UTF-8 the first is told.
std::optional<TreebankFault> NoText(std::string_view line, size_t number) {
  const auto* control = std::find_if(line.begin(), line.end(), IsControl);
  const size_t first_control = static_cast<size_t>(control - line.begin());
  const size_t first_byte = std::min(FindNotUtf8(line), line.size());
  const size_t first = std::min(first_control, first_byte);
  if (first == line.size()) return std::nullopt;
  char code[8];
  std::snprintf(code, sizeof(code), "0x%02x", static_cast<unsigned char>(line[first]));
  const FilePlace place = {number, first + 1};
  if (first == first_control) {
    return TreebankFault{place, std::string("control character ") + code + ": this is no text", ""};
  }
  return TreebankFault{place,
                       std::string("byte ") + code +
                           " is not UTF-8: convert the file first, from Latin-1 for one with "
                           "iconv -f latin1 -t utf-8",
                       ""};
}

// A few words before and behind a column, cut where UTF-8 may be cut.
std::string TextAround(std::string_view line, size_t column) {
  constexpr size_t kBefore = 20, kBehind = 30;
  const auto within = [line](size_t at) {
    return at < line.size() && (static_cast<unsigned char>(line[at]) & 0xc0) == 0x80;
  };
  const size_t at = std::min(column - 1, line.size());
  size_t begin = at - std::min(at, kBefore), end = std::min(at + kBehind, line.size());
  while (begin > 0 && within(begin)) --begin;
  while (within(end)) ++end;
  std::string text(line.substr(begin, end - begin));
  std::replace_if(text.begin(), text.end(), IsControl, '?');
  std::replace(text.begin(), text.end(), '\t', ' ');
  return EscapeBytes(text);
}

}  // namespace

TreeStream::TreeStream(LineSource source, const TreebankOptions& options)
    : source_(std::move(source)),
      format_(&FindFormat(options, source_)),
      builder_(options, FindExamples(*format_, options, source_)),
      reader_(format_->make(builder_, options, source_)) {}

bool TreeStream::ReadLine() {
  faults_.clear();
  std::string_view line;
  if (!source_.Next(line)) {
    if (!std::exchange(ended_, true)) reader_->End(faults_);
    return false;
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (std::optional<TreebankFault> fault = NoText(line, source_.number())) {
    faults_.push_back(*std::move(fault));
    reader_->Skip(line);
  } else {
    reader_->Line({line, source_.number(), source_.cut()}, faults_);
  }
  for (TreebankFault& fault : faults_) {
    if (fault.near.empty() && fault.place.line == source_.number()) {
      fault.near = TextAround(line, fault.place.column);
    }
  }
  return true;
}

bool TreeStream::ReadForest(Forest& forest) {
  while (!ended_ && !IsMuch()) {
    ReadLine();
    if (!faults_.empty()) throw Error(Describe(name(), faults_.front()));
  }
  if (!any_tree()) throw Error(Describe(name(), kNoTree));
  forest = TakeForest();
  return forest.trees() > 0;
}

bool TreeStream::IsMuch() const { return builder_.treebank().forest.nodes() > kMuch; }

Forest TreeStream::TakeForest() {
  any_tree_ |= builder_.trees() > 0;
  return builder_.TakeForest();
}

Treebank TreeStream::TakeTreebank() {
  Treebank treebank = builder_.Take();
  treebank.xxh3 = reader_->HashWith(source_.xxh3());
  return treebank;
}

Forest TreeStream::Next() {
  while (faults_.empty() && !ended_ && !IsMuch() && (builder_.trees() == 0 || source_.ready())) {
    const size_t before = builder_.trees();
    ReadLine();
    // A line may end a tree and show that the one before it has a fault.
    if (!faults_.empty()) builder_.KeepTrees(before);
  }
  return TakeForest();
}

}  // namespace grove
