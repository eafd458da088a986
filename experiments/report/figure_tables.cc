#include "experiments/report/figure_tables.h"

#include <fmt/format.h>

#include "experiments/report/table.h"
#include "experiments/stats/statistics.h"

namespace grove {

std::string CellRunsCsv(const PaperRuns& runs) {
  std::string csv =
      CsvLine({"experiment", "dataset", "model", "seed", "test_accuracy", "status", "key"});
  for (const int experiment : {1, 2}) {
    for (int dataset = 1; dataset <= kPaperDatasets; ++dataset) {
      for (const std::string model : {"rnn", "rlstm"}) {
        for (const StoredRun& run : runs.Cell(experiment, dataset, model)) {
          csv += CsvLine({fmt::format("exp{}", experiment), std::to_string(dataset), model,
                          std::to_string(run.record->seed), CsvNumber(run.accuracy()),
                          run.record->status, run.record->key});
        }
      }
    }
  }
  return csv;
}

std::vector<RatioMedian> RatioMedians(const PaperRuns& runs, int depth, size_t least_runs) {
  std::vector<RatioMedian> rows;
  for (const std::string model : {"rnn", "rlstm"}) {
    for (int epoch = 1;; ++epoch) {
      std::vector<double> medians;
      for (const StoredRun& run : runs.Probes(model)) {
        const RatioSummary* found = FindSummary(*run.ratios, epoch, depth);
        if (found != nullptr) medians.push_back(found->median);
      }
      if (medians.empty() || medians.size() < least_runs) break;
      rows.push_back({model, epoch, static_cast<int>(medians.size()), Quantile(medians, 0.25),
                      Median(medians), Quantile(medians, 0.75)});
    }
  }
  return rows;
}

std::string RatioMediansCsv(const std::vector<RatioMedian>& medians, int depth) {
  std::string csv = CsvLine({"model", "depth", "epoch", "runs", "q25", "median", "q75"});
  for (const RatioMedian& m : medians) {
    csv += CsvLine({m.model, std::to_string(depth), std::to_string(m.epoch), std::to_string(m.runs),
                    CsvNumber(m.q25), CsvNumber(m.median), CsvNumber(m.q75)});
  }
  return csv;
}

}  // namespace grove
