// The tree models by name. To add one: its kernels in simd/, its table (engine/cells/cell.h) in a
// file here, its oracle in tests/reference, and one line in model.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/cells/level_model.h"
#include "engine/cells/parameters.h"
#include "engine/run_spec.h"
#include "engine/trees/forest.h"
#include "simd/activation.h"

namespace grove {

// Adds the model's blocks to `layout` (which the caller finishes) and returns it. `spec` must be
// valid. `layout` must outlive the model.
std::unique_ptr<LevelModel> MakeModel(const RunSpec& spec, ParameterLayout& layout);

// The table of the spec's cell. `spec` must be valid.
CellTable MakeCell(const RunSpec& spec);

// Throws Error that says what of the trees the spec's model cannot take: a node with too many
// children, or a word at an inner node. `which` names the forest ("train").
void RequireTrees(const RunSpec& spec, const Forest& forest, const std::string& which);

struct ModelEntry {
  const char* name;     // as settings name it
  int default_batch;    // trees in a minibatch
  const char* summary;  // what it is and whose, for help texts
};
std::vector<ModelEntry> Models();

// "rnn", "rlstm", ...
std::vector<std::string> ModelNames();
int DefaultBatch(const std::string& model);

simd::Activation ParseActivation(const std::string& name);
Start ParseStart(const std::string& name);

// A table with what is common to all cells of the spec.
CellTable TableOf(const RunSpec& spec);

// U(-r, r) with r = 1 / sqrt(fan * n): the start values of spec section 2.5.
double InitRange(double fan, int n);

}  // namespace grove
