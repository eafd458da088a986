#include "tests/reference/reference_cells.h"

namespace grove::reference {
namespace {

// A gate of the child `own` whose sibling is `other`, for gate "i" or "f":
//   sigma(W_i1 own.h + W_i2 other.h + W_ci1 own.c + W_ci2 other.c + b_i)
Vector ChildGate(const Tensors& w, const std::string& gate, const Child& own, const Child& other) {
  Vector z = w.at("b_" + gate);
  AddProduct(w, own.prefix + "W_" + gate + "1", own.node.h, z);
  AddProduct(w, other.prefix + "W_" + gate + "2", other.node.h, z);
  AddProduct(w, "W_c" + gate + "1", own.node.c, z);
  AddProduct(w, "W_c" + gate + "2", other.node.c, z);
  for (double& value : z) value = Sigmoid(value);
  return z;
}

// From the gate's value and its gradient dgate: the gate's argument z has dz = dgate * gate (1 -
// gate).
void ChildGateBackward(const Tensors& w, const std::string& gate, const Child& own,
                       const Child& other, const Vector& value, const Vector& dgate,
                       NodeGradient& down, NodeGradient& dother, Tensors& dw) {
  Vector dz = dgate;
  for (size_t k = 0; k < dz.size(); ++k) dz[k] *= value[k] * (1 - value[k]);
  AddProductBackward(w, "W_c" + gate + "2", other.node.c, dz, dother.dc, dw);
  AddProductBackward(w, "W_c" + gate + "1", own.node.c, dz, down.dc, dw);
  AddProductBackward(w, other.prefix + "W_" + gate + "2", other.node.h, dz, dother.dh, dw);
  AddProductBackward(w, own.prefix + "W_" + gate + "1", own.node.h, dz, down.dh, dw);
  Add(dz, dw.at("b_" + gate));
}

Vector Product(const Tensors& w, const std::string& name, const Vector& in) {
  Vector out(in.size());
  AddProduct(w, name, in, out);
  return out;
}

Vector Times(const Vector& a, const Vector& b) {
  Vector out = a;
  for (size_t k = 0; k < out.size(); ++k) out[k] *= b[k];
  return out;
}

}  // namespace

void RlstmForward(const Settings& settings, const Tensors& w, const Child& x, const Child& y,
                  Node& p) {
  const size_t n = x.node.h.size();
  // i1, i2, f1, f2: both children share the gate matrices, each in its own role.
  p.i1 = ChildGate(w, "i", x, y);
  p.i2 = ChildGate(w, "i", y, x);
  p.f1 = ChildGate(w, "f", x, y);
  p.f2 = ChildGate(w, "f", y, x);
  // a = W_c1 x * i1 + W_c2 y * i2 + b_c
  p.before_g = w.at("b_c");
  Add(Times(Product(w, x.prefix + "W_c1", x.node.h), p.i1), p.before_g);
  Add(Times(Product(w, y.prefix + "W_c2", y.node.h), p.i2), p.before_g);
  // cp = f1 * cx + f2 * cy + g(a)
  p.c = Times(p.f1, x.node.c);
  Add(Times(p.f2, y.node.c), p.c);
  for (size_t k = 0; k < n; ++k) p.c[k] += Activation(settings.activation, p.before_g[k]);
  // o = sigma(W_o1 x + W_o2 y + W_co cp + b_o)
  p.o = w.at("b_o");
  AddProduct(w, x.prefix + "W_o1", x.node.h, p.o);
  AddProduct(w, y.prefix + "W_o2", y.node.h, p.o);
  AddProduct(w, "W_co", p.c, p.o);
  for (double& value : p.o) value = Sigmoid(value);
  // p = o * g(cp)
  p.h = p.o;
  for (size_t k = 0; k < n; ++k) p.h[k] *= Activation(settings.activation, p.c[k]);
}

void RlstmBackward(const Settings& settings, const Tensors& w, const Child& x, const Child& y,
                   const Node& p, const NodeGradient& dp, NodeGradient& dx, NodeGradient& dy,
                   Tensors& dw) {
  const size_t n = x.node.h.size();
  // p = o * g(cp):  do = dp * g(cp);  dcp += dp * o * g'(cp)
  Vector dzo(n), dcp = dp.dc;
  for (size_t k = 0; k < n; ++k) {
    const double gc = Activation(settings.activation, p.c[k]);
    dzo[k] = dp.dh[k] * gc * p.o[k] * (1 - p.o[k]);
    dcp[k] += dp.dh[k] * p.o[k] * ActivationSlope(settings.activation, gc);
  }
  // o = sigma(W_o1 x + W_o2 y + W_co cp + b_o)
  AddProductBackward(w, "W_co", p.c, dzo, dcp, dw);
  AddProductBackward(w, y.prefix + "W_o2", y.node.h, dzo, dy.dh, dw);
  AddProductBackward(w, x.prefix + "W_o1", x.node.h, dzo, dx.dh, dw);
  Add(dzo, dw.at("b_o"));
  // cp = f1 * cx + f2 * cy + g(a)
  Vector da = dcp;
  for (size_t k = 0; k < n; ++k) {
    da[k] *= ActivationSlope(settings.activation, Activation(settings.activation, p.before_g[k]));
  }
  Add(Times(dcp, p.f2), dy.dc);
  Add(Times(dcp, p.f1), dx.dc);
  const Vector df2 = Times(dcp, y.node.c);
  const Vector df1 = Times(dcp, x.node.c);
  // a = W_c1 x * i1 + W_c2 y * i2 + b_c
  const Vector di2 = Times(da, Product(w, y.prefix + "W_c2", y.node.h));
  const Vector di1 = Times(da, Product(w, x.prefix + "W_c1", x.node.h));
  AddProductBackward(w, y.prefix + "W_c2", y.node.h, Times(da, p.i2), dy.dh, dw);
  AddProductBackward(w, x.prefix + "W_c1", x.node.h, Times(da, p.i1), dx.dh, dw);
  Add(da, dw.at("b_c"));
  // i1, i2, f1, f2
  ChildGateBackward(w, "f", y, x, p.f2, df2, dy, dx, dw);
  ChildGateBackward(w, "f", x, y, p.f1, df1, dx, dy, dw);
  ChildGateBackward(w, "i", y, x, p.i2, di2, dy, dx, dw);
  ChildGateBackward(w, "i", x, y, p.i1, di1, dx, dy, dw);
}

}  // namespace grove::reference
