// What `grove train` leaves and says when its run has ended.
#pragma once

#include "experiments/cli/cli.h"
#include "experiments/cli/train_folder.h"
#include "experiments/plan/job.h"

namespace grove {

// Writes record.json of the run, which is in the journal of the folder, and says what happened.
// Returns the exit code.
int FinishTraining(const Job& job, const TrainFolder& folder, const GlobalOptions& globals);

}  // namespace grove
