#include "tests/reference/reference_model.h"

#include <set>
#include <stdexcept>

#include "tests/reference/cell.h"

namespace grove::reference {
namespace {

void Check(const Cell& cell, const TreeNode& node) {
  const bool leaf = node.children.empty();
  if (node.children.size() > cell.arity) {
    throw std::invalid_argument("a node with " + std::to_string(node.children.size()) +
                                " children is more than the cell takes");
  }
  if (cell.leaf_is_word && leaf != node.token.has_value()) {
    throw std::invalid_argument(leaf ? "a leaf without a token" : "a token at an inner node");
  }
}

// h, c and gates of one node whose children are done.
NodeOutput Compute(const Settings& settings, const Cell& cell, const Weights& w, Tape& tape,
                   const Tree& tree, const std::vector<NodeOutput>& done) {
  const TreeNode& node = tree[done.size()];
  Check(cell, node);
  NodeInput input;
  if (node.token) input.token = tape.Row("embeddings", *node.token, settings.word_width());
  if (cell.leaf_is_word && node.token) {
    return {.h = settings.word_width() == settings.dim ? input.token : w("W_x", input.token)};
  }
  for (const size_t child : node.children) {
    input.children.push_back({done[child].h, done[child].c, tree[child].children.empty()});
  }
  NodeOutput output = cell.equations(w, input);
  if (settings.residual) {
    for (const Child& child : input.children) {
      output.h = output.h + Scale(1.0 / static_cast<double>(input.children.size()), child.h);
    }
  }
  if (settings.layer_norm || cell.layer_norm) {
    output.h = w("gain") * LayerNorm(output.h) + w("b_norm");
  }
  return output;
}

Node ValuesOf(const Tape& tape, const NodeOutput& output) {
  Node node = {.h = tape.Value(output.h)};
  node.c = output.c.nothing() ? Vector(node.h.size()) : tape.Value(output.c);
  for (const auto& [name, gate] : output.gates) node.gates[name] = tape.Value(gate);
  return node;
}

}  // namespace

std::vector<TensorShape> TensorShapes(const Settings& settings, int vocabulary_size) {
  const Cell cell = CellOf(settings);
  const int n = settings.dim, w = settings.word_width();
  std::vector<TensorShape> shapes, copies;
  for (const TensorGroup& group : cell.tensors) {
    if (group.copies == Copies::kOfGates && !settings.cell_to_gate) continue;
    for (const std::string& name : group.names) {
      shapes.push_back({name, group.rows, group.columns});
      if (group.copies == Copies::kLeafCopy && settings.own_leaf) {
        copies.push_back({"leaf." + name, group.rows, group.columns});
      }
    }
  }
  shapes.insert(shapes.end(), copies.begin(), copies.end());
  if (settings.layer_norm || cell.layer_norm) {
    shapes.push_back({"gain", n, 1});
    shapes.push_back({"b_norm", n, 1});
  }
  if (cell.leaf_is_word && w != n) shapes.push_back({"W_x", n, w});
  int seen = n;  // what the softmax sees
  if (settings.comparison != "none") {
    const bool tai = settings.comparison == "tai";
    seen = settings.comparison_dim;
    shapes.push_back({tai ? "compare.W_product" : "compare.W_left", seen, n});
    shapes.push_back({tai ? "compare.W_distance" : "compare.W_right", seen, n});
    shapes.push_back({"compare.b", seen, 1});
  }
  shapes.push_back({"softmax.W", settings.classes, seen});
  shapes.push_back({"softmax.b", settings.classes, 1});
  shapes.push_back({"embeddings", vocabulary_size, w});
  return shapes;
}

Tensors ZeroTensors(const Settings& settings, int vocabulary_size) {
  Tensors tensors;
  for (const TensorShape& shape : TensorShapes(settings, vocabulary_size)) {
    tensors[shape.name].assign(static_cast<size_t>(shape.rows) * shape.columns, 0);
  }
  return tensors;
}

std::vector<NodeOutput> Nodes(const Settings& settings, Tape& tape, const Tree& tree,
                              const Nudge& nudge) {
  const Cell cell = CellOf(settings);
  const Weights w(settings, tape);
  std::vector<NodeOutput> done;
  for (size_t at = 0; at < tree.size(); ++at) {
    NodeOutput output = Compute(settings, cell, w, tape, tree, done);
    if (nudge.amount != 0 && at == nudge.node) {
      Vector shift(settings.dim);
      shift[nudge.element] = nudge.amount;
      output.h = output.h + tape.Constant(shift);
    }
    done.push_back(std::move(output));
  }
  return done;
}

TreePass Forward(const Settings& settings, const Tensors& tensors, const Tree& tree,
                 const Nudge& nudge) {
  TreePass pass;
  pass.tape = std::make_unique<Tape>(tensors);
  const Weights w(settings, *pass.tape);
  const std::vector<NodeOutput> outputs = Nodes(settings, *pass.tape, tree, nudge);
  pass.probabilities.resize(tree.size());
  for (size_t at = 0; at < tree.size(); ++at) {
    const NodeOutput& output = outputs[at];
    pass.nodes.push_back(ValuesOf(*pass.tape, output));
    pass.h.push_back(output.h);
    if (tree[at].label || at + 1 == tree.size()) {
      const Var z = w("softmax.W", output.h) + w("softmax.b");
      pass.probabilities[at] = Softmax(pass.tape->Value(z));
      if (tree[at].label) {
        pass.loss_on_tape = pass.loss_on_tape + NegativeLogSoftmax(z, *tree[at].label);
      }
    }
  }
  if (!pass.loss_on_tape.nothing()) pass.loss = pass.tape->Value(pass.loss_on_tape)[0];
  return pass;
}

std::vector<Vector> Backward(const TreePass& pass, Tensors& gradients) {
  pass.tape->Backward(pass.loss_on_tape, gradients);
  std::vector<Vector> dh;
  for (const Var h : pass.h) dh.push_back(pass.tape->Gradient(h));
  return dh;
}

BatchPass Minibatch(const Settings& settings, const Tensors& tensors,
                    const std::vector<Tree>& trees, double l2) {
  const size_t width = settings.word_width();
  const double count = static_cast<double>(trees.size());
  BatchPass batch;
  for (const auto& [name, values] : tensors) batch.gradients[name].assign(values.size(), 0);
  std::set<size_t> words;
  for (const Tree& tree : trees) {
    const TreePass pass = Forward(settings, tensors, tree);
    batch.loss += pass.loss / count;
    batch.dh.push_back(Backward(pass, batch.gradients));
    for (const TreeNode& node : tree) {
      if (node.token) words.insert(*node.token);
    }
  }
  for (auto& [name, values] : batch.gradients) {
    for (double& value : values) value /= count;
  }
  // L2: d (l2 / 2 * theta^2) / dtheta = l2 theta
  double squares = 0;
  const auto add_l2 = [&](const std::string& name, size_t first, size_t elements) {
    const double* theta = tensors.at(name).data() + first;
    squares += SumOfSquares(theta, elements);
    for (size_t k = 0; k < elements; ++k) batch.gradients.at(name)[first + k] += l2 * theta[k];
  };
  for (const auto& [name, values] : tensors) {
    if (name != "embeddings") add_l2(name, 0, values.size());
  }
  for (const size_t word : words) add_l2("embeddings", word * width, width);
  batch.objective = batch.loss + l2 / 2 * squares;
  return batch;
}

}  // namespace grove::reference
