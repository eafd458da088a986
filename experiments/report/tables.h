// The study's tables as CSV texts; accuracies in percent.
#pragma once

#include <string>

#include "experiments/report/study.h"

namespace grove {

std::string StudyClaimsCsv(const Study& study);        // a claim a line: the default, all seeds
std::string StudyVariantsCsv(const Study& study);      // a variant a line, as ranked
std::string StudyVerdictsCsv(const Study& study);      // a variant and a claim a line
std::string CellsCsv(const std::vector<Cell>& cells);  // a dataset and a model a line
std::string StudyPairsCsv(const Study& study);         // a dataset a line
std::string StudyLengthDepthCsv(const Study& study);   // a length, a depth and a model a line
std::string StudyNodeRatiosCsv(const Study& study);    // a model, epoch, kind and depth a line
std::string StudyGatesCsv(const Study& study);         // an epoch, gate and place a line
std::string StudyJournalsCsv(const Study& study);      // a journal a line

// How many of the thousand studies of `judgements` uphold at least `claims` claims.
int StudiesWith(const Judgements& judgements, int claims);

// Core-hours of all runs: the time each held its thread.
double CoreHours(const Journal& journal);

}  // namespace grove
