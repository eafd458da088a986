// Made-up CSV files for every script in experiments/plots, of an ordinary size and of extreme ones.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

namespace grove::testing {

// How much there is of everything.
struct Extent {
  int datasets = 10, epochs = 9, rows = 8, depths = 13, seeds = 5;
  std::vector<std::string> models = {"rnn", "rlstm"};
  std::string title = "A finding in one sentence that is neither very short nor very long";
  std::string label = "leaf_weights = shared, init_fan_cell = 2";
};

// The CSV files that the figures read, in `folder`.
inline void WriteMadeUpTables(const std::string& folder, const Extent& e) {
  const auto file = [&](const std::string& name, const std::string& header) {
    std::ofstream stream(folder + "/" + name + ".csv");
    stream << header << "\n";
    return stream;
  };
  auto cells = file("cells", "experiment,dataset,model,lowest,q25,median,q75,best,low,high");
  auto runs = file("cell_runs", "experiment,dataset,model,seed,test_accuracy,status,key");
  auto epochs = file("epochs", "key,epoch,dev_accuracy");
  auto curves = file("curves", "number,folder,model,epoch,cells,runs,dev_accuracy,loss");
  auto ratios = file("ratios", "key,epoch,depth,n,q05,q25,median,q75,q95");
  auto medians = file("ratio_medians", "model,depth,epoch,q25,median,q75");
  auto nodes = file("node_ratios", "model,epoch,kind,depth,runs,median_ratio");
  auto crossed = file("length_depth", "min_length,max_length,keyword_depth,model,median");
  for (const std::string& model : e.models) {
    for (int i = 1; i <= e.datasets; ++i) {
      cells << fmt::format("exp1,{},{},5,20,{},90,99.5,15,80\n", i, model, 100 - 9 * i);
      for (int seed = 1; seed <= e.seeds; ++seed) {
        runs << fmt::format("exp1,{},{},{},{},{},k\n", i, model, seed, seed == 2 ? 0 : 75,
                            seed == 2 ? "failed" : "done");
      }
    }
    for (int epoch = 0; epoch <= e.epochs; ++epoch) {
      epochs << fmt::format("{},{},{}\n", model, epoch, 0.1 + 0.9 * epoch / (e.epochs + 1));
      curves << fmt::format("1,\"a, b\",{},{},1,5,{},{}\n", model, epoch, epoch / (e.epochs + 1.0),
                            2.3 / (epoch + 1));
      medians << fmt::format("{},{},{},1e-3,2e-3,0.05\n", model, std::min(e.depths, 10), epoch);
      for (int depth = 1; depth <= e.depths; ++depth) {
        const double m = std::pow(10, -0.3 * depth);
        ratios << fmt::format("{},{},{},{},{},{},{},{},inf\n", model, epoch, depth,
                              depth == e.depths ? 3 : 50, m / 100, m / 5, m, 4 * m);
        for (const char* kind : {"inner", "leaf", "keyword"}) {
          nodes << fmt::format("{},{},{},{},5,{}\n", model, epoch, kind, depth, m);
        }
      }
    }
    for (int length = 1; length <= 4; ++length) {
      for (int depth = 2; depth <= 10; depth += 2) {
        crossed << fmt::format("{},{},{},{},{}\n", 20 * length - 9, 20 * length, depth, model,
                               100 - depth * length);
      }
    }
  }
  auto claims = file("claims", "claim,paper,verdict,upheld_of_1000");
  auto variants = file("variants", "factor,variant,claims_that_hold,claims_judged");
  auto gates = file("gates", "epoch,gate,place,runs,mean_activation");
  for (int i = 1; i <= e.rows; ++i) {
    claims << fmt::format("E{},\"its words, as they are\",holds,{}\n", i, 1000 / i);
    variants << fmt::format("\"a, b\",\"{}\",{},17\n", e.label, i % 18);
  }
  for (int epoch = 0; epoch <= e.epochs; ++epoch) {
    for (const char* gate : {"i", "f", "o"}) {
      gates << fmt::format("{0},{1},toward,5,0.6\n{0},{1},off,5,0.45\n", epoch, gate);
    }
  }
}

}  // namespace grove::testing
