#include "engine/files/word_vectors.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <system_error>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/files/line_source.h"
#include "engine/nearest_name.h"
#include "engine/trees/forest.h"

namespace grove {
namespace {

static_assert(std::endian::native == std::endian::little, "binary files are little-endian");

constexpr char kBlanks[] = " \t";
constexpr size_t kNowhere = std::string_view::npos;
constexpr char kHeader[] =
    "two whole numbers, how many words there are and how many numbers each has";
constexpr size_t kMaxWidth = 4096;
// A file of something else must not be read whole in search of the end of a word.
constexpr size_t kMaxWord = size_t{1} << 12;

const std::vector<std::string> kFormats = {"auto", "glove", "word2vec", "fasttext",
                                           "word2vec_binary"};

constexpr bool IsBlank(char c) { return c == ' ' || c == '\t'; }

std::string_view TrimEnd(std::string_view line) {
  while (!line.empty() && (IsBlank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

// Fields that have a blank before them: all but the word, if that holds none. Of most lines no more
// is looked at; with > in place of && the loop has no branch and becomes vector instructions.
size_t CountNumbers(std::string_view line) {
  size_t count = 0;
  for (size_t i = 1; i < line.size(); ++i) count += IsBlank(line[i - 1]) > IsBlank(line[i]) ? 1 : 0;
  return count;
}

// What stands before the last field, which must have a blank before it.
std::string_view BeforeLast(std::string_view line) {
  return TrimEnd(line.substr(0, line.find_last_of(kBlanks)));
}

// Nothing for what is no number; infinity for what no float can hold.
std::optional<float> ParseNumber(std::string_view field) {
  double value = 0;
  const char* const end = field.data() + field.size();
  const auto [stop, code] = std::from_chars(field.data(), end, value);
  if (stop != end || code == std::errc::invalid_argument) return std::nullopt;
  const bool fits = code == std::errc() && std::fabs(value) <= std::numeric_limits<float>::max();
  return fits ? static_cast<float>(value) : std::numeric_limits<float>::infinity();
}

// Fields at the end of a line that are numbers, those of CountNumbers at most.
size_t NumbersAtEnd(std::string_view line) {
  size_t count = 0;
  while (true) {
    const size_t blank = line.find_last_of(kBlanks);
    if (blank == kNowhere || !ParseNumber(line.substr(blank + 1))) return count;
    ++count;
    line = BeforeLast(line);
  }
}

std::optional<size_t> ParseWhole(std::string_view field) {
  size_t value = 0;
  const char* const end = field.data() + field.size();
  const auto [stop, code] = std::from_chars(field.data(), end, value);
  if (stop != end || code != std::errc()) return std::nullopt;
  return value;
}

std::string Count(size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

class VectorReader {
 public:
  VectorReader(const std::string& path, const Vocabulary& vocabulary, const std::atomic<bool>& stop)
      : source_(path, FileReader::Kind::kOnlyFiles),
        vocabulary_(vocabulary),
        stop_(stop),
        row_of_(static_cast<size_t>(vocabulary.size()), kNone) {}

  std::optional<WordVectors> Read(const std::string& format) {
    if (!NextLine()) FailAtEnd("there is no word vector");
    bool binary = false;
    if (format != "glove" && TakeHeader()) {
      binary = format == "word2vec_binary" || (format == "auto" && IsBinary());
    } else if (format == "auto" || format == "glove") {
      width_ = NumbersAtEnd(line_);
      if (width_ == 0) {
        Fail(1, "no word vectors: a line must be a word and its numbers; a first line may be " +
                    std::string(kHeader));
      }
      CheckWidth(1);
    } else {
      Fail(1, "format = '" + format + "': the first line of such a file must be " + kHeader);
    }
    const bool ended = binary ? TakeRecords() : TakeLines();
    if (!ended) return std::nullopt;
    return Finish();
  }

 private:
  [[noreturn]] void Fail(size_t column, const std::string& message) const {
    throw Error(source_.place() + ":" + std::to_string(column) + ": " + message);
  }
  [[noreturn]] void FailAtEnd(const std::string& message) const {
    throw Error(source_.name() + ":" + std::to_string(source_.number() + 1) + ":1: " + message);
  }
  [[noreturn]] void FailRecord(const std::string& message) const {
    throw Error(source_.name() + ": record " + std::to_string(words_ + 1) + " (byte " +
                std::to_string(source_.position()) + "): " + message);
  }

  // To the next line that is not blank; false after the last.
  bool NextLine() {
    do {
      if (!source_.Next(line_)) return false;
      line_ = TrimEnd(line_);
    } while (line_.empty());
    return true;
  }

  void CheckWidth(size_t column) const {
    if (width_ >= 1 && width_ <= kMaxWidth) return;
    Fail(column,
         Count(width_, "number") + " in a vector: must be from 1 to " + std::to_string(kMaxWidth));
  }

  // False if the line is none.
  bool TakeHeader() {
    const size_t blank = line_.find_first_of(kBlanks);
    if (blank == kNowhere) return false;
    const std::optional<size_t> words = ParseWhole(line_.substr(0, blank));
    const std::optional<size_t> width = ParseWhole(line_.substr(blank + 1));
    if (!words || !width) return false;
    header_words_ = words;
    width_ = *width;
    CheckWidth(blank + 2);
    return true;
  }

  // Whether what comes after the header is no line with as many numbers. If it is no text at all,
  // it has control characters where the numbers are; else it is text with a fault.
  bool IsBinary() {
    constexpr size_t kEnough = size_t{1} << 20;  // for a line of kMaxWidth numbers
    const std::string_view next = source_.Peek(kEnough);
    if (NumbersAtEnd(TrimEnd(next.substr(0, next.find('\n')))) >= width_) return false;
    const std::string_view floats =
        next.substr(std::min(next.find(' '), next.size()), 1 + sizeof(float) * width_);
    return std::any_of(floats.begin(), floats.end(), [](char c) {
      return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\r' && c != '\n';
    });
  }

  // Where the vector of a word goes; nullptr if none is wanted, or there is one. Good until the
  // next call.
  float* Place(std::string_view word) {
    const int32_t id = vocabulary_.Find(word);
    if (id == vocabulary_.unknown()) return nullptr;
    int32_t& row = row_of_[static_cast<size_t>(id)];
    if (row != kNone) return nullptr;
    row = found_++;
    rows_.resize(rows_.size() + width_);
    return &rows_[rows_.size() - width_];
  }

  // False if stopped; likewise TakeRecords. Without a header, line_ is the first of the lines.
  bool TakeLines() {
    for (bool more = !header_words_ || NextLine(); more; more = NextLine()) {
      if (stop_.load(std::memory_order_relaxed)) return false;
      if (words_ == header_words_) {
        Fail(1, "one word more than the " + std::to_string(words_) + " that the header says");
      }
      TakeLine();
    }
    if (header_words_ && words_ < *header_words_) FailAtEnd(CutText());
    return true;
  }

  std::string CutText() const {
    return "the file ends after " + Count(words_, "word") + ", and the header says " +
           std::to_string(*header_words_) + "; it seems to be cut short";
  }

  void TakeLine() {
    const size_t numbers = CountNumbers(line_);
    size_t end = line_.find_first_of(kBlanks);  // of the word
    if (numbers < width_) {
      FailNumbers(line_.size() + 1, numbers,
                  source_.cut() ? "; the file seems to be cut short" : "");
    }
    if (numbers > width_) {
      const size_t found = NumbersAtEnd(line_);
      if (found > width_) FailNumbers(1, found, "");
      std::string_view word = line_;
      for (size_t i = 0; i < width_; ++i) word = BeforeLast(word);
      end = word.size();
    }
    if (float* vector = Place(line_.substr(0, end))) TakeNumbers(end, vector);
    ++words_;
  }

  [[noreturn]] void FailNumbers(size_t column, size_t numbers, const std::string& end) const {
    Fail(column, Count(numbers, "number") +
                     (header_words_ ? ", and the header says " : ", and the first line has ") +
                     std::to_string(width_) + end);
  }

  // Of the line, from there on.
  void TakeNumbers(size_t begin, float* vector) const {
    for (size_t i = 0; i < width_; ++i) {
      begin = line_.find_first_not_of(kBlanks, begin);
      const std::string_view field =
          line_.substr(begin, line_.find_first_of(kBlanks, begin) - begin);
      const std::optional<float> value = ParseNumber(field);
      if (!value || !std::isfinite(*value)) {
        Fail(begin + 1, Quoted(std::string(field.substr(0, 40))) + ": must be a " +
                            (value ? "finite " : "") + "number");
      }
      vector[i] = *value;
      begin += field.size();
    }
  }

  bool TakeRecords() {
    const size_t floats = sizeof(float) * width_;
    for (; words_ < *header_words_; ++words_) {
      if (stop_.load(std::memory_order_relaxed)) return false;
      SkipLineEnd();
      const std::string_view next = source_.Peek(kMaxWord + 1 + floats);
      const size_t blank = next.substr(0, kMaxWord + 1).find(' ');
      if (blank == kNowhere && next.size() > kMaxWord) {
        FailRecord("no blank within " + std::to_string(kMaxWord) + " bytes: one must end a word");
      }
      if (blank == kNowhere || next.size() < blank + 1 + floats) FailRecord(CutText());
      if (float* vector = Place(next.substr(0, blank))) {
        std::memcpy(vector, next.data() + blank + 1, floats);
        if (!std::all_of(vector, vector + width_, [](float x) { return std::isfinite(x); })) {
          FailRecord("the vector of " + Quoted(std::string(next.substr(0, blank))) +
                     " holds what is not finite");
        }
      }
      source_.Skip(blank + 1 + floats);
    }
    SkipLineEnd();
    if (source_.Peek(1).empty()) return true;
    FailRecord("more than the " + Count(words_, "word") + " that the header says");
  }

  // That of a record.
  void SkipLineEnd() {
    if (words_ > 0 && source_.Peek(1).starts_with('\n')) source_.Skip(1);
  }

  WordVectors Finish() {
    if (words_ == 0) FailAtEnd("there is no word vector");
    WordVectors result;
    result.width = static_cast<int>(width_);
    result.words = words_;
    result.asked = vocabulary_.size() - (vocabulary_.unknown() == kNone ? 0 : 1);
    result.xxh3 = source_.xxh3();
    result.vectors.reserve(rows_.size());
    for (int32_t id = 0; id < vocabulary_.size(); ++id) {
      const int32_t row = row_of_[static_cast<size_t>(id)];
      if (row == kNone) continue;
      const auto begin = rows_.begin() + static_cast<int64_t>(width_) * row;
      result.ids.push_back(id);
      result.vectors.insert(result.vectors.end(), begin, begin + static_cast<int64_t>(width_));
    }
    return result;
  }

  LineSource source_;
  const Vocabulary& vocabulary_;
  const std::atomic<bool>& stop_;
  std::string_view line_;  // the current one, without blanks at its end
  size_t width_ = 0;
  std::optional<size_t> header_words_;
  size_t words_ = 0;             // taken
  std::vector<int32_t> row_of_;  // in rows_, by id; kNone: not found so far
  std::vector<float> rows_;      // in the order of the file
  int32_t found_ = 0;
};

}  // namespace

WordVectors ReadWordVectors(const std::string& path, const Vocabulary& vocabulary,
                            const std::string& format) {
  return *ReadWordVectors(path, vocabulary, format, std::atomic<bool>(false));
}

std::optional<WordVectors> ReadWordVectors(const std::string& path, const Vocabulary& vocabulary,
                                           const std::string& format,
                                           const std::atomic<bool>& stop) {
  if (std::find(kFormats.begin(), kFormats.end(), format) == kFormats.end()) {
    throw Error("format = '" + format + "': must be one of " + Join(kFormats));
  }
  return VectorReader(path, vocabulary, stop).Read(format);
}

void SetWords(const WordVectors& vectors, Parameters& parameters) {
  assert(vectors.width == parameters.dim);
  const auto width = static_cast<size_t>(vectors.width);
  for (size_t i = 0; i < vectors.ids.size(); ++i) {
    const auto id = static_cast<size_t>(vectors.ids[i]);
    std::copy_n(vectors.vectors.data() + i * width, width,
                parameters.words.data() + id * parameters.word_stride);
  }
}

}  // namespace grove
