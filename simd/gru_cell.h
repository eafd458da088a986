// The elementwise part of the tree GRU (Kokkinos & Potamianos 2017, binary), of the left (l) and
// right (r) child:
//   r   = s(W_r1 h_l + W_r2 h_r + b_r)             z_l and z_r likewise
//   t   = g(U_1 (r h_l) + U_2 (r h_r) + b_h)
//   h   = z_l h_l + z_r h_r + (1 - z_l - z_r) t
#pragma once

#include <cstddef>

#include "simd/activation.h"
#include "simd/level.h"

namespace grove::simd {

// Segments of n floats:
//   state        h
//   projections  r | z_l | z_r
//   sums         u                  U_1 (r h_l) + U_2 (r h_r)
//   biases       r | z_l | z_r | h
// and, padded to PadRow(n),
//   activations  r | z_l | z_r | t | rh_l | rh_r | drh_l | drh_r
enum class GruGate : size_t { kR, kZl, kZr, kT, kRhl, kRhr, kDrhl, kDrhr };

// The gates and r h of both children; and back, from drh_l and drh_r and the gradients that
// GruBackward left in the projections: those of all of them, dh of the children += theirs, and
// dbiases += those of r.
void GruForwardGates(size_t n, const Level& level);
void GruBackwardGates(size_t n, const Level& level);

// t and h, from the sums; and back, from dh: the gradients of the sums and of z_l and z_r in their
// place, dh of the children += theirs, and dbiases += those of z_l, z_r and h, in row order.
void GruForward(Activation g, size_t n, const Level& level);
void GruBackward(Activation g, size_t n, const Level& level);

}  // namespace grove::simd
