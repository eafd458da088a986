"""Both models node by node, as the paper prints them: the recursive definition, and autograd."""

import torch
import torch.nn.functional as F
from torch import Tensor

from grove_files import Tree
from optimiser import Settings, Weights, Words


class Naive:
    def __init__(self, settings: Settings, start: dict[str, Tensor], ids: dict[str, int]):
        self.settings = settings
        self.ids = ids
        self.names = [name for name in start if name != "embeddings"]
        self.weights = Weights([start[name] for name in self.names], settings)
        self.words = Words(start["embeddings"], settings)
        self.w = dict(zip(self.names, self.weights.views))
        self.node = self.rnn if settings.model == "rnn" else self.rlstm
        self.zero = torch.zeros(settings.dim)

    def prepare(self, trees: list[Tree]) -> list[Tree]:
        return trees

    def train(self, trees: list[Tree]) -> tuple[float, int]:
        """One minibatch, updated; the sum of the losses and the number of right answers."""
        words = {w: 0 for tree in trees for w in tree.word if w}
        ids = torch.tensor([self.ids[w] for w in words])
        rows = self.words.fetch(ids)
        vectors = dict(zip(words, rows.unbind()))
        logits = torch.stack([self.tree(tree, vectors) for tree in trees])
        labels = torch.tensor([tree.label for tree in trees])
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        self.weights.step()
        self.words.step(ids, rows)
        return loss.item() * len(trees), int((logits.argmax(1) == labels).sum())

    def tree(self, tree: Tree, vectors: dict[str, Tensor]) -> Tensor:
        states = []  # of the nodes: h, c, and which set of matrices acts on h
        for l, r, word in zip(tree.left, tree.right, tree.word):
            if l < 0:
                states.append((vectors[word], self.zero, "leaf."))
            else:
                states.append((*self.node(states[l], states[r]), ""))
        return self.w["softmax.W"] @ states[-1][0] + self.w["softmax.b"]

    def rnn(self, left: tuple, right: tuple) -> tuple[Tensor, Tensor]:
        w = self.w
        x, _, lx = left
        y, _, ly = right
        return torch.tanh(w[lx + "W1"] @ x + w[ly + "W2"] @ y + w["b"]), self.zero

    def rlstm(self, left: tuple, right: tuple) -> tuple[Tensor, Tensor]:
        w = self.w
        x, cx, lx = left
        y, cy, ly = right
        i1, i2 = self.gate("i", left, right), self.gate("i", right, left)
        f1, f2 = self.gate("f", left, right), self.gate("f", right, left)
        cp = f1 * cx + f2 * cy
        cp = cp + torch.tanh(w[lx + "W_c1"] @ x * i1 + w[ly + "W_c2"] @ y * i2 + w["b_c"])
        o = torch.sigmoid(
            w[lx + "W_o1"] @ x + w[ly + "W_o2"] @ y + w["W_co"] @ cp + w["b_o"])
        return o * torch.tanh(cp), cp

    def gate(self, g: str, own: tuple, sibling: tuple) -> Tensor:
        w = self.w
        x, cx, lx = own
        y, cy, ly = sibling
        z = w[f"{lx}W_{g}1"] @ x + w[f"{ly}W_{g}2"] @ y + w[f"b_{g}"]
        # Leaves have no cell.
        if not lx:
            z = z + w[f"W_c{g}1"] @ cx
        if not ly:
            z = z + w[f"W_c{g}2"] @ cy
        return torch.sigmoid(z)

    def named_weights(self) -> dict[str, Tensor]:
        named = {name: view.detach() for name, view in self.w.items()}
        named["embeddings"] = self.words.table[:-1]
        return named
