// The weights of a model, in DyNet: matrices that multiply the same vector stand on top of each
// other in one parameter, so that one product does for all of them. And their update.
//
// The update is AdaGrad as Grove has it, with the L2 term of the objective: g = dJ/dx + lambda x,
// a += g^2, x -= eta g / (sqrt(a) + epsilon), where the first step may be the plain x -= eta g.
// DyNet's AdagradTrainer has the epsilon under the root and no such first step, and goes through
// the numbers five times; this goes once. Of the word vectors it takes the rows of the minibatch
// alone, as DyNet's trainers do.
#pragma once

#include <dynet/dynet.h>
#include <dynet/model.h>

#include <string>
#include <vector>

#include "perf/peers/dynet/files.h"

namespace grove::peers {

// Of a run; the names are those of Grove's run spec.
struct Settings {
  std::string model;
  unsigned dim = 0, batch = 0;
  float learning_rate = 0, l2 = 0, adagrad_epsilon = 0;
  bool plain_first = false;

  // Throws std::runtime_error, with what is allowed, for settings that the peer does not know.
  explicit Settings(const nlohmann::json& spec);
};

class Weights {
 public:
  Weights(const Settings& settings, const Tensors& start);

  // The tensors of these names, one above the other, as a parameter. Each name is taken once.
  dynet::Parameter Stack(const std::vector<std::string>& names);
  const dynet::LookupParameter& words() const { return words_; }

  // One step by the gradients that DyNet has accumulated, which are zero afterwards.
  void Update();

  // As they are now. Throws std::logic_error if one of the start is in no stack.
  Tensors Named() const;

 private:
  struct Block {
    dynet::Parameter parameter;
    std::vector<std::string> names;
    std::vector<float> squares;  // a
  };

  const Settings settings_;
  const Tensors start_;
  dynet::ParameterCollection collection_;
  std::vector<Block> blocks_;
  dynet::LookupParameter words_;
  std::vector<float> word_squares_;
  std::vector<bool> word_updated_;
  bool updated_ = false;
};

}  // namespace grove::peers
