#include "engine/files/tree_stream.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/files/ptb_parser.h"

namespace grove {

// The lines that are parsed together, and the pairs among them that have no target.
class TreeStream::Batch {
 public:
  explicit Batch(const TreeStream& stream)
      : stream_(stream), parser_(stream.classes_, stream.limit_reason_, stream.examples_) {}

  size_t examples() { return parser_.trees().forest.examples(); }

  // The message of a fault, or nothing.
  std::optional<std::string> Parse(std::string_view line, size_t number, bool cut) {
    const bool no_target = stream_.examples_ != Examples::kTrees && line.starts_with(".\t");
    std::string with_target;
    if (no_target) {  // any target will do; a character for a character, so that columns stay
      with_target = "1" + std::string(line.substr(1));
      if (stream_.examples_ == Examples::kPairs) with_target[0] = '0';
      line = with_target;
    }
    const size_t before = examples();
    if (const auto fault = parser_.ParseLine(line, number, cut)) {
      return Describe(stream_.name_, *fault);
    }
    if (no_target && examples() > before) without_target_.push_back(before);
    return TakeWords(before);
  }

  Forest Finish() {
    Forest& forest = parser_.trees().forest;
    for (int32_t& word : forest.word) {
      if (word != kNone) word = ids_[static_cast<size_t>(word)];
    }
    for (const size_t pair : without_target_) {
      if (!forest.pair_label.empty()) forest.pair_label[pair] = kNone;
      if (!forest.pair_score.empty()) forest.pair_score[pair] = 0;
    }
    return std::move(forest);
  }

 private:
  // Looks up the words that a line has brought; a line whose word cannot be known is taken back.
  std::optional<std::string> TakeWords(size_t examples_before) {
    PtbTrees& trees = parser_.trees();
    for (size_t w = ids_.size(); w < trees.words.size(); ++w) {
      ids_.push_back(stream_.vocabulary_.Find(trees.words[w]));
      if (ids_.back() != kNone) continue;
      while (examples() > examples_before) trees.forest.DropLastTree();
      trees.forest.pair_label.resize(std::min(trees.forest.pair_label.size(), examples_before));
      trees.forest.pair_score.resize(std::min(trees.forest.pair_score.size(), examples_before));
      return Describe(stream_.name_,
                      {trees.first_places[w], stream_.vocabulary_.Missing(trees.words[w])});
    }
    return std::nullopt;
  }

  const TreeStream& stream_;
  PtbParser parser_;
  std::vector<int32_t> ids_;  // in the vocabulary, of the words of parser_
  std::vector<size_t> without_target_;
};

TreeStream::TreeStream(const std::string& path, const Vocabulary& vocabulary, int classes,
                       const std::string& limit_reason, Examples examples)
    : name_(path == "-" ? "standard input" : path),
      reader_(path),
      vocabulary_(vocabulary),
      classes_(classes),
      limit_reason_(limit_reason),
      examples_(examples) {}

// Takes the whole lines of text_, and at the end of the file what is left of it.
void TreeStream::ParseLines(Batch& batch) {
  size_t begin = 0;
  while (fault_.empty() && begin < text_.size()) {
    const size_t end = text_.find('\n', std::max(begin, searched_));
    const bool cut = end == std::string::npos;
    if (cut && !ended_) break;
    const std::string_view line = std::string_view(text_).substr(begin, cut ? end : end - begin);
    if (auto message = batch.Parse(line, ++line_, cut)) fault_ = std::move(*message);
    begin = cut ? text_.size() : end + 1;
  }
  text_.erase(0, begin);
  searched_ = text_.size();
}

Forest TreeStream::Next() {
  Batch batch(*this);
  while (fault_.empty() && !ended_ && batch.examples() == 0) {
    ended_ = !reader_.Read(text_);
    ParseLines(batch);
  }
  Forest forest = batch.Finish();
  for (const int32_t word : forest.word) {
    words_ += word != kNone ? 1 : 0;
    unknown_ += word != kNone && word == vocabulary_.unknown() ? 1 : 0;
  }
  return forest;
}

}  // namespace grove
