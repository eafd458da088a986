#include "perf/peers/dynet/weights.h"

#include <dynet/tensor.h>

#include <cmath>
#include <stdexcept>
#include <utility>

namespace grove::peers {
namespace {

unsigned Rows(const Tensor& tensor) { return tensor.shape[0]; }
unsigned Columns(const Tensor& tensor) { return tensor.shape.size() > 1 ? tensor.shape[1] : 1; }

// A step of `count` numbers; their gradients become zero.
void Step(const Settings& s, bool plain, size_t count, float* __restrict gradient,
          float* __restrict weight, float* __restrict squares) {
  const float rate = s.learning_rate, l2 = s.l2, epsilon = s.adagrad_epsilon;
  if (plain) {
    for (size_t i = 0; i < count; ++i) {
      const float g = gradient[i] + l2 * weight[i];
      squares[i] += g * g;
      weight[i] -= rate * g;
      gradient[i] = 0;
    }
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    const float g = gradient[i] + l2 * weight[i];
    squares[i] += g * g;
    weight[i] -= rate * g / (std::sqrt(squares[i]) + epsilon);
    gradient[i] = 0;
  }
}

}  // namespace

Settings::Settings(const nlohmann::json& spec)
    : model(spec.at("model")),
      dim(spec.at("dim")),
      batch(spec.at("batch")),
      learning_rate(spec.at("learning_rate")),
      l2(spec.at("l2")),
      adagrad_epsilon(spec.at("adagrad_epsilon")),
      plain_first(spec.at("first_step") == "sgd") {
  for (const auto& [key, only] : {std::pair{"leaf_weights", "own"}, {"activation", "tanh"}}) {
    if (spec.at(key) == only) continue;
    throw std::runtime_error(std::string(key) + " = " + spec.at(key).dump() + "; the peer has " +
                             only + " only");
  }
  // A run spec names these only where they differ from their defaults.
  for (const char* key :
       {"rule", "rate_schedule", "warmup", "clip", "dropout_words", "dropout_head", "l2_words",
        "l2_of_words", "freeze_words", "accumulate", "root_weight", "inner_weight", "class_weights",
        "comparison", "residual", "layer_norm", "cell_to_gate"}) {
    if (!spec.contains(key)) continue;
    throw std::runtime_error(std::string(key) + " = " + spec.at(key).dump() +
                             "; the peer knows its default only");
  }
}

Weights::Weights(const Settings& settings, const Tensors& start)
    : settings_(settings), start_(start) {
  const Tensor& table = start_.at("embeddings");
  words_ = collection_.add_lookup_parameters(Rows(table), {Columns(table)});
  for (unsigned word = 0; word < Rows(table); ++word) {
    const auto row = table.values.begin() + static_cast<std::ptrdiff_t>(word) * Columns(table);
    words_.initialize(word, std::vector<float>(row, row + Columns(table)));
  }
  word_squares_.resize(table.values.size());
  word_updated_.resize(Rows(table));
}

dynet::Parameter Weights::Stack(const std::vector<std::string>& names) {
  unsigned rows = 0;
  const unsigned columns = Columns(start_.at(names[0]));
  for (const std::string& name : names) rows += Rows(start_.at(name));
  std::vector<float> values(size_t{rows} * columns);
  unsigned first = 0;
  for (const std::string& name : names) {
    const Tensor& tensor = start_.at(name);
    for (unsigned r = 0; r < Rows(tensor); ++r) {
      for (unsigned c = 0; c < columns; ++c) {  // DyNet's are column-major
        values[size_t{c} * rows + first + r] = tensor.values[size_t{r} * columns + c];
      }
    }
    first += Rows(tensor);
  }
  const dynet::Dim dim = columns == 1 ? dynet::Dim({rows}) : dynet::Dim({rows, columns});
  Block block{collection_.add_parameters(dim), names, std::vector<float>(values.size())};
  block.parameter.set_value(values);
  blocks_.push_back(block);
  return block.parameter;
}

void Weights::Update() {
  const bool plain = settings_.plain_first && !updated_;
  updated_ = true;
  for (Block& block : blocks_) {
    dynet::ParameterStorage& storage = block.parameter.get_storage();
    Step(settings_, plain, block.squares.size(), storage.g.v, storage.values.v,
         block.squares.data());
  }
  dynet::LookupParameterStorage& table = words_.get_storage();
  const size_t width = table.dim.size();
  for (const unsigned word : table.non_zero_grads) {
    Step(settings_, settings_.plain_first && !word_updated_[word], width, table.grads[word].v,
         table.values[word].v, word_squares_.data() + word * width);
    word_updated_[word] = true;
  }
  table.non_zero_grads.clear();
}

Tensors Weights::Named() const {
  Tensors named;
  for (const Block& block : blocks_) {
    const std::vector<float> values = dynet::as_vector(block.parameter.get_storage().values);
    const size_t rows = block.parameter.dim().rows();
    size_t first = 0;
    for (const std::string& name : block.names) {
      Tensor tensor = start_.at(name);
      const size_t columns = Columns(tensor);
      for (size_t i = 0; i < tensor.values.size(); ++i) {
        tensor.values[i] = values[(i % columns) * rows + first + i / columns];
      }
      first += Rows(tensor);
      named[name] = tensor;
    }
  }
  Tensor& table = named["embeddings"] = start_.at("embeddings");
  table.values = dynet::as_vector(words_.get_storage().all_values);
  for (const auto& [name, tensor] : start_) {
    if (named.count(name) == 0) throw std::logic_error("no weights " + name + " in the peer");
  }
  return named;
}

}  // namespace grove::peers
