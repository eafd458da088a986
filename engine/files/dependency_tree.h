// Trees given by the parent of each node, for the formats that list nodes so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/files/treebank_builder.h"

namespace grove {

// A node of a list, as a file has it. Parents and children are positions in the list.
struct ListedNode {
  int32_t parent = kNone;  // kNone: the root
  TreebankWord word = {};
  int32_t label = kNone;
};

// What is wrong with a list, and at which of its nodes.
struct ListFault {
  size_t node = 0;
  std::string message;
};

// Gives the builder the tree, children in the order of the list or, with `by_first_leaf`, of the
// first leaf below them. Nodes with one child and no word are left out unless `keep_unary`. Returns
// false and sets `fault` if the nodes are no tree or the builder refuses one. Nothing is recursive.
bool AddListedTree(const std::vector<ListedNode>& nodes, bool by_first_leaf, bool keep_unary,
                   TreebankBuilder& builder, ListFault& fault);

// The words of the list, in its order, as the children of one node with the root's label.
bool AddFlatTree(const std::vector<ListedNode>& nodes, TreebankBuilder& builder, ListFault& fault);

}  // namespace grove
