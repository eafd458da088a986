// The part of the table of run settings (engine/run_spec_table.h) that says what a cell is and how
// its weights start.
#pragma once

#include "engine/field_info.h"
#include "engine/run_spec.h"

namespace grove {

// Calls visit(const FieldInfo&, field) as ForEachField does.
template <typename Spec, typename Visitor>
void ForEachCellField(Spec& s, Visitor&& visit) {
  const auto f = [](const char* key, const char* help, double low, double high) {
    return FieldInfo{key, help, {}, low, high};
  };
  visit(
      FieldInfo{
          "leaf_weights",
          "matrices for children that are words: own ones, or shared with those for inner nodes",
          {"own", "shared"}}
          .Called("leaves tied tie_weights shared_weights"),
      s.leaf_weights);
  visit(
      FieldInfo{
          "activation",
          "function that bounds a node's vector: tanh, relu (which bounds below only) or softsign",
          {"tanh", "relu", "softsign"}}
          .Called("act g nonlinearity activation_function"),
      s.activation);
  visit(f("residual", "whether the mean of the children's vectors is added to that of a node", 0, 1)
            .Later()
            .Called("skip skip_connection shortcut"),
        s.residual);
  visit(f("layer_norm",
          "whether a node's vector is normalised, with a gain and a bias (always in grc)", 0, 1)
            .Later()
            .Called("layernorm norm normalise normalize"),
        s.layer_norm);
  visit(FieldInfo{"init_matrix",
                  "start of W1 and W2 of rnn: uniform at random, half the identity (a mean of the "
                  "children), or orthogonal",
                  {"uniform", "identity", "orthogonal"}}
            .Later()
            .Called("init initialization initialisation"),
        s.init_matrix);
  visit(f("cell_to_gate",
          "whether the gates of rlstm and zhu see the cells, by matrices of their own", 0, 1)
            .Later()
            .Called("peephole peepholes cell_gates"),
        s.cell_to_gate);
  visit(f("init_word_range", "word vectors start at random between minus and plus this", 0, 1000)
            .Called("word_range init_range init_scale embedding_range"),
        s.init_word_range);
  visit(f("init_fan_cell",
          "W1, W2 and W_c* start at random up to 1/sqrt(this * dim); larger starts them smaller",
          1e-3, 1e6),
        s.init_fan_cell);
  visit(f("init_fan_gate", "the same for the matrices of the gates", 1e-3, 1e6), s.init_fan_gate);
  visit(f("init_fan_softmax", "the same for the matrix of the classifier", 1e-3, 1e6),
        s.init_fan_softmax);
  visit(
      f("init_forget_bias",
        "start value of the bias of the forget gates of rlstm; above 0 they start open", -100, 100)
          .Later()
          .Called("forget_bias forget_gate_bias"),
      s.init_forget_bias);
}

}  // namespace grove
