// Elementary functions over arrays, and the softmax. Array and output may be the same; neither
// needs padding or alignment.
#pragma once

#include <cstddef>

namespace grove::simd {

// out[i] = f(x[i]) for i in [0, count); ranges and limits in simd/math-inl.h.
void Exp(const float* x, size_t count, float* out);
void Log(const float* x, size_t count, float* out);
void Sigmoid(const float* x, size_t count, float* out);
void Tanh(const float* x, size_t count, float* out);
void Softsign(const float* x, size_t count, float* out);

// probabilities[i] = e^x[i] / sum_j e^x[j], summed in index order; returns the log of the
// denominator (log-sum-exp), so that -log P(i) is the return value minus x[i]. count >= 1.
float Softmax(const float* x, size_t count, float* probabilities);

}  // namespace grove::simd
