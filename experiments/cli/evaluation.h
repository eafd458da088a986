// How good a trained model is, under the names that every command has for it.
#pragma once

#include <nlohmann/json.hpp>

#include "engine/trees/forest.h"
#include "experiments/cli/trained_model.h"

namespace grove {

struct EvaluationOptions {
  bool binary = false;    // also the lower half of the classes against the upper; of five always
  bool by_class = false;  // also what only programs read: F1 and confusion of the classes
};

// Of trees {"root_accuracy", "loss", "trees", "macro_f1"} and, where other nodes have labels too,
// "node_accuracy" and "node_macro_f1"; of pairs "accuracy" and "macro_f1", or of scores "pearson"
// and "mean_squared_error", and "loss", "pairs". Null where there is nothing to count. The network
// has room for the forest afterwards.
nlohmann::ordered_json EvaluateModel(TrainedModel& model, const Forest& forest,
                                     const EvaluationOptions& options);

}  // namespace grove
