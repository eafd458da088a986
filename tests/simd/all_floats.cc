// Every float through exp, sigmoid and tanh, on every target with fused multiply-add: the targets
// must give the same bits, and the error against double precision must stay within what
// simd/math-inl.h states. Prints the largest errors; returns 1 on a fault.
//
//   all_floats [STRIDE]     every STRIDE-th of the 2^32 floats; 1: all, which takes minutes
#include <bit>
#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "simd/elementwise.h"
#include "simd/targets.h"

namespace grove::simd {
namespace {

struct Function {
  const char* name;
  void (*kernel)(const float*, size_t, float*);
  double (*exact)(double);
  double ulp;       // limit, as in math-inl.h
  float low, high;  // where it holds
};

// Correct to double precision, which is 2^-29 of a float's unit.
double ExactExp(double x) { return std::exp(x); }
double ExactSigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double ExactTanh(double x) { return std::tanh(x); }

constexpr float kInfinity = INFINITY;
constexpr Function kFunctions[] = {
    {"exp", Exp, ExactExp, 2, -87.3f, 88.3f},
    {"sigmoid", Sigmoid, ExactSigmoid, 3, -87, kInfinity},
    {"tanh", Tanh, ExactTanh, 4, -kInfinity, kInfinity},
};

constexpr size_t kBlock = 1 << 16;  // floats at a time

struct Worst {
  double ulp = 0;
  float at = 0;
};

// One unit in the last place of a float of that magnitude.
double UnitInLastPlace(double value) {
  const uint64_t exponent = std::bit_cast<uint64_t>(value) >> 52 & 0x7ff;
  const uint64_t least = 1023 - 126;
  return std::bit_cast<double>(((exponent < least ? least : exponent) - 23) << 52);
}

// Returns whether NaN, and nothing else, gave NaN.
bool AddErrors(const Function& f, const std::vector<float>& x, const std::vector<float>& y,
               Worst& worst) {
  for (size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) != std::isnan(y[i])) {
      std::printf("%s of %.9g is %.9g\n", f.name, x[i], y[i]);
      return false;
    }
    if (!(x[i] >= f.low && x[i] <= f.high)) continue;
    const double exact = f.exact(x[i]);
    const double ulp = std::abs(y[i] - exact) / UnitInLastPlace(exact);
    if (ulp > worst.ulp) worst = {ulp, x[i]};
  }
  return true;
}

bool SameBits(const Function& f, const std::string& target, const std::vector<float>& x,
              const std::vector<float>& expected, const std::vector<float>& y) {
  if (std::memcmp(expected.data(), y.data(), y.size() * sizeof(float)) == 0) return true;
  for (size_t i = 0; i < x.size(); ++i) {
    if (std::bit_cast<uint32_t>(expected[i]) == std::bit_cast<uint32_t>(y[i])) continue;
    std::printf("%s of %.9g is %.9g on %s, and %.9g on the best target\n", f.name, x[i], y[i],
                target.c_str(), expected[i]);
    return false;
  }
  return true;
}

bool Check(const Function& f, const std::vector<std::string>& targets, uint64_t stride) {
  Worst worst;
  std::vector<float> x, first, y;
  for (uint64_t bits = 0; bits < uint64_t{1} << 32;) {
    x.clear();
    for (; x.size() < kBlock && bits < uint64_t{1} << 32; bits += stride) {
      x.push_back(std::bit_cast<float>(static_cast<uint32_t>(bits)));
    }
    first.resize(x.size());
    y.resize(x.size());
    for (const std::string& target : targets) {
      ForceTarget(target);
      const bool is_first = target == targets.front();
      f.kernel(x.data(), x.size(), is_first ? first.data() : y.data());
      if (!is_first && !SameBits(f, target, x, first, y)) return false;
    }
    if (!AddErrors(f, x, first, worst)) return false;
  }
  std::printf("%s: at most %.3f ULP, at %.9g; limit %g\n", f.name, worst.ulp, worst.at, f.ulp);
  return worst.ulp <= f.ulp;
}

int Run(uint64_t stride) {
  std::vector<std::string> targets;
  for (const std::string& target : SupportedTargets()) {
    if (TargetHasFma(target)) targets.push_back(target);
  }
  if (targets.empty()) {
    std::printf("no target with fused multiply-add\n");
    return 0;
  }
  std::printf("every %" PRIu64 ". float on", stride);
  for (const std::string& target : targets) std::printf(" %s", target.c_str());
  std::printf("\n");
  bool good = true;
  for (const Function& f : kFunctions) good &= Check(f, targets, stride);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace grove::simd

int main(int argc, char** argv) {
  const uint64_t stride = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1;
  if (argc > 2 || stride == 0) {
    std::fprintf(stderr, "usage: all_floats [STRIDE]\n");
    return 2;
  }
  return grove::simd::Run(stride);
}
