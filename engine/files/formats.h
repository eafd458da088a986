// The table of the formats of trees.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/files/line_source.h"
#include "engine/files/tree_reader.h"
#include "engine/files/treebank.h"

namespace grove {

std::span<const TreeFormat> Formats();

// "auto", "brackets", "conllu", ...
std::vector<std::string> FormatNames();

// The format that the options name; of "auto", that of the source's name (.gz set aside) or, where
// that says nothing, of its first lines, for which it waits. Throws Error if the format cannot hold
// what the options want.
const TreeFormat& FindFormat(const TreebankOptions& options, LineSource& source);

// What a source of that format holds: as the options say, or as its first lines look.
Examples FindExamples(const TreeFormat& format, const TreebankOptions& options, LineSource& source);

// What most lines of a text look like: pairs have a tab before their first bracket. Of pairs, one
// number with a decimal point makes scores of all, unless the number of `classes` is given (0: it
// is not). Scores that are all whole numbers are taken for classes.
Examples GuessExamples(std::string_view text, int classes = 0);

}  // namespace grove
