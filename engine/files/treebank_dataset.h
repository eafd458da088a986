// Files of trees as what a run trains on or is evaluated on.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "engine/files/treebank.h"
#include "engine/files/vocabulary.h"
#include "engine/run_spec.h"
#include "engine/trees/dataset.h"

namespace grove {

// How to read files for a run of these settings: what it compares, and which nodes its cell takes.
TreebankOptions OptionsFor(const RunSpec& spec, const ReadingSpec& reading = {});

// Reads the files of a run, each once; Dataset::files says what was read. The vocabulary, the
// number of classes and their names come from the training file; the options may have others, as
// when training goes on from a checkpoint. An empty `test` means no test trees. Scores have kScores
// classes: another number is an Error. Throws Error: the first fault of a file, a file that is a
// pipe, a device or a folder, a dev or test label that is none of the classes, a training file
// without labels, or a word that a given vocabulary without <unk> does not have.
Dataset ReadTreebankDataset(const std::string& train, const std::string& dev,
                            const std::string& test, const TreebankOptions& options = {});
// The same, or nothing if `stop` became true before the end: it is looked at before every line.
std::optional<Dataset> ReadTreebankDataset(const std::string& train, const std::string& dev,
                                           const std::string& test, const TreebankOptions& options,
                                           const std::atomic<bool>& stop);

}  // namespace grove
