// The one table of the settings of a run: every field of RunSpec with its key, its help text and
// what is allowed. Experiment files, JSON, validation and command-line options all come from it.
// The settings of generated trees have a table of the same kind in
// engine/tasks/dataset_spec_table.h.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/field_info.h"
#include "engine/run_spec.h"
#include "engine/run_spec_cell_table.h"
#include "engine/run_spec_head_table.h"
#include "engine/run_spec_update_table.h"

namespace grove {

std::vector<std::string> ModelChoices();

// Calls visit(const FieldInfo&, field) for every field, where `field` is a reference to the spec's
// std::string, int, uint64_t, double or bool.
template <typename Spec, typename Visitor>
requires std::same_as<std::remove_const_t<Spec>, RunSpec>
void ForEachField(Spec& s, Visitor&& visit) {
  const auto f = [](const char* key, const char* help, double low, double high) {
    return FieldInfo{key, help, {}, low, high};
  };
  constexpr double kMaxSeed = static_cast<double>(std::numeric_limits<uint64_t>::max());
  const auto model = InGroup("Model", visit);
  const auto optimiser = InGroup("Optimiser", visit);
  const auto run = InGroup("Run", visit);
  model(FieldInfo{"model", "network that is trained; grove info says what each of them is",
                  ModelChoices()}
            .Called("architecture arch cell net type"),
        s.model);
  model(f("dim", "numbers in the vector of a node; twice as many take up to four times as long", 1,
          4096)
            .Called(
                "hidden hidden_size hidden_dim n d width size units embedding_dim embedding_size"),
        s.dim);
  model(f("word_dim", "numbers in the vector of a word; 0: as many as in that of a node", 0, 4096)
            .Later()
            .Called("w word_size embedding_width input_dim input_size vector_size"),
        s.word_dim);
  optimiser(
      f("batch",
        "trees in a minibatch; more train faster, with fewer updates; 0: the model's own, see "
        "grove info",
        0, 100000)
          .Called("bs b batch_size minibatch minibatch_size mb"),
      s.batch);
  optimiser(
      f("learning_rate",
        "step size; larger learns faster, until it diverges; 0: adagrad 0.05, sgd 0.1, adam and "
        "adamw 0.001",
        0, 1000)
          .Called("lr eta alpha step step_size rate"),
      s.learning_rate);
  optimiser(
      f("l2", "strength of the L2 penalty; larger keeps weights smaller, 0: no penalty", 0, 1000)
          .Called("wd weight_decay decay lambda reg regularization regularisation l2_reg penalty"),
      s.l2);
  optimiser(f("l2_words", "whether the L2 penalty holds for word vectors too", 0, 1)
                .Later()
                .Called("l2_embeddings reg_words decay_words"),
            s.l2_words);
  optimiser(
      f("adagrad_epsilon",
        "added to the root that AdaGrad divides by; larger makes early steps smaller", 1e-30, 1)
          .Called("eps epsilon"),
      s.adagrad_epsilon);
  optimiser(FieldInfo{"first_step",
                      "first update of each weight by adagrad: sgd takes a plain gradient step, "
                      "adagrad a scaled "
                      "one",
                      {"sgd", "adagrad"}},
            s.first_step);
  ForEachUpdateField(s, optimiser);
  ForEachHeadField(s, model);
  ForEachCellField(s, model);
  run(
      FieldInfo{
          "shuffle",
          "order of the training trees: new in every epoch, shuffled once, or as they come (none)",
          {"epoch", "once", "none"}}
          .Called("order"),
      s.shuffle);
  run(f("patience",
        "stop after this many epochs in a row that are no better on the dev trees (see select_by)",
        1, 1e6)
          .Called("early_stopping early_stop early_stopping_patience"),
      s.patience);
  run(FieldInfo{"patience_against",
                "what an epoch must beat for patience: the best epoch so far, or the previous one",
                {"best", "previous"}}
          .Later(),
      s.patience_against);
  run(FieldInfo{"select_by",
                "figure of the dev trees that decides which epoch is better: root_accuracy (of "
                "scores Pearson's r), node_accuracy, macro_f1 of the roots, or the loss",
                {"root_accuracy", "node_accuracy", "macro_f1", "loss"}}
          .Later()
          .Called("select selection metric monitor criterion early_stopping_metric"),
      s.select_by);
  run(f("epochs", "train no more epochs than this; 0: keep the start values", 0, 1e6)
          .Called("max_epochs num_epochs n_epochs nb_epoch max_iter iterations e"),
      s.epochs);
  run(f("probe",
        "record how much gradient reaches the keyword of every training tree; changes no result", 0,
        1),
      s.probe);
  run(f("observe",
        "record gradients and gates at every node of the dev trees, before training and after "
        "every epoch; changes no result",
        0, 1)
          .Later(),
      s.observe);
  run(FieldInfo{"gemm",
                "matrix product: simd gives the same bits on every machine, openblas may not",
                {"simd", "openblas"}}
          .Called("blas matmul"),
      s.gemm);
  run(f("seed", "picks start values and order of trees; each number is another run", 0, kMaxSeed)
          .Called("random_seed rng_seed random_state rng"),
      s.seed);
}

}  // namespace grove
