#include "engine/training/rate_schedule.h"

#include <algorithm>
#include <cstdint>
#include <numbers>

#include "simd/update.h"

namespace grove {
namespace {

// (1 + cos(pi x)) / 2 = cos(pi x / 2)^2 for x in [0, 1], by the series of the cosine: std::cos may
// differ from one library to the next.
double HalfCosine(double x) {
  const double y = std::numbers::pi * x / 2;
  double term = 1, sum = 1;
  for (int k = 2; k <= 26; k += 2) {
    term *= -y * y / (k * (k - 1));
    sum += term;
  }
  return sum * sum;
}

}  // namespace

double RateFactor(const RunSpec& spec, double begin, double end) {
  double factor = 1;
  if (spec.rate_schedule == "step") {
    const uint64_t steps =
        static_cast<uint64_t>(begin) / static_cast<uint64_t>(spec.rate_step_epochs);
    factor = simd::IntegerPower(spec.rate_factor, steps);
  } else if (spec.rate_schedule == "cosine") {
    factor = HalfCosine(std::min(begin / spec.epochs, 1.0));
  }
  return spec.warmup > 0 && end < spec.warmup ? factor * (end / spec.warmup) : factor;
}

}  // namespace grove
