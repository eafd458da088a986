// What Grove writes, read without Grove: checkpoints (safetensors) and treebanks. The twin of
// perf/peers/grove_files.py, for binary trees with words at their leaves and any nodes labelled,
// 32-bit floats, little-endian machines.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace grove::peers {

struct Tensor {
  std::vector<unsigned> shape;
  std::vector<float> values;  // row-major
};
using Tensors = std::map<std::string, Tensor>;

struct Checkpoint {
  Tensors tensors;  // without the optimiser's state
  nlohmann::json spec;
  std::vector<std::string> vocabulary;
};

inline constexpr int kNone = -1;

struct Node {
  int left = kNone, right = kNone;  // of the same tree
  int word = kNone;                 // of leaves: a position in the vocabulary
  int label = kNone;
};

// Nodes in post-order, the root last.
using Tree = std::vector<Node>;

// Both throw std::runtime_error, with the path, if a file is not as described above.
Checkpoint ReadCheckpoint(const std::string& path);
std::vector<Tree> ReadTreebank(const std::string& path, const std::vector<std::string>& vocabulary);

}  // namespace grove::peers
