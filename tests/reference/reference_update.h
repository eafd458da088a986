// The update rules of spec section 2.6 and of the papers named in simd/update.h, in double
// precision, one element at a time.
#pragma once

#include <string>
#include <vector>

namespace grove::reference {

struct UpdateSettings {
  std::string rule;  // adagrad, sgd, momentum, adam, adamw
  double rate = 0, l2 = 0, epsilon = 0, beta1 = 0, beta2 = 0;
  bool plain_first = false;  // the first update of adagrad is w -= rate g
};

// One element and what the rule keeps of it.
struct Element {
  double w = 0, a = 0, b = 0;
  int updates = 0;
};

// `gradient` is that of the loss, without its L2 term.
void Update(const UpdateSettings& settings, double gradient, Element& element);

}  // namespace grove::reference
