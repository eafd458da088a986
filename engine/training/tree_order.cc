#include "engine/training/tree_order.h"

#include <numeric>

#include "engine/random.h"

namespace grove {

void OrderTrees(const RunSpec& spec, int epoch, std::span<int32_t> order) {
  std::iota(order.begin(), order.end(), 0);
  if (spec.shuffle == "none") return;
  const int item = spec.shuffle == "once" ? 1 : epoch;
  RandomStream stream(spec.seed, Purpose::kShuffle, static_cast<uint32_t>(item));
  stream.Shuffle(order);
}

}  // namespace grove
