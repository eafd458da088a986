// Made-up runs for the tests of the report: the picture of the paper in closed form, nothing
// trained.
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "experiments/runs/table_lines.h"
#include "experiments/stats/judge.h"

namespace grove {

// Made-up runs and the summaries of their gradient ratios.
struct ProbeRun {
  size_t run = 0;  // its position in ReportData::runs
  std::vector<RatioSummary> summaries;
};
struct ReportData {
  std::vector<RunRecord> runs;
  std::vector<ProbeRun> probes;
};

inline std::vector<StoredRun> AllRuns(const ReportData& data) {
  std::vector<StoredRun> runs(data.runs.begin(), data.runs.end());
  for (const ProbeRun& probe : data.probes) runs[probe.run].ratios = &probe.summaries;
  return runs;
}

}  // namespace grove

namespace grove::testing {

// The data of the paper's dataset.
inline DatasetSpec PaperData(const std::string& experiment, int dataset) {
  DatasetSpec data;
  if (experiment == "exp2") {
    data.min_keyword_depth = dataset;
    data.max_keyword_depth = dataset + 1;
  } else {
    data.min_length = 10 * dataset - 9;
    data.max_length = 10 * dataset;
  }
  return data;
}

// A run of the paper: "exp1", "exp2", or "exp3", which has the gradient probe.
inline RunRecord MadeUpRun(const std::string& experiment, int dataset, const std::string& model,
                           uint64_t seed, double test_accuracy) {
  RunRecord run;
  run.key = experiment + "-" + std::to_string(dataset) + "-" + model + "-" + std::to_string(seed);
  run.experiment = experiment;
  run.dataset = dataset;
  run.model = model;
  run.seed = seed;
  run.run.model = model;
  run.run.seed = seed;
  run.run.probe = experiment == "exp3";
  run.run = Resolve(run.run);
  run.data = PaperData(experiment, dataset);
  run.status = "done";
  run.test_accuracy = test_accuracy;
  run.dev_accuracy = test_accuracy;
  run.train_accuracy = std::min(1.0, test_accuracy + 0.05);
  run.best_epoch = 3;
  run.epochs = 8;
  run.seconds = 30;
  run.trees_per_second = 5000;
  run.weights_xxh3 = "0123456789abcdef";
  for (int epoch = 1; epoch <= run.epochs; ++epoch) {
    run.history.push_back({epoch, 2.3 / epoch, 0.1, 2.4 / epoch, 0.1 + 0.1 * (epoch - 1)});
  }
  return run;
}

// Test accuracy of a run of the paper's picture.
inline double MadeUpAccuracy(const std::string& experiment, int dataset, const std::string& model,
                             uint64_t seed) {
  const double noise = 0.004 * static_cast<double>(seed);
  if (experiment == "exp1") {
    if (model == "rnn") return dataset == 1 ? 0.90 + noise : 0.09 + noise;
    if (dataset <= 3) return 0.95 + noise;
    return dataset <= 7 ? std::max(0.1, 0.95 - 0.06 * dataset - 0.12 * (seed - 1.0)) : 0.09 + noise;
  }
  if (model == "rnn") return std::max(0.09, 0.99 - 0.015 * dataset * dataset * dataset) + noise / 2;
  return dataset <= 7 ? 0.96 + noise : 0.95 - 0.1 * (dataset - 7) + noise;
}

// `runs` seeds of every cell of experiments 1 and 2.
inline std::vector<RunRecord> MadeUpExperiments(int runs) {
  std::vector<RunRecord> records;
  for (const std::string experiment : {"exp1", "exp2"}) {
    for (int dataset = 1; dataset <= 10; ++dataset) {
      for (const std::string model : {"rnn", "rlstm"}) {
        for (int seed = 1; seed <= runs; ++seed) {
          records.push_back(MadeUpRun(experiment, dataset, model, seed,
                                      MadeUpAccuracy(experiment, dataset, model, seed)));
        }
      }
    }
  }
  return records;
}

// log10 of the median ratio of an epoch at a depth.
inline double MadeUpLogRatio(const std::string& model, int epoch, int depth) {
  if (model == "rnn") return -0.28 * depth + std::min(0.2 * depth, 0.25 * (epoch - 1));
  if (epoch == 1) return -0.4 * depth;
  const double top = epoch == 2 ? -1.2 : epoch == 3 ? -0.3 : 0.1 - 0.06 * (epoch - 4);
  return std::max(top, -0.8) - 0.02 * (depth - 10);
}

// Ratios of `trees` trees at each depth from 2 to 13 for `epochs` epochs.
inline std::vector<GradientRatio> MadeUpRatios(const std::string& model, int epochs, int trees) {
  std::vector<GradientRatio> ratios;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    for (int depth = 2; depth <= 13; ++depth) {
      for (int tree = 0; tree < trees; ++tree) {
        const double spread = 1.2 * ((tree + 0.5) / trees - 0.5);
        const double exponent = MadeUpLogRatio(model, epoch, depth) + spread;
        ratios.push_back({epoch, depth, static_cast<float>(std::pow(10, exponent))});
      }
    }
  }
  return ratios;
}

// A run of experiment 3 with these ratios.
inline void AddProbe(ReportData& data, const std::string& model, uint64_t seed,
                     std::vector<GradientRatio> ratios) {
  data.runs.push_back(MadeUpRun("exp3", 3, model, seed, 0.9));
  data.probes.push_back({data.runs.size() - 1, SummariseRatios(std::move(ratios))});
}

// The claims judged on the runs of default settings.
inline Judgements JudgeDefault(const ReportData& data, Cells cells = Cells::kAll) {
  return Judge(PaperRuns(AllRuns(data), Variant()), cells);
}

// Writes the journal of a run folder; runs of experiment 3 get ratios of `probe_epochs` epochs.
inline void WriteRunFolder(const std::string& directory, const std::vector<RunRecord>& runs,
                           int probe_epochs) {
  std::filesystem::create_directories(directory);
  std::ofstream journal(directory + "/journal.jsonl");
  journal << R"({"provenance": {"version": "0.0", "compiler": "a <b> & \"c\""}})"
          << "\n";
  for (const RunRecord& run : runs) {
    if (run.experiment == "exp3") {
      journal << RatioLine(run.key, SummariseRatios(MadeUpRatios(run.model, probe_epochs, 60)))
              << "\n";
    }
    journal << ToJson(run).dump() << "\n";
  }
}

}  // namespace grove::testing
