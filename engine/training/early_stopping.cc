#include "engine/training/early_stopping.h"

#include <cstddef>

namespace grove {

int BestEpoch(std::span<const EpochRecord> history) {
  size_t best = 0;
  for (size_t i = 1; i < history.size(); ++i) {
    if (history[i].dev_accuracy > history[best].dev_accuracy) best = i;
  }
  return history.empty() ? 0 : static_cast<int>(best) + 1;
}

bool HasPatience(std::span<const EpochRecord> history, int patience, const std::string& against) {
  const int epochs = static_cast<int>(history.size());
  if (against == "best") return epochs - BestEpoch(history) < patience;
  int in_vain = 0;
  for (size_t i = history.size(); i-- > 1; ++in_vain) {
    if (history[i].dev_accuracy > history[i - 1].dev_accuracy) break;
  }
  return in_vain < patience;
}

}  // namespace grove
