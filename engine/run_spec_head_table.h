// The part of the table of run settings (engine/run_spec_table.h) that says what is learnt: how
// much each label counts, and how pairs of trees are compared.
#pragma once

#include "engine/field_info.h"

namespace grove {

// Calls visit(const FieldInfo&, field) as ForEachField does.
template <typename Spec, typename Visitor>
void ForEachHeadField(Spec& s, Visitor&& visit) {
  visit(FieldInfo{.key = "root_weight",
                  .help = "weight of the loss at a labelled root; larger makes the label of the "
                          "whole tree count for more, 0 leaves it out",
                  .low = 0,
                  .high = 1000}
            .Later()
            .Called("root_loss_weight"),
        s.root_weight);
  visit(FieldInfo{.key = "inner_weight",
                  .help = "weight of the loss at every other labelled node, leaves among them; 0 "
                          "trains on roots alone",
                  .low = 0,
                  .high = 1000}
            .Later()
            .Called("node_weight phrase_weight inner_loss_weight"),
        s.inner_weight);
  visit(FieldInfo{"class_weights",
                  "weights of the classes in the training loss: none, or balanced, where a class "
                  "counts for more the rarer its training labels are",
                  {"none", "balanced"}}
            .Later()
            .Called("class_weight balance balanced class_balance"),
        s.class_weights);
  visit(FieldInfo{"comparison",
                  "what compares the two trees of a pair: tai (products and distances), bowman "
                  "(a plain layer), or none, which trains on single trees",
                  {"none", "tai", "bowman"}}
            .Later()
            .Called("pairs pair compare similarity comparison_layer"),
        s.comparison);
  visit(FieldInfo{.key = "comparison_dim",
                  .help = "numbers in the vector that compares a pair; more tell finer differences",
                  .low = 1,
                  .high = 4096}
            .Later()
            .Called("compare_dim comparison_size mlp_dim sim_hidden_dim"),
        s.comparison_dim);
  visit(FieldInfo{"target",
                  "what is learnt of a pair: classes, or a score from 1 to 5",
                  {"classes", "score"}}
            .Later()
            .Called("pair_target relatedness"),
        s.target);
}

}  // namespace grove
