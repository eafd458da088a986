#include "engine/training/early_stopping.h"

#include <cstddef>

namespace grove {

Merit MeritBy(const std::string& select_by) {
  if (select_by == "node_accuracy") return [](const EpochRecord& e) { return e.dev_node_accuracy; };
  if (select_by == "macro_f1") return [](const EpochRecord& e) { return e.dev_macro_f1; };
  if (select_by == "loss") return [](const EpochRecord& e) { return -e.dev_loss; };
  return [](const EpochRecord& e) { return e.dev_accuracy; };
}

int BestEpoch(std::span<const EpochRecord> history, const std::string& select_by) {
  const Merit merit = MeritBy(select_by);
  size_t best = 0;
  for (size_t i = 1; i < history.size(); ++i) {
    if (merit(history[i]) > merit(history[best])) best = i;
  }
  return history.empty() ? 0 : static_cast<int>(best) + 1;
}

bool HasPatience(std::span<const EpochRecord> history, const RunSpec& spec) {
  const int epochs = static_cast<int>(history.size());
  if (spec.patience_against == "best") {
    return epochs - BestEpoch(history, spec.select_by) < spec.patience;
  }
  const Merit merit = MeritBy(spec.select_by);
  int in_vain = 0;
  for (size_t i = history.size(); i-- > 1; ++in_vain) {
    if (merit(history[i]) > merit(history[i - 1])) break;
  }
  return in_vain < spec.patience;
}

}  // namespace grove
