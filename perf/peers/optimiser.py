"""AdaGrad as Grove has it, with the L2 term of the objective: g = dJ/dx + lambda x, a += g^2,
x -= eta g / (sqrt(a) + epsilon), where the very first step may be the plain one, x -= eta g."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass
class Settings:
    """Of a run; the names are those of Grove's run spec."""

    model: str
    dim: int
    batch: int
    learning_rate: float
    l2: float
    adagrad_epsilon: float
    first_step: str  # "sgd", "adagrad"


class Weights:
    """All weights as views of one flat tensor, so that a step is five passes over it."""

    def __init__(self, tensors: list[Tensor], settings: Settings):
        self.settings = settings
        self.flat = torch.cat([t.reshape(-1) for t in tensors])
        self.grad = torch.zeros_like(self.flat)
        self.sum = torch.zeros_like(self.flat)
        self.plain = settings.first_step == "sgd"
        self.views = []
        begin = 0
        for t in tensors:
            end = begin + t.numel()
            view = self.flat[begin:end].view(t.shape).detach().requires_grad_()
            view.grad = self.grad[begin:end].view(t.shape)  # backward adds in place
            self.views.append(view)
            begin = end

    @torch.no_grad()
    def step(self) -> None:
        s = self.settings
        self.grad.add_(self.flat, alpha=s.l2)
        self.sum.addcmul_(self.grad, self.grad)
        if self.plain:
            self.flat.add_(self.grad, alpha=-s.learning_rate)
            self.plain = False
        else:
            root = self.sum.sqrt().add_(s.adagrad_epsilon)
            self.flat.addcdiv_(self.grad, root, value=-s.learning_rate)
        self.grad.zero_()


class Words:
    """Word vectors. Only the rows of a minibatch are read and updated. Behind the last word stands
    a row of zeros, so that nodes without a word have one to point at."""

    def __init__(self, table: Tensor, settings: Settings):
        self.settings = settings
        self.none = table.shape[0]
        self.table = torch.cat([table, table.new_zeros(1, table.shape[1])])
        self.sum = torch.zeros_like(self.table)
        self.seen = torch.zeros(self.none + 1, 1, dtype=torch.bool)

    def fetch(self, ids: Tensor) -> Tensor:
        return self.table.index_select(0, ids).requires_grad_()

    @torch.no_grad()
    def step(self, ids: Tensor, rows: Tensor) -> None:
        """`rows` is what fetch(ids) gave, with its gradient; no id may come twice."""
        s = self.settings
        g = rows.grad.add_(rows, alpha=s.l2)
        a = self.sum.index_select(0, ids).addcmul_(g, g)
        step = g / a.sqrt().add_(s.adagrad_epsilon)
        if s.first_step == "sgd":
            step = torch.where(self.seen.index_select(0, ids), step, g)
            self.seen[ids] = True
        self.table.index_copy_(0, ids, rows - s.learning_rate * step)
        self.sum.index_copy_(0, ids, a)
        self.table[self.none].zero_()
        self.sum[self.none].zero_()
