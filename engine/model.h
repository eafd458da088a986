// What a tree model is: its matrices, and how a minibatch goes through it level by level, forward
// and backward. To add a model: its cell kernel in simd/, its file here, its oracle in
// tests/reference, and one line in model.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/linear.h"
#include "engine/parameters.h"
#include "engine/run_spec.h"
#include "engine/schedule.h"
#include "simd/activation.h"

namespace grove {

// What every row of the minibatch carries, and its gradient; leaves are rows [0, leaves). A row
// begins with h (n floats); what a model keeps beside it is the model's affair.
struct NodeStates {
  Rows h;   // (rows, state_width())
  Rows dh;  // the same: dJ/dh
};

// What forward leaves behind: what backward needs, or nothing but h.
enum class Keep { kForBackward, kNothing };

// The activations of one gate: a row for every inner node P of the minibatch, the first at row
// `leaves` of the schedule; n elements in (0, 1).
struct GateRows {
  enum class Of { kNode, kLeftChild, kRightChild };  // whose gate: P's own, or that of its child

  std::string gate;  // as the paper names it: i, f, o
  Of of = Of::kNode;
  bool of_leaves = true;  // false: where the child is a leaf, the row means nothing
  Rows rows = {};
};

// One instance serves one run: it owns the activations that forward leaves for backward.
class TreeModel {
 public:
  virtual ~TreeModel() = default;

  // Floats of a node's row in NodeStates.
  virtual int state_width() const = 0;

  // Makes room for minibatches of up to so many nodes and leaves; allocates, the other calls do
  // not.
  virtual void Reserve(size_t rows, size_t leaves) = 0;

  // From the word vectors in the leaf rows of h: h of all inner rows.
  virtual void Forward(const Parameters& parameters, const Schedule& schedule,
                       const NodeStates& states, Keep keep) = 0;

  // From dh of the labelled rows (what their own losses give; zero in root rows without a label,
  // and in every row if schedule.labels_inside): dh of all rows and the gradient of all of the
  // model's weights, written into its blocks of `gradients` (shape of Parameters::weights).
  virtual void Backward(const Parameters& parameters, const Schedule& schedule,
                        const NodeStates& states, float* gradients) = 0;

  // Where the gates stand between Forward (that keeps them for Backward) and Backward, which
  // overwrites some; the places stay the same until Reserve.
  virtual std::vector<GateRows> Gates() const { return {}; }
};

// Adds the model's blocks to `layout` (which the caller finishes) and returns it. `spec` must be
// valid. `layout` must outlive the model.
std::unique_ptr<TreeModel> MakeModel(const RunSpec& spec, ParameterLayout& layout);

// "rnn", "rlstm", ... as settings name them.
std::vector<std::string> ModelNames();

// The batch size with which the paper trains that model.
int DefaultBatch(const std::string& model);

simd::Activation ParseActivation(const std::string& name);

// U(-r, r) with r = 1 / sqrt(fan * n): the start values of spec section 2.5.
double InitRange(double fan, int n);

}  // namespace grove
