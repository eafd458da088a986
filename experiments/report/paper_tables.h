// Tables of the paper's claims and experiments: files have all of what was computed, pages what
// matters of it. Accuracies in percent.
#pragma once

#include <vector>

#include "experiments/report/table.h"
#include "experiments/stats/cells.h"
#include "experiments/stats/judge.h"
#include "experiments/stats/observed.h"
#include "experiments/stats/run_ratios.h"
#include "experiments/stats/variants.h"

namespace grove {

// A claim a row; in files value, low, high and threshold are in `unit`.
Table ClaimsTable(const Judgements& judgements);
// Of it, for pages: the verdict, the figure it rests on, and in how many of 1,000 studies it holds,
// if there are more seeds than one study has; then when a claim holds, and all that was measured.
Table ClaimsShown(const Judgements& judgements);
Table EvidenceShown(const Judgements& judgements);
// Which share of the runs solves the datasets of the claims that count them.
Table SolvedShown(const Judgements& judgements);

// A dataset and a model a row; and every run of these, where one that failed or diverged has 0 %.
Table CellsTable(const std::vector<Cell>& cells);
Table CellRunsTable(const PaperRuns& runs);

// A dataset a row: rlstm against rnn, paired by seed.
Table PairsTable(const std::vector<Pairing>& pairings);

// A variant a row, as ranked; and a variant and a claim a row.
Table VariantsTable(const std::vector<JudgedVariant>& variants);
Table VerdictsTable(const std::vector<JudgedVariant>& variants);

// A length, a depth and a model a row.
Table LengthDepthTable(const std::vector<LengthDepth>& cells);

// A model and an epoch a row; a model, epoch, kind and depth; an epoch, gate and place.
Table RatioMediansTable(const std::vector<RatioMedian>& medians);
Table NodeRatiosTable(const std::vector<NodeRatioMedian>& medians);
Table GatesTable(const std::vector<GateMean>& means);

}  // namespace grove
