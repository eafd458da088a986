#include "tests/reference/reference_update.h"

#include <cmath>
#include <stdexcept>

namespace grove::reference {

void Update(const UpdateSettings& s, double gradient, Element& e) {
  ++e.updates;
  const double g = s.rule == "adamw" ? gradient : gradient + s.l2 * e.w;
  if (s.rule == "adagrad") {
    e.a += g * g;
    const bool plain = s.plain_first && e.updates == 1;
    e.w -= s.rate * (plain ? g : g / (std::sqrt(e.a) + s.epsilon));
  } else if (s.rule == "sgd") {
    e.w -= s.rate * g;
  } else if (s.rule == "momentum") {
    e.a = s.beta1 * e.a + g;
    e.w -= s.rate * e.a;
  } else if (s.rule == "adam" || s.rule == "adamw") {
    e.a = s.beta1 * e.a + (1 - s.beta1) * g;
    e.b = s.beta2 * e.b + (1 - s.beta2) * g * g;
    const double mean = e.a / (1 - std::pow(s.beta1, e.updates));
    const double square = e.b / (1 - std::pow(s.beta2, e.updates));
    const double decay = s.rule == "adamw" ? s.rate * s.l2 * e.w : 0;
    e.w -= s.rate * mean / (std::sqrt(square) + s.epsilon) + decay;
  } else {
    throw std::invalid_argument("no update rule '" + s.rule + "'");
  }
}

}  // namespace grove::reference
