// What knows one format of files of trees: it takes the lines of a text and gives a builder
// (engine/files/treebank_builder.h) the trees. To add one: a reader in a file of its own, and its
// row in the table of formats.cc.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/files/line_source.h"
#include "engine/files/treebank.h"
#include "engine/files/treebank_builder.h"

namespace grove {

// A line without its end, UTF-8 without control characters.
struct TextLine {
  std::string_view text;
  size_t number = 0;
  bool cut = false;  // the text ended before a line end
};

class TreeReader {
 public:
  using Faults = std::vector<TreebankFault>;

  TreeReader() = default;
  virtual ~TreeReader() = default;
  TreeReader(const TreeReader&) = delete;
  TreeReader& operator=(const TreeReader&) = delete;

  // Takes the next line. Faults are added to the list; a tree with a fault is no tree of the file.
  virtual void Line(const TextLine& line, Faults& faults) = 0;
  // The next line is no text: what it belongs to is no tree.
  virtual void Skip(std::string_view) {}
  // The text has ended.
  virtual void End(Faults&) {}
  // The hash of all that was read, given that of the text.
  virtual std::string HashWith(const std::string& xxh3) const { return xxh3; }
};

// A row of the table of formats.
struct TreeFormat {
  const char* name;     // as settings name it
  const char* endings;  // of file names, or names, each between blanks: " .conllu .conll "
  const char* summary;  // for help texts
  bool trees, pairs;    // what it can hold
  bool takes_label;     // whether the setting `label` says where labels come from
  // Whether the first lines of a text look so; null: nothing can be told from them.
  bool (*looks)(std::string_view sample);
  // `source` is looked at for its name alone. Throws Error if a file is missing.
  std::unique_ptr<TreeReader> (*make)(TreebankBuilder& builder, const TreebankOptions& options,
                                      const LineSource& source);
};

}  // namespace grove
