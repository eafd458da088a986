// Pretrained word vectors, in the forms in which others publish them:
//
//   glove            a line a word: the word and w numbers, blanks between them. A word may hold
//                    blanks itself: the last w fields are the numbers
//   word2vec         the same after a header, the line `count w`
//   fasttext         the same (.vec)
//   word2vec_binary  the header, then for each word the word, a blank, w little-endian 32-bit
//                    floats, and in some files a line end
//
// all of them plain or packed by gzip.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/cells/parameters.h"
#include "engine/files/vocabulary.h"

namespace grove {

// The vectors of those words of a vocabulary that a file has.
struct WordVectors {
  int width = 0;               // w, numbers in a vector, from 1 to 4096
  size_t words = 0;            // in the file
  int asked = 0;               // words of the vocabulary, kUnknownWord left out
  std::vector<int32_t> ids;    // of these, those that were found, ascending
  std::vector<float> vectors;  // (ids.size(), w), finite
  std::string xxh3;            // HashText (engine/run_spec_json.h) of the file, unpacked
};

// Reads the vectors of the words of `vocabulary`, in one pass and without holding those of others:
// their numbers are counted, not looked at. Words are compared as they are, byte by byte; of a word
// that stands twice the first counts. kUnknownWord is not asked for: what others call unknown is
// another lot of words. `format` is a name of the list above, or "auto": then the file is looked
// at.
//
// Throws Error: an unknown format; a file that cannot be read or is no regular file;
// `path:line:column: message`, or of a binary file `path: record N (byte B): message` (records from
// 1, bytes from 0), of the first fault.
WordVectors ReadWordVectors(const std::string& path, const Vocabulary& vocabulary,
                            const std::string& format = "auto");
// The same, or nothing if `stop` became true before the end: it is looked at before every word.
std::optional<WordVectors> ReadWordVectors(const std::string& path, const Vocabulary& vocabulary,
                                           const std::string& format,
                                           const std::atomic<bool>& stop);

// Gives the words that were found their vectors; the other words, and all weights, stay as they
// are. The vectors must be as wide as the words of `parameters`.
void SetWords(const WordVectors& vectors, Parameters& parameters);

}  // namespace grove
