// The elementwise part of comparing the vectors of two trees, h_l and h_r. Rows 2i and 2i + 1 of h
// are those of pair i; rows have room for PadRow(n) floats, and arrays have kSlack floats behind
// them.
#pragma once

#include <cstddef>

#include "simd/level.h"

namespace grove::simd {

// h_l * h_r and |h_l - h_r| of every pair, in one row: n elements at column 0, n at column
// PadRow(n). Tai, Socher & Manning 2015, section 4.2.
void ProductAndDistance(size_t n, size_t pairs, Rows h, Rows features);

// From the gradients of the features, in the same places: dh of both rows of each pair. Where h_l
// and h_r are equal, their distance has a gradient of 0.
void ProductAndDistanceBackward(size_t n, size_t pairs, Rows h, Rows dfeatures, Rows dh);

// The layer above: s = f(z + b), where f is the sigmoid or tanh.
enum class Squash { kSigmoid, kTanh };

// Replaces z by s, in `rows` rows of n.
void SquashForward(Squash f, size_t n, size_t rows, const float* b, Rows z);

// Replaces ds by dz = ds f'(z), and adds the rows of dz to db, in order.
void SquashBackward(Squash f, size_t n, size_t rows, Rows s, Rows ds, float* db);

}  // namespace grove::simd
