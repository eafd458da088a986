// The part of the table of run settings (engine/run_spec_table.h) that says how gradients change
// weights: the update rule, its rate over the epochs, what happens to gradients before it.
#pragma once

#include <string>
#include <vector>

#include "engine/field_info.h"
#include "engine/run_spec.h"

namespace grove {

std::vector<std::string> RuleChoices();

// Calls visit(const FieldInfo&, field) as ForEachField does.
template <typename Spec, typename Visitor>
void ForEachUpdateField(Spec& s, Visitor&& visit) {
  const auto f = [](const char* key, const char* help, double low, double high) {
    return FieldInfo{.key = key, .help = help, .low = low, .high = high, .added_later = true};
  };
  visit(
      FieldInfo{"rule",
                "how gradients change weights: adagrad, sgd (see momentum), adam, or adamw, whose "
                "l2 shrinks weights beside the gradient",
                RuleChoices()}
          .Later()
          .Called("optimizer optimiser optim solver update update_rule"),
      s.rule);
  visit(f("momentum",
          "share of its last step that sgd adds to the next; larger is faster and overshoots more",
          0, 0.9999)
            .Called("mu heavy_ball sgd_momentum"),
        s.momentum);
  visit(f("beta1",
          "share of their mean gradient that adam and adamw keep at an update; larger is smoother",
          0, 0.9999)
            .Called("b1 adam_beta1"),
        s.beta1);
  visit(f("beta2",
          "the same of the mean square that they divide by; larger makes step sizes steadier", 0,
          0.99999)
            .Called("b2 adam_beta2"),
        s.beta2);
  visit(f("adam_epsilon",
          "added to the root that adam and adamw divide by; larger makes early steps smaller",
          1e-30, 1)
            .Called("adam_eps"),
        s.adam_epsilon);
  visit(
      FieldInfo{"rate_schedule",
                "learning rate over the epochs: constant, step (times rate_factor now and then) or "
                "cosine (down to 0 after the last)",
                {"constant", "step", "cosine"}}
          .Later()
          .Called("schedule lr_schedule scheduler lr_scheduler annealing"),
      s.rate_schedule);
  visit(f("rate_step_epochs",
          "epochs from one step of the learning rate to the next; fewer lower it sooner", 1, 1e6)
            .Called("step_epochs lr_step lr_step_size"),
        s.rate_step_epochs);
  visit(f("rate_factor", "what each step multiplies the learning rate by; smaller lowers it faster",
          1e-6, 1)
            .Called("gamma lr_decay lr_gamma decay_rate"),
        s.rate_factor);
  visit(f("warmup",
          "epochs, or part of one, in which the learning rate rises from 0; more start more gently",
          0, 1e6)
            .Called("warmup_epochs lr_warmup"),
        s.warmup);
  visit(f("clip",
          "longest gradient of an update, as the norm over weights and words, L2 term left out; 0: "
          "any length",
          0, 1e6)
            .Called("grad_clip clip_norm clip_grad_norm gradient_clipping max_norm max_grad_norm"),
        s.clip);
  visit(
      f("dropout_words",
        "share of the elements of word vectors that training zeroes, anew for every minibatch; 0: "
        "none",
        0, 0.95)
          .Called("embedding_dropout word_dropout input_dropout dropout_embeddings"),
      s.dropout_words);
  visit(f("dropout_head", "the same for the vectors that the classifier sees", 0, 0.95)
            .Called("dropout dropout_rate output_dropout classifier_dropout"),
        s.dropout_head);
  visit(f("l2_of_words",
          "strength of the L2 penalty of word vectors, if another than l2; -1: as l2", -1, 1000)
            .Called("l2_embedding embedding_l2"),
        s.l2_of_words);
  visit(f("freeze_words",
          "whether word vectors stay as they start; training is then a little faster", 0, 1)
            .Called("freeze_embeddings fixed_embeddings static_words frozen_words"),
        s.freeze_words);
  visit(f("accumulate",
          "minibatches whose gradients make one update; more mean fewer and steadier updates", 1,
          100000)
            .Called("accumulation_steps accumulate_grad_batches gradient_accumulation_steps"),
        s.accumulate);
}

}  // namespace grove
