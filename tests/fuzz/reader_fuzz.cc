// Any bytes as a file of trees, of word vectors or of tensors: readers find faults, and neither
// crash nor leak. What they take for trees must be trees.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/files/line_source.h"
#include "engine/files/tree_stream.h"
#include "engine/files/treebank.h"
#include "engine/files/vocabulary.h"
#include "engine/files/word_vectors.h"
#include "tests/fuzz/fuzz.h"

namespace grove {
namespace {

void RequireTrees(const Forest& forest, size_t words, size_t classes) {
  Require(forest.trees() % static_cast<size_t>(forest.trees_per_example) == 0);
  for (size_t t = 0; t < forest.trees(); ++t) {
    Require(forest.root(t) >= forest.tree_begin[t]);
    for (int32_t node = forest.tree_begin[t]; node <= forest.root(t); ++node) {
      const auto at = static_cast<size_t>(node);
      for (const int32_t child : forest.Children(node)) {
        Require(child >= forest.tree_begin[t] && child < node);
      }
      Require(!forest.IsLeaf(node) || forest.word[at] != kNone);
      Require(forest.word[at] >= kNone && forest.word[at] < static_cast<int32_t>(words));
      Require(forest.label[at] >= kNone && forest.label[at] < static_cast<int32_t>(classes));
    }
  }
}

// The first byte turns settings on. Where a reader knows two forms, its highest bit chooses.
TreebankOptions OptionsOf(std::string_view reader, uint8_t settings) {
  const bool second = (settings & 128) != 0;
  TreebankOptions options;
  options.reading.format = reader;
  if (reader == "pairs") {
    options.reading.format = "brackets";
    options.examples = second ? Examples::kScoredPairs : Examples::kPairs;
  } else if (reader == "tables") {
    options.reading.format = second ? "logic" : "listops";
    options.examples = second ? Examples::kPairs : Examples::kTrees;
  } else if (reader == "parents" && second) {
    options.examples = Examples::kScoredPairs;
  } else if (reader == "brackets" && second) {
    options.reading.format = "auto";
    options.examples.reset();
  }
  options.reading.keep_unary = (settings & 1) != 0;
  options.reading.strip_functions = (settings & 2) != 0;
  options.reading.strip_traces = (settings & 4) != 0;
  options.reading.lower_case = (settings & 8) != 0;
  options.most_children = (settings & 16) != 0 ? 2 : 0;
  options.targets_may_lack = (settings & 32) != 0;
  options.flat = (settings & 64) != 0;
  if (reader == "conllu") {
    const char* const labels[] = {"", "upos", "deprel", "comment:a"};
    options.reading.label = labels[settings >> 4 & 3];
  }
  return options;
}

void Read(LineSource source, const TreebankOptions& options) {
  TreeStream stream(std::move(source), options);
  while (stream.ReadLine()) {
    for (const TreebankFault& fault : stream.faults()) Require(!Describe("f", fault).empty());
  }
  const Treebank treebank = stream.TakeTreebank();
  RequireTrees(treebank.forest, treebank.words.size(),
               treebank.classes == 0 ? 0 : static_cast<size_t>(treebank.classes));
}

// Vectors of a few words, which may be in the file or not.
void ReadVectors(std::string_view text) {
  static const Vocabulary kWords({"a", "b", "dog", "the", "<unk>"}, 5);
  const WordVectors read = ReadWordVectors(Put("vectors", text), kWords);
  Require(read.width > 0);
  Require(read.vectors.size() == read.ids.size() * static_cast<size_t>(read.width));
  for (const float value : read.vectors) Require(std::isfinite(value));
}

// The parts of the input, parted by zeros, as the files that belong together.
void ReadParents(std::string_view text, const TreebankOptions& options) {
  const bool pairs = options.examples != Examples::kTrees;
  const std::vector<const char*> names =
      pairs ? std::vector{"a.parents", "a.toks", "b.parents", "b.toks", "sim.txt"}
            : std::vector{"a.cparents", "a.toks", "a.labels"};
  for (const char* name : names) Put(name, TakeText(text));
  Read(LineSource(Folder() + "/" + names.front()), options);
}

void FuzzOne(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::string_view reader = FUZZED;
  const TreebankOptions options = OptionsOf(reader, static_cast<uint8_t>(bytes.front()));
  bytes.remove_prefix(1);
  try {
    if (reader == "tensors") {
      ReadTensorFile(Put("tensors", bytes));
    } else if (reader == "vectors") {
      ReadVectors(bytes);
    } else if (reader == "parents") {
      ReadParents(bytes, options);
    } else {
      Read(LineSource::OfText(bytes, "f"), options);
    }
  } catch (const Error& error) {
    Require(*error.what() != '\0');
  }
}

}  // namespace
}  // namespace grove

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  grove::FuzzOne({reinterpret_cast<const char*>(data), size});
  return 0;
}
