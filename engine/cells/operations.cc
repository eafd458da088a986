#include "engine/cells/operations.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/cells/cell_blocks.h"

namespace grove {
namespace {

// What decides whether a product is done for a node.
struct Node {
  bool is_leaf = false;
  bool has_word = false;
  bool beside_inner = false;
  int place = 0;  // among its siblings; -1: a root
};

// Columns of a product's input, from the array that it reads.
int InputWidth(const CellTable& cell, const Product& product) {
  for (const RowArray array : {RowArray::kState, RowArray::kWords, RowArray::kActivations}) {
    const size_t segment = FindSegment(cell, array, product.in);
    if (segment != kNoSegment) return SegmentsOf(cell, array)[segment].width;
  }
  return 0;
}

int OutputWidth(const CellTable& cell, const Product& product) {
  for (const RowArray array :
       {RowArray::kProjections, RowArray::kSums, RowArray::kActivations, RowArray::kState}) {
    if ((product.who == kNode) == (array == RowArray::kProjections)) continue;
    const size_t segment = FindSegment(cell, array, product.out);
    if (segment != kNoSegment) return SegmentsOf(cell, array)[segment].width;
  }
  return 0;
}

bool IsDone(const CellTable& cell, const Product& product, const Node& node, Counted counted) {
  const bool of_words = product.in == "x";
  if (product.who == kNode) {
    if (of_words) return node.is_leaf ? product.needed != Needed::kOfInner : node.has_word;
    return !node.is_leaf;
  }
  if (node.place < 0 || (product.who != kEachChild && product.who != node.place)) return false;
  if (cell.leaf_is_cell) return true;
  if (node.is_leaf && product.in != cell.state[0].name) return false;
  if (counted == Counted::kEquations) return true;
  if (product.needed == Needed::kOfInner) return !node.is_leaf;
  return product.needed != Needed::kBesideInner || node.beside_inner;
}

double OfNode(const CellTable& cell, const Node& node, Counted counted) {
  double sum = 0;
  for (const Product& product : cell.products) {
    if (!IsDone(cell, product, node, counted)) continue;
    sum += static_cast<double>(InputWidth(cell, product)) * OutputWidth(cell, product);
  }
  return sum;
}

}  // namespace

double MultiplyAdds(const CellTable& cell, const Forest& forest, size_t begin, size_t end,
                    Counted counted) {
  // Nodes of a kind cost the same: count them first.
  constexpr int kSides = kPlaces;
  double nodes[2][2][kSides] = {};  // by being a leaf, having a word, Place
  bool words_inside = false;
  for (int32_t v = forest.tree_begin[begin]; v < forest.tree_begin[end]; ++v) {
    const auto at = static_cast<size_t>(v);
    const bool has_word = forest.word[at] != kNone;
    words_inside |= has_word && !forest.IsLeaf(v);
    ++nodes[forest.IsLeaf(v) ? 1 : 0][has_word ? 1 : 0][forest.slot[at] % kPlaces];
  }
  double sum = 0;
  for (const bool is_leaf : {false, true}) {
    for (const bool has_word : {false, true}) {
      for (int place = 0; place < kPlaces; ++place) {
        const double count = nodes[is_leaf ? 1 : 0][has_word ? 1 : 0][place];
        if (count == 0) continue;
        Node node{is_leaf, has_word, place == kFirstBesideInner || place == kSecondBesideInner};
        // Rows without a word are multiplied too where others of the minibatch have one.
        if (counted == Counted::kExecuted) node.has_word = is_leaf || words_inside;
        constexpr int kPlaceOf[] = {0, 0, 1, 1, 2, 3, 4, -1};
        node.place = kPlaceOf[place];
        sum += count * OfNode(cell, node, counted);
      }
    }
  }
  return sum;
}

double MultiplyAddsOfTree(const CellTable& cell, double leaves) {
  // One more leaf is one more inner node: from two leaves on, the count grows by the same amount.
  const auto of_chain = [&](int32_t count) {
    Forest forest;
    int32_t top = forest.AddLeaf(0);
    for (int32_t i = 1; i < count; ++i) top = forest.AddInner(top, forest.AddLeaf(0));
    forest.FinishTree();
    return MultiplyAdds(cell, forest, 0, 1, Counted::kEquations);
  };
  const double one = of_chain(1), two = of_chain(2), three = of_chain(3);
  if (leaves < 2) return one + (two - one) * std::max(leaves - 1, 0.0);
  return two + (leaves - 2) * (three - two);
}

}  // namespace grove
