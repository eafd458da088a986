#include "engine/files/dependency_tree.h"

#include <algorithm>
#include <numeric>

namespace grove {
namespace {

bool Fail(size_t node, std::string message, ListFault& fault) {
  fault = {node, std::move(message)};
  return false;
}

// Children of each node, and the root.
struct Links {
  std::vector<int32_t> first;     // (nodes + 1) into `children`
  std::vector<int32_t> children;  // in the order of the list
  int32_t root = kNone;
};

bool Link(const std::vector<ListedNode>& nodes, Links& links, ListFault& fault) {
  links.first.assign(nodes.size() + 1, 0);
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].parent != kNone) {
      ++links.first[static_cast<size_t>(nodes[i].parent) + 1];
    } else if (links.root == kNone) {
      links.root = static_cast<int32_t>(i);
    } else {
      return Fail(i, "a second root: a tree has one", fault);
    }
  }
  if (links.root == kNone) return Fail(0, "no root: no node has the parent 0", fault);
  std::partial_sum(links.first.begin(), links.first.end(), links.first.begin());
  links.children.resize(nodes.size() - 1);
  std::vector<int32_t> next = links.first;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].parent == kNone) continue;
    links.children[static_cast<size_t>(next[static_cast<size_t>(nodes[i].parent)]++)] =
        static_cast<int32_t>(i);
  }
  return true;
}

// All nodes from the root down, each before its children; fewer if some are not below the root.
std::vector<int32_t> FromRoot(const Links& links) {
  std::vector<int32_t> order = {links.root};
  for (size_t i = 0; i < order.size(); ++i) {
    const auto node = static_cast<size_t>(order[i]);
    order.insert(order.end(), links.children.begin() + links.first[node],
                 links.children.begin() + links.first[node + 1]);
  }
  return order;
}

// Sorts children by the first of the leaves below them.
void SortByLeaves(const std::vector<int32_t>& order, Links& links) {
  std::vector<int32_t> first_leaf(order.size());
  for (size_t i = order.size(); i-- > 0;) {
    const auto node = static_cast<size_t>(order[i]);
    const auto begin = links.children.begin() + links.first[node];
    const auto end = links.children.begin() + links.first[node + 1];
    first_leaf[node] = order[i];
    if (begin == end) continue;
    std::sort(begin, end, [&](int32_t a, int32_t b) {
      return first_leaf[static_cast<size_t>(a)] < first_leaf[static_cast<size_t>(b)];
    });
    first_leaf[node] = first_leaf[static_cast<size_t>(*begin)];
  }
}

// All nodes, each behind its children, subtrees from left to right.
std::vector<int32_t> PostOrder(const Links& links) {
  std::vector<int32_t> order, stack = {links.root};
  // Root, then its subtrees from right to left, is post-order read backwards.
  while (!stack.empty()) {
    const int32_t node = stack.back();
    stack.pop_back();
    order.push_back(node);
    const auto at = static_cast<size_t>(node);
    stack.insert(stack.end(), links.children.begin() + links.first[at],
                 links.children.begin() + links.first[at + 1]);
  }
  std::reverse(order.begin(), order.end());
  return order;
}

}  // namespace

bool AddListedTree(const std::vector<ListedNode>& nodes, bool by_first_leaf, bool keep_unary,
                   TreebankBuilder& builder, ListFault& fault) {
  Links links;
  if (!Link(nodes, links, fault)) return false;
  const std::vector<int32_t> from_root = FromRoot(links);
  if (from_root.size() < nodes.size()) {
    std::vector<bool> reached(nodes.size(), false);
    for (const int32_t node : from_root) reached[static_cast<size_t>(node)] = true;
    const auto lost = std::find(reached.begin(), reached.end(), false);
    return Fail(static_cast<size_t>(lost - reached.begin()),
                "a circle of parents: no way leads from here to the root", fault);
  }
  if (by_first_leaf) SortByLeaves(from_root, links);
  std::vector<int32_t> position(nodes.size()), children;
  for (const int32_t node : PostOrder(links)) {
    const auto at = static_cast<size_t>(node);
    children.clear();
    for (int32_t i = links.first[at]; i < links.first[at + 1]; ++i) {
      children.push_back(position[static_cast<size_t>(links.children[static_cast<size_t>(i)])]);
    }
    if (children.size() == 1 && nodes[at].word.id == kNone && !keep_unary) {
      position[at] = children.front();
      builder.Collapse(position[at], nodes[at].label);
    } else if (children.empty() && nodes[at].word.id == kNone) {
      return Fail(at, "a node without children and without a word", fault);
    } else if (!builder.AddNode(children, nodes[at].word, nodes[at].label, position[at])) {
      return Fail(at, builder.message(), fault);
    }
  }
  return builder.FinishTree() || Fail(0, builder.message(), fault);
}

bool AddFlatTree(const std::vector<ListedNode>& nodes, TreebankBuilder& builder, ListFault& fault) {
  std::vector<int32_t> words;
  int32_t label = kNone;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].parent == kNone) label = nodes[i].label;
    if (nodes[i].word.id == kNone) continue;
    if (!builder.AddNode({}, nodes[i].word, kNone, words.emplace_back())) {
      return Fail(i, builder.message(), fault);
    }
  }
  if (words.empty()) return Fail(0, "a sentence without a word", fault);
  int32_t root = words.front();
  if (words.size() == 1) {
    builder.Collapse(root, label);
  } else if (!builder.AddNode(words, {}, label, root)) {
    return Fail(0, builder.message(), fault);
  }
  return builder.FinishTree() || Fail(0, builder.message(), fault);
}

}  // namespace grove
