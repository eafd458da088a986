#include "engine/files/bracket_writer.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "engine/error.h"
#include "engine/files/bracket_words.h"
#include "engine/text.h"

namespace grove {
namespace {

std::string WordText(int32_t id, const std::vector<std::string>& words) {
  if (words.empty()) return std::to_string(id);
  const std::string& word = words[static_cast<size_t>(id)];
  const auto bad = [](char c) { return IsBlank(c) || IsControl(c); };
  if (word.empty() || !IsUtf8(word) || std::any_of(word.begin(), word.end(), bad)) {
    throw Error("word " + std::to_string(id) +
                " is empty or holds white space, control characters or bytes that are no UTF-8: "
                "no treebank file can hold it");
  }
  return EscapeWord(word);
}

std::string LabelText(int32_t label, const std::vector<std::string>& labels) {
  if (label == kNone) return ".";
  return labels.empty() ? std::to_string(label) : labels[static_cast<size_t>(label)];
}

void AppendTree(const Forest& forest, size_t t, const Spellings& spellings, std::string& text) {
  std::vector<int32_t> stack = {forest.root(t)};  // nodes still to write; kNone: a closing bracket
  while (!stack.empty()) {
    const int32_t node = stack.back();
    stack.pop_back();
    if (node == kNone) {
      text += ')';
      continue;
    }
    if (node != forest.root(t)) text += ' ';
    text += '(' + LabelText(forest.label[static_cast<size_t>(node)], spellings.labels);
    const int32_t word = forest.word[static_cast<size_t>(node)];
    if (forest.IsLeaf(node)) {
      text += ' ' + WordText(word, spellings.words) + ')';
      continue;
    }
    if (word != kNone) {
      throw Error("the word '" + WordText(word, spellings.words) +
                  "' stands at a node with children, which brackets cannot hold");
    }
    stack.push_back(kNone);
    const std::span<const int32_t> children = forest.Children(node);
    stack.insert(stack.end(), children.rbegin(), children.rend());
  }
}

}  // namespace

void AppendBrackets(const Forest& forest, size_t example, const Spellings& spellings,
                    std::string& text) {
  if (!forest.pair_label.empty()) text += LabelText(forest.pair_label[example], spellings.labels);
  if (!forest.pair_score.empty()) {
    char digits[32];
    text.append(digits,
                std::to_chars(digits, digits + sizeof(digits), forest.pair_score[example]).ptr);
  }
  for (size_t t = forest.first_tree(example); t < forest.first_tree(example + 1); ++t) {
    if (forest.trees_per_example == 2) text += '\t';
    AppendTree(forest, t, spellings, text);
  }
  text += '\n';
}

std::string FormatBrackets(const Forest& forest, const std::vector<std::string>& words,
                           const std::vector<std::string>& labels) {
  std::string text;
  for (size_t e = 0; e < forest.examples(); ++e) AppendBrackets(forest, e, {words, labels}, text);
  return text;
}

}  // namespace grove
