#include "tests/reference/reference_kernels.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace grove::reference {

double Sigmoid(double x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  const double e = std::exp(x);
  return e / (1 + e);
}

double Tanh(double x) { return std::tanh(x); }

double Exp(double x) { return std::exp(x); }

double Activation(const std::string& name, double x) {
  if (name == "tanh") return std::tanh(x);
  if (name == "relu") return std::max(0.0, x);
  if (name == "softsign") return x / (1 + std::abs(x));
  throw std::invalid_argument("activation '" + name + "' is none of tanh, relu, softsign");
}

double ActivationSlope(const std::string& name, double y) {
  if (name == "tanh") return 1 - y * y;
  if (name == "relu") return y > 0 ? 1 : 0;
  if (name == "softsign") return (1 - std::abs(y)) * (1 - std::abs(y));
  throw std::invalid_argument("activation '" + name + "' is none of tanh, relu, softsign");
}

double Gelu(double x) { return x / 2 * (1 + std::erf(x / std::numbers::sqrt2)); }

double GeluSlope(double x) {
  const double density =
      std::exp(-x * x / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;  // of the normal law
  return (1 + std::erf(x / std::numbers::sqrt2)) / 2 + x * density;
}

Vector Softmax(const Vector& z) {
  const double largest = *std::max_element(z.begin(), z.end());
  Vector p(z.size());
  for (size_t i = 0; i < z.size(); ++i) p[i] = std::exp(z[i] - largest);
  const double sum = Sum(p.data(), p.size());
  for (double& value : p) value /= sum;
  return p;
}

double NegativeLogSoftmax(const Vector& z, size_t label) {
  const double largest = *std::max_element(z.begin(), z.end());
  double sum = 0;
  for (double value : z) sum += std::exp(value - largest);
  return std::log(sum) + (largest - z[label]);
}

void AdaGradUpdate(const AdaGrad& settings, bool first, size_t count, const double* gradient,
                   double* theta, double* a) {
  for (size_t i = 0; i < count; ++i) {
    const double g = gradient[i] + settings.l2 * theta[i];
    a[i] += g * g;
    if (first && settings.plain_first_step) {
      theta[i] -= settings.learning_rate * g;
    } else {
      theta[i] -= settings.learning_rate * g / (std::sqrt(a[i]) + settings.epsilon);
    }
  }
}

void Gemm(size_t rows, size_t m, size_t k, const double* a, size_t lda, const double* b, size_t ldb,
          double* c, size_t ldc) {
  for (size_t row = 0; row < rows; ++row) {
    for (size_t column = 0; column < m; ++column) {
      double sum = 0;
      for (size_t i = 0; i < k; ++i) sum += a[row * lda + i] * b[i * ldb + column];
      c[row * ldc + column] += sum;
    }
  }
}

void GemmTransposed(size_t rows, size_t m, size_t k, const double* a, size_t lda, const double* b,
                    size_t ldb, double* c, size_t ldc) {
  for (size_t i = 0; i < k; ++i) {
    for (size_t column = 0; column < m; ++column) {
      double sum = 0;
      for (size_t row = 0; row < rows; ++row) sum += a[row * lda + i] * b[row * ldb + column];
      c[i * ldc + column] += sum;
    }
  }
}

double Sum(const double* x, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; ++i) sum += x[i];
  return sum;
}

double SumOfSquares(const double* x, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; ++i) sum += x[i] * x[i];
  return sum;
}

double Norm(const double* x, size_t count) { return std::sqrt(SumOfSquares(x, count)); }

}  // namespace grove::reference
