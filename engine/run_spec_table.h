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
  // What others call it, in lower case with underscores, one space between two names: for
  // suggestions only, never accepted.
  std::string other_names = {};

  FieldInfo Later() && {
    added_later = true;
    return std::move(*this);
  }
  FieldInfo Called(std::string names) && {
    other_names = std::move(names);
    return std::move(*this);
  }
};

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
  visit(FieldInfo{"model", "network that is trained", ModelChoices()}.Called(
            "architecture arch cell net type"),
        s.model);
  visit(f("dim", "width of a node's representation", 1, 4096)
            .Called(
                "hidden hidden_size hidden_dim n d width size units embedding_dim embedding_size"),
        s.dim);
  visit(f("batch", "trees in a minibatch; 0: 20 for rnn, 5 for rlstm", 0, 100000)
            .Called("bs b batch_size minibatch minibatch_size mb"),
        s.batch);
  visit(f("learning_rate", "step of AdaGrad", 0, 1000).Called("lr eta alpha step step_size rate"),
        s.learning_rate);
  visit(
      f("l2", "weight of the squared parameters in the objective", 0, 1000)
          .Called("wd weight_decay decay lambda reg regularization regularisation l2_reg penalty"),
      s.l2);
  visit(f("l2_words", "whether l2 covers the word vectors", 0, 1)
            .Later()
            .Called("l2_embeddings reg_words decay_words"),
        s.l2_words);
  visit(f("adagrad_epsilon", "added to AdaGrad's root", 1e-30, 1).Called("eps epsilon"),
        s.adagrad_epsilon);
  visit(FieldInfo{"first_step", "first update of each parameter", {"sgd", "adagrad"}},
        s.first_step);
  visit(
      FieldInfo{"leaf_weights", "matrices for children that are leaves", {"own", "shared"}}.Called(
          "leaves tied tie_weights shared_weights"),
      s.leaf_weights);
  visit(FieldInfo{"activation", "the function g", {"tanh", "relu", "softsign"}}.Called(
            "act g nonlinearity activation_function"),
        s.activation);
  visit(f("init_word_range", "word vectors start in U(-r, r)", 0, 1000)
            .Called("word_range init_range init_scale embedding_range"),
        s.init_word_range);
  visit(f("init_fan_cell", "W1, W2, W_c* start in U(-1/sqrt(k n), 1/sqrt(k n))", 1e-3, 1e6),
        s.init_fan_cell);
  visit(f("init_fan_gate", "the same k for the gate matrices", 1e-3, 1e6), s.init_fan_gate);
  visit(f("init_fan_softmax", "the same k for the classifier", 1e-3, 1e6), s.init_fan_softmax);
  visit(f("init_forget_bias", "start value of b_f of the rlstm", -100, 100)
            .Later()
            .Called("forget_bias forget_gate_bias"),
        s.init_forget_bias);
  visit(FieldInfo{"shuffle", "when the training trees are shuffled", {"epoch", "once", "none"}}
            .Called("order"),
        s.shuffle);
  visit(f("patience", "epochs without a better dev accuracy before stopping", 1, 1e6)
            .Called("early_stopping early_stop early_stopping_patience"),
        s.patience);
  visit(
      FieldInfo{"patience_against", "epoch that a better one is better than", {"best", "previous"}}
          .Later(),
      s.patience_against);
  visit(f("epochs", "never more than this many; 0: the start values", 0, 1e6)
            .Called("max_epochs num_epochs n_epochs nb_epoch max_iter iterations e"),
        s.epochs);
  visit(f("probe", "record the gradient ratios of every training tree", 0, 1), s.probe);
  visit(f("observe",
          "measure gradients and gates at every node, before training and after every epoch", 0, 1)
            .Later(),
        s.observe);
  visit(FieldInfo{"gemm", "matrix product", {"simd", "openblas"}}.Called("blas matmul"), s.gemm);
  visit(f("seed", "of the start values and the order of trees", 0, kMaxSeed)
            .Called("random_seed rng_seed random_state rng"),
        s.seed);
}

template <typename Spec, typename Visitor>
requires std::same_as<std::remove_const_t<Spec>, DatasetSpec>
void ForEachField(Spec& s, Visitor&& visit) {
  const auto f = [](const char* key, const char* help, double low, double high) {
    return FieldInfo{key, help, {}, low, high};
  };
  constexpr double kMaxSeed = static_cast<double>(std::numeric_limits<uint64_t>::max());
  visit(FieldInfo{"task", "what is generated", TaskChoices()}, s.task);
  visit(
      FieldInfo{"tree", "shape", {"split", "catalan", "merge", "left", "right", "balanced"}}.Called(
          "shape tree_shape"),
      s.tree);
  visit(f("min_length", "fewest leaves of a tree", 1, 1e6).Called("min_len min_words"),
        s.min_length);
  visit(f("max_length", "most leaves of a tree", 1, 1e6).Called("max_len max_words"), s.max_length);
  visit(f("min_keyword_depth", "fewest edges from root to keyword", 0, 1e6).Called("min_depth"),
        s.min_keyword_depth);
  visit(f("max_keyword_depth", "most edges from root to keyword; -1: any", -1, 1e6)
            .Called("max_depth"),
        s.max_keyword_depth);
  visit(f("train", "training trees", 1, 1e7).Called("training train_size n_train"), s.train);
  visit(f("dev", "dev trees", 1, 1e7).Called("valid validation val dev_size n_dev"), s.dev);
  visit(f("test", "test trees", 1, 1e7).Called("test_size n_test"), s.test);
  visit(f("seed", "of the trees", 0, kMaxSeed).Called("random_seed rng_seed"), s.seed);
}

}  // namespace grove
