// The AdaGrad update (Duchi et al. 2011), with the L2 term of the objective folded in.
#pragma once

#include <cstddef>

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

}  // namespace grove::simd
