// Suggestions for misspelt names: keys, options, experiments, axes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grove {

// The candidate with the fewest edits (insert, delete, replace a character, or swap two neighbours)
// to `word`; of equals the first. Empty if there are no candidates.
std::string NearestName(std::string_view word, const std::vector<std::string>& candidates);

// The end of an error message about an unknown `word`: "; did you mean 'epochs'?" where one
// candidate is close, else "; allowed: a, b, c".
std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates);

// "a, b, c"
std::string Join(const std::vector<std::string>& names, std::string_view separator = ", ");

}  // namespace grove
