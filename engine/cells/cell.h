// What a tree cell is, as a table: its matrices, what each of them multiplies and where the result
// goes, its biases, and its elementwise kernels. engine/cells/level_model.h makes a network of it;
// nothing else knows a cell. To add one: its kernels in simd/, its table in a file beside rnn.cc,
// its line in model.cc, and its oracle in tests/reference.
//
// A node's row stands in three arrays, each a row of segments:
//
//   state         h | c | ...      what the node is to the rest of the network; h comes first, and
//                                  in the row of a leaf it is the word vector. No padding.
//   projections   W x | V x | ...  what its parent needs of it: products with its state. Backward
//                                  overwrites each by its gradient. No padding.
//   activations   i1 | f1 | ...    of inner nodes only: what forward leaves for backward. Each
//                                  segment is padded to PadRow(width).
//
// A leaf has h alone: what would multiply its other segments is left out.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "engine/cells/gemm.h"
#include "engine/cells/linear.h"
#include "engine/trees/schedule.h"

namespace grove {

struct Segment {
  std::string name;
  int width = 0;
};

// Whose state a product multiplies: that of the node itself, with the result added to its
// activations; or that of a child, with the result in the child's projections.
enum class Who { kNode, kEachChild, kLeft, kRight };

// Which children a product is needed of.
enum class Needed {
  kAlways,
  kOfInner,      // what it gives is of no account for a leaf: its own forget gate
  kBesideInner,  // ... for the sibling of a leaf: what it adds to that leaf's forget gate
};

// A matrix of the paper. The order of the table is that of the random streams and of the hash of
// the weights. If leaves have weights of their own, every matrix that multiplies the h of a child
// has a copy "leaf.NAME" for children that are leaves; the copies stand behind the last of them.
struct Product {
  std::string name;  // "W_i1"
  Who who = Who::kNode;
  std::string in;                   // segment of the state
  std::string out;                  // segment of the projections; of the activations for kNode
  double init_range = 0;            // start values U(-init_range, init_range)
  Needed needed = Needed::kAlways;  // the same for all products with one `out`
  size_t stage = 0;                 // of kNode: before which stage it is added to `out`
};

struct Bias {
  std::string name;  // "b_i"
  int width = 0;
  double init_value = 0;
};

// One level of a minibatch, as the kernels see it.
struct LevelView {
  size_t rows;        // nodes of the level
  bool above_leaves;  // every child is a leaf
  int32_t first;      // row of the level's first node
  int32_t leaves;     // rows [0, leaves) are leaves
  // (rows) rows of the children; and the same counted from the last leaf, whose cell stands for
  // that of every leaf: 0 for a leaf.
  const int32_t *left, *right, *left_cell, *right_cell;
  Rows state, dstate;   // of all rows; dstate in backward only
  Rows projections;     // of all rows
  Rows activations;     // of the level's rows
  const float* biases;  // one behind the other, in the order of the table
  float* dbiases;       // likewise; in backward only
};

// Elementwise work on the inner nodes of a level, between products. Forward: from the children's
// projections and state to activations and state. Backward, the mirror image: from dstate to the
// children's projections (each overwritten by its gradient), and what is not h of the children's
// dstate (written); it adds to dbiases, in row order.
struct Stage {
  std::function<void(const LevelView&)> forward, backward;
};

// A gate as observations name it, and where its activations stand.
struct GateOf {
  enum class Of { kNode, kLeftChild, kRightChild };  // whose gate: P's own, or that of its child
  std::string gate;                                  // as the paper names it: i, f, o
  Of of = Of::kNode;
  bool of_leaves = true;  // false: where the child is a leaf, the row means nothing
  std::string segment;    // of the activations
};

struct CellTable {
  GemmBackend gemm = GemmBackend::kSimd;
  bool own_leaf_weights = true;
  std::vector<Segment> state, projections, activations;
  std::vector<Product> products;
  std::vector<Bias> biases;
  std::vector<Stage> stages;
  std::vector<GateOf> gates;
};

}  // namespace grove
