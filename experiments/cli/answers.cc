#include "experiments/cli/answers.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "engine/files/treebank.h"
#include "engine/training/head.h"

namespace grove {
namespace {

template <typename T>
void AppendShortest(T value, std::string& text) {
  char digits[32];
  text.append(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

void AppendProbabilities(std::span<const float> probabilities, std::string& text) {
  text += ",\"probabilities\":[";
  for (size_t c = 0; c < probabilities.size(); ++c) {
    if (c > 0) text += ',';
    AppendNumber(probabilities[c], text);
  }
  text += ']';
}

}  // namespace

void AppendNumber(float value, std::string& text) {
  if (std::isfinite(value)) {
    AppendShortest(value, text);
  } else {
    text += "null";
  }
}

nlohmann::ordered_json Number(float value) {
  if (!std::isfinite(value)) return nullptr;
  std::string text;
  AppendShortest(value, text);
  return std::strtod(text.c_str(), nullptr);
}

nlohmann::ordered_json Number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

std::vector<std::string> LabelTexts(const ModelInfo& info) {
  std::vector<std::string> texts;
  for (int c = 0; c < info.classes; ++c) {
    texts.push_back(info.labels.empty()
                        ? std::to_string(c)
                        : nlohmann::json(info.labels[static_cast<size_t>(c)]).dump());
  }
  return texts;
}

AnswerWriter::AnswerWriter(const ModelInfo& info, bool nodes)
    : labels_(LabelTexts(info)),
      scores_(ExamplesOf(info.spec) == Examples::kScoredPairs),
      nodes_(nodes) {}

void AnswerWriter::AppendAnswer(int32_t label, std::span<const float> probabilities,
                                std::string& text) const {
  text += "{\"prediction\":" + labels_[static_cast<size_t>(MostProbable(probabilities))];
  text += ",\"label\":";
  text += label == kNone ? "null" : labels_[static_cast<size_t>(label)];
  AppendProbabilities(probabilities, text);
}

void AnswerWriter::AppendScores(float score, std::span<const float> probabilities,
                                std::string& text) const {
  text += "{\"prediction\":";
  AppendShortest(ExpectedScore(probabilities), text);
  text += ",\"label\":";
  AppendNumber(score > 0 ? score : NAN, text);
  AppendProbabilities(probabilities, text);
}

void AnswerWriter::AppendNodes(const Forest& forest, size_t tree, const TreePredictor& predictor,
                               std::string& text) {
  const int32_t begin = forest.tree_begin[tree], end = forest.tree_begin[tree + 1];
  first_leaf_.resize(static_cast<size_t>(end - begin));
  text += ",\"nodes\":[";
  int32_t leaves = 0;
  for (int32_t node = begin; node < end; ++node) {
    const std::span<const int32_t> children = forest.Children(node);
    const auto at = static_cast<size_t>(node - begin);
    first_leaf_[at] =
        children.empty() ? leaves : first_leaf_[static_cast<size_t>(children.front() - begin)];
    if (children.empty()) ++leaves;
    if (node > begin) text += ',';
    AppendAnswer(forest.label[static_cast<size_t>(node)], predictor.ProbabilitiesOf(node), text);
    text += ",\"span\":[";
    AppendShortest(first_leaf_[at], text);
    text += ',';
    AppendShortest(leaves - 1, text);  // of the leaves so far none is right of the node
    text += "]}";
  }
  text += ']';
}

void AnswerWriter::Append(const Forest& forest, size_t example, const TreePredictor& predictor,
                          std::string& text) {
  const std::span<const float> probabilities = predictor.Probabilities();
  if (scores_) {
    AppendScores(forest.pair_score[example], probabilities, text);
  } else if (forest.trees_per_example == 2) {
    AppendAnswer(forest.pair_label[example], probabilities, text);
  } else {
    const auto root = static_cast<size_t>(forest.root(example));
    AppendAnswer(forest.label[root], probabilities, text);
  }
  if (nodes_) AppendNodes(forest, example, predictor, text);
  text += "}\n";
}

}  // namespace grove
