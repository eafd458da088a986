// The study told in Markdown: results/README.md, written from the data so that it cannot drift from
// them.
#pragma once

#include <string>

#include "experiments/report/study.h"

namespace grove {

std::string StudyStory(const Study& study);

}  // namespace grove
