// The variants of the paper - the ways to read what it leaves unsaid - as far as there are runs of
// them, and how each fares.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/judge.h"
#include "experiments/stats/paper_runs.h"

namespace grove {

// Seeds as the study uses them: one set to choose a variant by, others to report and to confirm.
bool IsChoosingSeed(uint64_t seed);    // 101 to 105
bool IsReportedSeed(uint64_t seed);    // 1 to 5
bool IsConfirmingSeed(uint64_t seed);  // 6 to 25
bool IsStudySeed(uint64_t seed);       // all but those that a variant was chosen by

// The variants that have runs on the paper's datasets, by label, the default first (whether or not
// it has any). A variant is its settings: runs of both models that differ from the defaults in the
// same way belong together, whatever they are called. Where the models differ in different ways,
// the label of the sweep's point says which belong together: "batch = 10 (rnn), 2 (rlstm)".
std::vector<Variant> FindVariants(const std::vector<StoredRun>& all);

struct JudgedVariant {
  Variant variant;
  Judgements
      judgements;        // on the choosing seeds, deciding cells; empty if runs of them are missing
  int runs = 0;          // of those cells that are there
  int needed = 0;        // of them, for five seeds
  Judgements confirmed;  // the same on the reported seeds, where nothing was chosen

  bool is_default() const { return variant.label == Variant().label; }
};

// The cells that decide: those of the claims' deciding conditions that variants must have. A cell
// of experiment 1 that experiment 3 repeats is left out.
std::vector<CellName> DecidingCells();

// Judges each variant on the deciding cells. One that lacks a run of them for five seeds is not
// judged: best of three and best of five are not the same claim. Ranked by the share of the judged
// claims that hold; of equals those judged on more claims come first, then the default. Variants
// that are not judged come last.
std::vector<JudgedVariant> JudgeVariants(const std::vector<StoredRun>& all);

}  // namespace grove
