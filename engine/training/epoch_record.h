// What is known of an epoch once it has ended.
#pragma once

#include <limits>

namespace grove {

struct EpochRecord {
  int epoch = 0;              // from 1
  double loss = 0;            // mean loss of the training examples, as trained (no L2 term)
  double train_accuracy = 0;  // of the training examples just before their update,
                              // with dropout as trained
  double dev_loss = 0;        // mean loss of the dev examples
  double dev_accuracy = 0;    // share in [0, 1], root labels
  // Likewise, of all labelled nodes, and of the roots; NaN unless spec.select_by goes by them.
  double dev_node_accuracy = std::numeric_limits<double>::quiet_NaN();
  double dev_macro_f1 = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace grove
