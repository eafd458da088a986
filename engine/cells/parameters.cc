#include "engine/cells/parameters.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "engine/hash.h"
#include "engine/random.h"
#include "simd/transpose.h"

namespace grove {

int ParameterLayout::AddBlock(std::string name, int in) {
  BlockInfo block;
  block.name = std::move(name);
  block.in = in;
  blocks_.push_back(std::move(block));
  return static_cast<int>(blocks_.size()) - 1;
}

int ParameterLayout::AddTensor(int block, std::string name, int out, double init_range) {
  const BlockInfo& home = blocks_[static_cast<size_t>(block)];
  return AddTensorAt(block, 0, home.out, std::move(name), out, home.in, init_range);
}

int ParameterLayout::AddTensorAt(int block, int row, int column, std::string name, int out, int in,
                                 double init_range, Start start) {
  BlockInfo& home = blocks_[static_cast<size_t>(block)];
  assert(row + in <= home.in);
  TensorInfo tensor;
  tensor.name = std::move(name);
  tensor.block = block;
  tensor.row = row;
  tensor.column = column;
  tensor.out = out;
  tensor.in = in;
  tensor.init_range = init_range;
  tensor.start = start;
  home.out = std::max(home.out, column + out);
  tensors_.push_back(std::move(tensor));
  return tensors_.back().column;
}

int ParameterLayout::AddBias(int block, std::string name, int out, double init_value) {
  assert(blocks_[static_cast<size_t>(block)].in == 1);
  blocks_[static_cast<size_t>(block)].is_bias = true;
  const int column = AddTensor(block, std::move(name), out, 0);
  tensors_.back().is_bias = true;
  tensors_.back().init_value = init_value;
  return column;
}

void ParameterLayout::Finish() {
  size_ = 0;
  transposed_size_ = 0;
  for (BlockInfo& block : blocks_) {
    block.stride = simd::PadRow(static_cast<size_t>(block.out));
    block.offset = size_;
    size_ += static_cast<size_t>(block.in) * block.stride;
    if (block.is_bias) continue;
    block.transposed_offset = transposed_size_;
    transposed_size_ +=
        static_cast<size_t>(block.out) * simd::PadRow(static_cast<size_t>(block.in));
  }
}

Parameters::Parameters(const ParameterLayout& layout, int vocabulary_size, int dim, simd::Rule rule)
    : transposed(layout.transposed_size()),
      rule(rule),
      vocabulary_size(vocabulary_size),
      dim(dim),
      word_stride(simd::PadRow(static_cast<size_t>(dim))) {
  slots.resize(simd::SlotsOf(rule));
  ForEachSet(*this, [&](const std::string&, ParameterSet& set) {
    set.weights.Resize(layout.size());
    set.words.Resize(static_cast<size_t>(vocabulary_size) * word_stride);
  });
  word_updates.resize(static_cast<size_t>(vocabulary_size));
}

void ForgetUpdates(ParameterState& state) {
  for (ParameterSet& slot : state.slots) {
    std::fill(slot.weights.begin(), slot.weights.end(), 0.0f);
    std::fill(slot.words.begin(), slot.words.end(), 0.0f);
  }
  state.updates = 0;
  std::fill(state.word_updates.begin(), state.word_updates.end(), 0u);
}

namespace {

void SetHalfIdentity(const TensorInfo& tensor, std::vector<float>& values) {
  std::fill(values.begin(), values.end(), 0.0f);
  for (int i = 0; i < std::min(tensor.out, tensor.in); ++i) values[i * tensor.in + i] = 0.5f;
}

// Gram-Schmidt, twice, in double, of as many rows as there can be; no function but the root, which
// is the same everywhere.
void Orthonormalise(const TensorInfo& tensor, std::vector<float>& values) {
  const auto width = static_cast<size_t>(tensor.in);
  std::vector<double> rows(values.begin(), values.end());
  const auto product = [&](size_t a, size_t b) {
    double sum = 0;
    for (size_t j = 0; j < width; ++j) sum += rows[a * width + j] * rows[b * width + j];
    return sum;
  };
  for (size_t r = 0; r < static_cast<size_t>(std::min(tensor.out, tensor.in)); ++r) {
    for (int pass = 0; pass < 2; ++pass) {
      for (size_t q = 0; q < r; ++q) {
        const double share = product(q, r);
        for (size_t j = 0; j < width; ++j) rows[r * width + j] -= share * rows[q * width + j];
      }
    }
    const double norm = std::sqrt(product(r, r));
    for (size_t j = 0; j < width; ++j) rows[r * width + j] /= norm;
  }
  std::copy(rows.begin(), rows.end(), values.begin());
}

}  // namespace

void Initialise(const ParameterLayout& layout, const RunSpec& spec, Parameters& parameters) {
  std::vector<float> values;
  for (size_t t = 0; t < layout.tensors().size(); ++t) {
    const TensorInfo& tensor = layout.tensors()[t];
    values.assign(static_cast<size_t>(tensor.out) * static_cast<size_t>(tensor.in),
                  static_cast<float>(tensor.init_value));
    if (tensor.init_range != 0) {
      RandomStream stream(spec.seed, Purpose::kWeights, static_cast<uint32_t>(t));
      const float range = static_cast<float>(tensor.init_range);
      for (float& value : values) value = stream.NextUniform(-range, range);
    }
    if (tensor.start == Start::kHalfIdentity) SetHalfIdentity(tensor, values);
    if (tensor.start == Start::kOrthogonal) Orthonormalise(tensor, values);
    SetTensor(layout, tensor, values, parameters.weights);
  }
  const float range = static_cast<float>(spec.init_word_range);
  for (int v = 0; v < parameters.vocabulary_size; ++v) {
    RandomStream stream(spec.seed, Purpose::kWordVectors, static_cast<uint32_t>(v));
    float* row = parameters.words.data() + static_cast<size_t>(v) * parameters.word_stride;
    for (int j = 0; j < parameters.dim; ++j) row[j] = stream.NextUniform(-range, range);
  }
  ForgetUpdates(parameters);
  Transpose(layout, parameters);
}

void Transpose(const ParameterLayout& layout, Parameters& parameters) {
  for (const BlockInfo& block : layout.blocks()) {
    if (block.transposed_offset == BlockInfo::kNoTranspose) continue;
    simd::Transpose(parameters.weights.data() + block.offset, block.stride,
                    static_cast<size_t>(block.in), static_cast<size_t>(block.out),
                    parameters.transposed.data() + block.transposed_offset,
                    simd::PadRow(static_cast<size_t>(block.in)));
  }
}

std::vector<float> GetTensor(const ParameterLayout& layout, const TensorInfo& tensor,
                             const simd::AlignedArray<float>& flat) {
  const BlockInfo& block = layout.blocks()[static_cast<size_t>(tensor.block)];
  std::vector<float> values;
  values.reserve(static_cast<size_t>(tensor.out) * static_cast<size_t>(tensor.in));
  for (int m = 0; m < tensor.out; ++m) {
    for (int k = 0; k < tensor.in; ++k) {
      values.push_back(flat[block.offset + static_cast<size_t>(tensor.row + k) * block.stride +
                            static_cast<size_t>(tensor.column + m)]);
    }
  }
  return values;
}

void SetTensor(const ParameterLayout& layout, const TensorInfo& tensor,
               const std::vector<float>& values, simd::AlignedArray<float>& flat) {
  assert(values.size() == static_cast<size_t>(tensor.out) * static_cast<size_t>(tensor.in));
  const BlockInfo& block = layout.blocks()[static_cast<size_t>(tensor.block)];
  auto value = values.begin();
  for (int m = 0; m < tensor.out; ++m) {
    for (int k = 0; k < tensor.in; ++k) {
      flat[block.offset + static_cast<size_t>(tensor.row + k) * block.stride +
           static_cast<size_t>(tensor.column + m)] = *value++;
    }
  }
}

std::string WeightsHash(const ParameterLayout& layout, const Parameters& parameters) {
  Hasher hasher;
  for (const TensorInfo& tensor : layout.tensors()) {
    const std::vector<float> values = GetTensor(layout, tensor, parameters.weights);
    hasher.Add(values.data(), values.size() * sizeof(float));
  }
  for (int v = 0; v < parameters.vocabulary_size; ++v) {
    hasher.Add(parameters.words.data() + static_cast<size_t>(v) * parameters.word_stride,
               static_cast<size_t>(parameters.dim) * sizeof(float));
  }
  return hasher.Digits();
}

}  // namespace grove
