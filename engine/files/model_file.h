// Models in tensor files: weights, what the update rule keeps of each, and as strings all that is
// needed to use the model or to train it further.
//
// Tensors carry the names of spec section 7 and have shape (out, in), biases (out); `embeddings` is
// (V, n). Those of the rule's first slot have the prefix "opt.", of its second "opt2."; how often
// weights and words were updated stands in "opt.weight_updates", (1), and "opt.word_updates", (V).
// Metadata: `format` ("grove-1"), `spec` (canonical
// JSON of the run spec), `vocabulary` (JSON list of V spellings by id), `classes`, `labels` (JSON
// list of C names by class; absent where classes have none), `reading` (canonical JSON of how the
// training files were read; absent where that is by default), `epoch`; every other key is
// provenance.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/cells/parameters.h"
#include "engine/files/checkpoint.h"
#include "engine/run_spec.h"

namespace grove {

struct ModelInfo {
  RunSpec spec;                     // resolved when read
  int classes = 0;                  // C
  int vocabulary_size = 0;          // V
  std::vector<std::string> words;   // V spellings by id; empty: the id itself is the spelling
  std::vector<std::string> labels;  // C names by class; empty: the class itself is the name
  ReadingSpec reading;              // of the files it was trained on
  int epoch = 0;                    // of the weights, from 1; 0: start values
  std::map<std::string, std::string> provenance;  // keys other than those above
};

// Writes `path` whole or not at all. Throws Error as WriteTensorFile, and if `info` contradicts
// itself or the parameters.
void SaveModel(const std::string& path, const ModelInfo& info, const ParameterLayout& layout,
               const Parameters& parameters, bool with_optimiser);

// The metadata of a model, checked against the file's embeddings. Throws DamagedFile with the file,
// the key and the allowed values.
ModelInfo ReadModelInfo(const TensorFile& file);

// Sets weights, word vectors and transposed copies. Slots and counters are set if the file has them
// of the same update rule, so that training goes on with the same bits; else they become 0, as at
// the start. Throws DamagedFile with the file, the tensor, its expected and its found shape; also
// if the file holds a tensor that the layout does not know, and with its index a number that
// training cannot leave.
void LoadWeights(const TensorFile& file, const ParameterLayout& layout, Parameters& parameters);

}  // namespace grove
