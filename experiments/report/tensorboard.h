// The curves of runs as event files, which TensorBoard and the readers of its format take: a folder
// for each run, in it a file of records (length, its CRC-32C, an Event message, its CRC-32C), one
// for each epoch.
//
// A step is an epoch. Scalars: loss, train_accuracy, dev_loss, dev_accuracy, and dev_node_accuracy
// and dev_macro_f1 where the run goes by them; test_accuracy at the best epoch, once there is one.
// When an epoch ended is not kept, so its number stands for the seconds: the same run, the same
// bytes.
#pragma once

#include <cstddef>
#include <string>

#include "experiments/runs/record.h"

namespace grove {

// The whole file.
std::string TensorBoardEvents(const RunRecord& record);

// Its path in the folder that TensorBoard is told: "exp1/d3_rlstm_s2/events.out.tfevents.KEY";
// the folder of a sweep's run also says the point.
std::string TensorBoardPath(const RunIdentity& run);

// Writes the file of one run, whole or not at all.
void WriteTensorBoard(const RunRecord& record, const std::string& folder);

// Of every run of a folder of runs or a journal; returns how many. Throws Error, as the other does,
// if the folder cannot be made or a file cannot be written.
size_t WriteTensorBoard(const std::string& runs, const std::string& folder);

}  // namespace grove
