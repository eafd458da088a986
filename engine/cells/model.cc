#include "engine/cells/model.h"

#include <cmath>
#include <utility>

#include "engine/cells/rlstm.h"
#include "engine/cells/rnn.h"
#include "engine/error.h"

namespace grove {
namespace {

struct Registration {
  const char* name;
  int default_batch;  // of the paper
  CellTable (*make)(const RunSpec& spec);
};

constexpr Registration kModels[] = {
    {"rnn", 20, MakeRnn},
    {"rlstm", 5, MakeRlstm},
};

const Registration& Find(const std::string& name) {
  for (const Registration& model : kModels) {
    if (name == model.name) return model;
  }
  throw Error("unknown model '" + name + "'");
}

}  // namespace

std::unique_ptr<LevelModel> MakeModel(const RunSpec& spec, ParameterLayout& layout) {
  return std::make_unique<LevelModel>(Find(spec.model).make(spec), layout);
}

CellTable TableOf(const RunSpec& spec) {
  CellTable cell;
  cell.gemm = ParseGemmBackend(spec.gemm);
  cell.own_leaf_weights = spec.leaf_weights == "own";
  cell.word_width = spec.dim;
  return cell;
}

std::vector<std::string> ModelNames() {
  std::vector<std::string> names;
  for (const Registration& model : kModels) names.emplace_back(model.name);
  return names;
}

int DefaultBatch(const std::string& model) { return Find(model).default_batch; }

simd::Activation ParseActivation(const std::string& name) {
  if (name == "tanh") return simd::Activation::kTanh;
  if (name == "relu") return simd::Activation::kRelu;
  if (name == "softsign") return simd::Activation::kSoftsign;
  throw Error("unknown activation '" + name + "'; allowed: tanh, relu, softsign");
}

double InitRange(double fan, int n) { return 1.0 / std::sqrt(fan * n); }

}  // namespace grove
