// The artifact appendix of a study: what is here, what it takes, and how to check each claim, by
// the criteria of the ACM's badges. All prose stands in pages/artifact.md.mustache.
#pragma once

#include <string>

#include "experiments/report/study.h"

namespace grove {

// The clause of `grove run --only` that selects the runs of the paper's experiments that the claim
// is judged on: "experiment=exp1,model=rnn,dataset=2-10".
std::string OnlyOfClaim(const ClaimSpec& claim);

// ARTIFACT.md. The study must have judged some claim on seeds 1-5.
std::string ArtifactPage(const Study& study);

}  // namespace grove
