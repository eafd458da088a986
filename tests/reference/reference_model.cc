#include "tests/reference/reference_model.h"

#include <set>
#include <stdexcept>

#include "tests/reference/reference_cells.h"

namespace grove::reference {
namespace {

bool IsRnn(const Settings& settings) {
  if (settings.model == "rnn") return true;
  if (settings.model == "rlstm") return false;
  throw std::invalid_argument("model '" + settings.model + "' is none of rnn, rlstm");
}

// The child at absolute position `position` of a tree that begins at `begin`.
Child ChildAt(const Settings& settings, const Forest& forest, const TreePass& pass, int32_t begin,
              int32_t position) {
  const bool own = settings.own_leaf && forest.word[position] != kNone;
  return {pass.nodes[position - begin], own ? "leaf." : ""};
}

Vector Logits(const Tensors& tensors, const Vector& h) {
  Vector z = tensors.at("softmax.b");
  AddProduct(tensors, "softmax.W", h, z);
  return z;
}

}  // namespace

void AddProduct(const Tensors& w, const std::string& name, const Vector& in, Vector& out) {
  const Vector& matrix = w.at(name);
  for (size_t row = 0; row < out.size(); ++row) {
    for (size_t k = 0; k < in.size(); ++k) out[row] += matrix[row * in.size() + k] * in[k];
  }
}

void AddProductBackward(const Tensors& w, const std::string& name, const Vector& in,
                        const Vector& dout, Vector& din, Tensors& dw) {
  const Vector& matrix = w.at(name);
  Vector& dmatrix = dw.at(name);
  for (size_t row = 0; row < dout.size(); ++row) {
    for (size_t k = 0; k < in.size(); ++k) {
      dmatrix[row * in.size() + k] += dout[row] * in[k];
      din[k] += matrix[row * in.size() + k] * dout[row];
    }
  }
}

void Add(const Vector& value, Vector& to) {
  for (size_t k = 0; k < value.size(); ++k) to[k] += value[k];
}

std::vector<TensorShape> TensorShapes(const Settings& settings, int vocabulary_size) {
  const int n = settings.dim;
  // The matrices that multiply an x or y, those that multiply a cell, the biases.
  std::vector<std::string> child = {"W_i1", "W_i2", "W_f1", "W_f2", "W_c1", "W_c2", "W_o1", "W_o2"};
  std::vector<std::string> cell = {"W_ci1", "W_ci2", "W_cf1", "W_cf2", "W_co"};
  std::vector<std::string> bias = {"b_i", "b_f", "b_c", "b_o"};
  if (IsRnn(settings)) {
    child = {"W1", "W2"};
    cell = {};
    bias = {"b"};
  }
  std::vector<TensorShape> shapes;
  for (const auto& name : child) shapes.push_back({name, n, n});
  for (const auto& name : cell) shapes.push_back({name, n, n});
  for (const auto& name : bias) shapes.push_back({name, n, 1});
  if (settings.own_leaf) {
    for (const auto& name : child) shapes.push_back({"leaf." + name, n, n});
  }
  shapes.push_back({"softmax.W", settings.classes, n});
  shapes.push_back({"softmax.b", settings.classes, 1});
  shapes.push_back({"embeddings", vocabulary_size, n});
  return shapes;
}

Tensors ZeroTensors(const Settings& settings, int vocabulary_size) {
  Tensors tensors;
  for (const TensorShape& shape : TensorShapes(settings, vocabulary_size)) {
    tensors[shape.name].assign(static_cast<size_t>(shape.rows) * shape.columns, 0);
  }
  return tensors;
}

TreePass Forward(const Settings& settings, const Tensors& tensors, const Forest& forest,
                 size_t tree, const Nudge& nudge) {
  const size_t n = settings.dim;
  const int32_t begin = forest.tree_begin[tree], end = forest.tree_begin[tree + 1];
  const auto cell_forward = IsRnn(settings) ? RnnForward : RlstmForward;
  TreePass pass;
  pass.nodes.resize(end - begin);
  pass.probabilities.resize(end - begin);
  for (int32_t at = begin; at < end; ++at) {
    Node& p = pass.nodes[at - begin];
    if (forest.word[at] != kNone) {
      const auto row = tensors.at("embeddings").begin() + forest.word[at] * n;
      p.h.assign(row, row + n);
      p.c.assign(n, 0);
    } else {
      cell_forward(settings, tensors,
                   ChildAt(settings, forest, pass, begin, forest.Children(at)[0]),
                   ChildAt(settings, forest, pass, begin, forest.Children(at)[1]), p);
    }
    if (nudge.amount != 0 && static_cast<size_t>(at - begin) == nudge.node) {
      p.h[nudge.element] += nudge.amount;
    }
    const bool labelled = forest.label[at] != kNone;
    if (!labelled && at != forest.root(tree)) continue;
    const Vector z = Logits(tensors, p.h);
    pass.probabilities[at - begin] = Softmax(z);
    if (labelled) pass.loss += NegativeLogSoftmax(z, forest.label[at]);
  }
  return pass;
}

std::vector<Vector> Backward(const Settings& settings, const Tensors& tensors, const Forest& forest,
                             size_t tree, const TreePass& pass, Tensors& gradients) {
  const size_t n = settings.dim;
  const int32_t begin = forest.tree_begin[tree], end = forest.tree_begin[tree + 1];
  const auto cell_backward = IsRnn(settings) ? RnnBackward : RlstmBackward;
  std::vector<NodeGradient> d(end - begin, {Vector(n), Vector(n)});
  for (int32_t at = end - 1; at >= begin; --at) {
    NodeGradient& dp = d[at - begin];
    if (forest.label[at] != kNone) {
      // loss = -log softmax(z)_label:  dz = P - e_label;  z = W_s h + b_s
      Vector dz = pass.probabilities[at - begin];
      dz[forest.label[at]] -= 1;
      AddProductBackward(tensors, "softmax.W", pass.nodes[at - begin].h, dz, dp.dh, gradients);
      Add(dz, gradients.at("softmax.b"));
    }
    if (forest.word[at] != kNone) {
      Vector& rows = gradients.at("embeddings");
      for (size_t k = 0; k < n; ++k) rows[forest.word[at] * n + k] += dp.dh[k];
    } else {
      const int32_t left = forest.Children(at)[0], right = forest.Children(at)[1];
      cell_backward(settings, tensors, ChildAt(settings, forest, pass, begin, left),
                    ChildAt(settings, forest, pass, begin, right), pass.nodes[at - begin], dp,
                    d[left - begin], d[right - begin], gradients);
    }
  }
  std::vector<Vector> dh;
  for (NodeGradient& node : d) dh.push_back(std::move(node.dh));
  return dh;
}

BatchPass Minibatch(const Settings& settings, const Tensors& tensors, const Forest& forest,
                    const std::vector<size_t>& trees, double l2) {
  const size_t n = settings.dim;
  BatchPass batch;
  for (const auto& [name, values] : tensors) batch.gradients[name].assign(values.size(), 0);
  std::set<int32_t> words;
  for (size_t tree : trees) {
    const TreePass pass = Forward(settings, tensors, forest, tree);
    batch.loss += pass.loss / trees.size();
    batch.dh.push_back(Backward(settings, tensors, forest, tree, pass, batch.gradients));
    for (int32_t at = forest.tree_begin[tree]; at < forest.tree_begin[tree + 1]; ++at) {
      if (forest.word[at] != kNone) words.insert(forest.word[at]);
    }
  }
  for (auto& [name, values] : batch.gradients) {
    for (double& value : values) value /= trees.size();
  }
  // L2: d (l2 / 2 * theta^2) / dtheta = l2 theta
  double squares = 0;
  const auto add_l2 = [&](const std::string& name, size_t first, size_t count) {
    const double* theta = tensors.at(name).data() + first;
    squares += SumOfSquares(theta, count);
    for (size_t k = 0; k < count; ++k) batch.gradients.at(name)[first + k] += l2 * theta[k];
  };
  for (const auto& [name, values] : tensors) {
    if (name != "embeddings") add_l2(name, 0, values.size());
  }
  for (int32_t word : words) add_l2("embeddings", word * n, n);
  batch.objective = batch.loss + l2 / 2 * squares;
  return batch;
}

}  // namespace grove::reference
