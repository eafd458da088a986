#include "engine/cells/tai.h"

#include <string>

#include "engine/cells/model.h"
#include "simd/tai_cell.h"

namespace grove {
namespace {

CellTable MakeTai(const RunSpec& spec, int places) {
  const int n = spec.dim;
  const simd::Activation g = ParseActivation(spec.activation);
  CellTable cell = TableOf(spec);
  cell.places = places;
  cell.leaf_is_cell = true;
  cell.words_inside = true;
  cell.state = {{"h", n}, {"c", n}};
  cell.projections = {{"i", n}, {"o", n}, {"u", n}};
  cell.sums = {{"i", n}, {"o", n}, {"u", n}, {"f", n}};
  cell.activations = {{"i", n}, {"o", n}, {"u", n}, {"t", n}};
  // W x: a leaf has no child, hence no forget gate.
  for (const char* gate : {"i", "o", "u", "f"}) {
    const double fan = *gate == 'u' ? spec.init_fan_cell : spec.init_fan_gate;
    cell.products.push_back({std::string("W_") + gate, kNode, "x", gate,
                             InitRange(fan, cell.word_width),
                             *gate == 'f' ? Needed::kOfInner : Needed::kAlways});
  }
  // U h: what the child at place l adds to i, o, u and to the forget gate of the child at place k.
  for (const char* gate : {"i", "o", "u"}) {
    const double fan = *gate == 'u' ? spec.init_fan_cell : spec.init_fan_gate;
    for (int l = 0; l < places; ++l) {
      cell.products.push_back(
          {std::string("U_") + gate + std::to_string(l + 1), l, "h", gate, InitRange(fan, n)});
    }
  }
  cell.gates = {{"i", kNode, "i"}};
  for (int k = 0; k < places; ++k) {
    const std::string f = "f_" + std::to_string(k + 1);
    cell.projections.push_back({f, n});
    cell.activations.push_back({f, n});
    cell.gates.push_back({"f", k, f});
    for (int l = 0; l < places; ++l) {
      cell.products.push_back({"U_f" + std::to_string(k + 1) + std::to_string(l + 1), l, "h", f,
                               InitRange(spec.init_fan_gate, n)});
    }
  }
  cell.gates.push_back({"o", kNode, "o"});
  cell.biases = {{"b_i", n}, {"b_o", n}, {"b_u", n}, {"b_f", n, spec.init_forget_bias}};
  const auto width = static_cast<size_t>(n), count = static_cast<size_t>(places);
  cell.stages = {{[=](const simd::Level& level) { simd::TaiForward(g, width, count, level); },
                  [=](const simd::Level& level) { simd::TaiBackward(g, width, count, level); },
                  true}};
  return cell;
}

}  // namespace

CellTable MakeTaiBinary(const RunSpec& spec) { return MakeTai(spec, 2); }
CellTable MakeTai3(const RunSpec& spec) { return MakeTai(spec, 3); }
CellTable MakeTai4(const RunSpec& spec) { return MakeTai(spec, 4); }

}  // namespace grove
