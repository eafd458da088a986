#include "perf/peers/dynet/cells.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace grove::peers {
namespace {

using dynet::affine_transform;
using dynet::cmult;
using dynet::Expression;
using dynet::logistic;
using dynet::Parameter;
using dynet::pick_range;

// A matrix that multiplies the h of a child: one for children that are inner nodes, and another for
// those that are leaves.
class ChildMatrix {
 public:
  ChildMatrix(Weights& weights, const std::string& name)
      : parameters_{weights.Stack({name}), weights.Stack({"leaf." + name})} {}

  void Begin(dynet::ComputationGraph& graph) {
    for (size_t leaf : {0, 1}) matrices_[leaf] = parameter(graph, parameters_[leaf]);
  }
  const Expression& For(const State& child) const { return matrices_[child.is_leaf ? 1 : 0]; }

 private:
  Parameter parameters_[2];
  Expression matrices_[2];
};

// p = tanh(W1 x + W2 y + b)
class Rnn : public Cell {
 public:
  explicit Rnn(Weights& weights)
      : left_(weights, "W1"), right_(weights, "W2"), bias_(weights.Stack({"b"})) {}

  void Begin(dynet::ComputationGraph& graph) override {
    left_.Begin(graph);
    right_.Begin(graph);
    b_ = parameter(graph, bias_);
  }

  State Inner(const State& left, const State& right) override {
    const Expression sum =
        affine_transform({b_, left_.For(left), left.h, right_.For(right), right.h});
    return {tanh(sum), {}};
  }

 private:
  ChildMatrix left_, right_;
  Parameter bias_;
  Expression b_;
};

// A gate of the recursive LSTM as the children have it, i or f: s(W_1 x + W_2 y + W_c1 cx + W_c2 cy
// + b), where x is the h of the gate's own child and y that of its sibling.
class ChildGate {
 public:
  ChildGate(Weights& weights, const std::string& gate)
      : own_(weights, "W_" + gate + "1"),
        sibling_(weights, "W_" + gate + "2"),
        own_cell_(weights.Stack({"W_c" + gate + "1"})),
        sibling_cell_(weights.Stack({"W_c" + gate + "2"})),
        bias_(weights.Stack({"b_" + gate})) {}

  void Begin(dynet::ComputationGraph& graph) {
    own_.Begin(graph);
    sibling_.Begin(graph);
    w_own_cell_ = parameter(graph, own_cell_);
    w_sibling_cell_ = parameter(graph, sibling_cell_);
    b_ = parameter(graph, bias_);
  }

  Expression Of(const State& own, const State& sibling) const {
    std::vector<Expression> terms = {b_, own_.For(own), own.h, sibling_.For(sibling), sibling.h};
    if (!own.is_leaf) terms.insert(terms.end(), {w_own_cell_, own.c});
    if (!sibling.is_leaf) terms.insert(terms.end(), {w_sibling_cell_, sibling.c});
    return logistic(affine_transform(terms));
  }

 private:
  ChildMatrix own_, sibling_;
  Parameter own_cell_, sibling_cell_, bias_;
  Expression w_own_cell_, w_sibling_cell_, b_;
};

// The recursive LSTM of Le & Zuidema (2016):
//   c = f1 cx + f2 cy + tanh(W_c1 x i1 + W_c2 y i2 + b_c)
//   o = s(W_o1 x + W_o2 y + W_co c + b_o)      h = o tanh(c)
class Rlstm : public Cell {
 public:
  explicit Rlstm(Weights& weights)
      : i_(weights, "i"),
        f_(weights, "f"),
        input_{{weights, "W_c1"}, {weights, "W_c2"}},
        output_{{weights, "W_o1"}, {weights, "W_o2"}},
        co_(weights.Stack({"W_co"})),
        c_bias_(weights.Stack({"b_c"})),
        o_bias_(weights.Stack({"b_o"})) {}

  void Begin(dynet::ComputationGraph& graph) override {
    i_.Begin(graph);
    f_.Begin(graph);
    for (ChildMatrix& matrix : input_) matrix.Begin(graph);
    for (ChildMatrix& matrix : output_) matrix.Begin(graph);
    w_co_ = parameter(graph, co_);
    b_c_ = parameter(graph, c_bias_);
    b_o_ = parameter(graph, o_bias_);
  }

  State Inner(const State& x, const State& y) override {
    const Expression input = dynet::sum({cmult(i_.Of(x, y), input_[0].For(x) * x.h),
                                         cmult(i_.Of(y, x), input_[1].For(y) * y.h), b_c_});
    std::vector<Expression> terms = {tanh(input)};
    if (!x.is_leaf) terms.push_back(cmult(f_.Of(x, y), x.c));
    if (!y.is_leaf) terms.push_back(cmult(f_.Of(y, x), y.c));
    const Expression c = terms.size() == 1 ? terms[0] : dynet::sum(terms);
    const Expression o = logistic(
        affine_transform({b_o_, output_[0].For(x), x.h, output_[1].For(y), y.h, w_co_, c}));
    return {cmult(o, tanh(c)), c};
  }

 private:
  ChildGate i_, f_;
  ChildMatrix input_[2], output_[2];
  Parameter co_, c_bias_, o_bias_;
  Expression w_co_, b_c_, b_o_;
};

// The N-ary Tree-LSTM of Tai et al. (2015) for two children and words at leaves:
//   i, o = s(W x + b) of leaves, s(U_1 h_1 + U_2 h_2 + b) of inner nodes; u likewise, with tanh
//   f_k = s(U_fk1 h_1 + U_fk2 h_2 + b_f)      c = i u + f_1 c_1 + f_2 c_2      h = o tanh(c)
class TaiBinary : public Cell {
 public:
  TaiBinary(unsigned n, Weights& weights)
      : n_(n),
        word_(weights.Stack({"W_i", "W_o", "W_u"})),
        left_(weights.Stack({"U_i1", "U_o1", "U_f11", "U_f21", "U_u1"})),
        right_(weights.Stack({"U_i2", "U_o2", "U_f12", "U_f22", "U_u2"})),
        iou_bias_(weights.Stack({"b_i", "b_o", "b_u"})),
        f_bias_(weights.Stack({"b_f"})) {
    weights.Stack({"W_f"});  // inner nodes have no words; only the L2 term changes it
  }

  void Begin(dynet::ComputationGraph& graph) override {
    w_ = parameter(graph, word_);
    u_left_ = parameter(graph, left_);
    u_right_ = parameter(graph, right_);
    leaf_b_ = parameter(graph, iou_bias_);
    const Expression b_f = parameter(graph, f_bias_);
    inner_b_ = dynet::concatenate(
        {pick_range(leaf_b_, 0, 2 * n_), b_f, b_f, pick_range(leaf_b_, 2 * n_, 3 * n_)});
  }

  State Leaf(const Expression& word) override {
    const Expression sums = affine_transform({leaf_b_, w_, word});
    const Expression gates = logistic(pick_range(sums, 0, 2 * n_));
    const Expression u = tanh(pick_range(sums, 2 * n_, 3 * n_));
    return Output(gates, cmult(Part(gates, 0), u));
  }

  State Inner(const State& left, const State& right) override {
    const Expression sums = affine_transform({inner_b_, u_left_, left.h, u_right_, right.h});
    const Expression gates = logistic(pick_range(sums, 0, 4 * n_));
    const Expression u = tanh(pick_range(sums, 4 * n_, 5 * n_));
    return Output(gates, dynet::sum({cmult(Part(gates, 0), u), cmult(Part(gates, 2), left.c),
                                     cmult(Part(gates, 3), right.c)}));
  }

 private:
  // i, o, f_1, f_2
  Expression Part(const Expression& gates, unsigned k) const {
    return pick_range(gates, k * n_, (k + 1) * n_);
  }
  State Output(const Expression& gates, const Expression& c) const {
    return {cmult(Part(gates, 1), tanh(c)), c};
  }

  const unsigned n_;
  Parameter word_, left_, right_, iou_bias_, f_bias_;
  Expression w_, u_left_, u_right_, leaf_b_, inner_b_;
};

}  // namespace

std::unique_ptr<Cell> MakeCell(const Settings& settings, Weights& weights) {
  if (settings.model == "rnn") return std::make_unique<Rnn>(weights);
  if (settings.model == "rlstm") return std::make_unique<Rlstm>(weights);
  if (settings.model == "tai_binary") return std::make_unique<TaiBinary>(settings.dim, weights);
  throw std::runtime_error("model = " + settings.model + "; allowed: rnn, rlstm, tai_binary");
}

}  // namespace grove::peers
