// Words and their ids.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace grove {

// Stands for every word that the training file does not have.
inline constexpr std::string_view kUnknownWord = "<unk>";

// Ids [0, size()). Either a list of words, or the plain numbers 0, 1, ... as of a generated task.
class Vocabulary {
 public:
  // Of a training file: its words in their order, kUnknownWord last (once, also where the file has
  // it).
  static Vocabulary FromTraining(const std::vector<std::string>& words);

  // A saved one: ids are positions. An empty list means the numbers below `size`; else `size` must
  // be the list's. Throws Error on another size, and on a word that stands twice.
  Vocabulary(std::vector<std::string> words, int32_t size);

  int32_t size() const { return size_; }
  // Spellings by id; empty if the ids are their own spellings.
  const std::vector<std::string>& words() const { return words_; }
  // Id of kUnknownWord, or kNone if it is not in the list.
  int32_t unknown() const { return unknown_; }
  // Id of `word`; of a word that is not in the list, unknown().
  int32_t Find(std::string_view word) const;
  // What to say of a word for which Find gives kNone.
  std::string Missing(const std::string& word) const;

 private:
  std::vector<std::string> words_;
  int32_t size_;
  int32_t unknown_;
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> ids_;
};

}  // namespace grove
