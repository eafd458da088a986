// The AdaGrad update (Duchi et al. 2011), with the L2 term of the objective folded in.
#pragma once

#include <cstddef>
#include <cstdint>

namespace grove::simd {

struct AdagradStep {
  float learning_rate;  // eta
  float l2;             // lambda
  float epsilon;        // outside the root
  // The very first update of the authors' code: a plain gradient step (a still takes g^2).
  bool plain;
};

// For i in [0, count), with g = gradient[i] + lambda weight[i]:
//   sum[i] += g^2;  weight[i] -= eta g / (sqrt(sum[i]) + epsilon)     (plain: weight[i] -= eta g)
// The arrays need kSlack floats behind them (they are read, not written) and no alignment.
void AdagradUpdate(const AdagradStep& step, size_t count, const float* gradient, float* weight,
                   float* sum);

// A matrix with its transposed copy: `rows` rows of `cols` floats each in gradient, weight and sum,
// with one stride, a multiple of kRowQuantum; element (r, c) of weight is (c, r) of transposed.
struct TransposedBlock {
  size_t rows, cols, stride;
  const float* gradient;
  float* weight;
  float* sum;
  float* transposed;         // (cols, rows)
  size_t transposed_stride;  // >= PadRow(rows), a multiple of kRowQuantum
};

// AdagradUpdate of the rows, padding included, and `transposed` written from the new weights: the
// copy costs nothing while the update waits for its root and its division. The padding columns of
// `transposed` get arbitrary values.
void AdagradUpdateTransposed(const AdagradStep& step, const TransposedBlock& block);

// The sparse update: rows of a table of word vectors (row v at v * its stride), n floats each.
struct RowUpdates {
  size_t n;
  size_t gradient_stride;
  size_t table_stride;  // of weights and sums
  // For i in [0, count): row r = rows[i] of the gradients updates row words[r] of weights and sums.
  // No word may come twice.
  const int32_t* rows;
  const int32_t* words;
  size_t count;
};

// AdagradUpdate of each of those rows. `step.plain` is not read: a row takes the plain step if
// `plain_first` and its sums are all zero, which they are until its first update.
void AdagradUpdateRows(const AdagradStep& step, bool plain_first, const RowUpdates& updates,
                       const float* gradients, float* weights, float* sums);

}  // namespace grove::simd
