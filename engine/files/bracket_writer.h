// Trees as bracketed text (engine/files/bracket_reader.h), a tree or a pair of trees a line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/trees/forest.h"

namespace grove {

// How words and classes are spelled.
struct Spellings {
  const std::vector<std::string>& words;   // by id; empty: the id itself
  const std::vector<std::string>& labels;  // by class; empty: the class itself
};

// Adds the line of one tree or pair. Throws Error if a word is empty or holds white space, control
// characters or bytes that are no UTF-8, or if a node with children has a word: no reader could get
// it back.
void AppendBrackets(const Forest& forest, size_t example, const Spellings& spellings,
                    std::string& text);

// All of them.
std::string FormatBrackets(const Forest& forest, const std::vector<std::string>& words,
                           const std::vector<std::string>& labels = {});

}  // namespace grove
