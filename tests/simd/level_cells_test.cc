// The elementwise kernels of tai, child_sum, zhu, gru and grc, both ways, against their equations
// on a tape in double. A cell is a table of segments, kernels and equations.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "simd/child_sum_cell.h"
#include "simd/grc_cell.h"
#include "simd/gru_cell.h"
#include "simd/tai_cell.h"
#include "simd/zhu_cell.h"
#include "tests/simd/level_fixture.h"
#include "tests/simd/level_oracle.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

using reference::Sigmoid;
using reference::Var;

// Kernels that have no g among their arguments, and those that have.
Kernel Of(void (*kernel)(size_t n, const Level& level)) {
  return [=](Activation /*g*/, size_t n, const Level& level) { kernel(n, level); };
}
Kernel Of(void (*kernel)(Activation g, size_t n, const Level& level)) { return kernel; }

template <typename First, typename Second>
Kernel Both(First first, Second second) {
  return [a = Of(first), b = Of(second)](Activation g, size_t n, const Level& level) {
    a(g, n, level);
    b(g, n, level);
  };
}

LevelCell Tai(size_t places, bool words, bool of_leaves = false) {
  LevelCell cell{.name = "tai " + std::to_string(places),
                 .places = places,
                 .state = {{{"h"}, {"c"}}},
                 .projections = {{{"i"}, {"o"}, {"u"}}},
                 .sums = {{{"i"}, {"o"}, {"u"}, {"f"}}},
                 .biases = {{{"i"}, {"o"}, {"u"}, {"f"}}},
                 .activations = {{{"i"}, {"o"}, {"u"}, {"t"}}, /*padded=*/true}};
  for (size_t k = 0; k < places; ++k) {
    cell.projections.each.push_back({"f" + std::to_string(k)});
    cell.activations.each.push_back({"f" + std::to_string(k)});
  }
  cell.forward = [=](Activation g, size_t n, const Level& level) {
    TaiForward(g, n, places, level);
  };
  cell.backward = [=](Activation g, size_t n, const Level& level) {
    TaiBackward(g, n, places, level);
  };
  cell.equations = [](const Node& x) -> Results {
    const auto gate = [&](const std::string& own, const std::string& projection) {
      Var z = x.Own(own);
      for (size_t l = 0; l < x.children(); ++l) z = z + x.P(l, projection);
      return z;
    };
    Var c = Sigmoid(gate("i", "i")) * x.g(gate("u", "u"));
    for (size_t k = 0; k < x.children(); ++k) {
      c = c + Sigmoid(gate("f", "f" + std::to_string(k))) * x.c(k);
    }
    return {{"h", Sigmoid(gate("o", "o")) * x.g(c)}, {"c", c}};
  };
  cell.words = words;
  cell.of_leaves = of_leaves;
  return cell;
}

LevelCell ChildSum(bool words) {
  return {.name = "child_sum",
          .places = 0,
          .state = {{{"h"}, {"c"}}},
          .projections = {{{"f"}}},
          .sums = {{{"i"}, {"o"}, {"u"}, {"f"}}},
          .biases = {{{"i"}, {"o"}, {"u"}, {"f"}}},
          .activations = {{{"s"}, {"ds"}, {"i"}, {"o"}, {"u"}, {"t"}}, /*padded=*/true},
          .forward = Both(ChildSumForwardSum, ChildSumForward),
          .backward = Both(ChildSumBackward, ChildSumBackwardSum),
          .equations = [](const Node& x) -> Results {
            Var s, c = Sigmoid(x.Own("i")) * x.g(x.Own("u"));
            for (size_t k = 0; k < x.children(); ++k) {
              s = s + x.h(k);
              c = c + Sigmoid(x.Own("f") + x.P(k, "f")) * x.c(k);
            }
            return {{"h", Sigmoid(x.Own("o")) * x.g(c)}, {"c", c}, {"s", s}};
          },
          .words = words};
}

LevelCell Zhu(bool above_leaves) {
  return {.name = "zhu",
          .state = {{{"h"}, {"c"}}},
          .projections = {{{"f_sibling"}, {"f_own"}, {"i"}, {"u"}, {"o"}}},
          .biases = {{{"i"}, {"f_l"}, {"f_r"}, {"c"}, {"o"}}},
          .activations = {{{"i"}, {"f_l"}, {"f_r"}, {"u"}, {"o"}, {"t"}}, /*padded=*/true},
          .forward = Both(ZhuForwardCell, ZhuForwardOutput),
          .backward = Both(ZhuBackwardOutput, ZhuBackwardCell),
          .equations = [](const Node& x) -> Results {
            const Var f_l = Sigmoid(x.Both("f_own", "f_sibling", "f_l"));
            const Var f_r = Sigmoid(x.Both("f_sibling", "f_own", "f_r"));
            const Var i = Sigmoid(x.Both("i", "i", "i")), u = x.g(x.Both("u", "u", "c"));
            const Var c = f_l * x.c(0) + f_r * x.c(1) + i * u;
            return {{"h", Sigmoid(x.Both("o", "o", "o")) * x.g(c)}, {"c", c}};
          },
          .leaves_have_cells = false,
          .above_leaves = above_leaves};
}

LevelCell Gru() {
  return {
      .name = "gru",
      .state = {{{"h"}}},
      .projections = {{{"r"}, {"z_l"}, {"z_r"}}},
      .sums = {{{"u"}}},
      .biases = {{{"r"}, {"z_l"}, {"z_r"}, {"u"}}},
      .activations = {{{"r"}, {"z_l"}, {"z_r"}, {"t"}, {"rh_l"}, {"rh_r"}, {"drh_l"}, {"drh_r"}},
                      /*padded=*/true},
      .forward = Both(GruForwardGates, GruForward),
      .backward = Both(GruBackward, GruBackwardGates),
      .equations = [](const Node& x) -> Results {
        const Var r = Sigmoid(x.Both("r", "r", "r"));
        const Var z_l = Sigmoid(x.Both("z_l", "z_l", "z_l"));
        const Var z_r = Sigmoid(x.Both("z_r", "z_r", "z_r"));
        const Var h = z_l * x.h(0) + z_r * x.h(1) + (1.0 - z_l - z_r) * x.g(x.Own("u"));
        return {{"h", h}, {"rh_l", r * x.h(0)}, {"rh_r", r * x.h(1)}};
      }};
}

LevelCell Grc() {
  return {.name = "grc",
          .state = {{{"h"}}},
          .projections = {{{"a", 4}}},
          .sums = {{{"f_l"}, {"f_r"}, {"i"}, {"u"}}},
          .biases = {{{"a", 4}, {"f_l"}, {"f_r"}, {"i"}, {"u"}}},
          .activations = {{{"a", 4}, {"slope", 4}, {"da", 4}, {"f_l"}, {"f_r"}, {"i"}, {"u"}},
                          /*padded=*/true},
          .forward = Both(GrcForwardInner, GrcForward),
          .backward = Both(GrcBackward, GrcBackwardInner),
          .equations = [](const Node& x) -> Results {
            const Var h = Sigmoid(x.Own("f_l")) * x.h(0) + Sigmoid(x.Own("f_r")) * x.h(1) +
                          Sigmoid(x.Own("i")) * x.Own("u");
            return {{"h", h}, {"a", reference::Gelu(x.Both("a", "a", "a", 4))}};
          }};
}

std::vector<LevelCell> Cells() {
  return {Tai(2, true),   Tai(3, false),
          Tai(4, true),   Tai(2, true, /*of_leaves=*/true),
          ChildSum(true), ChildSum(false),
          Zhu(false),     Zhu(/*above_leaves=*/true),
          Gru(),          Grc()};
}

struct Case {
  LevelCell cell;
  Activation g;
  std::string activation;
  size_t n;
};

const std::pair<Activation, std::string> kActivations[] = {
    {Activation::kTanh, "tanh"}, {Activation::kRelu, "relu"}, {Activation::kSoftsign, "softsign"}};

// Every cell with every g, at widths that leave tails.
template <typename Visit>
void ForEachCase(const Visit& visit) {
  for (const LevelCell& cell : Cells()) {
    for (const auto& [g, name] : kActivations) {
      for (const size_t n : {1, 7, 8, 17, 50}) {
        SCOPED_TRACE(cell.name + " " + name + " " + std::to_string(n));
        visit(Case{cell, g, name, n});
      }
    }
  }
}

// A dozen operations on magnitudes of at most 5; GELU is good to 1e-7.
constexpr double kBound = 64 * 0x1p-24;

enum class Change { kNone, kReplace, kAdd, kAny };

// What backward makes of rows [0, count), whose change is that of change(row, segment).
template <typename ChangeOf>
void ExpectGradients(const LevelOracle& oracle, const std::string& name, const Segments& segments,
                     const FloatRows& before, const FloatRows& after, size_t count, size_t n,
                     const ChangeOf& change) {
  std::vector<double> expected;
  std::vector<float> actual;
  for (const Segment& segment : segments.each) {
    for (size_t r = 0; r < count; ++r) {
      const Change what = change(static_cast<int32_t>(r), segment.name);
      if (what == Change::kAny) continue;
      for (size_t j = 0; j < segment.width * n; ++j) {
        const size_t column = segments.Begin(segment.name, n) + j;
        const double kept = what == Change::kReplace ? 0 : before.At(r, column);
        const double gradient = what == Change::kNone ? 0 : oracle.Gradient(name, segment, n, r, j);
        expected.push_back(kept + gradient);
        actual.push_back(after.At(r, column));
      }
    }
  }
  // Biases add up five rows.
  EXPECT_TRUE(AllNear(expected, actual, 4 * kBound, 0)) << name;
}

class LevelCellsTest : public TargetTest {};

TEST_P(LevelCellsTest, Forward) {
  ForEachCase([](const Case& each) {
    LevelArrays arrays(each.cell, each.n);
    HideUnread(arrays);
    const LevelOracle oracle(arrays, each.activation);
    each.cell.forward(each.g, each.n, arrays.Arguments());
    for (const auto& [place, expected] : oracle.results()) {
      const float* actual = ValueOf(arrays, place.first, place.second);
      EXPECT_TRUE(AllNear(expected, {actual, actual + expected.size()}, kBound, 0)) << place.first;
    }
    for (const FloatRows* rows : arrays.All()) EXPECT_TRUE(rows->GuardsIntact());
  });
}

TEST_P(LevelCellsTest, BackwardInPlace) {
  ForEachCase([](const Case& each) {
    const LevelCell& cell = each.cell;
    LevelArrays before(cell, each.n), after(cell, each.n);
    HideUnread(before);
    HideUnread(after);
    const LevelOracle oracle(before, each.activation);
    cell.forward(each.g, each.n, after.Arguments());
    cell.backward(each.g, each.n, after.Arguments());
    std::set<int32_t> children, cells;
    for (int32_t r = 0; r < kNodes; ++r) {
      for (const int32_t child : after.Children(r)) {
        children.insert(child);
        cells.insert(after.CellRow(child));
      }
    }
    const auto expect = [&](const char* name, const Segments& segments, const FloatRows& a,
                            const FloatRows& b, size_t count, const auto& change) {
      ExpectGradients(oracle, name, segments, a, b, count, each.n, change);
    };
    expect("projections.", cell.projections, before.projections, after.projections, kFirst,
           [&](int32_t row, const std::string& segment) {
             // Above leaves alone nothing of the forget gates is computed.
             const bool left_out = cell.above_leaves && segment.starts_with("f_");
             if (row == kMissing || left_out) return Change::kAny;
             return children.contains(row) ? Change::kReplace : Change::kNone;
           });
    expect("state.", cell.state, before.dstate, after.dstate, kFirst,
           [&](int32_t row, const std::string& segment) {
             const bool is_shared = !cell.leaves_have_cells && row == after.leaves - 1;
             if (row == kMissing || (segment == "c" && is_shared)) return Change::kAny;
             if (segment == "h") return Change::kAdd;
             return cells.contains(row) ? Change::kReplace : Change::kNone;
           });
    expect("sums.", cell.sums, before.sums, after.sums, kNodes,
           [](int32_t, const std::string&) { return Change::kReplace; });
    expect("biases.", cell.biases, before.dbiases, after.dbiases, 1,
           [](int32_t, const std::string&) { return Change::kAdd; });
    for (const FloatRows* rows : after.All()) EXPECT_TRUE(rows->GuardsIntact());
  });
}

TEST_P(LevelCellsTest, SameBitsOnEveryTargetWithFma) {
  ForEachCase([](const Case& each) {
    ExpectBitsOfBestTarget([&] {
      LevelArrays arrays(each.cell, each.n);
      HideUnread(arrays);
      each.cell.forward(each.g, each.n, arrays.Arguments());
      each.cell.backward(each.g, each.n, arrays.Arguments());
      std::vector<float> values;
      for (const FloatRows* rows : arrays.All()) {
        if (rows == &arrays.activations) continue;  // their padding may hold anything
        const std::vector<float> more = rows->Values();
        values.insert(values.end(), more.begin(), more.end());
      }
      return values;
    });
  });
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, LevelCellsTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
