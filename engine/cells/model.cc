#include "engine/cells/model.h"

#include <cmath>
#include <utility>

#include "engine/cells/child_sum.h"
#include "engine/cells/grc.h"
#include "engine/cells/gru.h"
#include "engine/cells/output.h"
#include "engine/cells/rlstm.h"
#include "engine/cells/rnn.h"
#include "engine/cells/tai.h"
#include "engine/cells/zhu.h"
#include "engine/error.h"

namespace grove {
namespace {

struct Registration {
  ModelEntry info;
  CellTable (*make)(const RunSpec& spec);
};

constexpr Registration kModels[] = {
    {{"rnn", 20, "recursive network, no cell beside its vectors"}, MakeRnn},
    {{"rlstm", 5, "recursive LSTM (Le & Zuidema 2015)"}, MakeRlstm},
    {{"tai_binary", 25, "N-ary Tree-LSTM for two children (Tai et al. 2015)"}, MakeTaiBinary},
    {{"tai_3", 25, "the same for up to three"}, MakeTai3},
    {{"tai_4", 25, "the same for up to four"}, MakeTai4},
    {{"child_sum", 25, "Child-Sum Tree-LSTM, any number of children (Tai et al. 2015)"},
     MakeChildSum},
    {{"zhu", 25, "structured LSTM (Zhu et al. 2015)"}, MakeZhu},
    {{"gru", 25, "tree GRU (Kokkinos & Potamianos 2017)"}, MakeGru},
    {{"grc", 25, "gated recursive cell with GELU and layer norm (Shen et al. 2019)"}, MakeGrc},
};

const Registration& Find(const std::string& name) {
  for (const Registration& model : kModels) {
    if (name == model.info.name) return model;
  }
  throw Error("unknown model '" + name + "'");
}

}  // namespace

std::unique_ptr<LevelModel> MakeModel(const RunSpec& spec, ParameterLayout& layout) {
  return std::make_unique<LevelModel>(MakeCell(spec), layout);
}

CellTable MakeCell(const RunSpec& spec) {
  CellTable cell = Find(spec.model).make(spec);
  AddOutput(cell);
  const int n = cell.state[0].width;
  if (!cell.leaf_is_cell && cell.word_width != n) {
    const double range = InitRange(spec.init_fan_cell, cell.word_width);
    cell.products.push_back({"W_x", kNode, "x", cell.state[0].name, range});
  }
  return cell;
}

CellTable TableOf(const RunSpec& spec) {
  CellTable cell;
  cell.gemm = ParseGemmBackend(spec.gemm);
  cell.own_leaf_weights = spec.leaf_weights == "own";
  cell.residual = spec.residual;
  cell.layer_norm = spec.layer_norm;
  cell.word_width = WordWidth(spec);
  return cell;
}

void RequireTrees(const RunSpec& spec, const Forest& forest, const std::string& which) {
  const CellTable cell = MakeCell(spec);
  const ForestShape shape = ShapeOf(forest);
  if (cell.places != 0 && shape.most_children > cell.places) {
    throw Error(which + ": a node has " + std::to_string(shape.most_children) + " children; " +
                spec.model + " takes up to " + std::to_string(cell.places));
  }
  if (shape.inner_words && !cell.words_inside) {
    throw Error(which + ": a node with children has a word, which " + spec.model +
                " does not take");
  }
}

std::vector<ModelEntry> Models() {
  std::vector<ModelEntry> models;
  for (const Registration& model : kModels) models.push_back(model.info);
  return models;
}

std::vector<std::string> ModelNames() {
  std::vector<std::string> names;
  for (const Registration& model : kModels) names.emplace_back(model.info.name);
  return names;
}

int DefaultBatch(const std::string& model) { return Find(model).info.default_batch; }

simd::Activation ParseActivation(const std::string& name) {
  if (name == "tanh") return simd::Activation::kTanh;
  if (name == "relu") return simd::Activation::kRelu;
  if (name == "softsign") return simd::Activation::kSoftsign;
  throw Error("unknown activation '" + name + "'; allowed: tanh, relu, softsign");
}

Start ParseStart(const std::string& name) {
  if (name == "uniform") return Start::kUniform;
  if (name == "identity") return Start::kHalfIdentity;
  if (name == "orthogonal") return Start::kOrthogonal;
  throw Error("unknown start '" + name + "'; allowed: uniform, identity, orthogonal");
}

double InitRange(double fan, int n) { return 1.0 / std::sqrt(fan * n); }

}  // namespace grove
