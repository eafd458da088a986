// The recursive LSTM's cell against scalar double code, one element at a time, both ways, for every
// width and g. That code is itself held to central differences.
#include "simd/rlstm_cell.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "simd/aligned.h"
#include "tests/reference/reference_kernels.h"
#include "tests/simd/float_rows.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

using reference::ActivationSlope;
using reference::Sigmoid;

const std::vector<size_t> kWidths = {1, 2, 7, 8, 9, 15, 16, 17, 31, 50, 64, 100};

struct NamedActivation {
  Activation g;
  std::string name;
};
const NamedActivation kActivations[] = {
    {Activation::kTanh, "tanh"}, {Activation::kRelu, "relu"}, {Activation::kSoftsign, "softsign"}};

// What goes into one element of a parent: segments in the order of Projection and Bias.
struct Input {
  std::array<double, 6> l, r;
  double cx, cy;
  std::array<double, 4> b;
  double co;  // that element of W_co cp
};
struct Output {
  double i1, i2, f1, f2, u, cp, o, t, p;
};

Output Forward(const std::string& g, const Input& in) {
  Output v;
  v.f1 = Sigmoid(in.l[0] + in.r[3] + in.b[1]);
  v.f2 = Sigmoid(in.r[0] + in.l[3] + in.b[1]);
  v.i1 = Sigmoid(in.l[1] + in.r[2] + in.b[0]);
  v.i2 = Sigmoid(in.r[1] + in.l[2] + in.b[0]);
  v.u = reference::Activation(g, in.l[4] * v.i1 + in.r[4] * v.i2 + in.b[2]);
  v.cp = v.f1 * in.cx + v.f2 * in.cy + v.u;
  v.o = Sigmoid(in.l[5] + in.r[5] + in.b[3] + in.co);
  v.t = reference::Activation(g, v.cp);
  v.p = v.o * v.t;
  return v;
}

// The gradient of dp * p + dc * cp with respect to the input (co: dzo).
Input Backward(const std::string& g, const Input& in, const Output& v, double dp, double dc) {
  const auto slope = [](double y) { return y * (1 - y); };
  const double dzo = dp * v.t * slope(v.o);
  const double dcp = dc + dp * v.o * ActivationSlope(g, v.t);
  const double dzc = dcp * ActivationSlope(g, v.u);
  const double df1 = dcp * in.cx * slope(v.f1), df2 = dcp * in.cy * slope(v.f2);
  const double di1 = dzc * in.l[4] * slope(v.i1), di2 = dzc * in.r[4] * slope(v.i2);
  return {{df1, di1, di2, df2, dzc * v.i1, dzo},
          {df2, di2, di1, df1, dzc * v.i2, dzo},
          dcp * v.f1,
          dcp * v.f2,
          {di1 + di2, df1 + df2, dzc, dzo},
          dzo};
}

constexpr size_t kFOwn = static_cast<size_t>(Projection::kFOwn);
constexpr size_t kFSibling = static_cast<size_t>(Projection::kFSibling);

// Four parents of leaves and inner nodes in mixed order, or of leaves alone. Cell row 0 is that of
// all leaves; row 5 of the cells and rows 3 and 9 of the projections belong to nobody. What enters
// the forget gate of a leaf holds kUnread, which would show anywhere.
struct Level {
  static constexpr size_t kRows = 4, kUnusedCell = 5;
  static constexpr float kUnread = 1e30f;
  const std::vector<int32_t> left = {5, 0, 8, 2}, right = {1, 7, 4, 6};
  const bool above_leaves;
  const int32_t leaves;
  const std::vector<int32_t> left_cell, right_cell;

  explicit Level(size_t n, bool only_leaves = false)
      : above_leaves(only_leaves),
        leaves(only_leaves ? 10 : 5),
        left_cell(only_leaves ? std::vector<int32_t>(4, 0) : std::vector<int32_t>{1, 0, 4, 0}),
        right_cell(only_leaves ? std::vector<int32_t>(4, 0) : std::vector<int32_t>{0, 3, 0, 2}),
        projections(10, 6 * n, 6 * n + 3),
        all_cells(6, n, PadRow(n)),
        all_dcells(6, n, PadRow(n), 7),
        cells(kRows, n, PadRow(n)),
        h(kRows, n, PadRow(n)),
        dh(kRows, n, PadRow(n)),
        dcells(kRows, n, PadRow(n)),
        w_co_cp(kRows, n, PadRow(n)),
        w_co_dzo(kRows, n, PadRow(n)),
        gates(kRows, 7 * PadRow(n), 7 * PadRow(n)),
        bias(1, 4 * n, 4 * n + 1),
        dbias(1, 4 * n, 4 * n + 1) {
    std::mt19937 generator(static_cast<uint32_t>(n));
    for (FloatRows* rows : {&projections, &all_cells, &dh, &dcells, &w_co_cp, &w_co_dzo, &bias}) {
      rows->FillRandom(generator, 1);
    }
    dbias.FillRandom(generator, 1);
    std::fill_n(all_cells.Row(0), n, 0.0f);
    for (size_t r = 0; r < kRows; ++r) {
      for (size_t j = 0; j < n; ++j) {
        if (left_cell[r] == 0) {
          projections.At(left[r], kFOwn * n + j) = projections.At(right[r], kFSibling * n + j) =
              kUnread;
        }
        if (right_cell[r] == 0) {
          projections.At(right[r], kFOwn * n + j) = projections.At(left[r], kFSibling * n + j) =
              kUnread;
        }
      }
    }
  }
  size_t n() const { return h.n(); }
  float& AtGate(Gate gate, size_t r, size_t j) {
    return gates.At(r, static_cast<size_t>(gate) * PadRow(n()) + j);
  }
  RlstmLevel Arguments() {
    return {n(),           kRows,    above_leaves,       left.data(),          right.data(),
            leaves,        -1,       projections.data(), projections.stride(), all_cells.data(),
            cells.data(),  h.data(), h.stride(),         all_cells.stride(),   gates.data(),
            gates.stride()};
  }
  // As the engine does, with w_co_cp in the place of the product.
  void Forward(Activation g) {
    RlstmForwardCell(g, Arguments(), bias.data());
    for (size_t r = 0; r < kRows; ++r) {
      for (size_t j = 0; j < n(); ++j) AtGate(Gate::kO, r, j) += w_co_cp.At(r, j);
    }
    RlstmForwardOutput(g, Arguments());
  }
  // The same with w_co_dzo, what dzo adds to the cell's gradient through W_co.
  void Backward(Activation g) {
    RlstmBackwardOutput(g, Arguments(), dh.data(), dcells.data());
    for (size_t r = 0; r < kRows; ++r) {
      for (size_t j = 0; j < n(); ++j) dcells.At(r, j) += w_co_dzo.At(r, j);
    }
    RlstmBackwardCell(g, Arguments(), dcells.data(), all_dcells.data(), dbias.data());
  }
  Input At(size_t r, size_t j) const {
    Input in;
    for (size_t s = 0; s < 6; ++s) in.l[s] = projections.At(left[r], s * n() + j);
    for (size_t s = 0; s < 6; ++s) in.r[s] = projections.At(right[r], s * n() + j);
    if (left_cell[r] == 0) in.l[kFOwn] = in.r[kFSibling] = 0;
    if (right_cell[r] == 0) in.r[kFOwn] = in.l[kFSibling] = 0;
    for (size_t s = 0; s < 4; ++s) in.b[s] = bias.At(0, s * n() + j);
    in.cx = all_cells.At(left_cell[r], j);
    in.cy = all_cells.At(right_cell[r], j);
    in.co = w_co_cp.At(r, j);
    return in;
  }
  FloatRows projections, all_cells, all_dcells, cells, h, dh, dcells, w_co_cp, w_co_dzo, gates,
      bias, dbias;
};

struct Case {
  Activation g;
  std::string name;
  size_t n;
  bool only_leaves;
};
std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const auto& [g, name] : kActivations) {
    for (size_t n : kWidths) {
      for (bool only_leaves : {false, true}) cases.push_back({g, name, n, only_leaves});
    }
  }
  return cases;
}

class RlstmCellTest : public TargetTest {};

TEST_P(RlstmCellTest, Forward) {
  for (const auto& [g, name, n, only_leaves] : Cases()) {
    Level level(n, only_leaves);
    const std::vector<float> before = level.projections.Values();
    level.Forward(g);
    std::vector<double> expected;
    std::vector<float> actual;
    for (size_t r = 0; r < Level::kRows; ++r) {
      for (size_t j = 0; j < n; ++j) {
        const Output v = grove::simd::Forward(name, level.At(r, j));
        for (double x : {v.i1, v.i2, v.u, v.o, v.t}) expected.push_back(x);
        for (Gate gate : {Gate::kI1, Gate::kI2, Gate::kU, Gate::kO, Gate::kT}) {
          actual.push_back(level.AtGate(gate, r, j));
        }
        if (!only_leaves) {
          for (double x : {v.f1, v.f2}) expected.push_back(x);
          for (Gate gate : {Gate::kF1, Gate::kF2}) actual.push_back(level.AtGate(gate, r, j));
        }
        for (double x : {v.cp, v.p}) expected.push_back(x);
        for (const FloatRows* x : {&level.cells, &level.h}) {
          actual.push_back(x->At(r, j));
        }
      }
    }
    // A dozen operations on magnitudes of at most 5.
    ASSERT_TRUE(AllNear(expected, actual, 32 * 0x1p-24, 0)) << name << " " << n;
    for (const FloatRows* x : {&level.cells, &level.h}) {
      ASSERT_TRUE(x->GuardsIntact()) << n;
    }
    ASSERT_TRUE(level.gates.GuardsIntact()) << n;
    ASSERT_TRUE(level.projections.GuardsIntact()) << n;
    ASSERT_TRUE(SameBits(before, level.projections.Values()));
  }
}

TEST_P(RlstmCellTest, BackwardInPlace) {
  for (const auto& [g, name, n, only_leaves] : Cases()) {
    Level level(n, only_leaves);
    // Rows that belong to nobody, and the projections' padding, stay as they are; above leaves
    // alone everything of the forget gates as well.
    const auto is_kept = [&, only = only_leaves](size_t s) {
      return only && (s == kFOwn || s == kFSibling);
    };
    const std::vector<float> projections = level.projections.Values();
    std::vector<double> dprojections(projections.begin(), projections.end());
    std::vector<double> dall_cells(6 * n, 7);
    std::vector<double> dbias(level.dbias.data(), level.dbias.data() + 4 * n);
    for (size_t r = 0; r < Level::kRows; ++r) {
      for (size_t j = 0; j < n; ++j) {
        const Input in = level.At(r, j);
        const double dc = static_cast<double>(level.dcells.At(r, j)) + level.w_co_dzo.At(r, j);
        const Input d = Backward(name, in, grove::simd::Forward(name, in), level.dh.At(r, j), dc);
        for (size_t s = 0; s < 6; ++s) {
          if (is_kept(s)) continue;
          dprojections[(size_t{6} * level.left[r] + s) * n + j] = d.l[s];
          dprojections[(size_t{6} * level.right[r] + s) * n + j] = d.r[s];
        }
        dall_cells[level.left_cell[r] * n + j] = d.cx;
        dall_cells[level.right_cell[r] * n + j] = d.cy;
        for (size_t s = 0; s < 4; ++s) dbias[s * n + j] += d.b[s];
      }
    }
    level.Forward(g);
    level.Backward(g);
    // Some thirty operations on magnitudes of at most 5; biases add up four rows.
    const double bound = 64 * 0x1p-24;
    ASSERT_TRUE(AllNear(dprojections, level.projections.Values(), bound, 0)) << name << " " << n;
    ASSERT_TRUE(AllNear(dbias, level.dbias.Values(), 4 * bound, 0)) << name << " " << n;
    const std::vector<float> all = level.all_dcells.Values();  // row 0 means nothing
    ASSERT_TRUE(
        AllNear({dall_cells.begin() + n, dall_cells.end()}, {all.begin() + n, all.end()}, bound, 0))
        << name << " " << n;
    for (size_t j = 0; j < n; ++j) ASSERT_EQ(level.all_dcells.At(Level::kUnusedCell, j), 7);
    for (size_t j = PadRow(n) - n; j > 0; --j) {
      ASSERT_TRUE(IsGuard(level.all_dcells.At(Level::kUnusedCell, PadRow(n) - j))) << n;
    }
    ASSERT_TRUE(level.all_dcells.GuardsIntact()) << n;
    ASSERT_TRUE(level.dcells.GuardsIntact()) << n;
    ASSERT_TRUE(level.projections.GuardsIntact()) << n;
    ASSERT_TRUE(level.dbias.GuardsIntact()) << n;
    ASSERT_TRUE(level.all_cells.GuardsIntact()) << n;
    ASSERT_TRUE(level.dh.GuardsIntact()) << n;
  }
}

TEST_P(RlstmCellTest, SameBitsOnEveryTargetWithFma) {
  for (const auto& [g, name, n, only_leaves] : Cases()) {
    ExpectBitsOfBestTarget([g = g, n = n, only_leaves = only_leaves] {
      Level level(n, only_leaves);
      level.Forward(g);
      level.Backward(g);
      std::vector<float> values;
      for (const FloatRows* rows : {&level.h, &level.cells, &level.gates, &level.projections,
                                    &level.dcells, &level.all_dcells, &level.dbias}) {
        for (float value : rows->Values()) values.push_back(value);
      }
      return values;
    });
  }
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, RlstmCellTest, EveryTarget(), TargetName);

// The oracle itself: every partial derivative by central differences.
TEST(RlstmCellOracleTest, BackwardIsTheDerivativeOfForward) {
  for (const auto& [g, name] : kActivations) {
    Level level(3);
    for (size_t r = 0; r < Level::kRows; ++r) {
      const double dp = 0.7, dc = -0.4, step = 1e-5;
      Input in = level.At(r, 1);
      Input d = Backward(name, in, Forward(name, in), dp, dc);
      const auto objective = [&, &name = name] {
        const Output v = Forward(name, in);
        return dp * v.p + dc * v.cp;
      };
      const auto expect_derivative = [&](double& x, double derivative) {
        const double value = x;
        x = value + step;
        const double above = objective();
        x = value - step;
        EXPECT_NEAR(derivative, (above - objective()) / (2 * step), 1e-8);
        x = value;
      };
      for (size_t s = 0; s < 6; ++s) expect_derivative(in.l[s], d.l[s]);
      for (size_t s = 0; s < 6; ++s) expect_derivative(in.r[s], d.r[s]);
      for (size_t s = 0; s < 4; ++s) expect_derivative(in.b[s], d.b[s]);
      expect_derivative(in.cx, d.cx);
      expect_derivative(in.cy, d.cy);
      expect_derivative(in.co, d.co);
    }
  }
}

}  // namespace
}  // namespace grove::simd
