// How long runs will take: the cost model, corrected by the finished runs of journals.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "engine/run_spec.h"

namespace grove {

// A finished run with what it was and what it took.
struct MeasuredRun {
  RunSpec run;
  DatasetSpec data;
  int epochs = 0;
  double seconds = 0;
};

// What a time rests on, from the firmest to the weakest.
enum class Basis {
  kMeasured,   // on the run itself
  kCell,       // on finished runs of the same dataset and model
  kModel,      // on finished runs of the same model
  kJournal,    // on any finished runs
  kCostModel,  // on operation counts alone
};

// "2 to 5 finished runs of the same model"
std::string Describe(Basis basis, size_t fewest, size_t most);

// How far a time may be off: standard deviations of its logarithm, by what shares the deviation.
// 0.1 is about 10 %.
struct Uncertainty {
  double machine = 0;  // all runs of the plan
  double cell = 0;     // the runs of one dataset and model
  double run = 0;      // a run alone; early stopping makes runs vary
};

struct Prediction {
  double seconds = 0;  // mean
  double epochs = 0;
  Basis basis = Basis::kCostModel;
  size_t runs = 0;  // that it rests on
  Uncertainty spread;
};

// "Dataset and model" as predictions know them: equal for runs that differ in seed or settings.
std::string CellOf(const RunSpec& run, const DatasetSpec& data);

// Groups the finished runs by dataset and model, and by model. The most particular group that has
// any tells how many times longer its runs took than the cost model says for their epochs (median),
// and how many times more epochs than expected (mean: a few runs take three times as many as most,
// and it is the time of all together that is wanted).
class Predictor {
 public:
  // Spreads where finished runs show none (fewer than three, or of one cell alone).
  static constexpr double kMachineSpread = 0.4;
  static constexpr double kCellSpread = 0.3;
  static constexpr double kRunSpread = 0.3;

  explicit Predictor(const std::vector<MeasuredRun>& measured);

  Prediction Predict(const RunSpec& run, const DatasetSpec& data) const;

 private:
  struct Group {
    std::vector<double> speed;   // seconds / what the cost model says for the run's epochs
    std::vector<double> epochs;  // epochs / expected epochs
  };

  std::map<std::string, Group> groups_;  // by CellOf, by the name of a model, and "" of all runs
  double run_spread_ = kRunSpread;
  double cell_spread_ = kCellSpread;
};

}  // namespace grove
