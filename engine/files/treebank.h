// Files of trees, in any of the formats of engine/files/formats.h: what a reader is told, what it
// finds, and what is wrong with a file.
//
// Words are UTF-8 without white space and control characters; bytes that are no UTF-8 are a fault
// wherever they stand in a line, because a model keeps its words as JSON. Labels are numbers from 0
// on, or names, in one file never both; `.` stands for none.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/files/vocabulary.h"
#include "engine/run_spec.h"
#include "engine/trees/forest.h"

namespace grove {

// What a file holds.
enum class Examples { kTrees, kPairs, kScoredPairs };

// What a run of these settings trains on: pairs if it compares them.
Examples ExamplesOf(const RunSpec& spec);

// Where in a file, both from 1; columns count bytes.
struct FilePlace {
  size_t line = 0;
  size_t column = 0;
};

struct TreebankFault {
  FilePlace place;
  std::string message;
  std::string near;  // the text around it
};

// Of a file that has none.
extern const TreebankFault kNoTree;

// "path:line:column: message, near '...'"
std::string Describe(const std::string& path, const TreebankFault& fault);

// What a reader is told beside the text.
struct TreebankOptions {
  ReadingSpec reading = {};
  // Without it pairs are told from trees by the first line.
  std::optional<Examples> examples = Examples::kTrees;
  // Labels are below; 0: the greatest label + 1, at most kInferredClassesLimit, or as many as there
  // are names.
  int classes = 0;
  // Why, for messages: "the model m.safetensors has 5 classes"; empty: the setting `classes`.
  std::string limit_reason = {};
  // Which names labels can have, by class; an empty list: labels are numbers. Without it the file's
  // first label says what labels are.
  std::optional<std::vector<std::string>> labels = std::nullopt;
  // Words get its ids; null: ids in order of first occurrence. Must outlive the reading.
  const Vocabulary* vocabulary = nullptr;
  // Whether a pair's target may be `.`, which becomes the label kNone or the score 0.
  bool targets_may_lack = false;
  // The nodes that will do, and whose they are, for messages; see TakenBy (engine/cells/model.h).
  int most_children = 0;  // 0: any number
  bool inner_words = true;
  std::string taker = {};
  // Sentences as one node each whose children are the words in their order.
  bool flat = false;
};

// The trees of one file.
struct Treebank {
  // Word ids are those of the given vocabulary, or positions in `words`. `keyword` of a tree whose
  // words are all plain integers, exactly one of them below 1000, is that leaf; of every other tree
  // kNone.
  Forest forest;
  std::vector<std::string> words;   // in order of first occurrence; empty with a vocabulary
  std::vector<std::string> labels;  // names by class; empty: labels are numbers
  int classes = 0;                  // as asked for or found; 0: there are no labels
  std::string xxh3;                 // HashText of what was read
  size_t collapsed = 0;             // nodes with one child that were left out
  size_t traces = 0;                // leaves that were left out
};

// Labels of a file of unknown classes are below this, as in the paper's task and in sentiment
// treebanks: a stray number must not become a class. Files with more classes say how many.
inline constexpr int kInferredClassesLimit = 10;
// The most classes a file can have.
inline constexpr int kMaxClasses = 65536;

// Reads a file. Throws Error: `path:line:column: message` of the first fault, or that the file
// cannot be read, is no regular file, or has no tree.
Treebank ReadTreebank(const std::string& path, const TreebankOptions& options = {});
// The same, or nothing if `stop` became true before the end: it is looked at before every line.
std::optional<Treebank> ReadTreebank(const std::string& path, const TreebankOptions& options,
                                     const std::atomic<bool>& stop);

// The same, also of a pipe or of standard input ("-"): what is looked at once need not be found
// again.
Treebank ReadOnce(const std::string& path, const TreebankOptions& options);

// The same on text already in memory; `name` stands for the path in messages.
Treebank ParseTreebank(std::string_view text, const std::string& name,
                       const TreebankOptions& options = {});

// Every fault of a file (or a pipe: it is read once), at most one a line: reading goes on at the
// next tree. Throws Error only if the file cannot be read.
struct TreebankCheck {
  std::string format;
  Examples examples = Examples::kTrees;
  size_t trees = 0;  // without fault
  size_t collapsed = 0, traces = 0;
  int32_t most_children = 0;
  bool inner_words = false;
  std::vector<TreebankFault> faults;  // the first kMostFaults
  size_t more_faults = 0;
};
inline constexpr size_t kMostFaults = 10000;
TreebankCheck CheckTreebank(const std::string& path, const TreebankOptions& options);

}  // namespace grove
