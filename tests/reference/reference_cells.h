// The cells of the reference models: how one inner node follows from its two children, and back.
#pragma once

#include <string>

#include "tests/reference/reference_model.h"

namespace grove::reference {

// A child as its parent's cell sees it. `prefix` is "leaf." where a leaf has its own matrices.
struct Child {
  const Node& node;
  std::string prefix;
};

// dJ/dh and dJ/dc of a node; n elements each.
struct NodeGradient {
  Vector dh;
  Vector dc;
};

// p = g(W1 x + W2 y + b). Fills `p` from its children.
void RnnForward(const Settings& settings, const Tensors& w, const Child& x, const Child& y,
                Node& p);
// From dJ/dh of `p`, adds to the gradients of the children and of the tensors.
void RnnBackward(const Settings& settings, const Tensors& w, const Child& x, const Child& y,
                 const Node& p, const NodeGradient& dp, NodeGradient& dx, NodeGradient& dy,
                 Tensors& dw);

// The cell of spec section 2.2. Fills `p` from its children.
void RlstmForward(const Settings& settings, const Tensors& w, const Child& x, const Child& y,
                  Node& p);
// From dJ/dh and dJ/dc of `p`, adds to the gradients of the children and of the tensors.
void RlstmBackward(const Settings& settings, const Tensors& w, const Child& x, const Child& y,
                   const Node& p, const NodeGradient& dp, NodeGradient& dx, NodeGradient& dy,
                   Tensors& dw);

// out += W in, with W = w.at(name), shape (out, in).
void AddProduct(const Tensors& w, const std::string& name, const Vector& in, Vector& out);
// Backward of AddProduct: dW += dout in^T; din += W^T dout.
void AddProductBackward(const Tensors& w, const std::string& name, const Vector& in,
                        const Vector& dout, Vector& din, Tensors& dw);

// to += value, element by element.
void Add(const Vector& value, Vector& to);

}  // namespace grove::reference
