#include "engine/files/formats.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <system_error>

#include "engine/error.h"
#include "engine/files/bracket_reader.h"
#include "engine/files/conllu_reader.h"
#include "engine/files/parents_reader.h"
#include "engine/files/tsv_readers.h"

namespace grove {
namespace {

constexpr TreeFormat kFormats[] = {
    {"brackets", " .ptb .mrg .parse .trees ",
     "(label (label word) (label word)), a tree or, with a label and tabs, a pair a line, or trees "
     "over several lines",
     true, true, false, nullptr, MakeBracketReader},
    {"conllu", " .conllu .conll ", "dependency trees of words, ten columns a word", true, false,
     true, LooksLikeConllu, MakeConlluReader},
    {"parents", " .cparents .parents STree.txt parents.txt ",
     "parents of nodes, with the tokens in another file (Stanford Tree-LSTM, STree.txt)", true,
     true, false, nullptr, MakeParentsReader},
    {"listops", " .listops ", "label, tab, ( ( [MAX 2 ) ] )", true, false, false, LooksLikeListOps,
     MakeListOpsReader},
    {"logic", " .logic ", "relation, tab, ( not a ), tab, ( b ( and c ) )", false, true, false,
     LooksLikeLogic, MakeLogicReader},
};

// The path's last part without .gz, and what it has from its last dot on.
struct FileName {
  explicit FileName(std::string_view path) : whole(path.substr(path.rfind('/') + 1)) {
    if (whole.ends_with(".gz")) whole.remove_suffix(3);
    ending = whole.substr(std::min(whole.rfind('.'), whole.size()));
  }
  std::string_view whole, ending;
};

// Whether it is one of the names or endings, which stand between blanks.
bool IsOneOf(const FileName& name, const char* endings) {
  const auto has = [endings](std::string_view text) {
    return !text.empty() &&
           std::string_view(endings).find(" " + std::string(text) + " ") != std::string_view::npos;
  };
  return has(name.ending) || has(name.whole);
}

// 3.5, which no class is; 3 may be either.
bool IsScore(std::string_view field) {
  double score = 0;
  const char* const end = field.data() + field.size();
  const auto [rest, code] = std::from_chars(field.data(), end, score);
  return code == std::errc() && rest == end && field.find('.') != std::string_view::npos;
}

}  // namespace

std::span<const TreeFormat> Formats() { return kFormats; }

std::vector<std::string> FormatNames() {
  std::vector<std::string> names = {"auto"};
  for (const TreeFormat& format : kFormats) names.emplace_back(format.name);
  return names;
}

const TreeFormat& FindFormat(const TreebankOptions& options, LineSource& source) {
  const std::string& name = options.reading.format;
  const bool pairs = options.examples && *options.examples != Examples::kTrees;
  const auto holds = [&](const TreeFormat& format) {
    return !options.examples || (pairs ? format.pairs : format.trees);
  };
  const FileName file(source.name());
  const auto find = [](const auto& fits) {
    return std::find_if(std::begin(kFormats), std::end(kFormats), fits);
  };
  const TreeFormat* found = find([&](const TreeFormat& format) {
    return name == "auto" ? IsOneOf(file, format.endings) : name == format.name;
  });
  if (found == std::end(kFormats) && name != "auto") throw Error("unknown format '" + name + "'");
  if (found == std::end(kFormats)) {
    const std::string_view sample = source.Sample();
    found = find(
        [&](const TreeFormat& format) { return format.looks != nullptr && format.looks(sample); });
  }
  if (found == std::end(kFormats)) found = kFormats;
  if (!options.reading.label.empty() && !found->takes_label) {
    throw Error(source.name() + ": its format, " + found->name +
                ", has labels of its own; label (--label) is for conllu");
  }
  if (holds(*found)) return *found;
  throw Error(source.name() + ": its format, " + found->name + ", holds " +
              (pairs ? "single trees, not pairs; comparison (--comparison) must be none"
                     : "pairs of trees; comparison (--comparison) must be tai or bowman"));
}

Examples FindExamples(const TreeFormat& format, const TreebankOptions& options,
                      LineSource& source) {
  if (options.examples) return *options.examples;
  if (!format.pairs) return Examples::kTrees;
  return format.trees ? GuessExamples(source.Sample(), options.classes) : Examples::kPairs;
}

Examples GuessExamples(std::string_view text, int classes) {
  size_t trees = 0, pairs = 0;
  bool scores = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    const size_t tab = std::min(line.find_first_of("\t(", first), line.size());
    const bool is_pair = tab < line.size() && line[tab] == '\t';
    ++(is_pair ? pairs : trees);
    scores = scores || (is_pair && IsScore(line.substr(0, tab)));
  }
  if (pairs <= trees) return Examples::kTrees;
  return scores && classes == 0 ? Examples::kScoredPairs : Examples::kPairs;
}

}  // namespace grove
