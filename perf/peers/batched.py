"""Both models level by level, as one writes them for speed: matrices side by side, so that a level
is one or two products; the leaves' share of all levels in a single product; gathers by
index_select; autograd. by_hand.py replaces autograd where it costs most.

Letters: n width, M inner nodes of the minibatch, m those of a level. Matrices are stored for row
vectors: (in, out).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from grove_files import Tree
from optimiser import Settings, Weights, Words
from schedule import Schedule, TreeTensor, schedule, tree_tensor

GATES = ("i1", "i2", "f1", "f2")


class Batched:
    """A model is a subclass: its blocks of weights, and h of the inner nodes (M, n) from them."""

    def __init__(self, settings: Settings, start: dict[str, Tensor], ids: dict[str, int]):
        self.settings = settings
        self.ids = ids
        blocks = [*self.pack(start), start["softmax.W"], start["softmax.b"]]
        self.weights = Weights(blocks, settings)
        self.words = Words(start["embeddings"], settings)

    def prepare(self, trees: list[Tree]) -> list[TreeTensor]:
        return [tree_tensor(tree, self.ids, self.words.none) for tree in trees]

    def train(self, trees: list[TreeTensor]) -> tuple[float, int]:
        """One minibatch, updated; the sum of the losses and the number of right answers."""
        s = schedule(trees)
        rows = self.words.fetch(s.words)
        *blocks, softmax, bias = self.weights.views
        h = torch.cat([self.inner(blocks, s, rows), rows])
        logits = F.linear(h.index_select(0, s.root), softmax, bias)
        loss = F.cross_entropy(logits, s.labels)
        loss.backward()
        self.weights.step()
        self.words.step(s.words, rows)
        return loss.item() * len(trees), int((logits.argmax(1) == s.labels).sum())

    def named_weights(self) -> dict[str, Tensor]:
        *blocks, softmax, bias = [view.detach() for view in self.weights.views]
        named = self.unpack(blocks)
        named.update({"softmax.W": softmax, "softmax.b": bias, "embeddings": self.words.table[:-1]})
        return named


def leaf_pairs(s: Schedule, rows: Tensor) -> Tensor:
    """(M, 2 n): the word vectors of both children, 0 for those that are inner nodes."""
    return rows.index_select(0, s.leaf_word.view(-1)).view(-1, 2 * rows.shape[1])


class BatchedRnn(Batched):
    """p = tanh([x y] W + [leaf x, leaf y] W_leaf + b), W = W1 over W2."""

    def pack(self, w: dict[str, Tensor]) -> list[Tensor]:
        def both(leaf: str) -> Tensor:
            return torch.cat([w[leaf + "W1"].t(), w[leaf + "W2"].t()])

        return [both(""), both("leaf."), w["b"]]

    def unpack(self, blocks: list[Tensor]) -> dict[str, Tensor]:
        n = self.settings.dim
        w, leaf, b = blocks
        return {"W1": w[:n].t(), "W2": w[n:].t(),
                "leaf.W1": leaf[:n].t(), "leaf.W2": leaf[n:].t(), "b": b}

    def inner(self, blocks: list[Tensor], s: Schedule, rows: Tensor) -> Tensor:
        return self.levels(s, leaf_pairs(s, rows), *blocks)

    def levels(self, s: Schedule, pairs: Tensor, w: Tensor, leaf: Tensor, b: Tensor) -> Tensor:
        """h (M, n) from the word vectors of leaf children, `pairs` (M, 2 n)."""
        z = torch.addmm(b, pairs, leaf)  # the leaves' share
        h = z.new_zeros(1, z.shape[1])
        for i, (z_level, child) in enumerate(zip(z.split(s.counts), s.child.split(s.counts))):
            if i > 0:  # the lowest level has leaves only
                xy = h.index_select(0, child.view(-1)).view(len(child), -1)
                z_level = torch.addmm(z_level, xy, w)
            h = torch.cat([h, torch.tanh(z_level)])
        return h[1:]


class BatchedRlstm(Batched):
    """A row of z is i1 i2 f1 f2 | W_c1 x, W_c2 y | o, 7 n; the state of a node is its h and c."""

    def pack(self, w: dict[str, Tensor]) -> list[Tensor]:
        def gates(prefix: str) -> Tensor:
            return torch.cat([w[prefix + g].t() for g in GATES], 1)

        def sides(leaf: str) -> list[Tensor]:
            return [torch.cat([w[f"{leaf}W_c{k}"].t(), w[f"{leaf}W_o{k}"].t()], 1) for k in (1, 2)]

        return [torch.cat([gates("W_"), gates("W_c")]), *sides(""), gates("leaf.W_"),
                *sides("leaf."), w["W_co"].t(), w["b_i"], w["b_f"], w["b_c"], w["b_o"]]

    def unpack(self, blocks: list[Tensor]) -> dict[str, Tensor]:
        n = self.settings.dim
        own, left, right, leaf, leaf_left, leaf_right, co, bi, bf, bc, bo = blocks
        named = {"W_co": co.t(), "b_i": bi, "b_f": bf, "b_c": bc, "b_o": bo}
        for prefix, block in (("W_", own[:n]), ("W_c", own[n:]), ("leaf.W_", leaf)):
            named.update({prefix + g: part.t() for g, part in zip(GATES, block.split(n, 1))})
        for prefix, pair in (("", (left, right)), ("leaf.", (leaf_left, leaf_right))):
            for k, block in zip((1, 2), pair):
                c, o = block.split(n, 1)
                named.update({f"{prefix}W_c{k}": c.t(), f"{prefix}W_o{k}": o.t()})
        return named

    def inner(self, blocks: list[Tensor], s: Schedule, rows: Tensor) -> Tensor:
        own, left, right, leaf, leaf_left, leaf_right, co, bi, bf, bc, bo = blocks
        bias = torch.cat([bi, bi, bf, bf, torch.zeros_like(bi), torch.zeros_like(bi), bo])
        return self.levels(s, leaf_pairs(s, rows), side_by_side(own, left, right),
                           side_by_side(leaf, leaf_left, leaf_right), bias, co, bc)

    def levels(self, s: Schedule, pairs: Tensor, w: Tensor, leaf: Tensor, bias: Tensor, co: Tensor,
               bc: Tensor) -> Tensor:
        """h (M, n) from the word vectors of leaf children, `pairs` (M, 2 n)."""
        n = self.settings.dim
        z = torch.addmm(bias, pairs, leaf)  # the leaves' share
        state = z.new_zeros(1, 2 * n)
        for i, (z_level, child) in enumerate(zip(z.split(s.counts), s.child.split(s.counts))):
            m = len(child)
            if i > 0:  # the lowest level has leaves only
                xy = state.index_select(0, child.view(-1)).view(m, 4 * n)
                z_level = torch.addmm(z_level, xy, w)
            gates, a, zo = z_level.split([4 * n, 2 * n, n], 1)
            i12, f12 = torch.sigmoid(gates).split(2 * n, 1)
            c = torch.tanh((i12 * a).view(m, 2, n).sum(1) + bc)
            if i > 0:
                c = c + (f12.view(m, 2, n) * xy.view(m, 2, 2 * n)[:, :, n:]).sum(1)
            o = torch.sigmoid(torch.addmm(zo, c, co))
            state = torch.cat([state, torch.cat([o * torch.tanh(c), c], 1)])
        return state[1:, :n]


def side_by_side(own: Tensor, left: Tensor, right: Tensor) -> Tensor:
    """The matrix of a pair of children. `own` (k, 4 n) are the gates in the left child's view, with
    k = n, or 2 n where a cell stands below h; the right child's are the same, 1 and 2 exchanged.
    `left` and `right` (n, 2 n) are W_c and W_o of the side."""
    k, n = own.shape[0], left.shape[0]
    swapped = own.view(k, 2, 2, n).flip(2).reshape(k, 4 * n)
    zero = own.new_zeros(n, n)
    cells = [own.new_zeros(k - n, 3 * n)] if k > n else []
    c1, o1 = left.split(n, 1)
    sides_x = torch.cat([torch.cat([c1, zero, o1], 1), *cells])
    sides_y = torch.cat([torch.cat([zero, right], 1), *cells])
    return torch.cat([torch.cat([own, sides_x], 1), torch.cat([swapped, sides_y], 1)])
