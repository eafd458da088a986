// A cell of the oracle: the names and shapes of its tensors, and its equations, forward only.
//
// To add one: tests/reference/cell_NAME.cc with its tensors and equations, and a line in
// cell_table.cc. In the equations a child that is not there, the memory of a child that has none
// and the token of a node without one are nothing (tape.h): whatever they are multiplied with adds
// nothing to a sum.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/reference/reference_model.h"
#include "tests/reference/tape.h"

namespace grove::reference {

// Which tensors exist, and how often.
enum class Copies {
  kOne,
  kLeafCopy,  // multiplies the h of a child; with own_leaf "leaf.NAME" does so for leaves
  kOfGates,   // multiplies a c for a gate: only there with cell_to_gate
};

// Tensors of one shape.
struct TensorGroup {
  int rows = 0;     // out
  int columns = 0;  // in; 1 for vectors
  std::vector<std::string> names;
  Copies copies = Copies::kOne;
};

struct Child {
  Var h, c;
  bool leaf = false;
};

// What a cell sees of a node.
struct NodeInput {
  Var token;  // the word vector of the node's own token
  std::vector<Child> children;

  // The k-th child from 0; one of nothing where there are fewer.
  Child child(size_t k) const { return k < children.size() ? children[k] : Child(); }
};

struct NodeOutput {
  Var h = {}, c = {};  // c is nothing in cells that have no memory
  std::vector<std::pair<std::string, Var>> gates = {};
};

// The tensors of a model as equations write them: w("b_i"), w("W_i1", x).
class Weights {
 public:
  Weights(const Settings& settings, Tape& tape) : settings_(settings), tape_(tape) {}

  Var operator()(const std::string& vector) const { return tape_.Tensor(vector); }
  Var operator()(const std::string& matrix, Var x) const { return tape_.Product(matrix, x); }
  // The matrix by the child's h: of a group with kLeafCopy.
  Var operator()(const std::string& matrix, const Child& x) const {
    return tape_.Product(settings_.own_leaf && x.leaf ? "leaf." + matrix : matrix, x.h);
  }
  // The matrix by a c: of a group with kOfGates.
  Var CellToGate(const std::string& matrix, Var c) const {
    return settings_.cell_to_gate ? tape_.Product(matrix, c) : Var();
  }
  Var g(Var x) const { return Activation(settings_.activation, x); }

 private:
  const Settings& settings_;
  Tape& tape_;
};

struct Cell {
  size_t arity = 2;  // most children of a node
  // A leaf is its word vector, and no other node has a token. Else a leaf is a node like others.
  bool leaf_is_word = true;
  bool layer_norm = false;  // whether h is normalised whatever the settings say
  std::vector<TensorGroup> tensors;
  std::function<NodeOutput(const Weights& w, const NodeInput& node)> equations;
};

// What settings.model names. Throws std::invalid_argument on a name that is not among CellNames.
Cell CellOf(const Settings& settings);
std::vector<std::string> CellNames();

// What the cell makes of every node of a tree, on the tape. Throws as Forward does
// (reference_model.h).
std::vector<NodeOutput> Nodes(const Settings& settings, Tape& tape, const Tree& tree,
                              const Nudge& nudge);

// One a file.
Cell RnnCell(const Settings& settings);
Cell RlstmCell(const Settings& settings);
Cell TaiCell(const Settings& settings, size_t arity);
Cell ChildSumCell(const Settings& settings);
Cell ZhuCell(const Settings& settings);
Cell GruCell(const Settings& settings);
Cell GrcCell(const Settings& settings);

}  // namespace grove::reference
