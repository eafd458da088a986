// What is known of an epoch once it has ended.
#pragma once

namespace grove {

struct EpochRecord {
  int epoch = 0;              // from 1
  double loss = 0;            // mean loss of the training examples, as trained (no L2 term)
  double train_accuracy = 0;  // of the training examples just before their update,
                              // with dropout as trained
  double dev_loss = 0;        // mean loss of the dev examples
  double dev_accuracy = 0;    // share in [0, 1], root labels
};

}  // namespace grove
