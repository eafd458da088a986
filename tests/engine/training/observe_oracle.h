// What a forest's observations must be, node by node from the double-precision reference: the other
// way to what engine/training/observe.cc does on the rows of batches. And the forests to observe.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "engine/training/observe.h"
#include "tests/engine/training/engine_oracle.h"
#include "tests/reference/cell.h"

namespace grove {

// The same trees, each with a keyword at one of its leaves but for every third tree; `mirrored`:
// with left and right swapped everywhere.
inline Forest WithKeywords(const Forest& plain, bool mirrored = false) {
  Forest forest;
  for (size_t t = 0; t < plain.trees(); ++t) {
    std::vector<int32_t> leaves;
    for (int32_t at = plain.tree_begin[t]; at < plain.tree_begin[t + 1]; ++at) {
      if (plain.word[at] != kNone) leaves.push_back(at);
    }
    const int32_t chosen = t % 3 == 2 ? kNone : leaves[(7 * t + 3) % leaves.size()];
    int32_t keyword = kNone;
    const auto copy = [&](const auto& self, int32_t at) -> int32_t {
      int32_t place = kNone;
      if (plain.word[at] != kNone) {
        place = forest.AddLeaf(plain.word[at], plain.label[at]);
      } else {
        const auto children = plain.Children(at);
        const int32_t first = self(self, children[mirrored ? 1 : 0]);
        const int32_t second = self(self, children[mirrored ? 0 : 1]);
        place = forest.AddInner(first, second, plain.label[at]);
      }
      if (at == chosen) keyword = place;
      return place;
    };
    copy(copy, plain.root(t));
    forest.FinishTree(keyword);
  }
  return forest;
}

// Values by group: (kind or gate, place or "", depth).
using GroupKey = std::tuple<std::string, std::string, int>;
struct ExpectedGroups {
  std::map<GroupKey, std::vector<double>> ratios;
  std::map<GroupKey, std::vector<double>> gates;  // all elements of all vectors
};

inline ExpectedGroups ExpectGroups(const reference::Settings& settings,
                                   const reference::Tensors& tensors, const Forest& forest) {
  ExpectedGroups expected;
  reference::Tensors gradients = tensors;
  const std::vector<int32_t> depths = Depths(forest);
  const auto norm = [](const reference::Vector& v) {
    double squares = 0;
    for (const double value : v) squares += value * value;
    return std::sqrt(squares);
  };
  for (size_t t = 0; t < forest.trees(); ++t) {
    const reference::TreePass pass =
        reference::Forward(settings, tensors, reference::TreeOf(forest, t));
    const auto dh = reference::Backward(pass, gradients);
    const int32_t begin = forest.tree_begin[t], root = forest.root(t);
    // A node is on the path if the keyword is among its descendants or is it.
    std::vector<bool> on_path(static_cast<size_t>(root - begin + 1));
    for (int32_t at = begin; at <= root; ++at) {
      on_path[at - begin] = at == forest.keyword[t];
      for (const int32_t child : forest.Children(at)) {
        if (on_path[child - begin]) on_path[at - begin] = true;
      }
    }
    for (int32_t at = begin; at <= root; ++at) {
      const bool leaf = forest.word[at] != kNone, path = on_path[at - begin];
      if (at != root && norm(dh.back()) > 0) {
        const char* kind = !leaf ? "inner" : path ? "keyword" : "leaf";
        expected.ratios[{kind, "", depths[at]}].push_back(norm(dh[at - begin]) / norm(dh.back()));
      }
      if (leaf) continue;
      const reference::Node& node = pass.nodes[at - begin];
      const auto add = [&](const char* gate, const char* place, const reference::Vector& values) {
        std::vector<double>& all = expected.gates[{gate, place, depths[at]}];
        all.insert(all.end(), values.begin(), values.end());
      };
      // "i1" and "z_l" are of the first child, "f2" and "f_r" of the second, "o" of the node.
      const bool no_leaf_cells = reference::CellOf(settings).leaf_is_word;
      for (const auto& [name, values] : node.gates) {
        const std::string letter = name.substr(0, 1);
        const auto children = forest.Children(at);
        if (name.size() == 1) {
          add(letter.c_str(), path ? "path" : "off", values);
          continue;
        }
        const char of = name.back();
        const int32_t child = children[of == 'l' ? 0 : of == 'r' ? 1 : of - '1'];
        if (letter == "f" && no_leaf_cells && settings.model != "grc" && forest.IsLeaf(child)) {
          continue;  // nothing to forget
        }
        const char* place = !path ? "off" : on_path[child - begin] ? "toward" : "beside";
        add(letter.c_str(), place, values);
      }
    }
  }
  return expected;
}

// Type 7 by its definition: h = (n - 1) p + 1, between the floor(h)-th and the next.
inline double ExpectQuantile(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  const double h = static_cast<double>(values.size() - 1) * p + 1;
  const size_t low = static_cast<size_t>(std::floor(h)), high = static_cast<size_t>(std::ceil(h));
  return values[low - 1] + (h - std::floor(h)) * (values[high - 1] - values[low - 1]);
}

}  // namespace grove
