#include "engine/training/head.h"

#include "engine/training/classifier.h"

namespace grove {

std::unique_ptr<Head> MakeHead(const RunSpec& spec, int classes, ParameterLayout& layout) {
  return std::make_unique<Classifier>(spec, classes, layout);
}

}  // namespace grove
