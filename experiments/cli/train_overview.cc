#include "experiments/cli/train_overview.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/runs/batch.h"

namespace grove {
namespace {

std::string WithCommas(int number) {
  std::string text = std::to_string(number);
  for (size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

}  // namespace

std::string VectorsLine(const VectorsFile& vectors) {
  if (vectors.path.empty()) return "";
  return fmt::format("vectors: {} of {} words ({}) from {}", WithCommas(vectors.covered),
                     WithCommas(vectors.words),
                     PercentText(vectors.covered / std::max(1.0, 1.0 * vectors.words)),
                     vectors.path);
}

}  // namespace grove
