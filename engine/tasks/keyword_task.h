// The artificial task of Le & Zuidema (2016), section 4.1: find the one keyword among the words of
// a sentence, whatever its place and its depth in the tree (spec section 3).
#pragma once

#include <atomic>
#include <optional>

#include "engine/run_spec.h"
#include "engine/trees/dataset.h"

namespace grove {

inline constexpr int32_t kKeywordTokens = 1000;       // keywords are 0..999
inline constexpr int32_t kKeywordVocabulary = 10001;  // non-keywords are 1000..10000
inline constexpr int32_t kKeywordsPerClass = 100;     // label = keyword / 100
inline constexpr int32_t kKeywordClasses = 10;
// A sentence is given up as too unlikely after so many rejected draws. A depth that one sentence in
// 5,000 has is still found 20 times over.
inline constexpr int kMaxKeywordDraws = 100000;

// Throws Error if no tree of spec.tree with min_length..max_length leaves has a leaf between
// min_keyword_depth and max_keyword_depth; the message gives the depths there are. The spec's
// fields must be in their ranges.
void ValidateKeywordTask(const DatasetSpec& spec);

// A sentence draws its length uniformly from min_length..max_length, a tree, and the place of the
// keyword uniformly among its leaves, all three again until the keyword's depth is allowed; then
// the keyword and the non-keywords, each uniformly and independently. Length 1 is a single leaf
// that is the root, its keyword at depth 0. Only roots are labelled. Words are their ids' spellings
// (Dataset::words is empty). Tree t of a split has the stream (DatasetStreamSeed(spec), the split's
// purpose, t). Throws Error when kMaxKeywordDraws were not enough. Returns nothing if `stop` became
// true first.
std::optional<Dataset> GenerateKeywordTask(const DatasetSpec& spec, const std::atomic<bool>& stop);

}  // namespace grove
