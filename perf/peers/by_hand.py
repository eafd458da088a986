"""The batched models with the recursion's backward pass written by hand: no graph of many small
nodes, results written where they are needed, gathers instead of scatters on the way down, and one
product over all nodes for each weight gradient. The rest (words, classifier) stays with autograd.

Letters: n width, M inner nodes of the minibatch. "xy" are the states of both children side by side;
a level's backward pass writes their gradients to dxy, row 2 r + side, where the children fetch them
(row 2 M is zero: a root has no parent).
"""

import torch
from torch import Tensor

from batched import BatchedRlstm, BatchedRnn
from schedule import Schedule

# The overloads with an output, by their names: to look them up takes longer than to run them.
sigmoid_backward = torch.ops.aten.sigmoid_backward.grad_input  # dy y (1 - y)
tanh_backward = torch.ops.aten.tanh_backward.grad_input  # dy (1 - y^2)


def by_level(s: Schedule, *tensors: Tensor) -> list[tuple[Tensor, ...]]:
    """Of each level, lowest first: its rows of the tensors (M, ..) or (2 M, ..)."""
    m = sum(s.counts)
    twice = [2 * count for count in s.counts]
    parts = [t.split_with_sizes(s.counts if len(t) == m else twice) for t in tensors]
    return list(zip(*parts))


class RnnLevels(torch.autograd.Function):
    @staticmethod
    def forward(ctx, s, pairs, w, leaf, bias):
        n = len(bias)
        z = torch.addmm(bias, pairs, leaf)
        xy = z.new_empty(len(z), 2 * n)
        h = z.new_zeros(len(z) + 1, n)  # row 0 is that of leaves
        rows = by_level(s, s.child.view(-1), z, xy, xy.view(-1, n), h[1:])
        for level, (child, z_level, xy_level, xy_rows, p) in enumerate(rows):
            if level > 0:  # the lowest has leaves only
                torch.index_select(h, 0, child, out=xy_rows)
                z_level.addmm_(xy_level, w)
            torch.tanh(z_level, out=p)
        ctx.s = s
        ctx.save_for_backward(pairs, w, leaf, xy, h)
        return h[1:]

    @staticmethod
    def backward(ctx, dh):
        s = ctx.s
        pairs, w, leaf, xy, h = ctx.saved_tensors
        n = h.shape[1]
        dz = torch.empty_like(h[1:])
        dxy = h.new_zeros(2 * len(dz) + 1, n)
        wt = w.t()
        rows = by_level(s, s.place, dh, h[1:], dz, dxy[:-1].view(-1, 2 * n))
        for level, (place, dh_level, p, dz_level, dxy_level) in reversed(list(enumerate(rows))):
            dp = dxy.index_select(0, place).add_(dh_level)
            tanh_backward(dp, p, grad_input=dz_level)
            if level > 0:
                torch.mm(dz_level, wt, out=dxy_level)
        inner = s.counts[0] if s.counts else 0  # from this row on there are inner children
        return None, dz @ leaf.t(), xy[inner:].t() @ dz[inner:], pairs.t() @ dz, dz.sum(0)


class RlstmLevels(torch.autograd.Function):
    """z (M, 7 n) becomes i1 i2 f1 f2 | W_c1 x, W_c2 y | o; the state of a node is h and c."""

    @staticmethod
    def forward(ctx, s, pairs, w, leaf, bias, co, bc):
        n = len(bc)
        z = torch.addmm(bias, pairs, leaf)
        xy = z.new_empty(len(z), 4 * n)
        state = z.new_zeros(len(z) + 1, 2 * n)  # row 0 is that of leaves
        u, t = z.new_empty(len(z), n), z.new_empty(len(z), n)
        columns = [n] * 7
        _, cx, _, cy = xy.split_with_sizes(columns[:4], 1)
        h, c = state[1:].split_with_sizes(columns[:2], 1)
        rows = by_level(s, s.child.view(-1), xy, xy.view(-1, 2 * n), z, z[:, : 4 * n],
                        *z.split_with_sizes(columns, 1), cx, cy, u, c, t, h)
        for level, row in enumerate(rows):
            child, xy_level, xy_rows, z_level, gates, i1, i2, f1, f2, a1, a2, o = row[:12]
            cx, cy, u_level, cp, t_level, p = row[12:]
            if level > 0:  # the lowest has leaves only
                torch.index_select(state, 0, child, out=xy_rows)
                z_level.addmm_(xy_level, w)
            gates.sigmoid_()
            torch.tanh(torch.addcmul(bc, i1, a1).addcmul_(i2, a2), out=u_level)
            if level > 0:
                torch.addcmul(u_level, f1, cx, out=cp).addcmul_(f2, cy)
            else:
                cp.copy_(u_level)
            o.addmm_(cp, co).sigmoid_()
            torch.tanh(cp, out=t_level)
            torch.mul(o, t_level, out=p)
        ctx.s = s
        ctx.save_for_backward(pairs, w, leaf, co, z, xy, state, u, t)
        return h

    @staticmethod
    def backward(ctx, dh):
        s = ctx.s
        pairs, w, leaf, co, z, xy, state, u, t = ctx.saved_tensors
        m, n = u.shape
        dz, da = torch.empty_like(z), torch.empty_like(u)
        dxy = z.new_zeros(2 * m + 1, 2 * n)
        z7, dz7 = z.view(m, 7, n), dz.view(m, 7, n)
        wt, cot = w.t(), co.t()

        def cells(pair: Tensor) -> Tensor:  # (M, 2, n) of (M, 4 n)
            return pair.view(m, 2, 2, n)[:, :, 1]

        dxy_pairs = dxy[:-1].view(m, 4 * n)
        rows = by_level(s, s.place, dh, *parts(z7), *parts(dz7), dz, cells(xy), u, t, da,
                        da.unsqueeze(1), dxy_pairs, cells(dxy_pairs))
        for level, row in reversed(list(enumerate(rows))):
            place, dh_level, gates, i, f, a, o, dgates, di, df, d_a, dzo = row[:12]
            dz_level, c, u_level, t_level, da_level, da_both, dxy_level, dc_down = row[12:]
            dp, dc = dxy.index_select(0, place).split_with_sizes((n, n), 1)
            dp = dp + dh_level
            sigmoid_backward(dp * t_level, o, grad_input=dzo)
            dp.mul_(o)
            dc.add_(tanh_backward(dp, t_level, grad_input=dp)).addmm_(dzo, cot)
            tanh_backward(dc, u_level, grad_input=da_level)
            torch.mul(da_both, i, out=d_a)
            torch.mul(da_both, a, out=di)
            if level > 0:  # the lowest has no cells below it
                dc = dc.unsqueeze(1)
                torch.mul(dc, c, out=df)
            else:
                df.zero_()
            sigmoid_backward(dgates, gates, grad_input=dgates)
            if level > 0:
                torch.mm(dz_level, wt, out=dxy_level)
                dc_down.addcmul_(dc, f)
        inner = s.counts[0] if s.counts else 0  # from this row on there are inner children
        dco = state[1:, n:].t() @ dz[:, 6 * n :]
        return (None, dz @ leaf.t(), xy[inner:].t() @ dz[inner:], pairs.t() @ dz, dz.sum(0), dco,
                da.sum(0))


def parts(z7: Tensor) -> tuple[Tensor, ...]:
    """Gates, i and f among them, W_c x, and o, of (M, 7, n)."""
    return z7[:, :4], z7[:, :2], z7[:, 2:4], z7[:, 4:6], z7[:, 6]


class RnnByHand(BatchedRnn):
    def levels(self, s: Schedule, pairs: Tensor, *weights: Tensor) -> Tensor:
        return RnnLevels.apply(s, pairs, *weights)


class RlstmByHand(BatchedRlstm):
    def levels(self, s: Schedule, pairs: Tensor, *weights: Tensor) -> Tensor:
        return RlstmLevels.apply(s, pairs, *weights)
