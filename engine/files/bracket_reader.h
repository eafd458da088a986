// The bracketing of the Penn Treebank, as the field writes it: a label first in every node, words
// at the leaves, `(S (NP Ana) (VP sings))`. `.` stands for no label, and so does the empty root of
// `( (S ...))`. A tree stands on a line or runs over several, which are blank or indented but for
// the first; a tree whose first line holds nothing but opening brackets may go on without indent.
//
// Nodes with one child are left out, with the upper label on the child, unless they are to be kept.
// In files `-LRB-`, `-RRB-`, `\/`, `\*` stand for `(`, `)`, `/`, `*`; in memory words are plain.
//
// In a file of pairs a line is a label, a tab, a tree, a tab and a tree: `2\t(. a)\t(. b)`. The
// label is a class or, of scored pairs, a number from 1 to kScores; those of nodes say nothing.
#pragma once

#include <memory>

#include "engine/files/tree_reader.h"

namespace grove {

std::unique_ptr<TreeReader> MakeBracketReader(TreebankBuilder& builder,
                                              const TreebankOptions& options,
                                              const LineSource& source);

}  // namespace grove
