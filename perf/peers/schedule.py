"""Minibatches level by level: which nodes are evaluated together, as index tensors.

Letters: N nodes, M inner nodes, B trees. Nodes get rows in the order of their height, leaves first.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from grove_files import Tree


@dataclass
class TreeTensor:
    """What a tree brings to any minibatch; made once, when it is read."""

    nodes: Tensor  # (N, 4): height, left child, right child, word (`none` at inner nodes)
    size: int
    label: int


def tree_tensor(tree: Tree, ids: dict[str, int], none: int) -> TreeTensor:
    words = [ids[w] if w else none for w in tree.word]
    nodes = torch.tensor([tree.heights(), tree.left, tree.right, words]).t().contiguous()
    return TreeTensor(nodes, len(words), tree.label)


@dataclass
class Schedule:
    words: Tensor  # ids of the words that occur, each once; the last is `none`
    leaf_word: Tensor  # (M, 2) of each child: its place in `words`; that of `none` for inner nodes
    # (M, 2) of each child: its row among the inner nodes, from 1; 0 for leaves, which have no state
    child: Tensor
    counts: list[int]  # inner nodes of each level, lowest first
    # (M) the place 2 r + side of each inner node among the children; of a root, 2 M
    place: Tensor
    root: Tensor  # (B) row: inner nodes first, then `words` (of trees that are a single leaf)
    labels: Tensor  # (B)


def schedule(trees: list[TreeTensor]) -> Schedule:
    nodes = torch.cat([t.nodes for t in trees])
    sizes = torch.tensor([t.size for t in trees])
    ends = sizes.cumsum(0)
    height, left, right, word = nodes.unbind(1)
    counts = torch.bincount(height).tolist()
    leaves, inner_nodes = counts[0], nodes.shape[0] - counts[0]
    order = height.argsort(stable=True)
    row = torch.empty_like(order)
    row[order] = torch.arange(len(order))

    inner = order[leaves:]
    first = (ends - sizes).repeat_interleave(sizes)  # node of each node's tree
    children = torch.stack([left + first, right + first], 1).index_select(0, inner)
    child = (row[children] - (leaves - 1)).clamp_(min=0)
    words, place_of_word = torch.unique(word, return_inverse=True)

    roots = ends - 1
    is_leaf = height[roots] == 0
    root = torch.where(is_leaf, inner_nodes + place_of_word[roots], row[roots] - leaves)
    # Leaves write to row 0, which is dropped; so do the roots that are leaves.
    place = torch.empty(inner_nodes + 1, dtype=torch.int64)
    place[child.view(-1)] = torch.arange(2 * inner_nodes)
    place[torch.where(is_leaf, 0, root + 1)] = 2 * inner_nodes
    return Schedule(words, place_of_word[children], child, counts[1:], place[1:], root,
                    torch.tensor([t.label for t in trees]))
