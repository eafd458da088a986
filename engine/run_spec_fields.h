// The one table of the settings: every field of RunSpec and DatasetSpec with its key, its help text
// and what is allowed. Experiment files, JSON, validation and command-line options all come from
// it.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "engine/run_spec.h"

namespace grove {

struct FieldInfo {
  std::string key;   // underscores; the command-line option is the same with dashes
  std::string help;  // one line, without the default
  std::vector<std::string> choices = {};  // of a text field
  double low = 0;                         // closed range of a number
  double high = 0;
  // A setting that came after runs were published: left out of the canonical JSON while it has its
  // default value, and allowed to be absent from it, so that those runs keep their keys.
  bool added_later = false;

  FieldInfo Later() && {
    added_later = true;
    return std::move(*this);
  }
};

// A value as a file or a command line gives it, before its field is known.
using FieldValue = std::variant<bool, int64_t, uint64_t, double, std::string>;

std::vector<std::string> ModelChoices();
std::vector<std::string> TaskChoices();

// Calls visit(const FieldInfo&, field) for every field, where `field` is a reference to the spec's
// std::string, int, uint64_t, double or bool.
template <typename Spec, typename Visitor>
requires std::same_as<std::remove_const_t<Spec>, RunSpec>
void ForEachField(Spec& s, Visitor&& visit) {
  const auto f = [](const char* key, const char* help, double low, double high) {
    return FieldInfo{key, help, {}, low, high};
  };
  constexpr double kMaxSeed = static_cast<double>(std::numeric_limits<uint64_t>::max());
  visit(FieldInfo{"model", "network", ModelChoices()}, s.model);
  visit(f("dim", "width of a node's representation", 1, 4096), s.dim);
  visit(f("batch", "trees in a minibatch; 0: 20 for rnn, 5 for rlstm", 0, 100000), s.batch);
  visit(f("learning_rate", "step of AdaGrad", 0, 1000), s.learning_rate);
  visit(f("l2", "weight of the squared parameters in the objective", 0, 1000), s.l2);
  visit(f("l2_words", "whether l2 covers the word vectors", 0, 1).Later(), s.l2_words);
  visit(f("adagrad_epsilon", "added to AdaGrad's root", 1e-30, 1), s.adagrad_epsilon);
  visit(FieldInfo{"first_step", "first update of each parameter", {"sgd", "adagrad"}},
        s.first_step);
  visit(FieldInfo{"leaf_weights", "matrices for children that are leaves", {"own", "shared"}},
        s.leaf_weights);
  visit(FieldInfo{"activation", "the function g", {"tanh", "relu", "softsign"}}, s.activation);
  visit(f("init_word_range", "word vectors start in U(-r, r)", 0, 1000), s.init_word_range);
  visit(f("init_fan_cell", "W1, W2, W_c* start in U(-1/sqrt(k n), 1/sqrt(k n))", 1e-3, 1e6),
        s.init_fan_cell);
  visit(f("init_fan_gate", "the same k for the gate matrices", 1e-3, 1e6), s.init_fan_gate);
  visit(f("init_fan_softmax", "the same k for the classifier", 1e-3, 1e6), s.init_fan_softmax);
  visit(f("init_forget_bias", "start value of b_f of the rlstm", -100, 100).Later(),
        s.init_forget_bias);
  visit(FieldInfo{"shuffle", "when the training trees are shuffled", {"epoch", "once", "none"}},
        s.shuffle);
  visit(f("patience", "epochs without a better dev accuracy before stopping", 1, 1e6), s.patience);
  visit(
      FieldInfo{"patience_against", "epoch that a better one is better than", {"best", "previous"}}
          .Later(),
      s.patience_against);
  visit(f("epochs", "never more than this many; 0: the start values", 0, 1e6), s.epochs);
  visit(f("probe", "record the gradient ratios of every training tree", 0, 1), s.probe);
  visit(f("observe",
          "measure gradients and gates at every node, before training and after every epoch", 0, 1)
            .Later(),
        s.observe);
  visit(FieldInfo{"gemm", "matrix product", {"simd", "openblas"}}, s.gemm);
  visit(f("seed", "of the start values and the order of trees", 0, kMaxSeed), s.seed);
}

template <typename Spec, typename Visitor>
requires std::same_as<std::remove_const_t<Spec>, DatasetSpec>
void ForEachField(Spec& s, Visitor&& visit) {
  const auto f = [](const char* key, const char* help, double low, double high) {
    return FieldInfo{key, help, {}, low, high};
  };
  constexpr double kMaxSeed = static_cast<double>(std::numeric_limits<uint64_t>::max());
  visit(FieldInfo{"task", "what is generated", TaskChoices()}, s.task);
  visit(FieldInfo{"tree", "shape", {"split", "catalan", "merge", "left", "right", "balanced"}},
        s.tree);
  visit(f("min_length", "fewest leaves of a tree", 1, 1e6), s.min_length);
  visit(f("max_length", "most leaves of a tree", 1, 1e6), s.max_length);
  visit(f("min_keyword_depth", "fewest edges from root to keyword", 0, 1e6), s.min_keyword_depth);
  visit(f("max_keyword_depth", "most edges from root to keyword; -1: any", -1, 1e6),
        s.max_keyword_depth);
  visit(f("train", "training trees", 1, 1e7), s.train);
  visit(f("dev", "dev trees", 1, 1e7), s.dev);
  visit(f("test", "test trees", 1, 1e7), s.test);
  visit(f("seed", "of the trees", 0, kMaxSeed), s.seed);
}

// The keys of a spec, in table order.
template <typename Spec>
std::vector<std::string> FieldKeys() {
  std::vector<std::string> keys;
  const Spec spec;
  ForEachField(spec, [&keys](const FieldInfo& info, const auto&) { keys.push_back(info.key); });
  return keys;
}

// Sets the field `key`. Throws Error ("unknown key ..." with a suggestion, or what was expected),
// without a place: the caller knows it. An integer serves for a
// floating-point field, a floating-point value without a fraction for an integer, and -0.0 is 0:
// the same number is the same setting and gives the same key, however it is written.
void SetField(RunSpec& spec, const std::string& key, const FieldValue& value);
void SetField(DatasetSpec& spec, const std::string& key, const FieldValue& value);

// The field `key` as a value. The key must exist.
FieldValue GetField(const RunSpec& spec, const std::string& key);
FieldValue GetField(const DatasetSpec& spec, const std::string& key);

}  // namespace grove
