// Choosing runs of a plan: --only 'dataset=1|4,model=rlstm,seed=1-3'.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "experiments/plan/job.h"

namespace grove {

// The runs, in their order, that at least one of the `clauses` selects; all of them if there are no
// clauses. A clause is terms joined by commas, which must all hold; a term is an axis, '=', and
// values joined by '|'; a value may be a range of integers. Axes are experiment, dataset, model,
// seed, key (as the journal has it) and the further axes of the plan.
//
// Throws Error, naming what there is, for a malformed term, an unknown axis, a value that no run
// has, and a clause that selects nothing. The message begins with `option` and the clause.
std::vector<Job> SelectRuns(std::vector<Job> runs, const std::vector<std::string>& clauses,
                            const std::string& option = "--only");

// The same of any runs: where in `runs` those stand that are selected.
std::vector<size_t> SelectPositions(const std::vector<const RunIdentity*>& runs,
                                    const std::vector<std::string>& clauses,
                                    const std::string& option);

}  // namespace grove
