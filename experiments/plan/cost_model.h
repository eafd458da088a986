// How long a run will take, from operation counts: good enough to start the longest runs first and
// to say about when a batch will be done.
#pragma once

#include "engine/run_spec.h"

namespace grove {

// Multiply-adds to train one tree with `leaves` leaves (forward, and twice that backward) at width
// `dim`. An unknown model counts as rlstm.
double MultiplyAddsPerTree(const RunSpec& run, double leaves);

// Epochs that early stopping lets a run take, before anything is known of it.
double ExpectedEpochs(const RunSpec& run, const DatasetSpec& data);

// Seconds of one core of a present-day machine for the whole run.
double PredictSeconds(const RunSpec& run, const DatasetSpec& data);
// The same if it takes so many epochs.
double PredictSeconds(const RunSpec& run, const DatasetSpec& data, double epochs);

// Seconds to make the dataset.
double PredictBuildSeconds(const DatasetSpec& data);

}  // namespace grove
