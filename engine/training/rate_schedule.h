// How the learning rate changes while a run trains. The same bits on every machine.
#pragma once

#include "engine/run_spec.h"

namespace grove {

// What an update multiplies spec.learning_rate by. `begin` and `end`: epochs trained before and
// after it, as fractions of an epoch too.
//   constant  1
//   step      rate_factor ^ (whole epochs trained div rate_step_epochs)
//   cosine    (1 + cos(pi begin / epochs)) / 2                   Loshchilov & Hutter 2017, one
//   cycle
// In the first `warmup` epochs the factor is also multiplied by end / warmup.
double RateFactor(const RunSpec& spec, double begin, double end);

}  // namespace grove
