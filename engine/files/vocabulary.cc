#include "engine/files/vocabulary.h"

#include <utility>

#include "engine/error.h"
#include "engine/files/bracket_words.h"
#include "engine/trees/forest.h"

namespace grove {

Vocabulary Vocabulary::FromTraining(const std::vector<std::string>& words) {
  std::vector<std::string> list;
  list.reserve(words.size() + 1);
  for (const std::string& word : words) {
    if (word != kUnknownWord) list.push_back(word);
  }
  list.emplace_back(kUnknownWord);
  const int32_t size = static_cast<int32_t>(list.size());
  return Vocabulary(std::move(list), size);
}

Vocabulary::Vocabulary(std::vector<std::string> words, int32_t size)
    : words_(std::move(words)), size_(size), unknown_(kNone) {
  if (!words_.empty() && words_.size() != static_cast<size_t>(size)) {
    throw Error("vocabulary: " + std::to_string(words_.size()) + " words, but its size is " +
                std::to_string(size));
  }
  ids_.reserve(words_.size());
  for (size_t id = 0; id < words_.size(); ++id) {
    if (!ids_.try_emplace(words_[id], static_cast<int32_t>(id)).second) {
      throw Error("vocabulary: the word '" + words_[id] + "' stands twice");
    }
  }
  const auto unknown = ids_.find(std::string(kUnknownWord));
  if (unknown != ids_.end()) unknown_ = unknown->second;
}

std::string Vocabulary::Missing(const std::string& word) const {
  return "word '" + word + "' is not in the vocabulary of " + std::to_string(size_) +
         " words, which has no " + std::string(kUnknownWord);
}

int32_t Vocabulary::Find(std::string_view word) const {
  if (words_.empty()) {
    const int32_t id = PlainInteger(word);
    return id < size_ ? id : kNone;
  }
  const auto found = ids_.find(word);
  return found == ids_.end() ? unknown_ : found->second;
}

}  // namespace grove
