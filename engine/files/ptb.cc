#include "engine/files/ptb.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/ptb_parser.h"
#include "engine/files/ptb_words.h"
#include "engine/run_spec_json.h"
#include "engine/text.h"

namespace grove {
namespace {

const std::atomic<bool> kNeverStop = false;

// Parses all lines; `on_fault` decides what becomes of a fault. A file without any tree is a fault.
// Returns false if stopped.
template <typename OnFault>
bool ParseLines(std::string_view text, PtbParser& parser, const std::atomic<bool>& stop,
                const OnFault& on_fault) {
  size_t number = 0;
  bool faults = false;
  while (!text.empty()) {
    if (stop.load(std::memory_order_relaxed)) return false;
    const size_t end = std::min(text.find('\n'), text.size());
    const bool cut = end == text.size();
    if (const auto fault = parser.ParseLine(text.substr(0, end), ++number, cut)) {
      faults = true;
      on_fault(*fault);
    }
    text.remove_prefix(cut ? end : end + 1);
  }
  if (!faults && parser.trees().forest.trees() == 0) on_fault(PtbFault{{1, 1}, "there is no tree"});
  return true;
}

// Throws the first fault; nothing if stopped.
std::optional<PtbTrees> Parse(std::string_view text, const std::string& name, PtbParser parser,
                              const std::atomic<bool>& stop) {
  const auto fail = [&name](const PtbFault& fault) { throw Error(Describe(name, fault)); };
  if (!ParseLines(text, parser, stop, fail)) return std::nullopt;
  parser.trees().xxh3 = HashText(text);
  return std::move(parser.trees());
}

// 3.5, which no class is; 3 may be either.
bool IsScore(std::string_view field) {
  double score = 0;
  const char* const end = field.data() + field.size();
  const auto [rest, code] = std::from_chars(field.data(), end, score);
  return code == std::errc() && rest == end && field.find('.') != std::string_view::npos;
}

void AppendLabel(int32_t label, std::string& text) {
  text += '(';
  text += label == kNone ? "." : std::to_string(label);
}

std::string Spelling(int32_t id, const std::vector<std::string>& words) {
  if (words.empty()) return std::to_string(id);
  const std::string& word = words[id];
  const auto bad = [](char c) { return IsBlank(c) || IsControl(c); };
  if (word.empty() || !IsUtf8(word) || std::any_of(word.begin(), word.end(), bad)) {
    throw Error("word " + std::to_string(id) +
                " is empty or holds white space, control characters or bytes that are no UTF-8: "
                "no treebank file can hold it");
  }
  return EscapeWord(word);
}

}  // namespace

Examples GuessExamples(std::string_view text, int classes) {
  size_t trees = 0, pairs = 0;
  bool scores = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    const size_t tab = std::min(line.find_first_of("\t(", first), line.size());
    const bool is_pair = tab < line.size() && line[tab] == '\t';
    ++(is_pair ? pairs : trees);
    scores = scores || (is_pair && IsScore(line.substr(0, tab)));
  }
  if (pairs <= trees) return Examples::kTrees;
  return scores && classes == 0 ? Examples::kScoredPairs : Examples::kPairs;
}

std::string Describe(const std::string& path, const PtbFault& fault) {
  return path + ":" + std::to_string(fault.place.line) + ":" + std::to_string(fault.place.column) +
         ": " + fault.message;
}

PtbTrees ParsePtb(std::string_view text, const std::string& name, int classes,
                  const std::string& limit_reason, Examples examples) {
  return *Parse(text, name, PtbParser(classes, limit_reason, examples), kNeverStop);
}

PtbTrees ReadPtb(const std::string& path, int classes, const std::string& limit_reason,
                 Examples examples) {
  return *ReadPtb(path, classes, limit_reason, examples, kNeverStop);
}

std::optional<PtbTrees> ReadPtb(const std::string& path, int classes,
                                const std::string& limit_reason, Examples examples,
                                const std::atomic<bool>& stop) {
  const std::optional<std::string> text = ReadRegularFile(path, stop);
  if (!text) return std::nullopt;
  return Parse(*text, path, PtbParser(classes, limit_reason, examples), stop);
}

PtbCheck CheckPtb(const std::string& path, int classes, std::optional<Examples> examples) {
  const std::string text = ReadFile(path);
  PtbCheck check;
  check.examples = examples ? *examples : GuessExamples(text, classes);
  PtbParser parser(classes, "", check.examples);
  ParseLines(text, parser, kNeverStop,
             [&check](const PtbFault& fault) { check.faults.push_back(fault); });
  check.trees = parser.trees().forest.trees();
  return check;
}

std::string FormatPtb(const Forest& forest, const std::vector<std::string>& words) {
  std::string text;
  std::vector<int32_t> stack;  // nodes still to write; kNone: a closing bracket
  for (size_t t = 0; t < forest.trees(); ++t) {
    stack.push_back(forest.root(t));
    while (!stack.empty()) {
      const int32_t node = stack.back();
      stack.pop_back();
      if (node == kNone) {
        text += ')';
        continue;
      }
      if (node != forest.root(t)) text += ' ';
      AppendLabel(forest.label[node], text);
      if (forest.IsLeaf(node)) {
        text += ' ' + Spelling(forest.word[node], words) + ')';
        continue;
      }
      stack.push_back(kNone);
      const std::span<const int32_t> children = forest.Children(node);
      stack.insert(stack.end(), children.rbegin(), children.rend());
    }
    text += '\n';
  }
  return text;
}

void WritePtb(const std::string& path, const Forest& forest,
              const std::vector<std::string>& words) {
  WriteFileAtomically(path, FormatPtb(forest, words));
}

}  // namespace grove
