// Treebank files as what a run trains on or is evaluated on.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "engine/files/ptb.h"
#include "engine/files/vocabulary.h"
#include "engine/run_spec.h"
#include "engine/trees/dataset.h"

namespace grove {

// What a run of these settings trains on: pairs if it compares them.
Examples ExamplesOf(const RunSpec& spec);

// Reads the files of a run, each once; Dataset::files says what was read. The vocabulary and the
// number of classes come from the training file; `vocabulary` (may be null) and `classes` (0:
// infer) take their place, as when training goes on from a checkpoint, and `limit_reason` tells in
// messages where given `classes` come from (see ReadPtb). An empty `test` means no test trees.
// Scores have kScores classes: another number is an Error. Throws Error: the first fault of a file,
// a file that is a pipe, a device or a folder, a dev or test label that is not below the classes, a
// training file without labels, or a word that a given vocabulary without <unk> does not have.
Dataset ReadPtbDataset(const std::string& train, const std::string& dev, const std::string& test,
                       const Vocabulary* vocabulary = nullptr, int classes = 0,
                       const std::string& limit_reason = "", Examples examples = Examples::kTrees);
// The same, or nothing if `stop` became true before the end: it is looked at before every line.
std::optional<Dataset> ReadPtbDataset(const std::string& train, const std::string& dev,
                                      const std::string& test, const Vocabulary* vocabulary,
                                      int classes, const std::string& limit_reason,
                                      Examples examples, const std::atomic<bool>& stop);

// The trees of one file under a given vocabulary, labels below `classes`. Throws Error likewise,
// but takes a pipe too: what is evaluated need not be found again.
Forest ReadPtbForest(const std::string& path, const Vocabulary& vocabulary, int classes,
                     const std::string& limit_reason = "", Examples examples = Examples::kTrees);

}  // namespace grove
