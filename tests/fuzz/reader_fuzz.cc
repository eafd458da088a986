// Any bytes as a file of trees: readers find faults, and neither crash nor leak. What they take
// for trees must be trees.
#include <stdlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/files/line_source.h"
#include "engine/files/tree_stream.h"
#include "engine/files/treebank.h"

namespace grove {
namespace {

// libFuzzer reports it with the input.
void Require(bool condition) {
  if (!condition) std::abort();
}

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

// The first byte turns settings on.
TreebankOptions OptionsOf(std::string_view format, uint8_t settings) {
  TreebankOptions options;
  options.examples = format == "pairs"    ? Examples::kPairs
                     : format == "scores" ? Examples::kScoredPairs
                     : format == "logic"  ? Examples::kPairs
                     : format == "second" ? Examples::kScoredPairs
                                          : Examples::kTrees;
  if (format == "auto") options.examples.reset();
  options.reading.format = format == "pairs" || format == "scores" ? "brackets"
                           : format == "second"                    ? "parents"
                                                                   : format;
  options.reading.keep_unary = (settings & 1) != 0;
  options.reading.strip_functions = (settings & 2) != 0;
  options.reading.strip_traces = (settings & 4) != 0;
  options.reading.lower_case = (settings & 8) != 0;
  options.most_children = (settings & 16) != 0 ? 2 : 0;
  options.targets_may_lack = (settings & 32) != 0;
  options.flat = (settings & 64) != 0;
  if (format == "conllu") {
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

// The parts of the input, parted by zeros, as the files that belong together.
void ReadParents(std::string_view text, const TreebankOptions& options) {
  static const std::string kFolder = [] {
    std::string name = (std::filesystem::temp_directory_path() / "grove_fuzz_XXXXXX").string();
    Require(mkdtemp(name.data()) != nullptr);
    return name;
  }();
  const bool pairs = options.examples != Examples::kTrees;
  const std::vector<const char*> names =
      pairs ? std::vector{"/a.parents", "/a.toks", "/b.parents", "/b.toks", "/sim.txt"}
            : std::vector{"/a.cparents", "/a.toks", "/a.labels"};
  for (const char* name : names) {
    const size_t end = std::min(text.find('\0'), text.size());
    std::ofstream(kFolder + name, std::ios::binary) << text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  Read(LineSource(kFolder + names.front()), options);
}

void FuzzOne(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::string_view format = FUZZED;
  const TreebankOptions options = OptionsOf(format, static_cast<uint8_t>(bytes.front()));
  bytes.remove_prefix(1);
  try {
    if (format == "parents" || format == "second") {
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
