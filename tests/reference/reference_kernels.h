// Scalar double-precision kernels: one plain loop each, the oracle of every kernel of simd/.
// Written for reading, not for speed. Nothing here allocates but where a Vector is returned.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace grove::reference {

using Vector = std::vector<double>;

double Sigmoid(double x);  // 1 / (1 + exp(-x)), without overflow for any x
double Tanh(double x);
double Exp(double x);

// g of spec section 2, by name: tanh, relu, or softsign, x / (1 + |x|). Throws
// std::invalid_argument on another name.
double Activation(const std::string& name, double x);
// dg/dx as a function of the value y = g(x); relu has slope 0 at x = 0.
double ActivationSlope(const std::string& name, double y);

// x / 2 (1 + erf(x / sqrt(2))), exact (Hendrycks & Gimpel 2016), and its derivative at x.
double Gelu(double x);
double GeluSlope(double x);

// P_i = exp(z_i) / sum_j exp(z_j), shifted by max z; no overflow for any finite z.
Vector Softmax(const Vector& z);
// -log P_label of Softmax(z), from the logarithm of the sum: exact where P_label underflows.
double NegativeLogSoftmax(const Vector& z, size_t label);

// AdaGrad (spec section 2.6) with the L2 term of spec section 2.4 as part of the gradient.
struct AdaGrad {
  double learning_rate = 0.05;   // eta
  double epsilon = 1e-4;         // outside the root
  double l2 = 0;                 // lambda
  bool plain_first_step = true;  // adagrad_first_step = "sgd"
};
// One update of the `count` elements of a matrix or of a word vector, element by element:
//   g = gradient + lambda theta;  a = a + g^2;  theta = theta - eta g / (sqrt(a) + epsilon),
// and if this is the `first` update and plain_first_step, theta = theta - eta g instead; a takes
// g^2 in either case.
void AdaGradUpdate(const AdaGrad& settings, bool first, size_t count, const double* gradient,
                   double* theta, double* a);

// c (rows,m) += a (rows,k) b (k,m). All row-major, with row strides lda, ldb, ldc.
void Gemm(size_t rows, size_t m, size_t k, const double* a, size_t lda, const double* b, size_t ldb,
          double* c, size_t ldc);
// c (k,m) += transposed a (rows,k) times b (rows,m): the weight gradient of Gemm.
void GemmTransposed(size_t rows, size_t m, size_t k, const double* a, size_t lda, const double* b,
                    size_t ldb, double* c, size_t ldc);

double Sum(const double* x, size_t count);
double SumOfSquares(const double* x, size_t count);
double Norm(const double* x, size_t count);  // Euclidean

}  // namespace grove::reference
