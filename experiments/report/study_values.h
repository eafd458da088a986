// What pages/study.md is filled with, section by section: names and numbers, no prose.
#pragma once

#include <nlohmann/json.hpp>

#include "experiments/report/study.h"

namespace grove {

// The default settings on all seeds, and how they fare.
nlohmann::json PaperValues(const Study& study);

// The claims that do not hold, each with what is known of why.
nlohmann::json ExplainedValues(const Study& study);

// How the variants compare with the default.
nlohmann::json VariantValues(const Study& study);

// The ranges of medians over the lengths, at the least and at the greatest depth.
nlohmann::json LengthDepthValues(const Study& study);

}  // namespace grove
