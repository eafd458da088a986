// The study as a page of Markdown.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/study.h"
#include "experiments/report/study_figures.h"
#include "experiments/report/table.h"

namespace grove {

// A claim a row: the default on all seeds, and what parts of them say.
Table StudyClaimsTable(const Study& study);

// A journal a row.
Table JournalsTable(const Study& study);

// README.md: fills pages/study.md with what the study found. All prose stands there.
std::string StudyPage(const Study& study, const std::vector<Figure>& figures);

}  // namespace grove
