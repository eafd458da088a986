// Everything that decides the result of one run, and nothing else. The spec resolved to plain
// values is what a run's key is hashed from and what checkpoints carry.
#pragma once

#include <cstdint>
#include <string>

namespace grove {

// Which trees. Equal specs give equal bits everywhere (spec section 3).
struct DatasetSpec {
  std::string task = "keyword";  // a name of TaskNames()
  std::string tree = "split";    // split, catalan, merge, left, right, balanced
  int min_length = 21;           // leaves of a tree
  int max_length = 30;
  int min_keyword_depth = 0;   // edges from the root; drawn by rejection
  int max_keyword_depth = -1;  // -1: any depth
  int train = 10000;           // trees of each split
  int dev = 1000;
  int test = 1000;
  uint64_t seed = 1;

  bool operator==(const DatasetSpec&) const = default;
};

// How files of trees are read (engine/files/treebank.h).
struct ReadingSpec {
  std::string format = "auto";   // a name of FormatNames() (engine/files/formats.h)
  std::string label;             // of dependency trees: comment:KEY, upos, deprel; empty: none
  bool keep_unary = false;       // chains of nodes with one child stay as they are
  bool strip_functions = false;  // NP-SBJ-1 is NP
  bool strip_traces = false;     // without what the tree has, but the sentence has not
  bool lower_case = false;
  int min_count = 1;  // rarer words of the training file are unknown

  bool operator==(const ReadingSpec&) const = default;
};

// How a model is built and trained (spec sections 2.1-2.7). Defaults are those of the experiments.
struct RunSpec {
  std::string model = "rlstm";            // a name of ModelNames()
  int dim = 50;                           // n
  int word_dim = 0;                       // w; 0: as dim
  int batch = 0;                          // B; 0: that of the model
  double learning_rate = 0;               // eta; 0: the rule's own
  double l2 = 3e-4;                       // lambda
  bool l2_words = true;                   // whether lambda covers the word vectors
  double adagrad_epsilon = 1e-4;          // outside the root
  std::string first_step = "sgd";         // of adagrad: sgd, adagrad
  std::string leaf_weights = "own";       // own, shared
  std::string activation = "tanh";        // g: tanh, relu, softsign
  bool residual = false;                  // adds the mean of the children's h to a node's h
  bool layer_norm = false;                // normalises a node's h
  std::string init_matrix = "uniform";    // of W1 and W2 of rnn: uniform, identity, orthogonal
  bool cell_to_gate = true;               // whether gates see cells (rlstm, zhu)
  double init_word_range = 1e-4;          // word vectors U(-r, r)
  double init_fan_cell = 3;               // k = fan * n for W1, W2, W_c*
  double init_fan_gate = 5;               // for every gate matrix
  double init_fan_softmax = 1;            // for the classifier
  double init_forget_bias = 0;            // b_f
  std::string shuffle = "epoch";          // epoch, once, none
  int patience = 5;                       // epochs that are no better before stopping
  std::string patience_against = "best";  // better than the best epoch, or than the previous one
  // What makes an epoch better, of the dev trees: root_accuracy, node_accuracy, macro_f1, loss.
  std::string select_by = "root_accuracy";
  int epochs = 100;           // never more than this many; 0: write the start values
  bool probe = false;         // record the gradient ratios of every training tree
  bool observe = false;       // measure gradients and gates at every node (observe.h)
  std::string gemm = "simd";  // simd, openblas
  uint64_t seed = 1;

  // How gradients change weights.
  std::string rule = "adagrad";  // a name of RuleNames() (engine/update_rule.h)
  double momentum = 0;           // of sgd
  double beta1 = 0.9;            // of adam and adamw, as the next two
  double beta2 = 0.999;
  double adam_epsilon = 1e-8;
  std::string rate_schedule = "constant";  // or step, cosine (engine/training/rate_schedule.h)
  int rate_step_epochs = 10;               // of step, as the next
  double rate_factor = 0.5;
  double warmup = 0;          // epochs in which the rate rises
  double clip = 0;            // longest gradient of an update; 0: any
  double dropout_words = 0;   // share of the elements of word vectors
  double dropout_head = 0;    // ... of what the classifier sees
  double l2_of_words = -1;    // lambda of word vectors; -1: as l2
  bool freeze_words = false;  // word vectors are not trained
  int accumulate = 1;         // minibatches of an update

  // What is learnt (engine/training/head.h).
  double root_weight = 1;              // of the loss at a labelled root
  double inner_weight = 1;             // ... at any other labelled node
  std::string class_weights = "none";  // or balanced: rare classes weigh more
  std::string comparison = "none";     // of pairs of trees: tai, bowman; none: single trees
  int comparison_dim = 50;             // D
  std::string target = "classes";      // of a pair: classes, score

  bool operator==(const RunSpec&) const = default;
};

// The spec with every setting that stands for "the default of the model" replaced by its value.
RunSpec Resolve(RunSpec spec);

// w, the numbers in a word vector.
inline int WordWidth(const RunSpec& spec) { return spec.word_dim == 0 ? spec.dim : spec.word_dim; }

// Of what is trained on as one: a tree, or a pair of them.
inline int TreesPerExample(const RunSpec& spec) { return spec.comparison == "none" ? 1 : 2; }

// Throws Error that names the first bad key, its value and what is allowed.
void Validate(const RunSpec& spec);
void Validate(const DatasetSpec& spec);
void Validate(const ReadingSpec& spec);

}  // namespace grove
