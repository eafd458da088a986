// The trainable weights of a model as one flat array, with the table that names its parts.
//
// Storage is what the kernels want: a *block* holds several matrices that multiply the same input,
// side by side, transposed: element (k, m) of a block is at data[offset + k * stride + m], with k
// the input index and m the output index. A *tensor* is one matrix of the paper: inputs
// [row, row + in) and outputs [column, column + out) of its block; tensor element (m, k) is the
// block's (row + k, column + m).
// Optimiser, L2, hashing and checkpoints iterate these two tables; there is no other list of
// weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/run_spec.h"
#include "simd/aligned.h"
#include "simd/update.h"

namespace grove {

struct BlockInfo {
  std::string name;
  int in = 0;         // K: 1 for biases
  int out = 0;        // M: where its last tensor ends
  size_t stride = 0;  // PadRow(out)
  size_t offset = 0;  // of element (0, 0) in the flat array
  bool is_bias = false;
  // Of the (out, in) copy used by the data gradient, with row stride PadRow(in); kNoTranspose where
  // backward never needs one (biases).
  size_t transposed_offset = kNoTranspose;

  static constexpr size_t kNoTranspose = static_cast<size_t>(-1);
};

// A named matrix (out, in), acting on column vectors; in = 1 for biases (stored as shape (out)).
// How a matrix starts.
enum class Start {
  kUniform,       // U(-init_range, init_range)
  kHalfIdentity,  // half the identity: two such matrices give the mean of their inputs
  kOrthogonal,    // orthonormal rows: uniform ones after Gram-Schmidt
};

struct TensorInfo {
  std::string name;  // spec section 7: "W_i1", "b_o", "leaf.W_i1", "softmax.W" ...
  int block = 0;     // index into ParameterLayout::blocks
  int row = 0;       // first input in the block
  int column = 0;    // first output in the block
  int out = 0;
  int in = 0;
  bool is_bias = false;
  double init_range = 0;  // start values U(-r, r); 0: all init_value (biases)
  double init_value = 0;
  Start start = Start::kUniform;  // of a matrix
};

class ParameterLayout {
 public:
  // Appends a block for an input of width `in`; returns its index.
  int AddBlock(std::string name, int in);
  // Appends a matrix to a block; returns its first output column.
  int AddTensor(int block, std::string name, int out, double init_range);
  // The same at a place of the caller's choice, for blocks whose inputs are of two kinds, one below
  // the other. Every element of a block must belong to exactly one tensor.
  int AddTensorAt(int block, int row, int column, std::string name, int out, int in,
                  double init_range, Start start = Start::kUniform);
  // Appends a bias to a block with in = 1; returns its first column.
  int AddBias(int block, std::string name, int out, double init_value = 0);
  // Fixes strides and offsets; call once after the last Add.
  void Finish();

  const std::vector<BlockInfo>& blocks() const { return blocks_; }
  const std::vector<TensorInfo>& tensors() const { return tensors_; }
  size_t size() const { return size_; }                        // floats of the flat array
  size_t transposed_size() const { return transposed_size_; }  // floats of all transposed copies

 private:
  std::vector<BlockInfo> blocks_;
  std::vector<TensorInfo> tensors_;
  size_t size_ = 0;
  size_t transposed_size_ = 0;
};

// Numbers of the shape of a model's weights and word vectors. Padding columns are always 0.
struct ParameterSet {
  simd::AlignedArray<float> weights;  // layout.size()
  simd::AlignedArray<float> words;    // (V, n), row stride PadRow(n)
};

// All that training changes: the values themselves, what the update rule keeps of each, and how
// often they were updated (simd::kMaxUpdates: that often or more).
struct ParameterState : ParameterSet {
  std::vector<ParameterSet> slots;     // simd::SlotsOf(rule)
  uint32_t updates = 0;                // of the weights, which are all updated together
  std::vector<uint32_t> word_updates;  // (V) of each word, which is updated where it occurs
};

// Calls visit(prefix, set) for the values, whose prefix is "", and for each slot: "slot1." ...
// `state` may be const; then so are the sets.
template <class State, class Visit>
void ForEachSet(State& state, const Visit& visit) {
  using Set = std::conditional_t<std::is_const_v<State>, const ParameterSet, ParameterSet>;
  visit(std::string(), static_cast<Set&>(state));
  for (size_t s = 0; s < state.slots.size(); ++s) {
    visit("slot" + std::to_string(s + 1) + ".", state.slots[s]);
  }
}

// The parameters of one model with the transposed copies of its weights.
struct Parameters : ParameterState {
  Parameters(const ParameterLayout& layout, int vocabulary_size, int dim,
             simd::Rule rule = simd::Rule::kAdagrad);

  simd::AlignedArray<float> transposed;  // layout.transposed_size()
  simd::Rule rule;                       // which keeps the slots
  int vocabulary_size;
  int dim;
  size_t word_stride;  // PadRow(n)
};

// Start values: every tensor U(-init_range, init_range), every word vector U(-r, r), from the
// Philox streams of `spec.seed`; no update made; transposed copies written.
void Initialise(const ParameterLayout& layout, const RunSpec& spec, Parameters& parameters);

// As before the first update: slots and counters become 0.
void ForgetUpdates(ParameterState& state);

// Rewrites the transposed copies from the weights.
void Transpose(const ParameterLayout& layout, Parameters& parameters);

// One tensor out of, or into, a flat array of the layout's shape, as (out, in) row-major.
std::vector<float> GetTensor(const ParameterLayout& layout, const TensorInfo& tensor,
                             const simd::AlignedArray<float>& flat);
void SetTensor(const ParameterLayout& layout, const TensorInfo& tensor,
               const std::vector<float>& values, simd::AlignedArray<float>& flat);

// XXH3-64 over every tensor in layout order as (out, in) row-major floats, then the word vectors
// (V, n), as 16 hex digits: equal exactly if all weights are equal bit for bit.
std::string WeightsHash(const ParameterLayout& layout, const Parameters& parameters);

}  // namespace grove
