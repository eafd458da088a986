// Tables of the paper's claims and experiments. Accuracies in percent. The *Table ones are
// published as CSV; the *Shown ones are what pages and the terminal show of them.
#pragma once

#include <vector>

#include "experiments/report/table.h"
#include "experiments/stats/cells.h"
#include "experiments/stats/judge.h"
#include "experiments/stats/observed.h"
#include "experiments/stats/variants.h"

namespace grove {

// A claim a row; value, low, high and threshold are in `unit`.
Table ClaimsTable(const Judgements& judgements);
// The verdict, the figure it rests on, and in how many of 1,000 studies it holds, if there are
// more seeds than one study has.
Table ClaimsShown(const Judgements& judgements);
// When a claim holds, and all that was measured.
Table EvidenceShown(const Judgements& judgements);
// Which share of the runs solves the datasets of the claims that count them.
Table SolvedShown(const Judgements& judgements);

// A dataset and a model a row.
Table CellsTable(const std::vector<Cell>& cells);
Table CellsShown(const std::vector<Cell>& cells);

// A dataset a row: rlstm against rnn, paired by seed.
Table PairsTable(const std::vector<Pairing>& pairings);
Table PairsShown(const std::vector<Pairing>& pairings);

// A variant a row, as ranked; and a variant and a claim a row.
Table VariantsTable(const std::vector<JudgedVariant>& variants);
Table VariantsShown(const std::vector<JudgedVariant>& variants);
Table VerdictsTable(const std::vector<JudgedVariant>& variants);

// A length, a depth and a model a row.
Table LengthDepthTable(const std::vector<LengthDepth>& cells);

// A model, epoch, kind and depth a row; an epoch, gate and place a row.
Table NodeRatiosTable(const std::vector<NodeRatioMedian>& medians);
Table GatesTable(const std::vector<GateMean>& means);

// How many of 1,000 studies uphold the claim; nothing where one study decides.
Value Upheld(const Judgement& judgement);

}  // namespace grove
