// The files of the Stanford Tree-LSTM code: in one a tree a line, as the parents of its nodes,
// counted from 1, 0 at the root, parted by blanks or `|`; in others beside it the tokens and the
// labels of the same trees.
//
// As many tokens as nodes: a dependency tree, a node a token; tokens with the parent -1 are in no
// tree. Fewer tokens: they are the leaves, the first nodes of the list, and inner nodes follow.
// Children stand in the order of their words. In tokens -LRB- and the like are what they are in
// brackets.
//
//   trees                        tokens                       labels, if there are any
//   STree.txt                    SOStr.txt                    labels.txt, sent.labels
//   NAME.cparents, parents.txt   NAME.toks, sents.toks,       NAME.labels, labels.txt, sent.labels
//   NAME.parents                 sents.txt                    NAME.labels, dlabels.txt, sent.labels
//
// Of pairs of trees the first stand in a.parents and a.toks, the second in b.parents and b.toks, or
// .cparents; scores in sim.txt, classes in ent.txt.
//
// A line of labels has one for the root or one for each node; `#` and `.` are none. Where there are
// negative numbers, as from -2 to 2, all are counted from -2.
#pragma once

#include <memory>

#include "engine/files/tree_reader.h"

namespace grove {

std::unique_ptr<TreeReader> MakeParentsReader(TreebankBuilder& builder,
                                              const TreebankOptions& options,
                                              const LineSource& source);

}  // namespace grove
