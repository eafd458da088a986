// What `grove predict` says of a tree or a pair, as a line of JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "engine/files/model_file.h"
#include "engine/training/predict.h"
#include "engine/trees/forest.h"

namespace grove {

// The float as JSON: the shortest text that reads back as it, so that 0.1 is 0.1; null where it is
// not finite. Appended, or as a value that is written so.
void AppendNumber(float value, std::string& text);
nlohmann::ordered_json Number(float value);
nlohmann::ordered_json Number(double value);

// The classes of a model as JSON texts: their names, or else the numbers.
std::vector<std::string> LabelTexts(const ModelInfo& info);

class AnswerWriter {
 public:
  // With `nodes` an answer tells of every node too; then the predictor is one of kNodes.
  AnswerWriter(const ModelInfo& info, bool nodes);

  // Appends the line of an example of `forest`, of which `predictor` speaks:
  //   {"prediction": L, "label": L or null, "probabilities": [P, ...], "nodes": [...]}
  // The label is that of the forest. In "nodes" each node, in post-order, has the first three and
  // "span": [F, L], its first and last leaf, counted from 0 in the tree. Of pairs with scores the
  // prediction is the expected score, and the label the score.
  void Append(const Forest& forest, size_t example, const TreePredictor& predictor,
              std::string& text);

 private:
  void AppendAnswer(int32_t label, std::span<const float> probabilities, std::string& text) const;
  void AppendScores(float score, std::span<const float> probabilities, std::string& text) const;
  void AppendNodes(const Forest& forest, size_t tree, const TreePredictor& predictor,
                   std::string& text);

  std::vector<std::string> labels_;
  bool scores_, nodes_;
  std::vector<int32_t> first_leaf_;  // of the nodes of a tree
};

}  // namespace grove
