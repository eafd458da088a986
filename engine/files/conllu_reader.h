// CoNLL-U (universaldependencies.org/format): a word a line in ten columns parted by tabs, comments
// before a sentence, a blank line behind it. A sentence becomes a tree whose nodes are its words,
// children in the order of the words, for cells that take a word at every node.
//
// Multi-word tokens (3-4) and empty nodes (5.1) are passed over, as the standard has it: the words
// are the syntactic ones. A blank in a word becomes an underscore. Nodes have the labels that the
// setting `label` asks for: of the sentence, from a comment `# KEY = ...`, at the root; of the
// words, UPOS or DEPREL, at every node. `_` is no label.
#pragma once

#include <memory>

#include "engine/files/tree_reader.h"

namespace grove {

std::unique_ptr<TreeReader> MakeConlluReader(TreebankBuilder& builder,
                                             const TreebankOptions& options,
                                             const LineSource& source);

bool LooksLikeConllu(std::string_view sample);

}  // namespace grove
