#include "engine/files/bracket_reader.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/files/bracket_parser.h"

namespace grove {
namespace {

bool IsBlankLine(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

// How many more brackets open than close.
long Balance(std::string_view text) {
  return std::count(text.begin(), text.end(), '(') - std::count(text.begin(), text.end(), ')');
}

std::string Unbalanced(size_t open, bool cut) {
  return "unbalanced '(': the line ends with " + std::to_string(open) + " open" +
         (cut ? "; the file seems to be cut short" : "");
}

class BracketReader : public TreeReader {
 public:
  BracketReader(TreebankBuilder& builder, const TreebankOptions& options)
      : builder_(builder), parser_(builder, options.reading) {}

  void Line(const TextLine& line, Faults& faults) override {
    if (IsBlankLine(line.text)) return;
    const bool starts = line.text.front() == '(';
    if (starts && parser_.open() > 0 && !MayGoOn()) {
      faults.push_back({end_, Unbalanced(parser_.open(), /*cut=*/false), ""});
      Drop();
    }
    if (starts) to_skip_ = 0;
    end_ = {line.number, line.text.size() + 1};
    cut_ = line.cut;
    if (to_skip_ > 0) {
      to_skip_ += Balance(line.text);
      return;
    }
    const auto open_before = static_cast<long>(parser_.open());
    if (!parser_.Parse(line.text, 0, line.number)) {
      faults.push_back(parser_.fault());
      to_skip_ = open_before + Balance(line.text);
      Drop();
    } else if (parser_.complete()) {
      if (!builder_.FinishTree()) faults.push_back({{line.number, 1}, builder_.message(), ""});
      Drop();
    }
  }

  void Skip(std::string_view line) override {
    to_skip_ += static_cast<long>(parser_.open()) + Balance(line);
    Drop();
  }

  void End(Faults& faults) override {
    if (parser_.open() > 0) faults.push_back({end_, Unbalanced(parser_.open(), cut_), ""});
    Drop();
  }

 private:
  // Lines without indent are those of the next tree, except where so far there is nothing but
  // opening brackets.
  bool MayGoOn() {
    not_indented_ |= !parser_.has_nodes();
    return not_indented_;
  }

  void Drop() {
    parser_.Start();
    builder_.DropTree();
    not_indented_ = false;
  }

  TreebankBuilder& builder_;
  BracketParser parser_;
  FilePlace end_ = {1, 1};  // behind the last line that was not blank
  bool cut_ = false;        // so was that line
  bool not_indented_ = false;
  long to_skip_ = 0;  // brackets of a tree with a fault that are still open
};

class PairReader : public TreeReader {
 public:
  PairReader(TreebankBuilder& builder, const TreebankOptions& options)
      : builder_(builder), parser_(builder, options.reading) {}

  void Line(const TextLine& line, Faults& faults) override {
    if (IsBlankLine(line.text)) return;
    line_ = line;
    if (Parse()) return;
    builder_.DropTree();
    faults.push_back(fault_);
  }

 private:
  bool Fail(size_t column, std::string message) {
    fault_ = {{line_.number, column}, std::move(message), ""};
    return false;
  }

  bool Parse() {
    const std::string_view line = line_.text;
    std::array<size_t, 4> begin = {}, end = {};
    end[0] = line.size();
    size_t fields = 1;
    for (size_t at = 0; at < line.size() && fields < 4; ++at) {
      if (line[at] != '\t') continue;
      end[fields - 1] = at;
      begin[fields] = at + 1;
      end[fields++] = line.size();
    }
    if (fields != 3) {
      const std::string what =
          fields > 3 ? std::string("a fourth field")
                     : "only " + std::to_string(fields) + (fields == 1 ? " field" : " fields");
      return Fail(fields < 3 ? line.size() + 1 : begin[3],
                  what + ": a pair is a label, a tab, a tree, a tab and a tree");
    }
    if (!builder_.TakeTarget(line.substr(0, end[0]))) return Fail(1, builder_.message());
    for (const size_t field : {1, 2}) {
      if (!ParseTree(line.substr(0, end[field]), begin[field], field == 2 && line_.cut)) {
        return false;
      }
      if (!builder_.FinishTree()) return Fail(begin[field] + 1, builder_.message());
    }
    return true;
  }

  bool ParseTree(std::string_view line, size_t begin, bool cut) {
    parser_.Start();
    if (!parser_.Parse(line, begin, line_.number)) {
      return Fail(parser_.fault().place.column, parser_.fault().message);
    }
    if (parser_.open() > 0) {
      return Fail(line.size() + 1, Unbalanced(parser_.open(), cut));
    }
    return parser_.complete() || Fail(begin + 1, "an empty field: here must be a tree");
  }

  TreebankBuilder& builder_;
  BracketParser parser_;
  TextLine line_;
  TreebankFault fault_;
};

}  // namespace

std::unique_ptr<TreeReader> MakeBracketReader(TreebankBuilder& builder,
                                              const TreebankOptions& options, const LineSource&) {
  if (builder.pairs()) return std::make_unique<PairReader>(builder, options);
  return std::make_unique<BracketReader>(builder, options);
}

}  // namespace grove
