#include "tests/reference/reference_cells.h"

namespace grove::reference {

void RnnForward(const Settings& settings, const Tensors& w, const Child& x, const Child& y,
                Node& p) {
  // a = W1 x + W2 y + b
  p.before_g = w.at("b");
  AddProduct(w, x.prefix + "W1", x.node.h, p.before_g);
  AddProduct(w, y.prefix + "W2", y.node.h, p.before_g);
  // p = g(a)
  p.h = p.before_g;
  for (double& value : p.h) value = Activation(settings.activation, value);
}

void RnnBackward(const Settings& settings, const Tensors& w, const Child& x, const Child& y,
                 const Node& p, const NodeGradient& dp, NodeGradient& dx, NodeGradient& dy,
                 Tensors& dw) {
  // p = g(a):  da = dp * g'(a)
  Vector da = dp.dh;
  for (size_t k = 0; k < da.size(); ++k) da[k] *= ActivationSlope(settings.activation, p.h[k]);
  // a = W1 x + W2 y + b
  AddProductBackward(w, y.prefix + "W2", y.node.h, da, dy.dh, dw);
  AddProductBackward(w, x.prefix + "W1", x.node.h, da, dx.dh, dw);
  Add(da, dw.at("b"));
}

}  // namespace grove::reference
