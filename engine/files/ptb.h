// Treebank files in the bracketing of the Penn Treebank: a tree a line, a label first in every
// node, binary, words at the leaves: `(6 (. 4711) (. 607))`, where `.` means unlabelled (spec
// section 7).
//
// Blank lines are skipped and a CR before the line end is ignored. A word is UTF-8 without space,
// tab, control characters and brackets; in files `-LRB-`, `-RRB-`, `\/`, `\*` stand for `(`, `)`,
// `/`, `*`, in memory words are plain. Bytes that are no UTF-8 are a fault wherever they stand in a
// line, because a model keeps its words as JSON.
//
// In a file of pairs a line is a label, a tab, a tree, a tab and a tree: `2\t(. a)\t(. b)`. The
// label is a class or, of scored pairs, a number from 1 to kScores; those of nodes say nothing.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/trees/forest.h"

namespace grove {

// What a line of a file holds.
enum class Examples { kTrees, kPairs, kScoredPairs };

// What most lines of a text look like: pairs have a tab before their first bracket. Of pairs, one
// number with a decimal point makes scores of all, unless the number of `classes` is given (0: it
// is not). Scores that are all whole numbers are taken for classes.
Examples GuessExamples(std::string_view text, int classes = 0);

// Where in a file, both from 1; columns count bytes.
struct PtbPlace {
  size_t line = 0;
  size_t column = 0;
};

// The trees of one file, with their own numbering of words.
struct PtbTrees {
  // Word ids are positions in `words`. `keyword` of a tree whose words are all plain integers,
  // exactly one of them below 1000, is that leaf; of every other tree kNone.
  Forest forest;
  std::vector<std::string> words;      // in order of first occurrence
  std::vector<PtbPlace> first_places;  // of each word
  int classes = 0;   // as asked for, or the greatest label + 1; 0: there are no labels
  std::string xxh3;  // HashText (engine/run_spec_json.h) of the text that was parsed
};

struct PtbFault {
  PtbPlace place;
  std::string message;
};

// Labels of a file of unknown classes are below this, as in the paper's task and in sentiment
// treebanks: a stray number must not become a class. Files with more classes say how many.
inline constexpr int kInferredClassesLimit = 10;
// The most classes a file can have.
inline constexpr int kMaxClasses = 65536;

// Reads a file whose labels are below `classes` (0: the greatest label + 1, at most
// kInferredClassesLimit). `limit_reason` tells in messages where `classes` comes from, as "the
// model m.safetensors has 5 classes"; empty: the setting `classes`. Throws Error:
// `path:line:column: message` of the first fault, or that the file cannot be read, is no regular
// file, or has no tree.
PtbTrees ReadPtb(const std::string& path, int classes = 0, const std::string& limit_reason = "",
                 Examples examples = Examples::kTrees);
// The same, or nothing if `stop` became true before the end: it is looked at before every line.
std::optional<PtbTrees> ReadPtb(const std::string& path, int classes,
                                const std::string& limit_reason, Examples examples,
                                const std::atomic<bool>& stop);

// The same on text already in memory; `name` stands for the path in messages.
PtbTrees ParsePtb(std::string_view text, const std::string& name, int classes = 0,
                  const std::string& limit_reason = "", Examples examples = Examples::kTrees);

// Every fault of a file (or a pipe: it is read once), at most one a line: reading goes on at the
// next line. Without `examples` they are guessed. Throws Error only if the file cannot be read.
struct PtbCheck {
  Examples examples = Examples::kTrees;
  size_t trees = 0;  // of lines without fault
  std::vector<PtbFault> faults;
};
PtbCheck CheckPtb(const std::string& path, int classes = 0,
                  std::optional<Examples> examples = std::nullopt);

// "path:line:column: message"
std::string Describe(const std::string& path, const PtbFault& fault);

// The trees as text; `words` are spellings by id, empty: the id itself is the spelling. Throws
// Error if a word is empty or holds white space, control characters or bytes that are no UTF-8: no
// reader could get it back.
std::string FormatPtb(const Forest& forest, const std::vector<std::string>& words);

// Writes FormatPtb to `path`, whole or not at all.
void WritePtb(const std::string& path, const Forest& forest, const std::vector<std::string>& words);

}  // namespace grove
