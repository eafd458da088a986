// What a tree cell is, as a table: its matrices, what each of them multiplies and where the result
// goes, its biases, and its elementwise kernels. engine/cells/level_model.h makes a network of it;
// nothing else knows a cell. To add one: its kernels in simd/, its table in a file beside rnn.cc,
// its line in model.cc, and its oracle in tests/reference.
//
// A node's row stands in four arrays, each a row of segments:
//
//   state         h | c | ...      what the node is to the rest of the network; h comes first
//   projections   U_i h | U_f h    what its parent needs of it: products with its state
//   sums          W_i x | ...      what the node itself needs: products with its word, and with
//                                  segments that its stages wrote
//   activations   i | o | u | ...  what forward leaves for backward
//
// The segments of a row of activations are padded, each to PadRow(width), the others are not.
// Backward overwrites projections and sums by their gradients.
//
// A leaf is either its word vector, which is then its h (and what else a state has is zero), or a
// cell that is computed from its word as other nodes are, without children.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "engine/cells/gemm.h"
#include "engine/cells/parameters.h"
#include "simd/level.h"

namespace grove {

struct Segment {
  std::string name;
  int width = 0;
};

// Whose row a product multiplies: that of the node itself, that of each of its children, or that of
// the child at one place, counted from 0.
inline constexpr int kNode = -2, kEachChild = -1, kLeft = 0, kRight = 1;

// Of which children, or nodes, a product is needed.
enum class Needed {
  kAlways,
  kOfInner,      // what it gives is of no account for a leaf: its own forget gate
  kBesideInner,  // ... for the sibling of a leaf: what it adds to that leaf's forget gate
};

// A matrix of the paper. The order of the table is that of the random streams and of the hash of
// the weights. If leaves have weights of their own, every matrix that multiplies the h of a child
// has a copy "leaf.NAME" for children that are leaves; the copies stand behind the last of them.
struct Product {
  std::string name;       // "W_i1"
  int who = kNode;        // kNode, kEachChild, or a place
  std::string in;         // segment of the state; for kNode also "x", the word vector, or a segment
                          // s of the activations, whose gradient goes to the segment "d" + s
  std::string out;        // segment of the projections; for kNode of the sums or the activations,
                          // where it is added to what is there, or "h" of leaves
  double init_range = 0;  // start values U(-init_range, init_range)
  Needed needed = Needed::kAlways;  // the same for all products with one `out`
  size_t stage = 0;                 // of kNode: before which stage it is needed
  Start start = Start::kUniform;    // else init_range is of the numbers that it is made from
};

struct Bias {
  std::string name;  // "b_i"
  int width = 0;
  double init_value = 0;
};

// Elementwise work on the nodes of a level, between products. Forward: from the children's
// projections and state and the node's sums to activations and state. Backward, the mirror image:
// from dstate to the children's projections and the node's sums (each overwritten by its gradient)
// and the children's dstate: what is not h of it is written, dh is added to (`adds_to_dh`). It adds
// to dbiases, in row order.
struct Stage {
  std::function<void(const simd::Level&)> forward, backward;
  bool of_leaves = false;  // whether leaves that are cells go through it too
};

// A gate as observations name it, and where its activations stand.
struct GateOf {
  std::string gate;       // as the paper names it: i, f, o
  int of = kNode;         // whose gate: the node's own, or that of the child at a place
  std::string segment;    // of the activations; of kEachChild that of the child's projections
  bool of_leaves = true;  // false: where the child is a leaf, the row means nothing
};

struct CellTable {
  GemmBackend gemm = GemmBackend::kSimd;
  bool own_leaf_weights = true;
  int places = 2;             // a node has up to so many children; 0: any number
  int word_width = 0;         // w
  bool leaf_is_cell = false;  // else a leaf is its word vector, by "W_x" if there is such a product
  bool words_inside = false;  // whether inner nodes may have words
  bool adds_to_dh = false;    // whether stages add to the children's dh
  bool residual = false, layer_norm = false;  // what follows the cell (engine/cells/output.h)
  std::vector<Segment> state, projections, sums, activations;
  std::vector<Product> products;
  std::vector<Bias> biases;
  std::vector<Stage> stages;
  std::vector<GateOf> gates;
};

}  // namespace grove
