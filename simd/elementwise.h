// Elementary functions over arrays, and the softmax. Array and output of a function may be the
// same; neither needs padding or alignment.
#pragma once

#include <cstddef>

namespace grove::simd {

// out[i] = f(x[i]) for i in [0, count); ranges and limits in simd/math-inl.h.
void Exp(const float* x, size_t count, float* out);
void Log(const float* x, size_t count, float* out);
void Sigmoid(const float* x, size_t count, float* out);
void Tanh(const float* x, size_t count, float* out);
void Softsign(const float* x, size_t count, float* out);

// Each of `rows` rows of logits becomes its probabilities, x[i] = e^x[i] / sum_j e^x[j], summed in
// index order; log_sums[row] is the log of the denominator (log-sum-exp), so that -log P(i) is that
// minus the old x[i]. classes >= 1; rows need kSlack floats behind them.
void Softmax(float* x, size_t stride, size_t rows, size_t classes, float* log_sums);

}  // namespace grove::simd
