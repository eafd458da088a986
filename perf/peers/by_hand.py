"""The batched models with the recursion's backward pass written by hand: no graph of many small
nodes, results written where they are needed, gathers instead of scatters on the way down, and one
product over all nodes for each weight gradient. The rest (words, classifier) stays with autograd.

Letters: n width, M inner nodes of the minibatch, b and e the rows of a level. "xy" are the states of
both children side by side; a level's backward pass writes their gradients to dxy, row 2 r + side, and
the children fetch them there (row 2 M is zero: a root has no parent).
"""

from itertools import accumulate, pairwise

import torch
from torch import Tensor

from batched import BatchedRlstm, BatchedRnn
from schedule import Schedule

sigmoid_backward = torch.ops.aten.sigmoid_backward  # dy y (1 - y)
tanh_backward = torch.ops.aten.tanh_backward  # dy (1 - y^2)


def levels(s: Schedule) -> list[tuple[int, int]]:
    return list(pairwise(accumulate(s.counts, initial=0)))


class RnnLevels(torch.autograd.Function):
    @staticmethod
    def forward(ctx, s, pairs, w, leaf, bias):
        n = len(bias)
        z = torch.addmm(bias, pairs, leaf)
        xy = z.new_empty(len(z), 2 * n)
        h = z.new_zeros(len(z) + 1, n)  # row 0 is that of leaves
        for b, e in levels(s):
            if b > 0:
                torch.index_select(h, 0, s.child[b:e].view(-1), out=xy[b:e].view(-1, n))
                z[b:e].addmm_(xy[b:e], w)
            torch.tanh(z[b:e], out=h[b + 1 : e + 1])
        ctx.s = s
        ctx.save_for_backward(pairs, w, leaf, xy, h)
        return h[1:]

    @staticmethod
    def backward(ctx, dh):
        s = ctx.s
        pairs, w, leaf, xy, h = ctx.saved_tensors
        n = h.shape[1]
        inner = s.counts[0] if s.counts else 0  # from this row on there are inner children
        dz = torch.empty_like(h[1:])
        dxy = h.new_zeros(2 * len(dz) + 1, n)
        for b, e in reversed(levels(s)):
            dp = dxy.index_select(0, s.place[b:e]).add_(dh[b:e])
            tanh_backward(dp, h[b + 1 : e + 1], grad_input=dz[b:e])
            if b > 0:
                torch.mm(dz[b:e], w.t(), out=dxy[2 * b : 2 * e].view(-1, 2 * n))
        return (None, dz @ leaf.t(), xy[inner:].t() @ dz[inner:], pairs.t() @ dz, dz.sum(0))


class RlstmLevels(torch.autograd.Function):
    """z (M, 7, n) holds i1 i2 f1 f2, W_c1 x, W_c2 y, o; the state of a node is h and c."""

    @staticmethod
    def forward(ctx, s, pairs, w, leaf, bias, co, bc):
        n = len(bc)
        z = torch.addmm(bias, pairs, leaf)
        xy = z.new_empty(len(z), 4 * n)
        state = z.new_zeros(len(z) + 1, 2 * n)  # row 0 is that of leaves
        u, t = z.new_empty(len(z), n), z.new_empty(len(z), n)
        for b, e in levels(s):
            if b > 0:
                torch.index_select(state, 0, s.child[b:e].view(-1), out=xy[b:e].view(-1, 2 * n))
                z[b:e].addmm_(xy[b:e], w)
            z[b:e, : 4 * n].sigmoid_()
            i1, i2, f1, f2, a1, a2, o = z[b:e].split(n, 1)
            h, c = state[b + 1 : e + 1].split(n, 1)
            torch.tanh(torch.addcmul(bc, i1, a1).addcmul_(i2, a2), out=u[b:e])
            if b > 0:
                _, cx, _, cy = xy[b:e].split(n, 1)
                torch.addcmul(u[b:e], f1, cx, out=c).addcmul_(f2, cy)
            else:
                c.copy_(u[b:e])
            o.addmm_(c, co).sigmoid_()
            torch.tanh(c, out=t[b:e])
            torch.mul(o, t[b:e], out=h)
        ctx.s = s
        ctx.save_for_backward(pairs, w, leaf, co, z, xy, state, u, t)
        return state[1:, :n]

    @staticmethod
    def backward(ctx, dh):
        s = ctx.s
        pairs, w, leaf, co, z, xy, state, u, t = ctx.saved_tensors
        m, n = u.shape
        inner = s.counts[0] if s.counts else 0  # from this row on there are inner children
        dz, da = torch.empty_like(z), torch.empty_like(u)
        dxy = z.new_zeros(2 * m + 1, 2 * n)
        z3, dz3 = z.view(m, 7, n), dz.view(m, 7, n)
        cells, dcells = xy.view(m, 2, 2, n)[:, :, 1], dxy[:-1].view(m, 2, 2, n)[:, :, 1]
        for b, e in reversed(levels(s)):
            gates, a, o = z3[b:e].split((4, 2, 1), 1)
            dgates, d_a, dzo = dz3[b:e].split((4, 2, 1), 1)
            o, dzo = o.squeeze(1), dzo.squeeze(1)
            dp, dc = dxy.index_select(0, s.place[b:e]).split(n, 1)
            dp = dp + dh[b:e]
            sigmoid_backward(dp * t[b:e], o, grad_input=dzo)
            dc.add_(tanh_backward(dp.mul_(o), t[b:e])).addmm_(dzo, co.t())
            tanh_backward(dc, u[b:e], grad_input=da[b:e])
            da_both, dc_both = da[b:e].unsqueeze(1), dc.unsqueeze(1)
            torch.mul(da_both, gates[:, :2], out=d_a)
            torch.mul(da_both, a, out=dgates[:, :2])
            if b > 0:
                torch.mul(dc_both, cells[b:e], out=dgates[:, 2:])
            else:
                dgates[:, 2:].zero_()
            sigmoid_backward(dgates, gates, grad_input=dgates)
            if b > 0:
                torch.mm(dz[b:e], w.t(), out=dxy[2 * b : 2 * e].view(-1, 4 * n))
                dcells[b:e].addcmul_(dc_both, gates[:, 2:])
        dco = state[1:, n:].t() @ dz[:, 6 * n :]
        return (None, dz @ leaf.t(), xy[inner:].t() @ dz[inner:], pairs.t() @ dz, dz.sum(0), dco,
                da.sum(0))


class RnnByHand(BatchedRnn):
    def levels(self, s: Schedule, pairs: Tensor, *weights: Tensor) -> Tensor:
        return RnnLevels.apply(s, pairs, *weights)


class RlstmByHand(BatchedRlstm):
    def levels(self, s: Schedule, pairs: Tensor, *weights: Tensor) -> Tensor:
        return RlstmLevels.apply(s, pairs, *weights)
